import { randomUUID } from "node:crypto";
import Bull from "bull";
import { Redis, type RedisOptions } from "ioredis";
import { redisOptions } from "../platform/redis.server.ts";
import { bullScripts, type BullScripts } from "./bull-scripts.ts";
import { finishOrAbort } from "./finish-or-abort.ts";
import {
  payloadText,
  retryDelayMs,
  type Catalogue,
  type JobHandler,
  type JobKind,
  type Queue,
  type QueueLog,
} from "./queue.ts";
import { runJob } from "./run-job.ts";

export interface BullQueueOptions<Jobs extends Catalogue> {
  readonly catalogue: Jobs;
  /** redis:// or rediss://, with user, password and database number if any. */
  readonly url: string;
  readonly log: QueueLog;
  /** Start of every key; processes with the same prefix share their jobs. */
  readonly prefix?: string;
  /** How long a job belongs to a worker that has stopped renewing it. */
  readonly lockMs?: number;
}

interface Lane {
  readonly name: string;
  readonly kind: JobKind;
  readonly bull: Bull.Queue<string>;
  readonly keys: readonly [
    wait: string,
    paused: string,
    metaPaused: string,
    delayed: string,
    counter: string,
    again: string,
  ];
  readonly active: string;
  readonly jobPrefix: string;
  /** The options bull keeps with each job of this kind. */
  readonly jobOptions: string;
}

