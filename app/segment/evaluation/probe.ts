import type { CustomerHistory, PropertyValue } from "./customer-history.ts";

/** A condition bound to one customer: it answers for any instant, and knows where its answers can change. */
export interface Probe<E = Evidence> {
  holds(at: number): boolean;
  /** The first instant after `after` at which the answer may differ, or Infinity. Between two of them it never does. */
  next(after: number): number;
  /** The same for what comes back every year and so never ends. */
  recurring?: ((after: number) => number) | undefined;
  /** What was looked at, clause by clause. */
  explain(at: number): E[];
}

export type Bind = (history: CustomerHistory) => Probe;
/** The same of one clause, which knows what it looked at and leaves to others when its answer changes. */
export type BindClause = (history: CustomerHistory) => Probe<ClauseEvidence>;

export interface Evidence extends ClauseEvidence {
  /** When this clause alone changes if nothing new happens; null: never. */
  changesAt: Date | null;
}

/** Why one clause holds or does not. */
export interface ClauseEvidence {
  /** The clause as text. */
  clause: string;
  holds: boolean;
  found: Found[];
  /** The latest events that counted, newest first. */
  events: { kind: string; at: Date }[];
}

export interface Found {
  /** An attribute's name, or an aggregate such as "sum(amount)". */
  name: string;
  /** Amounts and averages as decimals in the shop's currency. */
  value: PropertyValue | null;
}
