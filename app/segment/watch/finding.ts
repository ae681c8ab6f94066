import { z } from "zod";
import type { MissingData } from "../language/needs.ts";
import type { Clause, Rule } from "../language/tree.ts";
import { printCondition } from "../language/print-text.ts";
import { visitClauses } from "../language/needs.ts";
import type { Drift } from "./band.ts";
import type { Named } from "./names-in-rule.ts";

/** Something about a segment that is worth a second look. `kind` and `subject` tell one from the other. */
export type Finding = z.infer<typeof findingSchema>;

const named = z.object({
  kind: z.enum(["product", "collection", "product_tag", "category", "customer_tag", "segment", "trait"]),
  name: z.string(),
});

export const findingSchema = z.discriminatedUnion("kind", [
  /** Yesterday's figure was outside of what is usual; averages are in minor units. */
  z.object({
    kind: z.literal("drift"),
    subject: z.enum(["members", "entered", "value"]),
    detail: z.object({ figure: z.number(), low: z.number(), middle: z.number(), high: z.number() }),
  }),
  /** A clause that is true for none, or for all, of so many customers. */
  z.object({ kind: z.enum(["nobody", "everybody"]), subject: z.string(), detail: z.object({ of: z.number() }) }),
  /** The rule names something that is not in the shop. */
  z.object({ kind: z.literal("gone"), subject: z.string(), detail: named }),
]);

/** A clause of a rule and the number of customers it is true for by itself. */
export interface ClauseCount {
  text: string;
  count: number;
}

/** With fewer customers it is no surprise that all are alike. */
const FEWEST_FOR_EVERYBODY = 20;

export function findingsOf(found: {
  drift: readonly Drift[];
  clauses: readonly ClauseCount[];
  /** Customers there are. */
  customers: number;
  gone: readonly Named[];
}): Finding[] {
  const { drift, clauses, customers, gone } = found;
  return [
    ...drift.map(({ measure, ...detail }): Finding => ({ kind: "drift", subject: measure, detail })),
    ...gone.map((detail): Finding => ({ kind: "gone", subject: `${detail.kind} ${detail.name}`, detail })),
    ...clauses.flatMap(({ text, count }): Finding[] => {
      if (count === 0 && customers > 0) return [{ kind: "nobody", subject: text, detail: { of: customers } }];
      if (count < customers || customers < FEWEST_FOR_EVERYBODY) return [];
      return [{ kind: "everybody", subject: text, detail: { of: customers } }];
    }),
  ];
}

/** The different clauses of a rule that can be counted: not random shares, and not what reads data that is not held. */
export function clausesToCount(
  { when }: Rule,
  isMissing: (rule: Rule) => readonly MissingData[],
): { text: string; clause: Clause }[] {
  const clauses = new Map<string, Clause>();
  visitClauses(when, (clause) => {
    if (clause.kind !== "sample" && isMissing({ when: clause }).length === 0) {
      clauses.set(printCondition(clause), clause);
    }
  });
  return [...clauses].map(([text, clause]) => ({ text, clause }));
}
