import type { Sql } from "../platform/db.server.ts";
import type { History } from "../profile/history.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Interval, intervalsOf } from "./evaluate.ts";
import { type MembershipDifference, membershipDifference } from "./membership-difference.ts";
import { readMemberships, type Segment, writeMemberships } from "./segment-store.server.ts";
import { setTimers } from "./timer-store.server.ts";

/**
 * Decides all segments for the given customers, writes what changed and sets the timers, in the caller's transaction. The
 * intervals are recomputed from the whole history, so a late fact corrects the stretch it affects and a worker that was away
 * records the true times of entry and exit.
 * @returns who is in now and was not, or the other way round.
 */
export async function decideMemberships(
  tx: Sql,
  shop: ShopId,
  segments: readonly Segment[],
  histories: readonly History[],
  now: Date,
): Promise<MembershipDifference["changed"]> {
  const stored = Map.groupBy(
    await readMemberships(
      tx,
      shop,
      histories.map(({ customerId }) => customerId),
    ),
    (membership) => keyOf(membership.customerId, membership.segmentId),
  );
  const all: MembershipDifference = { write: [], remove: [], changed: [] };
  const timers = histories.map((history) => {
    let dueAt: Date | null = null;
    for (const segment of segments) {
      const { intervals, changesAt } = intervalsOf(segment.rule, history, now);
      if (changesAt && (!dueAt || changesAt < dueAt)) dueAt = changesAt;
      const before: Interval[] = stored.get(keyOf(history.customerId, segment.id)) ?? [];
      const key = { customerId: history.customerId, segmentId: segment.id };
      const difference = membershipDifference(key, before, intervals, now);
      all.write.push(...difference.write);
      all.remove.push(...difference.remove);
      all.changed.push(...difference.changed);
    }
    return { customerId: history.customerId, dueAt };
  });
  await writeMemberships(tx, shop, all, now);
  await setTimers(tx, shop, timers);
  return all.changed;
}

function keyOf(customerId: string, segmentId: number): string {
  return `${customerId} ${segmentId}`;
}
