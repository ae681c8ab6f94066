import { type Db, isAboutValues, type Sql } from "../platform/db.server.ts";
import { type Consumed, consume, setAside } from "../ingest/consume.server.ts";
import type { Marks } from "../ingest/erased/erased-store.server.ts";
import { recordPrivacyRequests } from "../privacy/privacy-requests-store.server.ts";
import { touchCustomers } from "../profile/touch-customers.server.ts";
import { startBuilds } from "../segment/builds-store.server.ts";
import { addStarterSegments, listSegments } from "../segment/segment-store.server.ts";
import { starterSegments } from "../segment/starter-segments.ts";
import { ensureShop, forgetSessions, type Shop } from "../shopify/shop-store.server.ts";

/** A signed delivery or a session makes a shop known; from then on it has the starter segments. */
export async function openShop(sql: Sql, domain: string, now: Date): Promise<Shop> {
  const shop = await ensureShop(sql, domain);
  const added = await addStarterSegments(sql, shop.id, starterSegments, now);
  if (added > 0) await startBuilds(sql, shop.id, await listSegments(sql, shop.id), now);
  return shop;
}

export interface TakenIn extends Consumed {
  /** Names that the merchant's own systems use are to be looked up. */
  names: boolean;
}

/**
 * Reads a batch of the shop's waiting deliveries into facts and queues the customers they touch, in one transaction.
 * @param marks knows again who was erased
 * `taken` is less than `limit` once nothing is left.
 */
export async function takeIn(db: Db, shop: Shop, limit: number, marks: Marks): Promise<TakenIn> {
  try {
    return await db.tx((tx) => consumeInto(tx, shop, limit, marks));
  } catch (error) {
    if (!isAboutValues(error)) throw error;
    // One delivery holds something the database refuses: take them one by one until it is found, and set it aside.
    if (limit > 1) return { ...(await takeIn(db, shop, 1, marks)), taken: limit };
    const reason = "The database refused a value of this delivery.";
    return { ...(await db.tx((tx) => setAside(tx, shop, reason, new Date()))), names: false };
  }
}

async function consumeInto(tx: Sql, shop: Shop, limit: number, marks: Marks): Promise<TakenIn> {
  const consumed = await consume(tx, shop, { limit, now: new Date(), marks });
  const names = await touchCustomers(tx, shop.id, consumed.customers, consumed.receivedAt ?? new Date());
  await recordPrivacyRequests(tx, shop.id, consumed.privacyRequests);
  if (consumed.uninstalledAt) await forgetSessions(tx, shop.domain, consumed.uninstalledAt);
  // On another clock, or in another currency, rules that know days or amounts say something else: only those are built anew.
  if (consumed.shopChanged) await startBuilds(tx, shop.id, await listSegments(tx, shop.id), new Date());
  return { ...consumed, names };
}
