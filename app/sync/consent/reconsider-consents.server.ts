import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { bookConsent } from "../errands/errands-store.server.ts";
import { projectAudiences } from "../projection-store.server.ts";
import { takeOpposed } from "./consent-store.server.ts";

/** Few enough for the embedded database, where a transaction holds up everything else. */
const CUSTOMERS_AT_ONCE = 100;

/**
 * After the consent sync was switched: works out anew, for the next few customers of whom a platform said something, who may be mailed and
 * who has to hear of it. How far it is goes with it, so that one that dies is gone on with.
 * @returns `more`: somebody is left; `audiences` have something to send.
 */
export async function reconsiderConsents(
  db: Db,
  shop: ShopId,
  now: Date,
): Promise<{ more: boolean; audiences: number[] }> {
  return db.tx(async (tx) => {
    const customerIds = await takeOpposed(tx, shop, CUSTOMERS_AT_ONCE);
    if (customerIds === null) return { more: false, audiences: [] };
    await bookConsent(tx, shop, customerIds, now);
    const audiences = await projectAudiences(tx, shop, customerIds, { now, receivedAt: null, dueAfterMs: 0 });
    return { more: true, audiences };
  });
}
