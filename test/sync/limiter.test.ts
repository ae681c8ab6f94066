import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test, vi } from "vitest";
import { openRedisScripts } from "../../app/platform/redis.server.ts";
import type { Allowance, Limits, Priority, Said } from "../../app/sync/limits/limiter.ts";
import { createLocalLimits } from "../../app/sync/limits/local-limits.ts";
import { createRedisLimits } from "../../app/sync/limits/redis-limits.server.ts";
import { RetryLater } from "../../app/sync/retry-classes.ts";
import { createFixedWindows } from "../sandbox/fixed-window.ts";
import { redisUrl } from "../support/services.ts";

/** A vendor that counts in sliding windows when a call arrives, which is the strictest a fixed window can be. */
function mostWithin(ms: number, starts: readonly number[]): number {
  return Math.max(...starts.map((start) => starts.filter((other) => other > start - ms && other <= start).length));
}

describe("a limiter of 150 calls a minute", () => {
  test.each([
    ["one call after the other, as fast as answers come", 1, 50],
    ["one call after the other, five a second", 1, 200],
    ["eight at a time", 8, 50],
  ])("keeps the limit and never stands still: %s", async (_, lanes, answerMs) => {
    vi.useFakeTimers();
    const limiter = createLocalLimits({ now: Date.now, patienceMs: 60_000 }).of("account", "call", {
      perSecond: 10,
      perMinute: 150,
    });
    const begun = Date.now();
    const starts: number[] = [];
    const lane = async (): Promise<void> => {
      while (Date.now() - begun < 300_000) {
        await limiter.run("addition", async () => {
          starts.push(Date.now());
          await new Promise((resolve) => globalThis.setTimeout(resolve, answerMs));
        });
      }
    };
    const all = Promise.all(Array.from({ length: lanes }, lane));
    await vi.advanceTimersByTimeAsync(330_000);
    await all;
    vi.useRealTimers();
    expect(mostWithin(60_000, starts)).toBeLessThanOrEqual(150);
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_700);
    expect(starts.length).toBeGreaterThan(5 * 150 * 0.9);
  });
});

/** Each answer of a vendor that counts in fixed windows tells what is left of its own minute, which began at some other time than ours. */
describe("a first load of 1,000 look-ups, at 75 a second and 750 a minute", () => {
  test.each([0, 10, 20, 30, 40, 50, 58])(
    "takes little more than a minute from second %i of the vendor's",
    async (second) => {
      vi.useFakeTimers({ now: 1_800_000_000_000 + second * 1_000 });
      const minute = { key: "call", seconds: 60, limit: 750 };
      const windows = createFixedWindows(Date.now);
      const limiter = createLocalLimits({ now: Date.now }).of("account", "call", { perSecond: 75, perMinute: 750 });
      const wait = (ms: number) => new Promise((resolve) => globalThis.setTimeout(resolve, ms));
      const begun = Date.now();
      let toDo = 1_000;
      let refused = 0;
      let tookMs = 0;
      const look = (said: Said) =>
        wait(50).then(async () => {
          const taken = windows.take([minute, { key: "call", seconds: 1, limit: 75 }]);
          await wait(50);
          if (taken.outcome === "refused") refused += 1;
          else said.left(taken.remaining(minute), taken.resetSeconds(minute) * 1_000);
        });
      const lane = async (): Promise<void> => {
        while (toDo-- > 0) await limiter.run("back-fill", look);
        tookMs = Date.now() - begun;
      };
      const all = Promise.all(Array.from({ length: 40 }, lane));
      await vi.advanceTimersByTimeAsync(150_000);
      vi.useRealTimers();
      await all;
      expect(refused).toBe(0);
      // What is beyond the first second's 75 at the minute's rate would take 74 s.
      expect(tookMs).toBeLessThan(68_000);
    },
  );
});

const redis = await redisUrl("the limits shared through Redis");
const prefix = `muster-test-${randomBytes(6).toString("hex")}`;
const connections: { close(): void }[] = [];
afterAll(() => connections.forEach((connection) => connection.close()));

/** What a process of its own would have. */
async function overRedis(url: string, patienceMs?: number): Promise<Limits> {
  const scripts = openRedisScripts(url, () => {});
  connections.push(scripts);
  await vi.waitFor(() => scripts.run("return 1", [], []), 5_000);
  const local: Limits = {
    of: () => ({
      run: () => Promise.reject(new Error("Redis did not answer")),
      available: () => Promise.reject(new Error("Redis did not answer")),
    }),
  };
  return createRedisLimits({ redis: scripts, local, prefix, ...(patienceMs && { patienceMs }) });
}

const KINDS: [string, (patienceMs?: number) => Promise<[Limits, Limits]>][] = [
  [
    "in one process",
    async (patienceMs) => {
      const limits = createLocalLimits(patienceMs ? { patienceMs } : {});
      return [limits, limits];
    },
  ],
];
if (redis !== undefined) {
  KINDS.push([
    "of two processes through Redis",
    async (patienceMs) => [await overRedis(redis, patienceMs), await overRedis(redis, patienceMs)],
  ]);
}

