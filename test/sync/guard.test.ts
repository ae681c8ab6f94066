import { describe, expect, test } from "vitest";
import { confirmHeld, guardRemovals } from "../../app/sync/guard.ts";
import { warmUp } from "../../app/sync/warm-up.ts";

const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 1, 12, minutes));

describe("a guard of 30 per cent", () => {
  const look = (state: Parameters<typeof guardRemovals>[0], size: number, pending: number, minutes = 0) =>
    guardRemovals(state, { share: 0.3, size, pending, now: at(minutes) });

  test("lets fewer leave without a word", () => {
    expect(look(null, 1_000, 300)).toMatchObject({ allowed: 300, state: { removed: 300, held: null } });
  });

  test("holds all of those who wait when they are more, until somebody agrees to that many", () => {
    const { state, allowed } = look(null, 1_000, 301);
    expect(allowed).toBe(0);
    expect(state.held).toBe(301);
    const agreed = confirmHeld(state);
    expect(look(agreed, 1_000, 301, 5).allowed).toBe(301);
    expect(look(agreed, 1_000, 700, 5).allowed).toBe(0);
  });

  test("counts what left in small portions within a day, and begins anew after it", () => {
    let state = look(null, 1_000, 200).state;
    ({ state } = look(state, 800, 100, 10));
    expect(state).toMatchObject({ size: 1_000, removed: 300 });
    expect(look(state, 700, 1, 20)).toMatchObject({ allowed: 0, state: { held: 1 } });
    expect(look(state, 700, 210, 24 * 60)).toMatchObject({ allowed: 210, state: { size: 700, removed: 210 } });
  });

  test("lets go of what it held once so many came back that the rest is few", () => {
    const { state } = look(null, 1_000, 400);
    expect(look(state, 1_000, 250, 30)).toMatchObject({ allowed: 250, state: { held: null } });
  });

  test("never holds up a handful: a share of a small audience says nothing", () => {
    expect(look(null, 25, 20).allowed).toBe(20);
    expect(look(null, 25, 21).allowed).toBe(0);
  });
});

test("a warm-up lets 500 in at once and twice as many every five minutes", () => {
  expect(warmUp(at(0), at(0))).toEqual({ most: 500, until: at(5) });
  expect(warmUp(at(0), at(4))).toEqual({ most: 500, until: at(5) });
  expect(warmUp(at(0), at(12))).toEqual({ most: 2_000, until: at(15) });
});
