import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { History } from "../../app/profile/history.ts";
import { evaluate, intervalsOf } from "../../app/segment/evaluate.ts";
import type { Rule } from "../../app/segment/rule.ts";
import { starterSegments } from "../../app/segment/starter-segments.ts";

const HOUR = 3_600_000;
const rules = Object.fromEntries(starterSegments.map(({ key, rule }) => [key, rule]));

function historyOf(orders: [hour: number, gross: number][], refunds: [hour: number, amount: number][] = []): History {
  return {
    customerId: "1",
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    emailConsent: "unknown",
    currency: "GBP",
    deletedAt: null,
    orders: orders.map(([hour, gross]) => ({ at: new Date(hour * HOUR), grossMinor: BigInt(gross) })),
    refunds: refunds.map(([hour, amount]) => ({ at: new Date(hour * HOUR), amountMinor: BigInt(amount) })),
    browsedAt: null,
  };
}

const rows: {
  says: string;
  rule: string;
  history: History;
  hour: number;
  matches: boolean;
  changesAtHour: number | null;
}[] = [
  {
    says: "three orders within the year make a loyal customer until the oldest leaves the window",
    rule: "loyal",
    history: historyOf([
      [0, 1],
      [10, 1],
      [20, 1],
    ]),
    hour: 20,
    matches: true,
    changesAtHour: 8_760,
  },
  {
    says: "the window is open at its far end: exactly 8,760 hours later the first order no longer counts",
    rule: "loyal",
    history: historyOf([
      [0, 1],
      [10, 1],
      [20, 1],
    ]),
    hour: 8_760,
    matches: false,
    changesAtHour: null,
  },
  {
    says: "a fourth order keeps the customer loyal past the first one's year",
    rule: "loyal",
    history: historyOf([
      [0, 1],
      [10, 1],
      [20, 1],
      [30, 1],
    ]),
    hour: 30,
    matches: true,
    changesAtHour: 8_770,
  },
  {
    says: "a buyer lapses at the very instant the last order is 2,160 hours old",
    rule: "lapsed",
    history: historyOf([[0, 1]]),
    hour: 2_160,
    matches: true,
    changesAtHour: null,
  },
  {
    says: "a buyer has not lapsed before that, and the time of the change is known",
    rule: "lapsed",
    history: historyOf([[0, 1]]),
    hour: 2_159,
    matches: false,
    changesAtHour: 2_160,
  },
  {
    says: "who never bought never lapses",
    rule: "lapsed",
    history: historyOf([]),
    hour: 9_999,
    matches: false,
    changesAtHour: null,
  },
  {
    says: "500.00 is not over 500",
    rule: "big_spenders",
    history: historyOf([[0, 50_000]]),
    hour: 1,
    matches: false,
    changesAtHour: null,
  },
  {
    says: "500.01 is",
    rule: "big_spenders",
    history: historyOf([[0, 50_001]]),
    hour: 1,
    matches: true,
    changesAtHour: 720,
  },
  {
    says: "a refund counts from its own time",
    rule: "big_spenders",
    history: historyOf([[0, 60_000]], [[5, 10_000]]),
    hour: 4,
    matches: true,
    changesAtHour: 5,
  },
];

describe("evaluate", () => {
  it.each(rows)("$says", ({ rule, history, hour, matches, changesAtHour }) => {
    const answer = evaluate(rules[rule] as Rule, history, new Date(hour * HOUR));
    expect(answer.matches).toBe(matches);
    expect(answer.changesAt).toEqual(changesAtHour === null ? null : new Date(changesAtHour * HOUR));
  });

  it("shows what it looked at", () => {
    const { evidence } = evaluate(
      rules["big_spenders"] as Rule,
      historyOf([[0, 60_000]], [[5, 10_000]]),
      new Date(6 * HOUR),
    );
    expect(evidence).toEqual([
      { fact: "orders", value: 1n, needed: 1n, withinHours: 720, holds: true },
      { fact: "spent", value: 50_000n, needed: 50_000n, withinHours: null, holds: false },
    ]);
  });

  it("sees nobody after the customer was deleted", () => {
    const history = {
      ...historyOf([
        [0, 1],
        [1, 1],
        [2, 1],
      ]),
      deletedAt: new Date(50 * HOUR),
    };
    expect(intervalsOf(rules["loyal"] as Rule, history, new Date(100 * HOUR))).toEqual({
      intervals: [{ enteredAt: new Date(2 * HOUR), leftAt: new Date(50 * HOUR) }],
      changesAt: null,
    });
  });
});

// The oracle works in whole hours and looks at every hour, with its own reading of the three definitions.
const oracle: Record<string, (orders: [number, number][], refunds: [number, number][], hour: number) => boolean> = {
  loyal: (orders, _refunds, hour) => orders.filter(([at]) => at <= hour && at > hour - 8_760).length >= 3,
  lapsed: (orders, _refunds, hour) =>
    orders.some(([at]) => at <= hour) && !orders.some(([at]) => at <= hour && hour - at < 2_160),
  big_spenders: (orders, refunds, hour) => {
    const sum = (entries: [number, number][]): number =>
      entries.filter(([at]) => at <= hour).reduce((total, [, amount]) => total + amount, 0);
    return orders.some(([at]) => at <= hour && hour - at < 720) && sum(orders) - sum(refunds) > 50_000;
  },
};

describe("intervalsOf", () => {
  const entry = fc.tuple(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 40_000 }));
  it("is in exactly when the rule is true, at every hour, and names the next change", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("loyal", "lapsed", "big_spenders"),
        fc.array(entry, { maxLength: 8 }),
        fc.array(entry, { maxLength: 3 }),
        fc.integer({ min: 0, max: 24_000 }),
        (key, orders, refunds, now) => {
          const ascending = (list: [number, number][]) => [...list].sort(([left], [right]) => left - right);
          const history = historyOf(ascending(orders), ascending(refunds));
          const { intervals, changesAt } = intervalsOf(rules[key] as Rule, history, new Date(now * HOUR));
          const truth = oracle[key];
          if (!truth) throw new Error("no oracle");
          for (let hour = 0; hour <= now; hour += hour % 7 === 0 ? 1 : 3) {
            const at = hour * HOUR;
            const inside = intervals.some(
              ({ enteredAt, leftAt }) => enteredAt.getTime() <= at && (leftAt === null || at < leftAt.getTime()),
            );
            expect(inside).toBe(truth(orders, refunds, hour));
          }
          const current = truth(orders, refunds, now);
          let next: number | null = null;
          for (let hour = now + 1; hour <= 36_000 && next === null; hour += 1) {
            if (truth(orders, refunds, hour) !== current) next = hour;
          }
          expect(changesAt).toEqual(next === null ? null : new Date(next * HOUR));
          expect(evaluate(rules[key] as Rule, history, new Date(now * HOUR))).toMatchObject({
            matches: current,
            changesAt,
          });
        },
      ),
      { numRuns: process.env["MUSTER_LONG"] ? 20_000 : 150 },
    );
  });
});
