import { TRY_AGAIN, answer, isAddress } from "../answers.ts";
import type { Destination, MemberOutcome, MemberResult, Person } from "../destination.ts";
import { PauseConnection, Refused } from "../retry-classes.ts";
import { changeList, isMissing, listGone } from "./change-list.ts";
import type { Changed } from "./change-list.ts";
import { importPeople } from "./import-people.ts";
import type { ImportOptions } from "./import-people.ts";
import type { KlaviyoClient } from "./client.ts";
import type { Priority } from "../limits/limiter.ts";
import { readRefusal, refusedAlone } from "./refusal.ts";
import { completeEvents, readEngagement } from "./read-engagement.ts";
import { HOOK_TOPICS } from "./read-hook.ts";
import { removePeople } from "./remove-people.ts";

const BEFORE_KLAVIYO = new Date("2000-01-01T00:00:00Z");
/** What led to a suppression, and whether no later subscription makes up for it; the others are decisions. */
const REASONS: Readonly<Record<string, [reason: string, lasting: boolean]>> = {
  HARD_BOUNCE: ["bounce", true],
  INVALID_EMAIL: ["invalid", true],
  SPAM_COMPLAINT: ["complaint", true],
  UNSUBSCRIBE: ["unsubscribed", false],
  USER_SUPPRESSED: ["suppressed", false],
};

export interface KlaviyoDestinationOptions extends Omit<ImportOptions, "client"> {
  clientFor(priority: Priority): KlaviyoClient;
  takeCalls: Destination["takeCalls"];
}

/**
 * An audience is a Klaviyo list. Profiles are created or updated by address and put on and off the list by Klaviyo's own ids;
 * the subscription operations, which change consent, are never called.
 */
export function createKlaviyoDestination(options: KlaviyoDestinationOptions): Destination {
  const { clientFor, takeCalls, ...rest } = options;
  const client = clientFor("addition");
  return {
    takeCalls,
    async check() {
      try {
        const { id: accountId, name: account } = await client.account();
        return { outcome: "ok", account, accountId };
      } catch (error) {
        if (error instanceof PauseConnection) return { outcome: "refused", reason: error.message };
        if (error instanceof Refused) return { outcome: "refused", reason: readRefusal(error)?.words ?? "" };
        throw error;
      }
    },
    createAudience: (name) => client.createList(name),
    findAudiences: (name) => client.listsNamed(name),
    listAudiences: () => Array.fromAsync(client.lists()),
    async deleteAudience(listId) {
      await client.deleteList(listId).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    forgetPerson: (email) => client.forgetProfile(email),
    async apply(listId, { removals, additions, urgency }) {
      const removed = await removePeople(clientFor(urgency.removals), listId, removals);
      const adding = { ...rest, client: clientFor(urgency.additions) };
      return [...removed, ...(await addPeople(adding, listId, additions))];
    },
    sendEvent: (event) => clientFor(event.backfill ? "back-fill" : "update").createEvent(event),
    async lowerConsent(of, since) {
      const urgent = clientFor("unsubscribe");
      const standing = await urgent.consentOf(of);
      if (standing === null) return "absent";
      if (standing.consent === "SUBSCRIBED" && standing.at !== null && standing.at > since) return "newer_there";
      if (standing.consent !== "UNSUBSCRIBED") await urgent.unsubscribe(of);
      return "lowered";
    },
    async raiseConsent(email, since) {
      // Klaviyo itself would lift an unsubscribe whenever it was given, so one that was not heard of yet has to be seen here.
      const standing = await clientFor("unsubscribe").consentOf({ channel: "email", address: email });
      const suppressions = standing?.suppressions ?? [];
      if (suppressions.some(({ reason }) => REASONS[reason]?.[1])) return { outcome: "refused", reason: "suppressed" };
      const ends = [
        ...suppressions.map(({ at }) => at),
        ...(standing?.consent === "UNSUBSCRIBED" ? [standing.at] : []),
      ];
      // Klaviyo keeps whole seconds.
      const second = Math.floor(since.getTime() / 1_000) * 1_000;
      if (ends.some((at) => at !== null && at.getTime() >= second))
        return { outcome: "refused", reason: "newer_there" };
      await clientFor("update").subscribe(email, since);
      return { outcome: "done" };
    },
    async *readConsents(since) {
      const suppressed = clientFor("unsubscribe").suppressedSince(since ?? BEFORE_KLAVIYO);
      for await (const { email, reason, at, listId } of suppressed) {
        const [why, lasting] = REASONS[reason] ?? ["suppressed", false];
        const said = { email, state: "unsubscribed", at, lasting, reason: why } as const;
        yield listId === null ? said : { ...said, audience: listId };
      }
    },
    hooks: {
      async register({ url, secret }) {
        const known = (await client.hooks()).find((hook) => hook.url === url);
        if (known) return known.id;
        const offered = new Set(await client.hookTopics());
        const topics = HOOK_TOPICS.filter((topic) => offered.has(topic));
        if (topics.length === 0) throw new Refused(404, null);
        return client.createHook(url, secret, topics);
      },
      async remove(hookId) {
        await client.deleteHook(hookId).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      },
      complete: (events) => completeEvents(clientFor("unsubscribe"), events),
    },
    readEngagement: (since) => readEngagement(clientFor("back-fill"), since),
    async *readAudience(listId) {
      try {
        for await (const { id, email } of clientFor("back-fill").listProfiles(listId)) yield { email, remoteId: id };
      } catch (error) {
        throw isMissing(error) ? listGone() : error;
      }
    },
  };
}

async function addPeople(options: ImportOptions, listId: string, people: readonly Person[]): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  const sendable: Person[] = [];
  for (const person of people) {
    if (isAddress(person.email)) sendable.push(person);
    else results.push(answer(person, { outcome: "skipped", reason: "malformed_address" }));
  }
  const profileIds = new Map<Person, string>();
  for (const [person, imported] of await importPeople(sendable, options)) {
    if (imported.outcome === "imported") profileIds.set(person, imported.profileId);
    else results.push(answer(person, imported));
  }
  const changed = await changeList(options.client, listId, "add", [...new Set(profileIds.values())]);
  for (const [person, id] of profileIds) results.push(answer(person, judge(changed.get(id))));
  return results;
}

/** A profile that vanished between import and list call (merged, or deleted by someone) is imported anew. */
function judge(changed: Changed | undefined): MemberOutcome {
  if (!changed) return TRY_AGAIN;
  if (changed.outcome !== "refused") return changed;
  return refusedAlone(changed.refused);
}
