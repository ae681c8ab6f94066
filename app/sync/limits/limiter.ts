/** What goes first when calls wait for one limit, the most urgent first. */
export const PRIORITIES = ["unsubscribe", "removal", "addition", "update", "back-fill"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a vendor allows one account of one kind of call. */
export interface Allowance {
  /** Calls in any second, in any minute and, where the vendor has one, in any day. */
  perSecond?: number;
  perMinute?: number;
  perDay?: number;
  /** Calls under way together. */
  atOnce?: number;
}

/** What an answer says about the limit; it outranks our own count, which does not know who else uses the account. */
export interface Said {
  /** Starts nothing for so long. */
  hold(ms: number): void;
  /**
   * So many calls are left until a reset, told in whole seconds. Answers about one window are taken together, the fewest calls of all; a
   * later window makes what was said of the one before it void.
   */
  left(calls: number, resetMs: number): void;
}

export interface Limiter {
  /**
   * Runs `work` when the allowance permits and nobody more urgent waits.
   * @throws RetryLater without running it when that would take longer than the limiter's patience. That is no attempt.
   */
  run<T>(priority: Priority, work: (said: Said) => Promise<T>): Promise<T>;
  /** How many calls could start at once. */
  available(): Promise<number>;
}

/** The limiters of every account. All who ask with the same names share one. */
export interface Limits {
  /** @param account keeps accounts apart; holds no secret. */
  of(account: string, name: string, allowance: Allowance): Limiter;
}

export interface Window {
  calls: number;
  /** 0: counts what is under way and nothing that has ended. */
  ms: number;
}

export const MINUTE_MS = 60_000;
/** The longest time a call waits for its turn before it is sent back to be tried later. */
const PATIENCE_MS = 15_000;
/** How a reset may be rounded. */
export const RESET_WITHIN_MS = 1_000;
/** What somebody is told to wait for whom only the end of other calls can help. */
export const WAIT_FOR_OTHERS_MS = 1_000;

/**
 * Nobody looks at how long a first load takes a step, and much of what it did would be done again: it waits until a minute is over that others
 * have used up.
 */
export function patienceOf(priority: Priority): number {
  return priority === "back-fill" ? MINUTE_MS + RESET_WITHIN_MS : PATIENCE_MS;
}

export function windowsOf({ perSecond, perMinute, perDay, atOnce }: Allowance): Window[] {
  const windows: [number | undefined, number][] = [
    [atOnce, 0],
    [perSecond, 1_000],
    [perMinute, MINUTE_MS],
    [perDay, 86_400_000],
  ];
  return windows.flatMap(([calls, ms]) => (calls === undefined ? [] : [{ calls, ms }]));
}
