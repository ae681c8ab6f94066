import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf, type DayFigures, daysBack, driftOf } from "../../../app/segment/watch/band.ts";

const DAY = 20_000;
const day = (back: number, figures: Partial<DayFigures>): DayFigures => ({
  day: DAY - back,
  members: 100,
  entered: 10,
  left: 10,
  value: 5_000,
  ...figures,
});
/** The same weekdays of the weeks before, the latest first. */
const weeks = (figures: readonly Partial<DayFigures>[]): DayFigures[] =>
  figures.map((one, index) => day(7 * (index + 1), one));
const entered = (...counts: number[]) => weeks(counts.map((count) => ({ entered: count })));

describe("a day is held against the same weekdays of the eight weeks before it", () => {
  const STEADY = [10, 12, 9, 11, 10, 8, 10, 12];
  const rows: { says: string; before: DayFigures[]; today: Partial<DayFigures>; found: string[] }[] = [
    { says: "as usual", before: entered(...STEADY), today: { entered: 13 }, found: [] },
    { says: "far more", before: entered(...STEADY), today: { entered: 40 }, found: ["entered 40"] },
    {
      says: "nobody at all",
      before: entered(40, 41, 39, 40, 42, 40, 38, 40),
      today: { entered: 0 },
      found: ["entered 0"],
    },
    {
      says: "two odd weeks hide nothing",
      before: entered(90, 12, 9, 0, 10, 8, 10, 12),
      today: { entered: 40 },
      found: ["entered 40"],
    },
    {
      says: "weeks that swing widely allow much",
      before: entered(5, 60, 10, 40, 3, 55, 20, 30),
      today: { entered: 70 },
      found: [],
    },
    {
      says: "alike weeks allow the noise of counts",
      before: entered(100, 100, 100, 100),
      today: { entered: 130 },
      found: [],
    },
    { says: "and no more", before: entered(100, 100, 100, 100), today: { entered: 140 }, found: ["entered 140"] },
    { says: "three weeks say nothing", before: entered(100, 100, 100), today: { entered: 900 }, found: [] },
    {
      says: "other weekdays and earlier months are not asked",
      before: [...entered(10, 10, 10), ...[1, 2, 3, 4, 5, 63, 70].map((back) => day(back, { entered: 10 }))],
      today: { entered: 900 },
      found: [],
    },
    {
      says: "a steadily growing segment is not drifting",
      before: weeks([960, 920, 880, 840, 800, 760, 720, 680].map((members) => ({ members }))),
      today: { members: 1_000 },
      found: [],
    },
    {
      says: "one that lost half is",
      before: weeks(Array.from({ length: 8 }, () => ({ members: 400 }))),
      today: { members: 200 },
      found: ["members 200"],
    },
    {
      says: "members worth a tenth more are not worth a word",
      before: weeks(Array.from({ length: 8 }, () => ({}))),
      today: { value: 5_500 },
      found: [],
    },
    {
      says: "members worth a third are",
      before: weeks(Array.from({ length: 8 }, () => ({}))),
      today: { value: 1_700 },
      found: ["value 1700"],
    },
    {
      says: "a value nobody saw says nothing",
      before: weeks(Array.from({ length: 8 }, () => ({ value: null }))),
      today: { value: 1_700 },
      found: [],
    },
  ];
  it.each(rows)("$says", ({ before, today, found }) => {
    const drift = driftOf([...before, day(0, { members: before[0]?.members ?? 100, ...today })], DAY);
    expect(drift.map(({ measure, figure }) => `${measure} ${figure}`)).toEqual(found);
  });

  it("says what was usual: for 8, 8, 9, 10, 10, 10, 12, 12 a median of 10 and, at a median deviation of 1, 3.5 of its noise", () => {
    expect(bandOf([8, 8, 9, 10, 10, 10, 12, 12], "entered")).toEqual({
      low: 0,
      middle: 10,
      high: 10 + 3.5 * Math.sqrt(10),
    });
    // 1.4826 × 20 is more than the root of 100.
    const wide = bandOf([80, 80, 100, 120, 120], "members");
    expect(wide).toEqual({ low: 0, middle: 100, high: expect.closeTo(203.782, 6) });
  });
});

const figure = fc.integer({ min: 0, max: 100_000 });

it("the band holds the median, does not depend on the order of weeks, and three odd ones of eight do not lead it astray", () => {
  fc.assert(
    fc.property(
      fc.array(figure, { minLength: 8, maxLength: 8 }),
      fc.array(fc.nat(1_000_000), { minLength: 3, maxLength: 3 }),
      (history, odd) => {
        const band = bandOf(history, "members");
        if (!band) throw new Error("no band");
        expect(band.low).toBeLessThanOrEqual(band.middle);
        expect(band.middle).toBeLessThanOrEqual(band.high);
        expect(bandOf(history.toReversed(), "members")).toEqual(band);
        const sane = history.slice(0, 5);
        const led = bandOf([...sane, ...odd], "members");
        expect(led?.middle).toBeGreaterThanOrEqual(Math.min(...sane));
        expect(led?.middle).toBeLessThanOrEqual(Math.max(...sane));
      },
    ),
  );
});

it("sizes worked back from the members now are those that were counted going forward", () => {
  const move = fc.record({ entered: fc.nat(50), left: fc.nat(50) });
  fc.assert(
    fc.property(fc.nat(1_000), fc.array(move, { minLength: 2, maxLength: 60 }), (begin, moves) => {
      const counted: number[] = [];
      for (const { entered: more, left } of moves) counted.push((counted.at(-1) ?? begin) + more - left);
      const days = moves.map((_move, index) => index);
      // The last day is not over: its moves are known, its size is not asked for.
      const asked = days.slice(0, -1);
      const back = daysBack(
        counted.at(-1) ?? begin,
        moves.map((one, index) => ({ ...one, day: index })),
        asked,
      );
      expect(back.map(({ members }) => members)).toEqual(counted.slice(0, -1));
      expect(back.map(({ day: at, entered: came }) => [at, came])).toEqual(asked.map((at) => [at, moves[at]?.entered]));
    }),
  );
});
