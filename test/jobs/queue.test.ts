import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createBullQueue } from "../../app/jobs/bull-queue.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { retryDelayMs, type Queue, type QueueLog } from "../../app/jobs/queue.ts";
import { createKeptLog } from "../support/expected-logs.ts";
import { redisUrl } from "../support/services.ts";

const catalogue = {
  refresh: { payload: z.object({ shop: z.string(), lane: z.number().default(7) }), attempts: 3, backoffMs: 20 },
  mail: { payload: z.object({ to: z.string() }), attempts: 1, backoffMs: 1 },
  patient: { payload: z.object({}), attempts: 2, backoffMs: 60_000 },
  slow: { payload: z.object({}), attempts: 1, backoffMs: 1, timeoutMs: 50 },
};

type TestQueue = Queue<typeof catalogue>;

const redis = await redisUrl("the job queue on Redis");
const kinds = [
  { kind: "local", create: (log: QueueLog) => createLocalQueue({ catalogue, log }), skip: false },
  { kind: "bull", create: createOnRedis, skip: redis === undefined },
];

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function createOnRedis(log: QueueLog, prefix = `test-${randomUUID()}`, lockMs = 30_000): TestQueue {
  if (redis === undefined) throw new Error("this test needs Redis");
  cleanups.push(() => removeKeys(prefix));
  return createBullQueue({ catalogue, log, url: redis, prefix, lockMs });
}

async function removeKeys(prefix: string): Promise<void> {
  const client = new Redis(redis ?? "");
  const keys = await client.keys(`{${prefix}:*`);
  if (keys.length > 0) await client.del(...keys);
  client.disconnect();
}

/** A handler that stands still at every run until it is let go. */
function createGate<Payload>(): {
  handler: (payload: Payload) => Promise<void>;
  runs: Payload[];
  started: (count: number) => Promise<void>;
  letGo: () => void;
} {
  const runs: Payload[] = [];
  const held: (() => void)[] = [];
  return {
    runs,
    async handler(payload) {
      runs.push(payload);
      await new Promise<void>((resolve) => held.push(resolve));
    },
    started: (count) => vi.waitFor(() => expect(runs).toHaveLength(count), { timeout: 5_000, interval: 2 }),
    letGo: () => held.splice(0).forEach((resolve) => resolve()),
  };
}

