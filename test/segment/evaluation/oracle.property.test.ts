import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRule } from "../../../app/segment/evaluation/compile.ts";
import { evaluate } from "../../../app/segment/evaluation/evaluate.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { arbitraryCase, type Case } from "../arbitrary-history.ts";
import { arbitraryRule, dictionary } from "../arbitrary-rule.ts";
import { oracleCandidates, oracleHolds } from "../oracle.ts";

const CASES_PER_RULE = 4;
const RULES = process.env["MUSTER_LONG"] ? 250_000 : 2_500;
const DAY = 86_400_000;

describe("evaluate", () => {
  it(
    "agrees with the oracle on every rule, customer and instant, and on when the answer next changes",
    () => {
      const rules = new Set<string>();
      const seen = { cases: 0, matches: 0, changes: 0 };
      fc.assert(
        fc.property(
          arbitraryRule,
          fc.array(arbitraryCase, { minLength: CASES_PER_RULE, maxLength: CASES_PER_RULE }),
          (rule, cases) => {
            rules.add(printText(rule));
            for (const { shop, history, now } of cases) {
              const { matches, changesAt } = evaluate(compileRule(rule, shop, dictionary), history, now);
              expectAgreement(rule.when, { shop, history, now }, matches, changesAt);
              seen.cases += 1;
              if (matches) seen.matches += 1;
              if (changesAt) seen.changes += 1;
            }
          },
        ),
        { numRuns: RULES },
      );
      expect(seen.cases).toBe(RULES * CASES_PER_RULE);
      expect(rules.size).toBeGreaterThanOrEqual(1_000);
      // Neither answer may be so rare that agreeing on it means nothing.
      expect(seen.matches / seen.cases).toBeGreaterThan(0.15);
      expect(seen.matches / seen.cases).toBeLessThan(0.8);
      expect(seen.changes / seen.cases).toBeGreaterThan(0.15);
    },
    process.env["MUSTER_LONG"] ? 3 * 3_600_000 : 300_000,
  );
});

function expectAgreement(
  when: Parameters<typeof oracleHolds>[0],
  { shop, history, now }: Case,
  matches: boolean,
  changesAt: Date | null,
): void {
  const at = now.getTime();
  const truth = (instant: number): boolean => oracleHolds(when, shop, history, instant);
  expect(matches).toBe(truth(at));
  const end = changesAt?.getTime() ?? Infinity;
  if (end !== Infinity) {
    expect(truth(end)).toBe(!matches);
    expect(truth(end - 1)).toBe(matches);
  }
  // Nothing before it turns the answer: neither a boundary nor the instant beside one.
  const horizon = Math.min(60, Math.ceil((end - at) / DAY));
  const turns = oracleCandidates(when, shop, history, at, horizon)
    .flatMap((candidate) => [candidate, candidate + 1])
    .filter((instant) => instant < end && truth(instant) !== matches);
  expect(turns).toEqual([]);
}
