import type { z } from "zod";
import type { Log } from "../platform/log.server.ts";

/** What a kind of job carries and how often it is tried. The handlers live elsewhere. */
export interface JobKind<Schema extends z.ZodType = z.ZodType> {
  /**
   * Reads the payload, at the ring and again when the job runs. A waiting job may have been written by an older
   * release, so fields added later need defaults. Payloads cross a queue as JSON: dates as ISO strings (`z.coerce.date()`).
   */
  readonly payload: Schema;
  /** Runs before the job is dropped, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second run; doubled for each one after it, see `retryDelayMs`. */
  readonly backoffMs: number;
  /** Milliseconds after which the run's signal is aborted. */
  readonly timeoutMs?: number;
}

/** Every kind of job by its name (lower-case letters, digits and dashes). */
export type Catalogue = Readonly<Record<string, JobKind>>;

export type JobName<Jobs extends Catalogue> = keyof Jobs & string;

export interface RingOptions {
  /** Rings with the same name and key share one waiting job. Without a key every ring is a job of its own. */
  readonly key?: string;
  /** Milliseconds from now. Rings that share a job run at the earliest moment any of them asked for. */
  readonly delayMs?: number;
}

export interface JobRun {
  /** Aborted when the kind's `timeoutMs` has passed, and when `close` has waited long enough. */
  readonly signal: AbortSignal;
  /** 1 for the first run of a job. */
  readonly attempt: number;
  /** Whether the job is dropped if this run fails. */
  readonly last: boolean;
}

export type JobHandler<Payload> = (payload: Payload, run: JobRun) => Promise<void>;

/**
 * The database is the truth and the queue is a doorbell: pending work is a row, and a job only says where to look.
 *
 * - At least once while the queue's memory lasts, and not at all once that is gone: a sweep has to find rows whose job
 *   was lost. Handlers are therefore idempotent and read what to do from the database.
 * - Rings with one name and key become one run, with the latest payload, at the earliest time asked for. A ring that
 *   comes while that key runs causes exactly one more run, started after the present one has ended.
 * - A failed run is tried again after `retryDelayMs`; rings that come meanwhile join that run and do not hurry it. After
 *   the last attempt the failure is logged and the job dropped.
 * - Two runs of one name and key never overlap in one process. The local queue is one process. Under bull they do not
 *   overlap across processes either as long as a worker can renew its lock; one that cannot (its event loop blocked, or
 *   Redis away, for longer than the lock lasts) may still be running when another begins.
 */
export interface Queue<Jobs extends Catalogue> {
  /**
   * Resolves once the queue has taken the ring, or has given up on it: trouble with the queue itself is logged and never
   * thrown, since what is rung for is already committed and the sweep will find it. Throws only for a payload that its
   * own kind does not accept.
   */
  ring<Name extends JobName<Jobs>>(
    name: Name,
    payload: z.input<Jobs[Name]["payload"]>,
    options?: RingOptions,
  ): Promise<void>;

  /**
   * Runs jobs of this name in this process, at most `concurrency` at once. Once per name. A handler has to heed
   * `run.signal`: one that does not keeps its place, and its key, until it returns.
   */
  work<Name extends JobName<Jobs>>(
    name: Name,
    options: { readonly concurrency: number },
    handler: JobHandler<z.output<Jobs[Name]["payload"]>>,
  ): void;

  /**
   * Resolves when no job is running and none is due. Jobs for later do not count, waiting retries included. Under bull
   * this is about every process that shares the queue.
   */
  idle(): Promise<void>;

  /** Takes no more jobs, waits at most 8 s for the running ones, then aborts their signals. Rings made after that are lost. */
  close(): Promise<void>;
}

/** What a queue writes: one line when a run fails, one when a job is dropped. */
export type QueueLog = Pick<Log, "warn" | "error">;

/**
 * A payload as queues keep it, so that it is the same under every queue and later changes to the object do not reach it.
 *
 * @throws ZodError for a payload its kind does not accept
 */
export function payloadText(kind: JobKind, payload: unknown): string {
  kind.payload.parse(payload);
  return JSON.stringify(payload);
}

const LONGEST_BACKOFF_MS = 10 * 60_000;

/**
 * Milliseconds from the failure of run number `attempt` to the next one: exponential, at most ten minutes, and spread
 * over the upper half of that so that jobs which failed together do not come back together.
 *
 * @param random a number in [0, 1)
 */
export function retryDelayMs(kind: JobKind, attempt: number, random: number): number {
  const full = Math.min(kind.backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
  return Math.ceil(full * (0.5 + random / 2));
}
