import { RetryLater } from "./retry-classes.ts";

/** Calls allowed in any second, in any minute and, where the vendor has one, in any day. */
export interface Rate {
  perSecond: number;
  perMinute: number;
  perDay?: number;
}

export interface RateLimiter {
  /**
   * Runs `work` when the rate allows it.
   * @throws RetryLater without running it when that would take longer than the limiter's patience.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** How many calls could start at once. */
  available(): number;
  /** Starts nothing for so long: what the vendor answered outranks our own count. */
  hold(ms: number): void;
}

export interface LimiterOptions {
  /** Milliseconds that never go back. */
  now?: () => number;
  /** The longest time a call waits here before it is sent back to be tried later. */
  patienceMs?: number;
}

interface Waiter {
  since: number;
  start(): void;
  giveUp(afterMs: number): void;
}

const PATIENCE_MS = 15_000;
const MINUTE_MS = 60_000;

/**
 * Stays under fixed windows whose borders and clock are the vendor's and unknown here. A call holds its place from the moment
 * it starts until one window after its answer: the vendor counted it somewhere between the two, so no window of the
 * vendor's ever holds more than the rate. One process only.
 */
export function createRateLimiter(rate: Rate, options: LimiterOptions = {}): RateLimiter {
  const { now = () => performance.now(), patienceMs = PATIENCE_MS } = options;
  const windows = readWindows(rate);
  const longest = Math.max(...windows.map((window) => window.ms));
  const ended: number[] = [];
  const waiters: Waiter[] = [];
  let running = 0;
  let heldUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  let startedAt = Number.NEGATIVE_INFINITY;

  const waitMs = (): number =>
    Math.max(
      heldUntil - now(),
      startedAt + paceMs(rate.perMinute, ended, running, now()) - now(),
      ...windows.map((window) => windowWaitMs(window, ended, running, now())),
    );

  const pump = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (let next = waiters[0]; next; next = waiters[0]) {
      const wait = waitMs();
      if (wait <= 0) {
        waiters.shift();
        running += 1;
        startedAt = now();
        next.start();
      } else if (Number.isFinite(wait) && now() - next.since + wait > patienceMs) {
        waiters.shift();
        next.giveUp(wait);
      } else {
        if (Number.isFinite(wait)) timer = setTimeout(pump, Math.ceil(wait));
        return;
      }
    }
  };

  const finish = (): void => {
    running -= 1;
    const at = now();
    ended.push(at);
    while (ended[0] !== undefined && ended[0] <= at - longest) ended.shift();
    pump();
  };

  return {
    async run(work) {
      await new Promise<void>((start, fail) => {
        const giveUp = (afterMs: number): void =>
          fail(new RetryLater("Waiting for the rate limit", Math.ceil(afterMs)));
        waiters.push({ since: now(), start, giveUp });
        pump();
      });
      return work().finally(finish);
    },
    available() {
      if (heldUntil > now()) return 0;
      const free = windows.map((window) => window.calls - running - countSince(ended, now() - window.ms));
      return Math.max(0, Math.min(...free) - waiters.length);
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, now() + ms);
    },
  };
}

/** At most `size` calls under way at once; the others wait their turn. */
export function createSemaphore(size: number): { run<T>(work: () => Promise<T>): Promise<T> } {
  const waiting: (() => void)[] = [];
  let free = size;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((start) => waiting.push(start));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

interface Window {
  calls: number;
  ms: number;
}

function readWindows({ perSecond, perMinute, perDay }: Rate): Window[] {
  const windows = [
    { calls: perSecond, ms: 1_000 },
    { calls: perMinute, ms: MINUTE_MS },
  ];
  return perDay === undefined ? windows : [...windows, { calls: perDay, ms: 86_400_000 }];
}

/**
 * The least time between two starts. The first four fifths of a minute's calls go as fast as they come; after that those that are left are
 * spread over the time until one of the minute's is over, so that steady work meets short waits and not a minute of nothing.
 */
function paceMs(perMinute: number, ended: readonly number[], running: number, now: number): number {
  const counted = countSince(ended, now - MINUTE_MS);
  const left = perMinute - running - counted;
  const oldest = ended[ended.length - counted];
  if (left * 5 >= perMinute || oldest === undefined) return 0;
  return (oldest + MINUTE_MS - now) / (Math.max(0, left) + 1);
}

/** Infinity: not before a call that is running has ended. `ended` is in ascending order. */
function windowWaitMs({ calls, ms }: Window, ended: readonly number[], running: number, now: number): number {
  const free = calls - running;
  if (free <= 0) return Infinity;
  const blocking = ended[ended.length - free];
  return blocking === undefined ? 0 : blocking + ms - now;
}

function countSince(ended: readonly number[], since: number): number {
  let count = 0;
  while (count < ended.length && (ended[ended.length - 1 - count] ?? 0) > since) count += 1;
  return count;
}