describe.each(kinds)("the $kind queue", ({ create, skip }) => {
  describe.skipIf(skip)("keeps the contract:", () => {
    function start(): { queue: TestQueue; lines: ReturnType<typeof createKeptLog>["lines"] } {
      const { log, lines } = createKeptLog();
      const queue = create(log);
      cleanups.push(() => queue.close());
      return { queue, lines };
    }

    it("hands the payload to the handler of its name, with defaults for fields an older release did not write", async () => {
      const { queue, lines } = start();
      const refreshed: unknown[] = [];
      const mailed: unknown[] = [];
      queue.work("refresh", { concurrency: 1 }, async (payload) => void refreshed.push(payload));
      queue.work("mail", { concurrency: 1 }, async (payload) => void mailed.push(payload));
      await queue.ring("refresh", { shop: "a" });
      await queue.ring("mail", { to: "b" });
      await queue.idle();
      expect(refreshed).toEqual([{ shop: "a", lane: 7 }]);
      expect(mailed).toEqual([{ to: "b" }]);
      expect(lines).toEqual([]);
    });

    it("runs what was rung before there was a worker", async () => {
      const { queue } = start();
      const runs: unknown[] = [];
      await queue.ring("mail", { to: "early" }, { key: "k" });
      queue.work("mail", { concurrency: 1 }, async (payload) => void runs.push(payload));
      await queue.idle();
      expect(runs).toEqual([{ to: "early" }]);
    });

    it("refuses a payload that its kind does not accept", async () => {
      const { queue } = start();
      await expect(queue.ring("mail", { to: 5 as unknown as string })).rejects.toThrow(/expected string/);
    });

    it("runs waiting rings of one key once, with the latest payload, and other keys and names each on their own", async () => {
      const { queue } = start();
      for (const to of ["first", "second", "third"]) await queue.ring("mail", { to }, { key: "k" });
      await queue.ring("mail", { to: "other key" }, { key: "k:lock" });
      await queue.ring("refresh", { shop: "other name" }, { key: "k" });
      const runs: unknown[] = [];
      queue.work("mail", { concurrency: 5 }, async ({ to }) => void runs.push(to));
      queue.work("refresh", { concurrency: 5 }, async ({ shop }) => void runs.push(shop));
      await queue.idle();
      expect(runs.toSorted()).toEqual(["other key", "other name", "third"]);
    });

    it("runs every ring without a key", async () => {
      const { queue } = start();
      const runs: string[] = [];
      queue.work("mail", { concurrency: 3 }, async ({ to }) => void runs.push(to));
      await Promise.all(["a", "a", "b"].map((to) => queue.ring("mail", { to })));
      await queue.idle();
      expect(runs.toSorted()).toEqual(["a", "a", "b"]);
    });

    it("runs a key exactly once more after rings that came while it ran, and never twice at a time", async () => {
      const { queue } = start();
      const gate = createGate<{ to: string }>();
      queue.work("mail", { concurrency: 5 }, gate.handler);
      await queue.ring("mail", { to: "one" }, { key: "k" });
      await gate.started(1);
      for (const to of ["two", "three", "four"]) await queue.ring("mail", { to }, { key: "k" });
      await sleep(100);
      expect(gate.runs).toEqual([{ to: "one" }]);
      gate.letGo();
      await gate.started(2);
      gate.letGo();
      await queue.idle();
      expect(gate.runs).toEqual([{ to: "one" }, { to: "four" }]);
    });

    it("waits with the one more run as long as the ring during the run asked for", async () => {
      const { queue } = start();
      const gate = createGate<{ to: string }>();
      queue.work("mail", { concurrency: 1 }, gate.handler);
      await queue.ring("mail", { to: "one" }, { key: "k" });
      await gate.started(1);
      const rungAt = performance.now();
      await queue.ring("mail", { to: "two" }, { key: "k", delayMs: 300 });
      gate.letGo();
      await gate.started(2);
      expect(performance.now() - rungAt).toBeGreaterThanOrEqual(295);
      gate.letGo();
    });

    it("takes a key anew after its run, after its failure and after its last failure", async () => {
      const { queue } = start();
      let runs = 0;
      queue.work("mail", { concurrency: 1 }, async () => {
        runs += 1;
        if (runs === 2) throw new Error("the one attempt there is");
      });
      for (let ring = 0; ring < 3; ring++) {
        await queue.ring("mail", { to: "x" }, { key: "k" });
        await queue.idle();
      }
      expect(runs).toBe(3);
    });

    it("never runs more jobs of a name at once than its concurrency, and uses all of it", async () => {
      const { queue } = start();
      let running = 0;
      let most = 0;
      queue.work("mail", { concurrency: 3 }, async () => {
        most = Math.max(most, ++running);
        await sleep(5);
        running -= 1;
      });
      await Promise.all(Array.from({ length: 30 }, (_, index) => queue.ring("mail", { to: "x" }, { key: `${index}` })));
      await queue.idle();
      expect(most).toBe(3);
    });

    it("runs a delayed job at its time and not before", async () => {
      const { queue } = start();
      const times: number[] = [];
      queue.work("mail", { concurrency: 1 }, async () => void times.push(performance.now()));
      const rungAt = performance.now();
      await queue.ring("mail", { to: "x" }, { key: "k", delayMs: 200 });
      await queue.idle();
      expect(times).toEqual([]);
      await vi.waitFor(() => expect(times).toHaveLength(1), { timeout: 3_000, interval: 5 });
      expect((times[0] ?? 0) - rungAt).toBeGreaterThanOrEqual(195);
    });

    it("moves a delayed job forward for an earlier ring and not back for a later one", async () => {
      const { queue } = start();
      const runs: { to: string; at: number }[] = [];
      queue.work("mail", { concurrency: 1 }, async ({ to }) => void runs.push({ to, at: performance.now() }));
      const rungAt = performance.now();
      await queue.ring("mail", { to: "in a minute" }, { key: "a", delayMs: 60_000 });
      await queue.ring("mail", { to: "soon" }, { key: "a", delayMs: 250 });
      await queue.ring("mail", { to: "latest" }, { key: "a", delayMs: 90_000 });
      await queue.ring("mail", { to: "in a minute" }, { key: "b", delayMs: 60_000 });
      await queue.ring("mail", { to: "now" }, { key: "b" });
      await queue.idle();
      expect(runs.map(({ to }) => to)).toEqual(["now"]);
      await vi.waitFor(() => expect(runs).toHaveLength(2), { timeout: 3_000, interval: 5 });
      expect(runs[1]?.to).toBe("latest");
      expect((runs[1]?.at ?? 0) - rungAt).toBeGreaterThanOrEqual(245);
    });

    it("tries a failed run again after a growing back-off, tells the handler which run it is, then logs and drops it", async () => {
      const { queue, lines } = start();
      const runs: { attempt: number; last: boolean; at: number }[] = [];
      queue.work("refresh", { concurrency: 1 }, async (_, { attempt, last }) => {
        runs.push({ attempt, last, at: performance.now() });
        throw new Error(`no luck in run ${attempt}`);
      });
      await queue.ring("refresh", { shop: "a" }, { key: "k" });
      await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 5_000 });
      await sleep(150);
      expect(runs.map(({ attempt, last }) => ({ attempt, last }))).toEqual([
        { attempt: 1, last: false },
        { attempt: 2, last: false },
        { attempt: 3, last: true },
      ]);
      const [first = 0, second = 0, third = 0] = runs.map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(9);
      expect(third - second).toBeGreaterThanOrEqual(19);
      expect(lines.map(({ level, message, fields }) => [level, message, fields["job"], fields["key"]])).toEqual([
        ["warn", "job failed and will be tried again", "refresh", "k"],
        ["warn", "job failed and will be tried again", "refresh", "k"],
        ["error", "job dropped after its last attempt", "refresh", "k"],
      ]);
    });

    it("lets rings that come during a failing run join its retry", async () => {
      const { queue } = start();
      const runs: { shop: string; attempt: number }[] = [];
      const gate = createGate<{ shop: string }>();
      queue.work("refresh", { concurrency: 5 }, async (payload, { attempt }) => {
        runs.push({ shop: payload.shop, attempt });
        if (attempt > 1) return;
        await gate.handler(payload);
        throw new Error("try again");
      });
      await queue.ring("refresh", { shop: "one" }, { key: "k" });
      await gate.started(1);
      await queue.ring("refresh", { shop: "two" }, { key: "k" });
      gate.letGo();
      await vi.waitFor(() => expect(runs).toHaveLength(2), { timeout: 3_000, interval: 2 });
      await sleep(100);
      expect(runs).toEqual([
        { shop: "one", attempt: 1 },
        { shop: "two", attempt: 2 },
      ]);
    });

    it("does not let rings hurry a back-off", async () => {
      const { queue, lines } = start();
      let runs = 0;
      queue.work("patient", { concurrency: 5 }, async () => {
        runs += 1;
        throw new Error("not yet");
      });
      await queue.ring("patient", {}, { key: "k" });
      await vi.waitFor(() => expect(lines).toHaveLength(1));
      await queue.idle();
      await queue.ring("patient", {}, { key: "k" });
      await queue.idle();
      await sleep(50);
      expect(runs).toBe(1);
    });

    it("runs once more for a ring that came during the last attempt, with new attempts", async () => {
      const { queue, lines } = start();
      const gate = createGate<{ to: string }>();
      let fail = true;
      queue.work("mail", { concurrency: 1 }, async (payload) => {
        await gate.handler(payload);
        if (fail) throw new Error("the one attempt there is");
      });
      await queue.ring("mail", { to: "one" }, { key: "k" });
      await gate.started(1);
      await queue.ring("mail", { to: "two" }, { key: "k" });
      gate.letGo();
      await gate.started(2);
      fail = false;
      gate.letGo();
      await queue.idle();
      expect(gate.runs).toEqual([{ to: "one" }, { to: "two" }]);
      expect(lines.map(({ message }) => message)).toEqual(["job dropped after its last attempt"]);
    });

    it("aborts the signal of a run that takes too long, and goes on when the handler returns", async () => {
      const { queue, lines } = start();
      queue.work("slow", { concurrency: 1 }, async (_, { signal }) => {
        await sleep(5_000, undefined, { signal });
      });
      await queue.ring("slow", {});
      await vi.waitFor(() => expect(lines).toHaveLength(2), { timeout: 3_000 });
      expect(lines.map(({ message }) => message)).toEqual([
        "job takes too long: its signal is aborted",
        "job dropped after its last attempt",
      ]);
    });

    it("is idle only when the jobs that jobs rang for have run too", async () => {
      const { queue } = start();
      const runs: string[] = [];
      queue.work("refresh", { concurrency: 1 }, async ({ shop }) => {
        await sleep(20);
        await queue.ring("mail", { to: shop });
      });
      queue.work("mail", { concurrency: 1 }, async ({ to }) => {
        await sleep(20);
        runs.push(to);
      });
      await queue.ring("refresh", { shop: "a" });
      await queue.idle();
      expect(runs).toEqual(["a"]);
    });

    it("waits at close for what runs, starts nothing more, and ignores rings from then on", async () => {
      const { queue, lines } = start();
      const gate = createGate<{ to: string }>();
      queue.work("mail", { concurrency: 1 }, gate.handler);
      await queue.ring("mail", { to: "running" });
      await gate.started(1);
      await queue.ring("mail", { to: "waiting" });
      let closed = false;
      const closing = queue.close().then(() => (closed = true));
      await sleep(100);
      expect(closed).toBe(false);
      gate.letGo();
      await closing;
      await queue.ring("mail", { to: "too late" });
      await sleep(50);
      expect(gate.runs).toEqual([{ to: "running" }]);
      expect(lines).toEqual([]);
    });

    it("takes ten thousand rings of a thousand keys in a few seconds and runs each key's latest payload", async () => {
      const { queue } = start();
      const latest = new Map<string, number>();
      queue.work("refresh", { concurrency: 20 }, async ({ shop, lane }) => {
        if ((latest.get(shop) ?? -1) < lane) latest.set(shop, lane);
      });
      const startedAt = performance.now();
      for (let lane = 0; lane < 10; lane++) {
        await Promise.all(
          Array.from({ length: 1_000 }, (_, shop) =>
            queue.ring("refresh", { shop: `${shop}`, lane }, { key: `${shop}` }),
          ),
        );
      }
      await queue.idle();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(latest.size).toBe(1_000);
      expect([...latest.values()].every((lane) => lane === 9)).toBe(true);
    });
  });
});

