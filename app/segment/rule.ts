import { z } from "zod";

const HOUR_MS = 3_600_000;

/**
 * What a segment asks of a history. Windows roll: `withinHours: W` at time t looks at (t − W, t].
 * This small tree serves the starter segments; the rule language takes its place.
 */
export type Rule =
  | { kind: "orders"; atLeast: number; withinHours?: number | undefined }
  /** Spent in all, net of refunds, is more than `amount` of the shop's currency. */
  | { kind: "spent_over"; amount: string }
  | { kind: "all"; rules: Rule[] }
  | { kind: "not"; rule: Rule };

export const ruleSchema: z.ZodType<Rule> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("orders"),
      atLeast: z.number().int().positive(),
      withinHours: z.number().positive().optional(),
    }),
    z.object({ kind: z.literal("spent_over"), amount: z.string() }),
    z.object({ kind: z.literal("all"), rules: z.array(ruleSchema) }),
    z.object({ kind: z.literal("not"), rule: ruleSchema }),
  ]),
);

/** The windows a rule looks through, in milliseconds: an answer can change by itself only when one of them closes on a fact. */
export function windowsOf(rule: Rule): number[] {
  switch (rule.kind) {
    case "orders":
      return rule.withinHours === undefined ? [] : [rule.withinHours * HOUR_MS];
    case "spent_over":
      return [];
    case "all":
      return rule.rules.flatMap(windowsOf);
    case "not":
      return windowsOf(rule.rule);
  }
}
