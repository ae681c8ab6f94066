import type { CustomerHistory } from "./customer-history.ts";
import type { Reads } from "./reads.ts";

/** Why a membership changed at an instant. */
export type Cause =
  /** Something the rule reads happened then. */
  | { cause: "event"; eventKind: string }
  /** The customer came to be, was deleted, or an attribute took another value. */
  | { cause: "fact"; eventKind: null }
  /** A window closed, a day began, or a policy's time was over. */
  | { cause: "time"; eventKind: null }
  /** The rule itself is new or another one. */
  | { cause: "rule"; eventKind: null };

export function causeOf(reads: Reads, history: CustomerHistory, at: Date): Cause {
  const instant = at.getTime();
  for (const kind of reads.activity ? Object.keys(history.events) : reads.events.keys()) {
    if (history.events[kind]?.some((event) => event.at.getTime() === instant))
      return { cause: "event", eventKind: kind };
  }
  const told = [...reads.attributes].flatMap((name) => history.attributes[name] ?? []);
  const facts = [history.existsFrom, history.deletedAt, ...told.map(({ since }) => since)];
  return { cause: facts.some((fact) => fact?.getTime() === instant) ? "fact" : "time", eventKind: null };
}
