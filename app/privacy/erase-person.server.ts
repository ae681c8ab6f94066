import { speaksOfErased } from "../ingest/erased/erased.ts";
import { beginErasure, type Marks, writeTombstones } from "../ingest/erased/erased-store.server.ts";
import { mentionsOf } from "../ingest/erased/mentions.ts";
import { lockFacts } from "../ingest/facts-store.server.ts";
import { forgetBodies } from "../ingest/inbox-store.server.ts";
import type { Db } from "../platform/db.server.ts";
import { attributeGuests } from "../profile/identity/guest-orders-store.server.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import { enqueueProfiles } from "../profile/profile-store.server.ts";
import { recordForgotten } from "../recommendation/changes-store.server.ts";
import type { Shop } from "../shopify/shop-store.server.ts";
import { bookForgetting, countForgetting, placesOf } from "../sync/errands/errands-store.server.ts";
import { deliveriesWith, hasUnread } from "./deliveries-store.server.ts";
import { recordErasure } from "./erasures-store.server.ts";
import { countLeaving, erasePerson } from "./personal-rows-store.server.ts";
import { addCounts, closeRequest, type OpenRequest, saveSubject } from "./privacy-requests-store.server.ts";
import { asErased, knownBy, needlesOf, type Subject } from "./subject.ts";
import { findSubject } from "./subject-store.server.ts";

export interface ErasureOptions {
  db: Db;
  shop: Shop;
  marks: Marks;
  /** Real time. */
  now(): Date;
}

export type ErasureStep =
  | { outcome: "done" }
  /** What was asked for does not apply any more. */
  | { outcome: "kept" }
  | { outcome: "waiting"; afterMs: number };

/** One statement over this many bodies stays short on the embedded database too. */
const DELIVERIES_AT_ONCE = 200;
const GUESTS_AT_ONCE = 500;
const UNREAD_RETRY_MS = 1_000;
const LEAVING_RETRY_MS = 2_000;

/**
 * Erases one person, as far as can be done now. First the person is remembered as erased, so that from there on nothing that
 * comes in brings them back; then what came before is read; then bodies and rows go. Rows of audience members who are at an
 * e-mail platform stay until it has confirmed that they are out, with the address and the platform's own id and nothing else.
 * A run that is cut off is finished by the next.
 */
export async function erasePersonStep(options: ErasureOptions, request: OpenRequest): Promise<ErasureStep> {
  const { db, shop, now } = options;
  const subject = request.subject ?? (await entomb(options, request));
  if (request.state === "waiting") {
    if (await hasUnread(db, shop.domain, request.receivedAt)) return { outcome: "waiting", afterMs: UNREAD_RETRY_MS };
    await eraseDeliveries(options, request, subject);
    await db.tx(async (tx) => {
      await beginErasure(tx, shop.id);
      const joined = await readPersons(tx, shop.id, subject.customers);
      // Wherever we put them: the platforms forget them altogether, once they have left the audiences.
      const places = await placesOf(tx, shop.id, subject.customers, subject.emails);
      await addCounts(tx, shop.id, request.id, await erasePerson(tx, shop.id, subject), "leaving");
      // Processes that keep people in memory for recommendations.
      await recordForgotten(tx, shop.id, subject.orders);
      await bookForgetting(tx, shop.id, request.id, places, now());
      await addCounts(tx, shop.id, request.id, countedByPlatform(places), "leaving");
      // Profiles that were computed with what is gone now.
      const others = [...joined.values()].flatMap(({ members }) => members);
      await enqueueProfiles(
        tx,
        shop.id,
        [...new Set(others)].filter((id) => !subject.customers.includes(id)),
        now(),
      );
    });
  }
  const left = (await countLeaving(db, shop.id, subject)) + (await countForgetting(db, shop.id, request.id));
  if (left > 0) return { outcome: "waiting", afterMs: LEAVING_RETRY_MS };
  await finish(options, request, subject);
  return { outcome: "done" };
}

/** What the proof says of each platform: how many of the person's addresses it was asked to delete, and has confirmed when it is done. */
function countedByPlatform(places: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of places) counts[`${kind}_profiles`] = (counts[`${kind}_profiles`] ?? 0) + 1;
  return counts;
}

function entomb({ db, shop, marks, now }: ErasureOptions, request: OpenRequest): Promise<Subject> {
  return db.tx(async (tx) => {
    await beginErasure(tx, shop.id);
    await lockFacts(tx, shop.id);
    // Whose the orders are that name no customer has to be known.
    for (let taken = GUESTS_AT_ONCE; taken === GUESTS_AT_ONCE;) {
      const looked = await attributeGuests(tx, shop.id, GUESTS_AT_ONCE);
      await enqueueProfiles(tx, shop.id, looked.customers, now());
      taken = looked.taken;
    }
    const subject = await findSubject(tx, shop.id, request);
    await writeTombstones(tx, shop.id, marks, knownBy(subject), request.receivedAt);
    await saveSubject(tx, shop.id, request.id, subject);
    return subject;
  });
}

async function eraseDeliveries(options: ErasureOptions, request: OpenRequest, subject: Subject): Promise<void> {
  const { db, shop, now } = options;
  const erased = asErased(subject, request.receivedAt);
  const needles = needlesOf(subject);
  for (let after: string | null = ""; after !== null;) {
    const page = await deliveriesWith(db, shop.domain, needles, { after, limit: DELIVERIES_AT_ONCE });
    const ids = page.found
      .filter((delivery) => speaksOfErased(mentionsOf(delivery), delivery.triggeredAt, erased))
      .map(({ id }) => id);
    if (ids.length > 0) {
      await db.tx(async (tx) => {
        const { bodies, deadLetters } = await forgetBodies(tx, shop.domain, ids, now());
        await addCounts(tx, shop.id, request.id, { inbox: bodies, dead_letters: deadLetters });
      });
    }
    after = page.last;
  }
}

async function finish({ db, shop, marks, now }: ErasureOptions, request: OpenRequest, subject: Subject): Promise<void> {
  await db.tx(async (tx) => {
    const [mark] = marks(subjectText(shop, subject));
    await closeRequest(tx, shop.id, request.id, { state: "done", subjectMark: mark, now: now() });
    await recordErasure(tx, shop.id, {
      requestId: request.id,
      kind: request.kind,
      source: request.source,
      shopMark: marks(`shop|${shop.domain}`)[0],
      subjectMark: mark,
      requestedAt: request.receivedAt,
      dueAt: request.dueAt,
      doneAt: now(),
    });
  });
}

/** Whoever knows the shop and the customer's id, or the address where there was no customer, can find the proof again. */
function subjectText({ domain }: Shop, { customers, emails, phones }: Subject): string {
  return `subject|${domain}|${customers[0] ?? emails[0] ?? phones[0] ?? ""}`;
}
