const FIRST_PORTION = 500;
const STEP_MS = 5 * 60_000;

/**
 * How many people may be in an audience that is loaded for the first time: 500 at once and twice as many every five minutes, so that a
 * mistake shows before everybody is in, and flows that begin with the list do not meet all at once.
 * @returns `until`: when more may.
 */
export function warmUp(from: Date, now: Date): { most: number; until: Date } {
  const steps = Math.max(0, Math.floor((now.getTime() - from.getTime()) / STEP_MS));
  return { most: FIRST_PORTION * 2 ** Math.min(steps, 30), until: new Date(from.getTime() + (steps + 1) * STEP_MS) };
}
