import { answer, isAddress, toRetry } from "../answers.ts";
import type { Addressed, MemberResult } from "../destination.ts";
import { RetryLater } from "../retry-classes.ts";
import { changeList, isMissing } from "./change-list.ts";
import type { KlaviyoClient } from "./client.ts";
import { refusedAlone } from "./refusal.ts";

/** Takes people off a list by their stored profile ids, or by address where no id is known or it no longer exists. */
export async function removePeople(
  client: KlaviyoClient,
  listId: string,
  people: readonly Addressed[],
): Promise<MemberResult[]> {
  const known = new Map<Addressed, string>();
  for (const member of people) if (member.remoteId !== null) known.set(member, member.remoteId);
  const results: MemberResult[] = [];
  // A profile that was merged at Klaviyo lives on under another id.
  const moved: Addressed[] = people.filter((member) => member.remoteId === null);
  for (const [member, changed] of await removeByIds(client, listId, known)) {
    if (changed === "missing") moved.push(member);
    else results.push(changed);
  }
  return [...results, ...(await removeByAddress(client, listId, moved))];
}

async function removeByAddress(
  client: KlaviyoClient,
  listId: string,
  people: readonly Addressed[],
): Promise<MemberResult[]> {
  if (people.length === 0) return [];
  const ids = await client.findIds(people.map((member) => member.email).filter(isAddress));
  const known = new Map<Addressed, string>();
  const results: MemberResult[] = [];
  for (const member of people) {
    const found = ids.get(member.email.toLowerCase());
    if (found instanceof RetryLater) results.push(answer(member, toRetry(found)));
    else if (found === undefined) results.push(answer(member, { outcome: "done" }));
    else known.set(member, found);
  }
  for (const [member, changed] of await removeByIds(client, listId, known))
    results.push(changed === "missing" ? answer(member, { outcome: "done" }) : changed);
  return results;
}

async function removeByIds(
  client: KlaviyoClient,
  listId: string,
  people: ReadonlyMap<Addressed, string>,
): Promise<Map<Addressed, MemberResult | "missing">> {
  const removed = await changeList(client, listId, "remove", [...new Set(people.values())]);
  const results = new Map<Addressed, MemberResult | "missing">();
  for (const [member, id] of people) {
    const changed = removed.get(id);
    if (!changed || (changed.outcome === "refused" && isMissing(changed.refused))) results.set(member, "missing");
    else if (changed.outcome === "refused") results.set(member, answer(member, refusedAlone(changed.refused)));
    else results.set(member, answer(member, changed));
  }
  return results;
}
