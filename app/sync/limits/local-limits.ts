import { RetryLater } from "../retry-classes.ts";
import {
  type Allowance,
  type Limiter,
  type Limits,
  MINUTE_MS,
  PRIORITIES,
  patienceOf,
  type Priority,
  RESET_WITHIN_MS,
  type Said,
  WAIT_FOR_OTHERS_MS,
  type Window,
  windowsOf,
} from "./limiter.ts";

export interface LocalLimitsOptions {
  /** Milliseconds that never go back. */
  now?: () => number;
  /** Of everybody, however urgent. */
  patienceMs?: number;
}

interface Waiter {
  rank: number;
  since: number;
  patienceMs: number;
  start(): void;
  giveUp(afterMs: number): void;
}

/** Limits that the calls of this process share. */
export function createLocalLimits(options: LocalLimitsOptions = {}): Limits {
  const limiters = new Map<string, Limiter>();
  return {
    of(account, name, allowance) {
      const key = `${account} ${name}`;
      const limiter = limiters.get(key) ?? createLimiter(allowance, options);
      limiters.set(key, limiter);
      return limiter;
    },
  };
}

/**
 * Stays under fixed windows whose borders and clock are the vendor's and unknown here. A call holds its place from the moment
 * it starts until one window after its answer: the vendor counted it somewhere between the two, so no window of the
 * vendor's ever holds more than the allowance.
 */
function createLimiter(allowance: Allowance, options: LocalLimitsOptions): Limiter {
  const { now = () => performance.now() } = options;
  const windows = windowsOf(allowance);
  const longest = Math.max(...windows.map((window) => window.ms));
  const ended: number[] = [];
  /** The most urgent first, and of those the one who waits longest. */
  const waiters: Waiter[] = [];
  let running = 0;
  let heldUntil = 0;
  /** The vendor's own window that was last told of: it ends between the two moments. */
  let quota = { left: Infinity, from: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
  let timer: NodeJS.Timeout | undefined;
  let startedAt = Number.NEGATIVE_INFINITY;

  const waitMs = (): number =>
    Math.max(
      heldUntil - now(),
      quota.left <= 0 ? quota.until - now() : 0,
      startedAt + paceMs(allowance.perMinute, ended, running, now()) - now(),
      ...windows.map((window) => windowWaitMs(window, ended, running, now())),
    );

  const pump = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (let next = waiters[0]; next; next = waiters[0]) {
      const wait = waitMs();
      if (wait > 0) return waitFor(wait);
      waiters.shift();
      running += 1;
      startedAt = now();
      quota.left -= 1;
      next.start();
    }
  };

  const waitFor = (wait: number): void => {
    const known = Number.isFinite(wait) ? wait : 0;
    for (const waiter of waiters.filter(({ since, patienceMs }) => now() - since + known > patienceMs)) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.giveUp(known || WAIT_FOR_OTHERS_MS);
    }
    const [first] = waiters;
    if (!first) return;
    const nextEnd = Math.min(...waiters.map(({ since, patienceMs }) => since + patienceMs));
    timer = setTimeout(pump, Math.ceil(Math.min(wait, Math.max(1, nextEnd - now() + 1))));
  };

  const finish = (): void => {
    running -= 1;
    const at = now();
    if (longest > 0) ended.push(at);
    while (ended[0] !== undefined && ended[0] <= at - longest) ended.shift();
    pump();
  };

  /** What the answer says of a call that started then: the vendor counted it at some moment from there to now. */
  const saidSince = (start: number): Said => ({
    hold(ms) {
      heldUntil = Math.max(heldUntil, now() + ms);
    },
    left(calls, resetMs) {
      // Whatever else is under way may be among those that are left.
      const told = {
        left: calls - (running - 1),
        from: start + resetMs - RESET_WITHIN_MS,
        until: now() + resetMs + RESET_WITHIN_MS,
      };
      if (told.from > quota.until) quota = told;
      else if (told.until >= quota.from)
        quota = {
          left: Math.min(quota.left, told.left),
          from: Math.max(quota.from, told.from),
          until: Math.min(quota.until, told.until),
        };
    },
  });

  return {
    async run(priority: Priority, work) {
      await new Promise<void>((start, fail) => {
        const giveUp = (afterMs: number): void =>
          fail(new RetryLater("Waiting for the rate limit", Math.ceil(afterMs)));
        const rank = PRIORITIES.indexOf(priority);
        const { patienceMs = patienceOf(priority) } = options;
        const place = waiters.findIndex((other) => other.rank > rank);
        waiters.splice(place < 0 ? waiters.length : place, 0, { rank, since: now(), patienceMs, start, giveUp });
        pump();
      });
      return work(saidSince(now())).finally(finish);
    },
    async available() {
      if (heldUntil > now()) return 0;
      const free = windows.map((window) => window.calls - running - countSince(ended, now() - window.ms));
      const told = quota.until > now() ? quota.left : Infinity;
      return Math.max(0, Math.min(told, ...free) - waiters.length);
    },
  };
}

/**
 * The least time between two starts. The first four fifths of a minute's calls go as fast as they come; after that those that are left are
 * spread over the time until one of the minute's is over, so that steady work meets short waits and not a minute of nothing.
 */
function paceMs(perMinute: number | undefined, ended: readonly number[], running: number, now: number): number {
  if (perMinute === undefined) return 0;
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
