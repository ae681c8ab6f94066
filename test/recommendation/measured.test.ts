import fc from "fast-check";
import { expect, it } from "vitest";
import { type Case, confidenceOf, learnConfidence, withMeasured } from "../../app/recommendation/blend/confidence.ts";

const KIND: Case = { lead: 1, entries: 2 };
/** Of the contests of one kind so many were won; all of one lead, so that it is in the first class of lead. */
const replayed = (won: number, lost: number) =>
  learnConfidence([
    ...Array.from({ length: won }, () => ({ ...KIND, contest: "won" as const })),
    ...Array.from({ length: lost }, () => ({ ...KIND, contest: "lost" as const })),
  ]);
const measured = (people: number, personal: number, fallback: number) => [
  {
    lead: 0,
    length: 1,
    personal: { people: people * 19, hits: Math.round(people * 19 * personal) },
    fallback: { people, hits: Math.round(people * fallback) },
  },
];

it("nothing measured leaves what was replayed", () => {
  const confidence = replayed(80, 20);
  expect(withMeasured(confidence, [])).toEqual(confidence);
  expect(withMeasured(confidence, measured(0, 0, 0))).toEqual(confidence);
});

it("what was measured of a kind moves that kind, as contests between one of each arm, and no other", () => {
  const confidence = replayed(90, 10);
  const both = withMeasured(confidence, measured(500, 0.1, 0.2));
  // By hand: 90 of 100 on top of the prior, 20 contests at what its wider kind had; then 500 of which 8 % are won, 18 % lost.
  const before = confidenceOf(confidence, KIND);
  expect(confidenceOf(both, KIND)).toBeCloseTo((before * 120 + 500 * 0.08) / (120 + 500 * 0.26), 12);
  expect(both.rates.filter((rate, kind) => rate !== confidence.rates[kind])).toHaveLength(1);
});

it("a list that replay was sure of is not personal any more once people were shown to prefer the fallback", () => {
  const confidence = replayed(95, 5);
  expect(confidenceOf(confidence, KIND)).toBeGreaterThan(0.8);
  expect(confidenceOf(withMeasured(confidence, measured(40, 0.05, 0.1)), KIND)).toBeGreaterThan(0.8);
  expect(confidenceOf(withMeasured(confidence, measured(2_000, 0.05, 0.1)), KIND)).toBeLessThan(0.6);
});

it("stays a probability, and more hits of the personal list never lower it", () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  const count = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(count, count, count, rate, rate, rate, (won, lost, people, a, b, fallback) => {
      const confidence = replayed(won, lost);
      const at = (personal: number) =>
        confidenceOf(withMeasured(confidence, measured(people, personal, fallback)), KIND);
      const [less, more] = [at(Math.min(a, b)), at(Math.max(a, b))];
      expect(less).toBeGreaterThan(0);
      expect(more).toBeLessThan(1);
      expect(more).toBeGreaterThanOrEqual(less - 1e-9);
    }),
  );
});
