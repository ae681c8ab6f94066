import { describe, expect, it } from "vitest";
import { type CompiledRule, compileRule } from "../../app/segment/evaluation/compile.ts";
import type { CustomerHistory } from "../../app/segment/evaluation/customer-history.ts";
import { evaluate } from "../../app/segment/evaluation/evaluate.ts";
import { intervalsOf } from "../../app/segment/evaluation/intervals.ts";
import { createDictionary } from "../../app/segment/language/dictionary.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { starterSegments } from "../../app/segment/starter-segments.ts";

const HOUR = 3_600_000;
const dictionary = createDictionary();
const rules = Object.fromEntries(
  starterSegments.map(({ key, text }) => {
    const reading = parseText(text, dictionary);
    if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
    return [key, compileRule(reading.rule, { timeZone: "Europe/London", currency: "GBP" }, dictionary)];
  }),
);

function historyOf(
  orders: [hour: number, gross: number][],
  refunds: [hour: number, amount: number][] = [],
): CustomerHistory {
  const events = (list: [hour: number, amount: number][]) =>
    list.map(([hour, amount]) => ({ at: new Date(hour * HOUR), properties: { amount: BigInt(amount) } }));
  return {
    customerId: "1",
    existsFrom: new Date(0),
    deletedAt: null,
    opening: null,
    events: { orders_placed: events(orders), refunds_made: events(refunds) },
    attributes: {},
    places: [],
    memberships: {},
  };
}

const rows: {
  says: string;
  rule: string;
  history: CustomerHistory;
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

describe("the starter segments", () => {
  it.each(rows)("$says", ({ rule, history, hour, matches, changesAtHour }) => {
    const answer = evaluate(rules[rule] as CompiledRule, history, new Date(hour * HOUR));
    expect(answer.matches).toBe(matches);
    expect(answer.changesAt).toEqual(changesAtHour === null ? null : new Date(changesAtHour * HOUR));
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
    expect(intervalsOf(rules["loyal"] as CompiledRule, history, new Date(100 * HOUR))).toEqual({
      intervals: [{ enteredAt: new Date(2 * HOUR), leftAt: new Date(50 * HOUR) }],
      changesAt: null,
    });
  });
});
