import type { JobHandler, JobKind, QueueLog } from "./queue.ts";

export interface RunJob {
  readonly name: string;
  readonly key: string | undefined;
  readonly kind: JobKind;
  /** The payload as JSON text, perhaps written by an older release. */
  readonly payload: string;
  /** 1 for the first run. */
  readonly attempt: number;
  readonly handler: JobHandler<never>;
  /** Aborted by the queue when it closes, and here when the job's time is over. */
  readonly abort: AbortController;
  readonly log: QueueLog;
}

/**
 * One run of one job, the same for every queue. Never rejects: `failed` asks for another attempt, `dropped` says that
 * there is none left, or that the payload can no longer be read.
 */
export async function runJob(job: RunJob): Promise<{ outcome: "done" | "failed" | "dropped" }> {
  const { name, key, kind, attempt, abort, log } = job;
  const line = { job: name, key, attempt };
  const payload = kind.payload.safeParse(JSON.parse(job.payload));
  if (!payload.success) {
    log.error({ ...line, err: payload.error }, "job dropped: its payload cannot be read");
    return { outcome: "dropped" };
  }
  const last = attempt >= kind.attempts;
  const timer = startTimer(job);
  try {
    await job.handler(payload.data as never, { signal: abort.signal, attempt, last });
    return { outcome: "done" };
  } catch (err) {
    if (last) log.error({ ...line, err }, "job dropped after its last attempt");
    else log.warn({ ...line, err }, "job failed and will be tried again");
    return { outcome: last ? "dropped" : "failed" };
  } finally {
    clearTimeout(timer);
  }
}

function startTimer({ name, key, kind, attempt, abort, log }: RunJob): NodeJS.Timeout | undefined {
  const { timeoutMs } = kind;
  if (timeoutMs === undefined) return undefined;
  return setTimeout(() => {
    log.warn({ job: name, key, attempt, timeoutMs }, "job takes too long: its signal is aborted");
    abort.abort(new Error(`${name} took longer than ${timeoutMs} ms`));
  }, timeoutMs);
}
