import type { Destination } from "../destination.ts";
import { inBatches } from "../in-batches.ts";
import { PauseConnection, Refused } from "../retry-classes.ts";
import { addMany, addPeople } from "./add-people.ts";
import type { Priority } from "../limits/limiter.ts";
import type { MailchimpClient } from "./client.ts";
import { isMissing, rejectedBy, segmentGone } from "./refusal.ts";
import { prepareFields } from "./prepare-fields.ts";
import { readEngagement } from "./read-engagement.ts";
import { removePeople } from "./remove-people.ts";
import { type Batches, createTraitWriter } from "./write-traits.ts";

const REASONS = { unsubscribed: "unsubscribed", cleaned: "bounce" };
/** Members in one batch call and addresses in one segment call alike. */
const MOST_MEMBERS = 500;
const FEWEST_IN_BULK = 100;
const ARCHIVE_HOLDS_MS = 2_000;

/**
 * An audience is a static segment (a tag) of the one Mailchimp audience the merchant chose. People who are no contacts there
 * yet are created first; contacts who are, keep their status whatever it is.
 */
export function createMailchimpDestination(
  clientFor: (priority: Priority) => MailchimpClient,
  takeCalls: Destination["takeCalls"],
  batches: Batches | null,
): Destination {
  const client = clientFor("addition");
  const archived = readSeldom();
  return {
    takeCalls,
    async check() {
      try {
        return { outcome: "ok", account: await client.listName(), accountId: await client.accountId() };
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
        const [existing] = error instanceof Refused && error.status === 400 ? await segmentsNamed(client, name) : [];
        if (existing === undefined) throw error;
        return existing;
      }
    },
    findAudiences: (name) => segmentsNamed(client, name),
    listAudiences: () => Array.fromAsync(client.segments()),
    async deleteAudience(segmentId) {
      await client.deleteSegment(segmentId).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    async forgetPerson(email) {
      await client.forgetMember(email).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    prepareFields: (fields) => prepareFields(client, fields),
    foresee(additions, urgency) {
      // Whoever needs it hears of a failure.
      if (additions >= FEWEST_IN_BULK) archived(clientFor(urgency)).catch(() => {});
    },
    async apply(segmentId, { removals, additions, urgency }) {
      const removing = clientFor(urgency.removals);
      const removed = await inBatches(removals, { outcome: "done" }, MOST_MEMBERS, (part) =>
        removePeople(removing, segmentId, part),
      );
      const adding = clientFor(urgency.additions);
      const malformed = { outcome: "skipped", reason: "malformed_address" } as const;
      const write = createTraitWriter(adding, segmentId, batches);
      const added = await inBatches(additions, malformed, MOST_MEMBERS, (part) =>
        part.length < FEWEST_IN_BULK
          ? addPeople(adding, segmentId, part, write)
          : addMany(adding, segmentId, part, () => archived(adding), write),
      );
      return [...removed, ...added];
    },
    async lowerConsent({ address: email }, since) {
      const urgent = clientFor("unsubscribe");
      try {
        const { status, optedInAt } = await urgent.statusOf(email);
        if (status === "subscribed" && optedInAt !== null && optedInAt > since) return "newer_there";
        if (status === "subscribed" || status === "pending" || status === "transactional")
          await urgent.setStatus(email, "unsubscribed");
        return status === "archived" ? "absent" : "lowered";
      } catch (error) {
        if (isMissing(error)) return "absent";
        throw error;
      }
    },
    async raiseConsent(email) {
      try {
        await clientFor("update").setStatus(email, "subscribed");
        return { outcome: "done" };
      } catch (error) {
        // Whom Mailchimp holds in a compliance state only they themselves can bring back.
        if (!(error instanceof Refused) || (error.status !== 400 && error.status !== 404)) throw error;
        const refused = rejectedBy(error);
        return { outcome: "refused", reason: refused.outcome === "rejected" ? refused.code : "refused" };
      }
    },
    async *readConsents(since) {
      const asked = since ? [{ since }] : [{ status: "unsubscribed" }, { status: "cleaned" }];
      for (const which of asked) {
        for await (const { email, status, changedAt: at, optedInAt } of clientFor("unsubscribe").contacts(which)) {
          // Any change of a contact moves `changedAt`, so that it tells nothing of when the person subscribed.
          if (status === "subscribed" && optedInAt !== null)
            yield { email, state: "subscribed", at: optedInAt, lasting: false };
          // `cleaned` is Mailchimp's word for an address that bounced.
          if (status === "unsubscribed" || status === "cleaned")
            yield { email, state: "unsubscribed", at, lasting: status === "cleaned", reason: REASONS[status] };
        }
      }
    },
    hooks: {
      async register({ url }) {
        const known = (await client.hooks()).find((hook) => hook.url === url);
        return known ? known.id : client.createHook(url);
      },
      async remove(hookId) {
        await client.deleteHook(hookId).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      },
      // Its calls name people by their address.
      async *complete() {},
    },
    readEngagement: (since) => readEngagement(clientFor("back-fill"), since),
    async *readAudience(segmentId) {
      try {
        for await (const { id, email } of clientFor("back-fill").segmentMembers(segmentId))
          yield { email, remoteId: id };
      } catch (error) {
        throw isMissing(error) ? segmentGone() : error;
      }
    },
  };
}

async function segmentsNamed(client: MailchimpClient, name: string): Promise<string[]> {
  const all = await Array.fromAsync(client.segments());
  return all.filter((found) => found.name === name).map(({ id }) => id);
}

/**
 * The addresses that are archived. What was read a moment ago holds for all changes under way, as it would for the batches of one that
 * takes as long.
 */
function readSeldom(): (client: MailchimpClient) => Promise<ReadonlySet<string>> {
  let last: { at: number; archive: Promise<ReadonlySet<string>> } | undefined;
  const read = async (client: MailchimpClient): Promise<ReadonlySet<string>> => {
    const found = new Set<string>();
    for await (const address of client.archivedAddresses()) found.add(address.toLowerCase());
    return found;
  };
  return (client) => {
    if (last !== undefined && performance.now() - last.at < ARCHIVE_HOLDS_MS) return last.archive;
    const asked = { at: performance.now(), archive: read(client) };
    last = asked;
    asked.archive.catch(() => {
      if (last === asked) last = undefined;
    });
    return asked.archive;
  };
}
