import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import { lockFacts } from "../../ingest/facts-store.server.ts";
import { PARTS } from "../../ingest/parts.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { enqueueProfiles } from "../profile-store.server.ts";
import { attributeGuests } from "./guest-orders-store.server.ts";

/**
 * Looks up whose the orders without a customer are that deliveries left waiting, and queues those customers.
 * @returns `taken` is less than `limit` once nothing is left.
 */
export function attributeGuestOrders(
  db: Db,
  shop: ShopId,
  limit: number,
): Promise<{ taken: number; customers: readonly string[] }> {
  return db.tx(async (tx) => {
    await holdOffErasures(tx, shop);
    await lockFacts(tx, shop);
    const looked = await attributeGuests(tx, shop, limit);
    await enqueueProfiles(tx, shop, new Map(looked.customers.map((id) => [id, PARTS.orders])), new Date());
    return looked;
  });
}
