import { bisect } from "../bisect.ts";
import type { Addressed, MemberOutcome } from "../destination.ts";
import type { MailchimpClient } from "./client.ts";
import { isMissing, rejectedBy, segmentGone } from "./refusal.ts";

/**
 * Adds or removes up to 500 addresses.
 * @returns the members it said nothing good about: `refused` for good, or `unsure`. An addition that is not confirmed was in the
 *   segment before or is no contact; a removal that is not confirmed and not complained of was not in it.
 * @throws PauseAudience when the segment does not exist any more; PauseConnection; RetryLater.
 */
export async function changeSegment<Member extends Addressed>(
  client: MailchimpClient,
  segmentId: string,
  action: "add" | "remove",
  members: readonly Member[],
): Promise<{ refused: Map<Member, MemberOutcome>; unsure: Member[] }> {
  const unsure: Member[] = [];
  const refusals = await bisect(members, async (part) => {
    const emails = part.map((member) => member.email);
    const change = await send(client, segmentId, action === "add" ? { add: emails } : { remove: emails });
    const added = addressSet(change.members_added.map((member) => member.email_address));
    const complained = addressSet(change.errors.flatMap((error) => error.email_addresses));
    for (const member of part) {
      const address = member.email.toLowerCase();
      if (action === "add" ? !added.has(address) : complained.has(address)) unsure.push(member);
    }
  });
  return { refused: new Map([...refusals].map(([member, refused]) => [member, rejectedBy(refused)])), unsure };
}

async function send(client: MailchimpClient, segmentId: string, change: { add?: string[]; remove?: string[] }) {
  try {
    return await client.changeSegment(segmentId, change);
  } catch (error) {
    throw isMissing(error) ? segmentGone() : error;
  }
}

function addressSet(addresses: readonly string[]): Set<string> {
  return new Set(addresses.map((address) => address.toLowerCase()));
}