interface Run {
  readonly name: string;
  readonly id: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** How long a ring may take before it is given up; the sweep then finds its row. */
const RING_WITHIN_MS = 2_000;
const IDLE_POLL_MS = 20;
const COMPLAIN_EVERY_MS = 10_000;

/**
 * The queue of many processes, on Redis: one bull queue for each kind of job, so that each keeps its own concurrency.
 * All of them share two connections; every kind that has a worker here adds one that blocks.
 */
export function createBullQueue<Jobs extends Catalogue>(options: BullQueueOptions<Jobs>): Queue<Jobs> {
  const { url, log, prefix = "muster", lockMs = 30_000 } = options;
  let closing = false;
  const complain = createComplaint((err) => {
    if (!closing) log.warn({ err }, "the job queue has trouble with Redis");
  });
  const connections = createConnections(url, complain);
  const settings = { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 3 };
  const lanes = new Map<string, Lane>(
    Object.entries(options.catalogue).map(([name, kind]) => {
      const bull = new Bull<string>(name, {
        // The braces put all keys of one queue in one slot of a Redis Cluster.
        prefix: `{${prefix}:${name}}`,
        createClient: connections.forBull,
        settings: {
          ...settings,
          backoffStrategies: { spread: (made: number) => retryDelayMs(kind, made, Math.random()) },
        },
      });
      // bull names its connection without waiting for the answer; a failure there would end the process.
      Object.assign(bull, { setWorkerName: () => undefined });
      bull.on("error", complain);
      return [name, createLane(name, kind, bull)];
    }),
  );
  const runs = new Map<string, Run>();
  const settling = new Set<Promise<void>>();
  const working = new Set<Lane>();

  async function process(lane: Lane, bullJob: Bull.Job<string>, handler: JobHandler<never>): Promise<void> {
    const { name, kind } = lane;
    const id = String(bullJob.id);
    const runKey = `${name} ${id}`;
    // A job that came back because its lock was lost, while this process still runs it.
    while (runs.has(runKey)) await runs.get(runKey)?.ended;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const abort = new AbortController();
    runs.set(runKey, { name, id, abort, ended });
    try {
      const attempt = bullJob.attemptsMade + 1;
      const newer = attempt > 1 ? await connections.rings.musterTake(lane.keys[5], id) : null;
      const payload = typeof newer === "string" ? newer : bullJob.data;
      const { outcome } = await runJob({ name, key: keyOf(id), kind, payload, attempt, handler, abort, log });
      // bull keeps the message and the stack in Redis, where no detail of a failure belongs.
      if (outcome === "failed") throw new Error("failed");
    } finally {
      runs.delete(runKey);
      end();
    }
  }

  function settle(lane: Lane, id: string): void {
    const { keys, jobPrefix, jobOptions } = lane;
    const settled = connections.commands
      .musterSettle(...keys, jobPrefix, id, jobOptions, Date.now())
      .then(() => undefined, complain)
      .finally(() => settling.delete(settled));
    settling.add(settled);
  }

  async function isBusy(): Promise<boolean> {
    const counts = await Promise.all(
      [...lanes.values()].map(({ keys: [wait, , , delayed, , again], active }) =>
        connections.commands.musterBusy(wait, active, delayed, again, Date.now()),
      ),
    );
    return settling.size > 0 || runs.size > 0 || counts.some((count) => Number(count) > 0);
  }

  return {
    async ring(name, payload, { key, delayMs = 0 } = {}) {
      const { kind, keys, jobPrefix, jobOptions } = laneOf(lanes, name);
      const text = payloadText(kind, payload);
      const now = Date.now();
      const due = Math.ceil(now + Math.max(0, delayMs));
      try {
        await connections.ringReady;
        await connections.rings.musterRing(...keys, jobPrefix, idOf(key), jobOptions, now, due, text);
      } catch (err) {
        complain(err);
      }
    },

    work(name, { concurrency }, handler) {
      const lane = laneOf(lanes, name);
      if (working.has(lane)) throw new Error(`${name} has a worker already`);
      working.add(lane);
      lane.bull.on("completed", (job) => settle(lane, String(job.id)));
      lane.bull.on("failed", (job: Bull.Job<string> | null, err) => {
        if (job !== null) settle(lane, String(job.id));
        if (err.message.startsWith("job stalled")) log.error({ job: name, err }, "job dropped: its workers keep dying");
      });
      lane.bull.process(concurrency, (job) => process(lane, job, handler as JobHandler<never>)).catch(complain);
    },

    async idle() {
      while (await isBusy()) await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    },

    async close() {
      closing = true;
      const finished = Promise.all([...working].map(({ bull }) => bull.close())).then(() => Promise.all(settling));
      connections.stopWaiting();
      await finishOrAbort(finished, () => {
        for (const { name, id, abort } of runs.values()) {
          log.warn(
            { job: name, key: keyOf(id) },
            "job still runs at the end of the closing time: its signal is aborted",
          );
          abort.abort(new Error("the queue is closing"));
        }
      });
      connections.close();
    },
  };
}

function createLane(name: string, kind: JobKind, bull: Bull.Queue<string>): Lane {
  const key = (suffix: string): string => bull.toKey(suffix);
  return {
    name,
    kind,
    bull,
    keys: [key("wait"), key("paused"), key("meta-paused"), key("delayed"), key("id"), key("again")],
    active: key("active"),
    jobPrefix: key(""),
    jobOptions: JSON.stringify({
      // runJob decides which failure is the last, by the catalogue of the release that runs the job.
      attempts: 1_000_000,
      backoff: { type: "spread" },
      removeOnComplete: true,
      removeOnFail: true,
      preventParsingData: true,
    }),
  };
}

function laneOf(lanes: ReadonlyMap<string, Lane>, name: string): Lane {
  const lane = lanes.get(name);
  if (lane === undefined) throw new Error(`${name} is not in the job catalogue`);
  return lane;
}

/** A job's id lies beside bull's own keys: it must be none of them, nor look like a job's lock ("…:lock"). */
function idOf(key: string | undefined): string {
  return key === undefined ? `one-${randomUUID()}` : `key-${encodeURIComponent(key)}`;
}

function keyOf(id: string): string | undefined {
  return id.startsWith("key-") ? decodeURIComponent(id.slice(4)) : undefined;
}

type ScriptedRedis = Redis & BullScripts;

interface Connections {
  /** For rings: fails at once while Redis is away, so that no caller waits and nothing piles up. */
  readonly rings: ScriptedRedis;
  /** Settles when the first attempt to connect has ended, well or badly. */
  readonly ringReady: Promise<void>;
  /** For what should rather wait for Redis to come back. */
  readonly commands: ScriptedRedis;
  readonly forBull: (type: "client" | "subscriber" | "bclient") => Redis;
  /** Ends the blocking reads for new jobs, which bull would give half a second to end by themselves. */
  stopWaiting(): void;
  close(): void;
}

function createConnections(url: string, complain: (err: unknown) => void): Connections {
  const options = { ...redisOptions(url), retryStrategy: (times: number) => Math.min(times * 100, 2_000) };
  const open = (more: RedisOptions): ScriptedRedis => {
    const redis = new Redis({ ...options, ...more, scripts: bullScripts }) as ScriptedRedis;
    // bull adds a few listeners for every queue to the connections they share.
    redis.setMaxListeners(0);
    redis.on("error", complain);
    all.push(redis);
    return redis;
  };
  const all: Redis[] = [];
  const blocking: Redis[] = [];
  const rings = open({ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: RING_WITHIN_MS });
  const commands = open({ enableReadyCheck: false });
  let subscriber: Redis | undefined;
  return {
    rings,
    ringReady: firstAttempt(rings),
    commands,
    forBull(type) {
      if (type === "client") return commands;
      // bull asks for these two settings on connections that block.
      if (type === "bclient") {
        const redis = open({ enableReadyCheck: false, maxRetriesPerRequest: null });
        blocking.push(redis);
        return redis;
      }
      subscriber ??= open({ enableReadyCheck: false, maxRetriesPerRequest: null });
      return subscriber;
    },
    stopWaiting() {
      for (const redis of blocking) redis.disconnect();
    },
    close() {
      for (const redis of all) redis.disconnect();
    },
  };
}

function firstAttempt(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RING_WITHIN_MS);
    for (const event of ["ready", "error", "close"]) {
      redis.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

/** An outage makes every connection and every ring complain: one line in ten seconds is enough. */
function createComplaint(write: (err: unknown) => void): (err: unknown) => void {
  let last = -Infinity;
  return (err) => {
    if (performance.now() - last < COMPLAIN_EVERY_MS) return;
    last = performance.now();
    write(err);
  };
}