/** What limits have to do whoever counts. The two sides are two processes where the kind has several. */
describe.each(KINDS)("limits %s", (_, open) => {
  const account = () => randomBytes(6).toString("hex");
  const limitersOf = async (allowance: Allowance, patienceMs?: number) => {
    const name = account();
    return (await open(patienceMs)).map((limits) => limits.of(name, "call", allowance));
  };
  const call = (ms: number) => () => setTimeout(ms);

  test("let no more calls start in any second than are allowed, and waste none of them", async () => {
    const limiters = await limitersOf({ perSecond: 10, perMinute: 1_000 });
    const starts: number[] = [];
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: 35 }, (__, index) =>
        limiters[index % 2]?.run("addition", async () => {
          starts.push(performance.now());
          await setTimeout(5);
        }),
      ),
    );
    expect(starts).toHaveLength(35);
    expect(mostWithin(999, starts)).toBeLessThanOrEqual(10);
    expect(performance.now() - begun).toBeLessThan(6_000);
  });

  test("keep no more calls under way than are allowed at once", async () => {
    const limiters = await limitersOf({ atOnce: 3 });
    let under = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, (__, index) =>
        limiters[index % 2]?.run("addition", async () => {
          most = Math.max(most, ++under);
          await setTimeout(15);
          under -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
  });

  test("let the more urgent go first, whoever came before", async () => {
    const [one, other] = await limitersOf({ atOnce: 1 });
    const order: string[] = [];
    const first = one?.run("addition", call(400));
    await setTimeout(50);
    const asked: Priority[] = ["back-fill", "update", "addition", "removal", "unsubscribe"];
    const all = asked.map((priority, index) =>
      (index % 2 === 0 ? one : other)?.run(priority, async () => {
        order.push(priority);
        await setTimeout(20);
      }),
    );
    await Promise.all([first, ...all]);
    expect(order).toEqual(asked.toReversed());
  });

  test("start nothing for as long as an answer said, on either side", async () => {
    const [one, other] = await limitersOf({ perSecond: 50, perMinute: 1_000 });
    await one?.run("addition", async (said) => said.hold(600));
    const begun = performance.now();
    expect(await other?.available()).toBe(0);
    await other?.run("addition", call(1));
    expect(performance.now() - begun).toBeGreaterThan(500);
  });

  test("make no more calls than an answer said are left, until its reset", async () => {
    const [one, other] = await limitersOf({ perSecond: 50, perMinute: 1_000 });
    const begun = performance.now();
    await one?.run("addition", async (said) => said.left(2, 900));
    expect(await other?.available()).toBe(2);
    const starts: number[] = [];
    const start = async (): Promise<void> => void starts.push(performance.now() - begun);
    await Promise.all([one, other, one].map((limiter) => limiter?.run("addition", start)));
    expect(starts.filter((at) => at < 850)).toHaveLength(2);
    expect(Math.max(...starts)).toBeGreaterThan(850);
  });

  test("take what an answer says of the vendor's next minute for what holds now, and nothing of the one that is over", async () => {
    const [one, other] = await limitersOf({ perSecond: 100, perMinute: 1_000 });
    const answered = (calls: number, resetMs: number) =>
      one?.run("addition", async (said) => said.left(calls, resetMs));
    await answered(3, 200);
    await answered(90, 60_000);
    expect(await other?.available()).toBe(90);
    // An answer that was long under way; and one of this minute, with somebody else's calls in it.
    await answered(2, 1_000);
    expect(await other?.available()).toBe(89);
    await answered(40, 59_000);
    expect(await other?.available()).toBe(40);
  });

  test("let a first load wait for a minute that others have used up, and nobody else", async () => {
    const [one, other] = await limitersOf({ perSecond: 50, perMinute: 1_000 });
    await one?.run("addition", async (said) => said.hold(20_000));
    const becomes = (priority: Priority) =>
      Promise.race([other?.run(priority, call(1)).catch(() => "is sent back"), setTimeout(500).then(() => "waits")]);
    expect(await becomes("addition")).toBe("is sent back");
    expect(await becomes("back-fill")).toBe("waits");
  });

  test("send back whoever would have to wait too long, which is no attempt", async () => {
    const [one, other] = await limitersOf({ perSecond: 5, perMinute: 100 }, 300);
    await one?.run("addition", async (said) => said.hold(5_000));
    const refused = await other?.run("addition", call(1)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RetryLater);
    expect(refused).toMatchObject({ countsAsAttempt: false });
    expect((refused as RetryLater).afterMs).toBeGreaterThan(4_000);
  });

  test("count a call that failed like any other", async () => {
    const [one, other] = await limitersOf({ atOnce: 1 });
    await expect(one?.run("addition", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await other?.run("addition", call(1));
    expect(await one?.available()).toBe(1);
  });
});

test.skipIf(redis === undefined)("limits go on alone while Redis is away", async () => {
  const scripts = { run: () => Promise.reject(new Error("away")), close: () => {} };
  const limits = createRedisLimits({ redis: scripts, local: createLocalLimits(), prefix });
  expect(await limits.of("account", "call", { atOnce: 2 }).run("addition", async () => "answered")).toBe("answered");
});
