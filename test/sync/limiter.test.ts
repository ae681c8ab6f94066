import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRateLimiter } from "../../app/sync/limiter.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A vendor that counts in sliding minutes when a call arrives, which is the strictest a fixed window can be. */
function mostInAMinute(starts: readonly number[]): number {
  return Math.max(...starts.map((start) => starts.filter((other) => other > start - 60_000 && other <= start).length));
}

describe("a limiter of 150 calls a minute", () => {
  test.each([
    ["one call after the other, as fast as answers come", 1, 50],
    ["one call after the other, five a second", 1, 200],
    ["eight at a time", 8, 50],
  ])("keeps the limit and never stands still: %s", async (_, lanes, answerMs) => {
    const limiter = createRateLimiter({ perSecond: 10, perMinute: 150 }, { now: Date.now, patienceMs: 60_000 });
    const begun = Date.now();
    const starts: number[] = [];
    const lane = async (): Promise<void> => {
      while (Date.now() - begun < 300_000) {
        await limiter.run(async () => {
          starts.push(Date.now());
          await new Promise((resolve) => setTimeout(resolve, answerMs));
        });
      }
    };
    const all = Promise.all(Array.from({ length: lanes }, lane));
    await vi.advanceTimersByTimeAsync(330_000);
    await all;
    expect(mostInAMinute(starts)).toBeLessThanOrEqual(150);
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_700);
    expect(starts.length).toBeGreaterThan(5 * 150 * 0.9);
  });
});
