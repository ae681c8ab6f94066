import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { historyLog, pastItems, pastOf } from "../../app/recommendation/history-log.ts";
import { ease } from "../../app/recommendation/models/ease.ts";
import { countInBaskets, countInHistories, logLikelihoodRatio } from "../../app/recommendation/models/item-to-item.ts";
import { nextItemRegression } from "../../app/recommendation/models/next-item-regression.ts";
import { ownItems } from "../../app/recommendation/models/own-items.ts";
import { best } from "../../app/recommendation/scores.ts";
import { sumIntoRows } from "../../app/recommendation/sparse-rows.ts";

const ITEMS = 8;
const histories = fc.array(
  fc.array(fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
  { maxLength: 20 },
);

describe("counts of pairs", () => {
  it("are what counting by hand gives, in histories and in baskets", () => {
    fc.assert(
      fc.property(histories, (all) => {
        const log = historyLog(all, ITEMS);
        const groups = { histories: all.map((baskets) => baskets.flat()), baskets: all.flat() };
        const counted = { histories: countInHistories(log), baskets: countInBaskets(log) };
        for (const kind of ["histories", "baskets"] as const) {
          const sets = groups[kind].map((items) => new Set(items));
          const together = (i: number, j: number) => sets.filter((set) => set.has(i) && set.has(j)).length;
          for (let i = 0; i < ITEMS; i++) {
            expect(counted[kind].alone[i]).toBe(together(i, i));
            const { start, columns, values } = counted[kind].pairs;
            const row = Array.from(columns.subarray(start[i], start[i + 1])).map((j, k) => [j, values[start[i]! + k]]);
            const expected = [...Array(ITEMS).keys()].filter((j) => j !== i).map((j) => [j, together(i, j)]);
            expect(row).toEqual(expected.filter(([, n]) => n! > 0));
          }
        }
      }),
    );
  });

  // 2 Σ O ln(O / E) over the four cells, worked out apart.
  it.each([
    { both: 1, first: 1, second: 1, all: 2, ratio: 2.7726 },
    { both: 10, first: 10, second: 10, all: 1000, ratio: 112.0031 },
    { both: 110, first: 220, second: 560, all: 30_000, ratio: 596.9582 },
    { both: 1, first: 10, second: 100, all: 1000, ratio: 0 },
  ])("$both of $first and $second in $all differ from chance by $ratio", ({ both, first, second, all, ratio }) => {
    expect(logLikelihoodRatio(both, first, second, all)).toBeCloseTo(ratio, 3);
  });
});

describe("sums and choices", () => {
  it("best are the first of a stable sort", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (values, n) => {
        const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, n);
        expect([...best(Int32Array.from(values.keys()), Float64Array.from(values), n)]).toEqual(sorted);
      }),
    );
  });

  it("rows hold the sum of what was visited, columns ascending", () => {
    const visits = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.integer({ min: 1, max: 5 })));
    fc.assert(
      fc.property(visits, (all) => {
        const rows = sumIntoRows(5, 5, (add) => all.forEach(([row, column, value]) => add(row, column, value)));
        const sums = new Map<string, number>();
        for (const [row, column, value] of all) {
          sums.set(`${row} ${column}`, (sums.get(`${row} ${column}`) ?? 0) + value);
        }
        const found = [...Array(5).keys()].flatMap((row) =>
          Array.from(rows.columns.subarray(rows.start[row], rows.start[row + 1])).map((column, k) => [
            `${row} ${column}`,
            rows.values[rows.start[row]! + k],
          ]),
        );
        expect(found).toEqual([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
      }),
    );
  });
});

it("the past is the newest basket first, and an item's rhythm its age over its own mean gap", () => {
  const log = historyLog([[[5]], [[1, 2], [3], [1], [4]]], 6);
  const past = pastItems(log, 1);
  expect([...past.items]).toEqual([4, 1, 3, 2, 1]);
  expect([...past.ages]).toEqual([0, 1, 2, 3, 3]);
  expect(pastOf([[1, 2], [3], [1], [4]])).toEqual(past);
  expect([...pastItems(log, 1, 2).items]).toEqual([3, 2, 1]);
  expect(ownItems(past).find(({ item }) => item === 1)).toMatchObject({ times: 2, age: 1, rhythm: 1 });
});

