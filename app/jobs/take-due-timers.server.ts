import { PARTS } from "../ingest/parts.ts";
import type { Db } from "../platform/db.server.ts";
import { enqueueProfiles } from "../profile/profile-store.server.ts";
import { dueTimers, takeTimers } from "../segment/timer-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/**
 * Puts customers whose timers are due in the queue, of all shops, oldest first.
 *
 * A customer's place in the queue is locked before the timer, as whoever recomputes the customer does it: the other way round each
 * waits for the other until the database gives one of them up, a second later.
 *
 * @returns how many were due, less than the limit once none is left, and the shops they are of
 */
export function takeDueTimers(db: Db, now: Date, limit: number): Promise<{ taken: number; shops: ShopId[] }> {
  return db.tx(async (tx) => {
    const due = await dueTimers(tx, now, limit);
    const byShop = [...Map.groupBy(due, ({ shop }) => shop)].sort(([left], [right]) => left - right);
    for (const [shop, timers] of byShop) {
      const customerIds = timers.map(({ customerId }) => customerId);
      await enqueueProfiles(tx, shop, new Map(customerIds.map((id) => [id, PARTS.time])), new Date());
      await takeTimers(tx, shop, customerIds, now);
    }
    return { taken: due.length, shops: byShop.map(([shop]) => shop) };
  });
}
