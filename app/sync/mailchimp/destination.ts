import { answer, isAddress, toRetry } from "../answers.ts";
import { chunk } from "../chunk.ts";
import type { Addressed, Destination, MemberOutcome, MemberResult } from "../destination.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import { addPeople } from "./add-people.ts";
import type { MailchimpClient } from "./client.ts";
import { isMissing, segmentGone } from "./refusal.ts";
import { removePeople } from "./remove-people.ts";

/** Members in one batch call and addresses in one segment call alike. */
const MOST_MEMBERS = 500;

/**
 * An audience is a static segment (a tag) of the one Mailchimp audience the merchant chose. People who are no contacts there
 * yet are created first; contacts who are, keep their status whatever it is.
 */
export function createMailchimpDestination(client: MailchimpClient): Destination {
  return {
    async check() {
      try {
        return { outcome: "ok", account: await client.listName() };
      } catch (error) {
        if (error instanceof PauseConnection) return { outcome: "refused", reason: error.message };
        if (isMissing(error))
          return { outcome: "refused", reason: "There is no such audience in the Mailchimp account" };
        if (error instanceof Refused) return { outcome: "refused", reason: `Mailchimp answered ${error.status}` };
        throw error;
      }
    },
    async createAudience(name) {
      try {
        return await client.createSegment(name);
      } catch (error) {
        // Names of tags are unique: one that is there already, prefixed as ours are, is from an earlier connection.
        const [existing] = error instanceof Refused && error.status === 400 ? await client.segmentsNamed(name) : [];
        if (existing === undefined) throw error;
        return existing;
      }
    },
    findAudiences: (name) => client.segmentsNamed(name),
    async apply(segmentId, { removals, additions }) {
      const removed = await inBatches(removals, { outcome: "done" }, (part) => removePeople(client, segmentId, part));
      const malformed = { outcome: "skipped", reason: "malformed_address" } as const;
      const added = await inBatches(additions, malformed, (part) => addPeople(client, segmentId, part));
      return [...removed, ...added];
    },
    async *readConsents(since) {
      const asked = since ? [{ since }] : [{ status: "unsubscribed" }, { status: "cleaned" }];
      for (const which of asked) {
        for await (const { email, status, changedAt: at } of client.contacts(which)) {
          if (status === "subscribed") yield { email, state: "subscribed", at, lasting: false };
          // `cleaned` is Mailchimp's word for an address that bounced.
          if (status === "unsubscribed" || status === "cleaned")
            yield { email, state: "unsubscribed", at, lasting: status === "cleaned" };
        }
      }
    },
    async *readAudience(segmentId) {
      try {
        for await (const { id, email } of client.segmentMembers(segmentId)) yield { email, remoteId: id };
      } catch (error) {
        throw isMissing(error) ? segmentGone() : error;
      }
    },
  };
}

/** Everyone's answer, where a call whose fate is unknown is everyone's retry. */
async function inBatches<Member extends Addressed>(
  members: readonly Member[],
  malformed: MemberOutcome,
  send: (part: readonly Member[]) => Promise<Map<Member, MemberOutcome>>,
): Promise<MemberResult[]> {
  const results = members.filter(({ email }) => !isAddress(email)).map((member) => answer(member, malformed));
  for (const part of chunk(
    members.filter(({ email }) => isAddress(email)),
    MOST_MEMBERS,
  )) {
    try {
      for (const [member, outcome] of await send(part)) results.push(answer(member, outcome));
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      results.push(...part.map((member) => answer(member, toRetry(error))));
    }
  }
  return results;
}
