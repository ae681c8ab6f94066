import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { Db } from "../platform/db.server.ts";
import { announceRemoval } from "../segment/automations/runs-store.server.ts";
import { closeMembers, segmentToClose } from "../segment/removal-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { projectAudiences } from "../sync/projection-store.server.ts";
import type { Built } from "./build.server.ts";

/** Puts the next members of a removed segment out, and off its lists where these are to be emptied, in one transaction. */
export function closeSegments(
  db: Db,
  shop: ShopId,
  { limit, coalesceMs }: { limit: number; coalesceMs: number },
): Promise<Built> {
  return db.tx(async (tx) => {
    await holdOffErasures(tx, shop);
    const segmentId = await segmentToClose(tx, shop);
    if (segmentId === null) return { more: false, audiences: [], automations: [] };
    const customerIds = await closeMembers(tx, shop, segmentId, limit);
    const now = new Date();
    const automations = await announceRemoval(tx, shop, segmentId, customerIds, now);
    const moment = { now, receivedAt: null, dueAfterMs: coalesceMs };
    return { more: true, audiences: await projectAudiences(tx, shop, customerIds, moment), automations };
  });
}
