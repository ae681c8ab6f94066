import type { MemberOutcome, MemberResult } from "./destination.ts";
import type { RetryLater } from "./retry-classes.ts";

/** The answer of every member of a call that may or may not have been applied. */
export function toRetry({ afterMs, countsAsAttempt }: RetryLater): MemberOutcome {
  return { outcome: "retry", afterMs, countsAsAttempt };
}

/** Trouble of unknown duration with one member. */
export const TRY_AGAIN = { outcome: "retry", afterMs: null, countsAsAttempt: true } as const satisfies MemberOutcome;

export function answer(member: { customerId: string }, outcome: MemberOutcome): MemberResult {
  return { customerId: member.customerId, ...outcome };
}

/** Loose on purpose: what this refuses no e-mail platform takes, and one such address can fail a whole batch. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>()"]+@[^\s@,;<>()"]+\.[^\s@,;<>()".]+$/.test(text);
}
