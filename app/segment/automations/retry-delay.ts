const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Nine attempts in 28 hours, as Standard Webhooks recommends it: a receiver that is down for a night misses nothing. */
const DELAYS_MS = [5_000, 30_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
/** Runs that failed together do not come back together. */
const JITTER = 0.2;

/**
 * Milliseconds from a failed attempt to the next one; null when there is none.
 * @param attempts made so far
 * @param askedMs how long the other side asked to be left alone
 * @param random a number in [0, 1)
 */
export function retryDelay(attempts: number, askedMs: number | null, random: number): number | null {
  const delay = DELAYS_MS[attempts - 1];
  if (delay === undefined) return null;
  return Math.ceil(Math.max(delay, askedMs ?? 0) * (1 + JITTER * random));
}
