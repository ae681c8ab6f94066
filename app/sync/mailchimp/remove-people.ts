import { TRY_AGAIN } from "../answers.ts";
import type { Addressed, MemberOutcome } from "../destination.ts";
import { changeSegment } from "./change-segment.ts";
import type { MailchimpClient } from "./client.ts";
import { standingOf } from "./standing.ts";

/** Takes up to 500 people out of a segment. The contacts themselves stay, and so does their status. */
export async function removePeople(
  client: MailchimpClient,
  segmentId: string,
  people: readonly Addressed[],
): Promise<Map<Addressed, MemberOutcome>> {
  const outcomes = new Map<Addressed, MemberOutcome>(people.map((member) => [member, { outcome: "done" }]));
  const { refused, unsure } = await changeSegment(client, segmentId, "remove", people);
  for (const [member, outcome] of refused) outcomes.set(member, outcome);
  const standing = await standingOf(
    client,
    segmentId,
    unsure.map((member) => member.email),
  );
  for (const member of unsure) if (standing.get(member.email) === "in") outcomes.set(member, TRY_AGAIN);
  return outcomes;
}