describe("the local queue", () => {
  it("sleeps through delays longer than a timer can hold", async () => {
    vi.useFakeTimers();
    const queue = createLocalQueue({ catalogue, log: createKeptLog().log });
    const runs: string[] = [];
    queue.work("mail", { concurrency: 1 }, async ({ to }) => void runs.push(to));
    const days = 24 * 60 * 60_000;
    await queue.ring("mail", { to: "in forty days" }, { delayMs: 40 * days });
    await queue.ring("mail", { to: "in thirty days" }, { delayMs: 30 * days });
    await vi.advanceTimersByTimeAsync(30 * days - 1_000);
    expect(runs).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(runs).toEqual(["in thirty days"]);
    await vi.advanceTimersByTimeAsync(10 * days);
    expect(runs).toEqual(["in thirty days", "in forty days"]);
    await queue.close();
  });

  it("aborts runs that outlast the closing time and then closes", async () => {
    vi.useFakeTimers();
    const { log, lines } = createKeptLog();
    const queue = createLocalQueue({ catalogue, log });
    let reason: unknown;
    queue.work("mail", { concurrency: 1 }, async (_, { signal }) => {
      await once(signal, "abort");
      reason = signal.reason;
    });
    await queue.ring("mail", { to: "x" }, { key: "k" });
    await vi.advanceTimersByTimeAsync(10);
    const closed = queue.close();
    await vi.advanceTimersByTimeAsync(7_900);
    expect(reason).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    await closed;
    expect(reason).toEqual(new Error("the queue is closing"));
    expect(lines.map(({ message, fields }) => [message, fields["key"]])).toEqual([
      ["job still runs at the end of the closing time: its signal is aborted", "k"],
    ]);
  });
});

