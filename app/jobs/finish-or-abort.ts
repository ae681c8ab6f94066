/** Hosts send SIGKILL 10 s or more after SIGTERM: time to end well, and a little more to end at all. */
const FINISH_MS = 8_000;
const ABORT_MS = 1_000;

/** Waits 8 s for running jobs to finish, then calls `abort` and waits one second more. */
export async function finishOrAbort(finished: Promise<unknown>, abort: () => void): Promise<void> {
  if (await isWithin(finished, FINISH_MS)) return;
  abort();
  await isWithin(finished, ABORT_MS);
}

async function isWithin(finished: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([finished.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
