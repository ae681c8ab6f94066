import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Circle, drawSets } from "../../app/components/segments/circles.ts";

const of = (regions: Record<number, number>) => new Map(Object.entries(regions).map(([mask, n]) => [Number(mask), n]));

/** The share of the picture's points in each region, found by throwing darts at a grid of our own. */
function areas(circles: readonly (Circle | null)[]): Map<number, number> {
  const found = new Map<number, number>();
  let drawn = 0;
  for (let x = 0.25; x < 400; x += 0.5) {
    for (let y = 0.25; y < 400; y += 0.5) {
      const mask = circles.reduce(
        (bits, circle, place) =>
          circle && (x - circle.x) ** 2 + (y - circle.y) ** 2 < circle.r ** 2 ? bits | (1 << place) : bits,
        0,
      );
      if (mask === 0) continue;
      drawn += 1;
      found.set(mask, (found.get(mask) ?? 0) + 1);
    }
  }
  return new Map([...found].map(([mask, points]) => [mask, points / drawn]));
}

describe("segments as circles", () => {
  it("two share as much of the picture as they share of their customers, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), (left, right, both) => {
        fc.pre(left + both > 0 && right + both > 0);
        const drawing = drawSets(2, of({ 1: left, 2: right, 3: both }));
        const found = areas(drawing?.circles ?? []);
        const total = left + right + both;
        for (const [mask, count] of [
          [1, left],
          [2, right],
          [3, both],
        ] as const) {
          expect(Math.abs((found.get(mask) ?? 0) - count / total), `${mask}`).toBeLessThan(0.015);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("one within another, and two that share nobody, are drawn so", () => {
    const [outer, inner] = drawSets(2, of({ 1: 300, 3: 100 }))?.circles ?? [];
    if (!outer || !inner) throw new Error("not drawn");
    expect(Math.hypot(outer.x - inner.x, outer.y - inner.y) + inner.r).toBeLessThanOrEqual(outer.r + 0.1);
    const [left, right] = drawSets(2, of({ 1: 300, 2: 100 }))?.circles ?? [];
    if (!left || !right) throw new Error("not drawn");
    expect(Math.hypot(left.x - right.x, left.y - right.y)).toBeGreaterThan(left.r + right.r);
  });

  it("three come close where circles can, say how far off they are where not, and stay in the picture", () => {
    const fair = drawSets(3, of({ 1: 100, 2: 100, 4: 100, 3: 30, 5: 30, 6: 30, 7: 20 }));
    expect(fair?.error).toBeLessThan(0.02);
    const found = areas(fair?.circles ?? []);
    expect(found.get(7)).toBeCloseTo(20 / 410, 1);
    expect(fair?.spots.size).toBe(7);
    // Two of them share people only outside of the third, and yet each lies half in each.
    const impossible = drawSets(3, of({ 3: 100, 5: 100, 6: 100 }));
    expect(impossible?.error).toBeGreaterThan(0.05);
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 7, maxLength: 7 }), (counts) => {
        const drawing = drawSets(3, new Map(counts.map((count, index) => [index + 1, count])));
        if (!drawing) return counts.every((count) => count === 0);
        return drawing.circles.every(
          (circle) =>
            circle === null ||
            (circle.r > 0 &&
              circle.x - circle.r >= 0 &&
              circle.x + circle.r <= drawing.width + 0.1 &&
              circle.y - circle.r >= 0 &&
              circle.y + circle.r <= drawing.height + 0.1),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("nobody in any of them is no picture, and a segment with nobody no circle", () => {
    expect(drawSets(3, new Map())).toBeNull();
    expect(drawSets(3, of({ 1: 5, 4: 5 }))?.circles.map((circle) => circle !== null)).toEqual([true, false, true]);
    expect([...(drawSets(3, of({ 1: 5, 4: 5, 5: 5 }))?.spots.keys() ?? [])].toSorted()).toEqual([1, 4, 5]);
  });
});
