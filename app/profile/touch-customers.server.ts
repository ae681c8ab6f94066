import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { markNames } from "./merchant-api/names-store.server.ts";
import { enqueueProfiles } from "./profile-store.server.ts";

/**
 * Facts of these customers changed: they are queued, and with them the names that may be theirs now or no longer. In the
 * transaction that changes the facts.
 * @param customers with which parts of them changed (ingest/parts.ts); all of them where only ids are given
 * @returns whether names are to be looked up.
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
  await enqueueProfiles(tx, shop, changed, receivedAt);
  return marked;
}
