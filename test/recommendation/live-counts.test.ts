import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { historyLog } from "../../app/recommendation/history-log.ts";
import { countPairsOf, createLiveCounts, type LiveCounts } from "../../app/recommendation/live-counts.ts";

const ITEMS = 70;
const items = fc.array(fc.nat(ITEMS - 1), { maxLength: 60 });
const countsOf = (people: readonly number[][], longest?: number) =>
  countPairsOf(
    historyLog(
      people.filter((own) => own.length > 0).map((own) => own.map((item) => [item])),
      ITEMS,
    ),
    longest,
  );

it("after any changes the live counts are those of a rebuild", () => {
  const change = fc.record({ person: fc.nat(9), items });
  fc.assert(
    fc.property(
      fc.array(items, { minLength: 10, maxLength: 10 }),
      fc.array(change, { maxLength: 15 }),
      (start, changes) => {
        const people = start.map((own) => [...own]);
        const live = createLiveCounts(countsOf(people));
        for (const { person, items: after } of changes) {
          live.replace(people[person]!, after);
          people[person] = after;
        }
        const rebuilt = createLiveCounts(countsOf(people));
        for (let item = 0; item < ITEMS; item++) {
          expect(live.buyers(item)).toBe(rebuilt.buyers(item));
          expect(live.related(item, 100)).toEqual(rebuilt.related(item, 100));
        }
      },
    ),
    { numRuns: 30 },
  );
});

it("41 of 230 buyers of one bought the other, and a product the rebuild has never seen counts at once", () => {
  const live = createLiveCounts(countsOf([]));
  for (let k = 0; k < 230; k++) live.replace([], k < 41 ? [1, 2] : [1]);
  for (let k = 0; k < 1_000; k++) live.replace([], [3]);
  expect(live.related(1, 5)).toMatchObject([{ item: 2, both: 41, of: 230 }]);
  for (let k = 0; k < 30; k++) live.replace([], [1, 500]);
  expect(live.related(500, 5)).toMatchObject([{ item: 1, both: 30, of: 30 }]);
});

it("of an item with more pairs than are looked at, the twenty best are those of a rebuild but for one in twenty", () => {
  const random = seededRandom(3);
  const any = (below: number): number => Math.floor(random() * below);
  // Items of the same fourteen go together, the first three with everything.
  const person = (): number[] => {
    const group = any(5) * 14;
    return [any(3), ...Array.from({ length: 4 }, () => (any(4) === 0 ? any(ITEMS) : group + any(14)))];
  };
  const people = Array.from({ length: 3_000 }, person);
  const live = createLiveCounts(countsOf(people, 40));
  for (let turn = 0; turn < 300; turn++) {
    const who = any(people.length);
    const after = person();
    live.replace(people[who]!, after);
    people[who] = after;
  }
  const rebuilt = createLiveCounts(countsOf(people, ITEMS));
  const best = (counts: LiveCounts, item: number): number[] => counts.related(item, 20).map((one) => one.item);
  let agreed = 0;
  let all = 0;
  for (let item = 0; item < ITEMS; item++) {
    const right = best(rebuilt, item);
    agreed += best(live, item).filter((one) => right.includes(one)).length;
    all += right.length;
  }
  expect(all).toBeGreaterThan(500);
  expect(agreed / all).toBeGreaterThanOrEqual(0.95);
});
