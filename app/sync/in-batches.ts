import { answer, isAddress, toRetry } from "./answers.ts";
import { chunk } from "./chunk.ts";
import type { Addressed, MemberOutcome, MemberResult } from "./destination.ts";
import { RetryLater } from "./retry-classes.ts";

/**
 * Everyone's answer, where a call whose fate is unknown is everyone's retry.
 * @param malformed of whoever's address is none
 */
export async function inBatches<Member extends Addressed>(
  members: readonly Member[],
  malformed: MemberOutcome,
  size: number,
  send: (part: readonly Member[]) => Promise<Map<Member, MemberOutcome>>,
): Promise<MemberResult[]> {
  const results = members.filter(({ email }) => !isAddress(email)).map((member) => answer(member, malformed));
  const wellFormed = members.filter(({ email }) => isAddress(email));
  // The account's connections are counted where the calls are made. Every batch ends before the first failure is thrown.
  const batches = await Promise.allSettled(
    chunk(wellFormed, size).map(async (part) => {
      try {
        for (const [member, outcome] of await send(part)) results.push(answer(member, outcome));
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
        results.push(...part.map((member) => answer(member, toRetry(error))));
      }
    }),
  );
  for (const batch of batches) if (batch.status === "rejected") throw batch.reason;
  return results;
}
