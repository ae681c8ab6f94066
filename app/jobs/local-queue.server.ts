import { DueHeap, type Due } from "./due-heap.ts";
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

interface Job extends Due {
  readonly key: string | undefined;
  payload: string;
  attempt: number;
  /** Set while the job runs. */
  abort: AbortController | undefined;
  /** A ring that came while the job ran: the one more run it causes. */
  again: { payload: string; due: number } | undefined;
}

interface Lane {
  readonly name: string;
  readonly kind: JobKind;
  readonly waiting: DueHeap<Job>;
  /** Jobs with a key, waiting or running. */
  readonly keyed: Map<string, Job>;
  readonly running: Set<Job>;
  concurrency: number;
  handler: JobHandler<never> | undefined;
}

/** setTimeout takes 32 bits; a longer wait is cut here and looked at again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The queue of a single process: no polling, one timer for all jobs, nothing kept on disk. */
export function createLocalQueue<Jobs extends Catalogue>(options: { catalogue: Jobs; log: QueueLog }): Queue<Jobs> {
  const { log } = options;
  const lanes = new Map<string, Lane>(
    Object.entries(options.catalogue).map(([name, kind]) => [name, createLane(name, kind)]),
  );
  const wakeUp = createAlarm(() => {
    for (const lane of lanes.values()) startDue(lane);
  });
  let turn = 0;
  let closing = false;
  let waiters: (() => void)[] = [];

  function ring(lane: Lane, payload: string, key: string | undefined, due: number): void {
    const known = key === undefined ? undefined : lane.keyed.get(key);
    if (known === undefined) {
      const job: Job = { key, payload, due, turn: turn++, place: -1, attempt: 1, abort: undefined, again: undefined };
      if (key !== undefined) lane.keyed.set(key, job);
      lane.waiting.push(job);
    } else if (known.abort !== undefined) {
      known.again = { payload, due: Math.min(due, known.again?.due ?? Infinity) };
    } else {
      known.payload = payload;
      if (due < known.due && known.attempt === 1) lane.waiting.hurry(known, due);
    }
    setAlarm(lane);
  }

  function setAlarm(lane: Lane): void {
    const first = lane.waiting.first();
    if (!closing && first !== undefined && lane.running.size < lane.concurrency) wakeUp.notLaterThan(first.due);
  }

  function startDue(lane: Lane): void {
    const { handler, waiting } = lane;
    const now = performance.now();
    while (handler !== undefined && lane.running.size < lane.concurrency && (waiting.first()?.due ?? Infinity) <= now) {
      const job = waiting.pop();
      if (job !== undefined) void run(lane, job, handler);
    }
    setAlarm(lane);
  }

  async function run(lane: Lane, job: Job, handler: JobHandler<never>): Promise<void> {
    const { name, kind } = lane;
    const { key, payload, attempt } = job;
    const abort = new AbortController();
    job.abort = abort;
    lane.running.add(job);
    const { outcome } = await runJob({ name, key, kind, payload, attempt, handler, abort, log });
    lane.running.delete(job);
    job.abort = undefined;
    if (outcome === "failed") waitForRetry(lane, job);
    else if (job.again !== undefined) waitForRerun(lane, job, job.again);
    else if (key !== undefined) lane.keyed.delete(key);
    setAlarm(lane);
    settle();
  }

  function waitForRetry(lane: Lane, job: Job): void {
    job.payload = job.again?.payload ?? job.payload;
    job.again = undefined;
    job.due = performance.now() + retryDelayMs(lane.kind, job.attempt, Math.random());
    job.attempt += 1;
    lane.waiting.push(job);
  }

  function waitForRerun(lane: Lane, job: Job, { payload, due }: { payload: string; due: number }): void {
    job.payload = payload;
    job.again = undefined;
    job.due = due;
    job.attempt = 1;
    lane.waiting.push(job);
  }

  function isIdle(): boolean {
    const now = performance.now();
    return [...lanes.values()].every(
      (lane) => lane.running.size === 0 && (closing || (lane.waiting.first()?.due ?? Infinity) > now),
    );
  }

  function settle(): void {
    if (waiters.length === 0 || !isIdle()) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  async function idle(): Promise<void> {
    if (isIdle()) return;
    await new Promise<void>((resolve) => waiters.push(resolve));
  }

  return {
    async ring(name, payload, { key, delayMs = 0 } = {}) {
      if (closing) return;
      const lane = laneOf(lanes, name);
      ring(lane, payloadText(lane.kind, payload), key, performance.now() + Math.max(0, delayMs));
    },

    work(name, { concurrency }, handler) {
      const lane = laneOf(lanes, name);
      if (lane.handler !== undefined) throw new Error(`${name} has a worker already`);
      lane.handler = handler as JobHandler<never>;
      lane.concurrency = concurrency;
      setAlarm(lane);
    },

    idle,

    async close() {
      closing = true;
      wakeUp.stop();
      await finishOrAbort(idle(), () => {
        for (const lane of lanes.values()) abortAll(lane, log);
      });
    },
  };
}

function createLane(name: string, kind: JobKind): Lane {
  const lane = { name, kind, concurrency: 0, handler: undefined };
  return { ...lane, waiting: new DueHeap(), keyed: new Map(), running: new Set() };
}

function laneOf(lanes: ReadonlyMap<string, Lane>, name: string): Lane {
  const lane = lanes.get(name);
  if (lane === undefined) throw new Error(`${name} is not in the job catalogue`);
  return lane;
}

function abortAll(lane: Lane, log: QueueLog): void {
  for (const { key, abort } of lane.running) {
    log.warn({ job: lane.name, key }, "job still runs at the end of the closing time: its signal is aborted");
    abort?.abort(new Error("the queue is closing"));
  }
}

/** A timer that only ever moves closer until it goes off. */
function createAlarm(goOff: () => void): { notLaterThan(due: number): void; stop(): void } {
  let at = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  function stop(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    at = Infinity;
  }

  function fire(): void {
    at = Infinity;
    goOff();
  }

  return {
    notLaterThan(due) {
      if (due >= at) return;
      stop();
      const wait = due - performance.now();
      at = wait > 0 ? due : -Infinity;
      if (wait > 0) timer = setTimeout(fire, Math.min(Math.ceil(wait), LONGEST_TIMER_MS));
      else immediate = setImmediate(fire);
    },
    stop,
  };
}