describe.skipIf(redis === undefined)("the bull queue", () => {
  it("shares jobs, keys and rings between processes", async () => {
    const prefix = `test-${randomUUID()}`;
    const web = createOnRedis(createKeptLog().log, prefix);
    const worker = createOnRedis(createKeptLog().log, prefix);
    const other = createOnRedis(createKeptLog().log, prefix);
    cleanups.push(() => Promise.all([web.close(), worker.close(), other.close()]));
    const gate = createGate<{ to: string }>();
    worker.work("mail", { concurrency: 2 }, gate.handler);
    other.work("mail", { concurrency: 2 }, gate.handler);
    await web.ring("mail", { to: "one" }, { key: "k" });
    await gate.started(1);
    await web.ring("mail", { to: "two" }, { key: "k" });
    await sleep(100);
    expect(gate.runs).toEqual([{ to: "one" }]);
    gate.letGo();
    await gate.started(2);
    gate.letGo();
    await web.idle();
    expect(gate.runs).toEqual([{ to: "one" }, { to: "two" }]);
  });

  it("goes on after all of Redis is lost during a run, without running that key beside itself", async () => {
    const prefix = `test-${randomUUID()}`;
    const { log } = createKeptLog();
    const queue = createOnRedis(log, prefix);
    cleanups.push(() => queue.close());
    const gate = createGate<{ to: string }>();
    queue.work("mail", { concurrency: 2 }, gate.handler);
    await queue.ring("mail", { to: "one" }, { key: "k" });
    await gate.started(1);
    await removeKeys(prefix);
    await queue.ring("mail", { to: "two" }, { key: "k" });
    await sleep(100);
    expect(gate.runs).toEqual([{ to: "one" }]);
    gate.letGo();
    await gate.started(2);
    gate.letGo();
    expect(gate.runs).toEqual([{ to: "one" }, { to: "two" }]);
  });

  it("runs a job again whose worker was killed in the middle of it, and its key is not stuck", async () => {
    const prefix = `test-${randomUUID()}`;
    const queue = createOnRedis(createKeptLog().log, prefix, 300);
    cleanups.push(() => queue.close());
    const doomed = fork(join(import.meta.dirname, "doomed-worker.ts"), [redis ?? "", prefix]);
    cleanups.push(async () => doomed.kill("SIGKILL"));
    await once(doomed, "message");
    await queue.ring("mail", { to: "survivor" }, { key: "k" });
    await once(doomed, "message");
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    const runs: string[] = [];
    queue.work("mail", { concurrency: 1 }, async ({ to }) => void runs.push(to));
    await vi.waitFor(() => expect(runs).toEqual(["survivor"]), { timeout: 5_000 });
    await queue.ring("mail", { to: "next" }, { key: "k" });
    await queue.idle();
    expect(runs).toEqual(["survivor", "next"]);
  });

  it("keeps no word of a failure in Redis", async () => {
    const prefix = `test-${randomUUID()}`;
    const { log, lines } = createKeptLog();
    const queue = createOnRedis(log, prefix);
    cleanups.push(() => queue.close());
    queue.work("patient", { concurrency: 1 }, async () => {
      throw new Error("ann@example.com is not welcome");
    });
    await queue.ring("patient", {}, { key: "k" });
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    await queue.idle();
    const client = new Redis(redis ?? "");
    const kept = JSON.stringify(await client.hgetall(`{${prefix}:patient}:patient:key-k`));
    client.disconnect();
    expect(kept).toContain("failed");
    expect(kept).not.toContain("ann@example.com");
  });
});

describe("the bull queue without a Redis", () => {
  it("lets rings go at once, with one complaint in the log, and closes", async () => {
    const { log, lines } = createKeptLog();
    const queue = createBullQueue({ catalogue, log, url: "redis://127.0.0.1:1" });
    queue.work("mail", { concurrency: 1 }, async () => {});
    const startedAt = performance.now();
    for (let ring = 0; ring < 100; ring++) await queue.ring("mail", { to: "x" });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await queue.close();
    expect(lines.map(({ message }) => message)).toEqual(["the job queue has trouble with Redis"]);
  });
});

describe("retryDelayMs", () => {
  const kind = { payload: z.object({}), attempts: 9, backoffMs: 1_000 };

  it.each([
    { attempt: 1, random: 0, ms: 500 },
    { attempt: 1, random: 0.5, ms: 750 },
    { attempt: 3, random: 0, ms: 2_000 },
    { attempt: 3, random: 0.998, ms: 3_996 },
    { attempt: 30, random: 0, ms: 300_000 },
  ])("is $ms ms after run $attempt with random $random", ({ attempt, random, ms }) => {
    expect(retryDelayMs(kind, attempt, random)).toBe(ms);
  });
});
