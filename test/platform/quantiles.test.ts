import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQuantileWindow } from "../../app/platform/quantiles.ts";

describe("a window of measurements", () => {
  it("tells quantiles within 2 % of those of the sorted measurements", () => {
    const measurement = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(measurement, { minLength: 1, maxLength: 300 }), (values) => {
        const window = createQuantileWindow(1_000, () => 0);
        for (const value of values) window.observe(value);
        const sorted = [...values].sort((left, right) => left - right);
        const read = window.read();
        for (const [told, share] of [
          [read?.p50, 0.5],
          [read?.p99, 0.99],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
          expect(Math.abs((told ?? NaN) / exact - 1)).toBeLessThan(0.021);
        }
        expect(read?.count).toBe(values.length);
      }),
    );
  });

  it("tells a single measurement as it was, and takes any number", () => {
    const window = createQuantileWindow(1_000, () => 0);
    window.observe(1_204);
    expect(window.read()).toEqual({ p50: 1_204, p99: 1_204, count: 1 });
    window.observe(0);
    window.observe(1e12);
    expect(window.read()).toEqual({ p50: 1_204, p99: 1e12, count: 3 });
  });

  it("forgets after one to two windows", () => {
    let now = 0;
    const window = createQuantileWindow(1_000, () => now);
    window.observe(5);
    now = 1_500;
    expect(window.read()?.count).toBe(1);
    window.observe(7);
    now = 2_600;
    expect(window.read()).toEqual({ p50: 7, p99: 7, count: 1 });
    now = 9_000;
    expect(window.read()).toBeNull();
  });
});
