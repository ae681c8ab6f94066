import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { attributeGuests, markGuestsOf } from "./identity/guest-orders-store.server.ts";
import { markNames } from "./merchant-api/names-store.server.ts";
import { enqueueProfiles } from "./profile-store.server.ts";

/** So many orders without a customer are looked up at once; a till that gives all of them one address has thousands. */
const GUESTS_AT_ONCE = 500;

/**
 * Facts changed: customers are queued, and with them the names that may be theirs now or no longer; orders without a customer are
 * given to whom they tell. In the transaction that changes the facts, under its lock.
 * @param customers whose facts changed, with which parts of them (ingest/parts.ts); all of them where only ids are given
 * @returns whether names or orders are left to be looked up.
 */
export async function touchCustomers(
  tx: Sql,
  shop: ShopId,
  customers: readonly string[] | ReadonlyMap<string, number>,
  receivedAt: Date,
): Promise<boolean> {
  const changed = "size" in customers ? customers : new Map(customers.map((id) => [id, ALL_PARTS]));
  // Addresses, deletions and merges: nothing else says whose a name is.
  const records = [...changed].filter(([, parts]) => (parts & PARTS.record) !== 0).map(([id]) => id);
  const marked = records.length > 0 && (await markNames(tx, shop, records));
  await markGuestsOf(tx, shop, records);
  const guests = await attributeGuests(tx, shop, GUESTS_AT_ONCE);
  const touched = new Map(changed);
  for (const id of guests.customers) touched.set(id, (touched.get(id) ?? 0) | PARTS.orders);
  await enqueueProfiles(tx, shop, touched, receivedAt);
  return marked || guests.taken === GUESTS_AT_ONCE;
}
