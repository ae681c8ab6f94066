import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import { PARTS } from "../../ingest/parts.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { enqueueProfiles } from "../profile-store.server.ts";
import { writeDuplicates } from "../quality/findings-store.server.ts";
import { giveNames, readEvidence, takePendingNames } from "./names-store.server.ts";

/**
 * Looks up whose waiting names are, gives what was told under them to those customers or back to nobody, and queues the customers.
 * The answer depends on the facts and on what was named together alone, so the order in which they came does not matter: a
 * change of a customer's facts marks the names again (`markNames`).
 * @param batch.now business time
 * @returns `taken` is less than `limit` once nothing is left.
 */
export function attributeNames(
  db: Db,
  shop: ShopId,
  { limit, now }: { limit: number; now: Date },
): Promise<{ taken: number; customers: readonly string[] }> {
  return db.tx(async (tx) => {
    await holdOffErasures(tx, shop);
    const ids = await takePendingNames(tx, shop, limit);
    if (ids.length === 0) return { taken: 0, customers: [] };
    const customers = await giveNames(tx, shop, await readEvidence(tx, shop, ids));
    await enqueueProfiles(tx, shop, customers, new Date());
    const doubted = await writeDuplicates(tx, shop, now, ["duplicate_external_id"]);
    await enqueueProfiles(tx, shop, new Map(doubted.map((id) => [id, PARTS.quality])), new Date());
    return { taken: ids.length, customers: [...customers, ...doubted] };
  });
}