it("the regression is the ridge solution of all pasts and what came next", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(4), { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 15 }),
      (all) => {
        const decay = 0.5;
        const rows = nextItemRegression(
          historyLog(
            all.map((items) => items.map((item) => [item])),
            5,
          ),
          decay,
        );
        const steps = all.flatMap((items) =>
          items.slice(1).map((next, at) => {
            const past = Array<number>(5).fill(0);
            for (let k = 0; k <= at; k++) past[items[k]!] = decay ** (at - k);
            return { past, next };
          }),
        );
        for (let target = 0; target < 5; target++) {
          // Predictors are the items that ever came before the target, never the target itself.
          const predictors = [...Array(5).keys()].filter(
            (i) => i !== target && steps.some(({ past, next }) => next === target && past[i]! > 0),
          );
          const weights = gauss(
            predictors.map((a) =>
              predictors.map((b) => steps.reduce((sum, { past }) => sum + past[a]! * past[b]!, a === b ? 10 : 0)),
            ),
            predictors.map((a) => steps.reduce((sum, { past, next }) => sum + (next === target ? past[a]! : 0), 0)),
          );
          for (let i = 0; i < 5; i++) {
            let found = 0;
            for (let k = rows.start[i]!; k < rows.start[i + 1]!; k++)
              if (rows.columns[k] === target) found = rows.values[k]!;
            expect(found).toBeCloseTo(weights[predictors.indexOf(i)] ?? 0, 4);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

describe("EASE", () => {
  /** I − P diag(1 / diag P) by a plain inverse, over all items; those nobody had are zero. */
  const byHand = (all: readonly number[][], items: number): number[][] => {
    const sets = all.map((own) => new Set(own));
    const had = [...Array(items).keys()].filter((i) => sets.some((set) => set.has(i)));
    const gram = had.map((i) =>
      had.map((j) => sets.filter((set) => set.has(i) && set.has(j)).length + (i === j ? 100 : 0)),
    );
    const inverse = inverseOf(gram);
    return [...Array(items).keys()].map((i) =>
      [...Array(items).keys()].map((j) => {
        const [row, column] = [had.indexOf(i), had.indexOf(j)];
        return i === j || row < 0 || column < 0 ? 0 : -inverse[row]![column]! / inverse[column]![column]!;
      }),
    );
  };
  const built = (all: readonly number[][], items: number): number[][] => {
    const log = historyLog(
      all.map((own) => own.map((item) => [item])),
      items,
    );
    const { items: had, weights } = ease(countInHistories(log));
    const place = (item: number) => had.indexOf(item);
    return [...Array(items).keys()].map((i) =>
      [...Array(items).keys()].map((j) =>
        place(i) < 0 || place(j) < 0 ? 0 : weights[place(i) * had.length + place(j)]!,
      ),
    );
  };
  const differs = (all: readonly number[][], items: number): number => {
    const right = byHand(all, items).flat();
    return built(all, items)
      .flat()
      .reduce((most, value, k) => Math.max(most, Math.abs(value - right[k]!)), 0);
  };

  it("is the closed form, whatever people had", () => {
    const people = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 8 }), { maxLength: 40 });
    fc.assert(
      fc.property(people, (all) => void expect(differs(all, 10)).toBeLessThan(1e-6)),
      { numRuns: 50 },
    );
  });

  it("is the closed form over more items than are eliminated at a time", () => {
    const random = seededRandom(5);
    // Of 150 items one in ten is had by nobody, and the first ones by most people.
    const all = Array.from({ length: 900 }, () => [
      ...new Set(Array.from({ length: 7 }, () => Math.floor(random() ** 2 * 150)).filter((item) => item % 10 !== 3)),
    ]);
    expect(differs(all, 150)).toBeLessThan(1e-6);
    expect(
      built(all, 150)
        .flat()
        .filter((value) => Math.abs(value) > 0.01).length,
    ).toBeGreaterThan(1_000);
  });
});

/** Elimination with pivots, to be independent of the factorisation it checks. */
function gauss(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let c = 0; c < rows.length; c++) {
    const pivot = rows
      .slice(c)
      .reduce((most, row, k) => (Math.abs(row[c]!) > Math.abs(rows[most]![c]!) ? k + c : most), c);
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    for (let r = 0; r < rows.length; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / rows[c]![c]!;
      rows[r] = rows[r]!.map((value, k) => value - factor * rows[c]![k]!);
    }
  }
  return rows.map((row, i) => row[rows.length]! / row[i]!);
}

/** The same with the unit matrix beside. */
function inverseOf(matrix: readonly number[][]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((most, row, k) => (Math.abs(row[c]!) > Math.abs(rows[most]![c]!) ? k + c : most), c);
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    const own = rows[c]![c]!;
    rows[c] = rows[c]!.map((value) => value / own);
    for (let r = 0; r < n; r++) {
      const factor = rows[r]![c]!;
      if (r !== c && factor !== 0) rows[r] = rows[r]!.map((value, k) => value - factor * rows[c]![k]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
