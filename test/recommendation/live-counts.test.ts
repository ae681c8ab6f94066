import fc from "fast-check";
import { expect, it } from "vitest";
import { historyLog } from "../../app/recommendation/history-log.ts";
import { createLiveCounts } from "../../app/recommendation/live-counts.ts";
import { countInHistories } from "../../app/recommendation/models/item-to-item.ts";

const ITEMS = 70;
const items = fc.array(fc.nat(ITEMS - 1), { maxLength: 60 });
const countsOf = (people: readonly number[][]) =>
  countInHistories(
    historyLog(
      people.filter((own) => own.length > 0).map((own) => own.map((item) => [item])),
      ITEMS,
    ),
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
