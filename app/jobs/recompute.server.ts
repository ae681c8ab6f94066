import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { computeProfile } from "../profile/compute-profile.ts";
import { loadHistories } from "../profile/history-store.server.ts";
import { checkProfiles } from "../profile/quality/check-profiles.server.ts";
import { writeSharedBy } from "../profile/quality/findings-store.server.ts";
import {
  enqueueProfiles,
  enqueueRestOfPersons,
  lastComputed,
  takeQueuedProfiles,
  writeProfiles,
} from "../profile/profile-store.server.ts";
import { enqueueRecommendations } from "../recommendation/lists-store.server.ts";
import { announce } from "../segment/automations/announce.server.ts";
import { decideMemberships } from "../segment/decide.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { bookConsent } from "../sync/errands/errands-store.server.ts";
import { carryConsents } from "../sync/consent/carry-consents.server.ts";
import { keepShopConsents } from "../sync/consent/history-store.server.ts";
import { bookEvents } from "../sync/events/events-store.server.ts";
import { projectAudiences } from "../sync/projection-store.server.ts";

export interface Recomputed {
  /** Customers taken off the queue; less than the limit once it is empty. */
  taken: number;
  /** Whether there may be more to take at once. */
  more: boolean;
  /** For each membership that changed: when the delivery that led to it arrived, in real time. */
  changedSince: Date[];
  /** Audiences that have something to send now. */
  audiences: number[];
  /** Automations that have something to do now. */
  automations: number[];
}

export interface RecomputeBatch {
  limit: number;
  /** Business time. */
  now: Date;
  /** Changes of one member that come within this time are sent as one. */
  coalesceMs: number;
}

/** Recomputes a batch of waiting profiles, their segments and what their audiences should hold, in one transaction. */
export async function recompute(db: Db, shop: ShopId, batch: RecomputeBatch): Promise<Recomputed> {
  const { sharers, ...recomputed } = await db.tx((tx) => recomputeInto(tx, shop, batch));
  if (sharers.length === 0) return recomputed;
  await db.tx((tx) => tellSharers(tx, shop, sharers, batch.now));
  return { ...recomputed, more: true };
}

/**
 * Others have the address of somebody who was recomputed, and become doubtful with them. In a transaction of its own, since another
 * worker may be at them and wait for these; the daily sweep finds whoever is left out.
 */
async function tellSharers(tx: Sql, shop: ShopId, sharers: readonly string[], now: Date): Promise<void> {
  await holdOffErasures(tx, shop);
  const { changed } = await writeSharedBy(tx, shop, sharers, now);
  await enqueueProfiles(tx, shop, new Map(changed.map((id) => [id, PARTS.quality])), new Date());
}

async function recomputeInto(
  tx: Sql,
  shop: ShopId,
  { limit, now: clock, coalesceMs }: RecomputeBatch,
): Promise<Recomputed & { sharers: string[] }> {
  await holdOffErasures(tx, shop);
  const queued = await takeQueuedProfiles(tx, shop, limit);
  if (queued.length === 0)
    return { taken: 0, more: false, changedSince: [], audiences: [], automations: [], sharers: [] };
  const receivedAt = new Map(queued.map((entry) => [entry.customerId, entry.receivedAt]));
  const parts = new Map(queued.map((entry) => [entry.customerId, entry.parts]));
  const names = new Map(queued.map((entry) => [entry.customerId, entry.names]));
  const customerIds = [...receivedAt.keys()];
  const now = notBefore(clock, await lastComputed(tx, shop, customerIds));
  const histories = await loadHistories(tx, shop, customerIds);
  const partOfOthers = histories.filter(({ customerId, person }) => person && person.head !== customerId);
  // What was looked at or clicked, or told by the merchant's pipelines, says nothing of how good a record is or what was bought.
  const aside = PARTS.events | PARTS.time | PARTS.named;
  const isAside = (id: string): boolean => ((parts.get(id) ?? ALL_PARTS) & ~aside) === 0;
  const toCheck = customerIds.filter((id) => !isAside(id));
  const doubted = new Set<string>();
  if (toCheck.length > 0) {
    const parted = new Set(partOfOthers.map(({ customerId }) => customerId));
    for (const id of await checkProfiles(tx, shop, toCheck, now, parted)) doubted.add(id);
  }
  const alive = histories.filter((history) => history.deletedAt === null);
  const living = new Set(alive.map(({ customerId }) => customerId));
  const gone = customerIds.filter((id) => !living.has(id));
  const { risen, readdressed } = await writeProfiles(tx, shop, alive.map(computeProfile), gone, now);
  const renewed = customerIds.filter((id) => ((parts.get(id) ?? ALL_PARTS) & PARTS.record) !== 0);
  const shared = await writeSharedBy(tx, shop, renewed, now);
  for (const id of shared.changed) doubted.add(id);
  const others = await enqueueRestOfPersons(tx, shop, histories, oldest(queued) ?? new Date());
  const buying = customerIds.filter((id) => !isAside(id) || !living.has(id) || risen.has(id));
  await enqueueRecommendations(tx, shop, buying, new Date());
  // Whoever came to be or is gone is in or out of everything, whatever the rules read; of a person anything of any member may have
  // changed.
  const decided = histories.map((history) => {
    const whole = history.deletedAt !== null || history.person !== undefined || risen.has(history.customerId);
    return {
      history,
      parts: whole
        ? ALL_PARTS
        : (parts.get(history.customerId) ?? ALL_PARTS) | (doubted.has(history.customerId) ? PARTS.quality : 0),
      names: names.get(history.customerId) ?? [],
    };
  });
  // Whoever publishes a rule waits for this transaction, so these are the live ones to its end.
  const segments = await listSegments(tx, shop);
  const { turned, moved } = await decideMemberships(tx, shop, segments, decided, now);
  const automations = await announce(tx, shop, moved, { now, realNow: new Date() });
  const carried = await carryConsents(tx, shop, readdressed, new Date());
  const audiences = await projectAudiences(tx, shop, customerIds, {
    now: new Date(),
    receivedAt: oldest(queued),
    dueAfterMs: coalesceMs,
  });
  await bookEvents(tx, shop, turned, { now, realNow: new Date(), backfill: false });
  const consenting = customerIds.filter((id) => ((parts.get(id) ?? ALL_PARTS) & PARTS.consent) !== 0);
  await keepShopConsents(tx, shop, consenting);
  await bookConsent(tx, shop, [...new Set([...consenting, ...carried])], new Date());
  return {
    taken: queued.length,
    more: queued.length === limit || others,
    changedSince: turned.flatMap(({ customerId }) => receivedAt.get(customerId) ?? []),
    audiences,
    automations,
    sharers: shared.others,
  };
}

/** Further ahead was a clock that has been set right since. */
const CLOCKS_APART_MS = 10 * 60_000;

/**
 * A worker whose clock is behind another's would take back what that one decided, as something that has not happened yet, and tell of
 * it: so nobody is decided as of an earlier moment than before.
 */
function notBefore(clock: Date, decided: Date | null): Date {
  const ahead = decided ? decided.getTime() - clock.getTime() : 0;
  return decided && ahead > 0 && ahead <= CLOCKS_APART_MS ? decided : clock;
}

function oldest(queued: readonly { receivedAt: Date }[]): Date | null {
  return queued.reduce<Date | null>(
    (found, { receivedAt }) => (!found || receivedAt < found ? receivedAt : found),
    null,
  );
}
