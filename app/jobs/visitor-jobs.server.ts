import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { attributeVisitors, shopsWithQueuedVisitors } from "../profile/identity/browsers-store.server.ts";
import { enqueueNamed } from "../profile/profile-store.server.ts";
import { createAskAdmin } from "../shopify/ask-admin.server.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import { isInstalled, readShop } from "../shopify/shop-store.server.ts";
import { switchPixelOn } from "../ingest/pixel/switch-on.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

const BROWSERS_AT_ONCE = 100;
const SWEEP_EVERY_MS = 15_000;

/** Gives what browsers did to the customers they turn out to be. @returns the function that stops the sweep. */
export function startVisitorJobs(options: {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  /** The shop's Admin API. */
  adminOf(shop: string): Promise<AdminGraphql>;
  /** The collector, as browsers reach it. */
  endpoint: string;
}): () => void {
  const { db, queue, log } = options;
  queue.work("pixel", { concurrency: 1 }, async ({ shopId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const ask = createAskAdmin(() => options.adminOf(shop.domain));
    const answer = await switchPixelOn(db, shop.id, ask, options.endpoint);
    if (answer.outcome === "later") {
      await queue.ring("pixel", { shopId }, { key: String(shopId), delayMs: answer.afterMs });
    }
    if (answer.outcome === "refused")
      log.warn({ shop: shop.domain, reason: answer.reason }, "web pixel not switched on");
  });
  queue.work("visitors", { concurrency: 2 }, async ({ shopId }) => {
    const shop = shopId as ShopId;
    for (let taken = BROWSERS_AT_ONCE; taken === BROWSERS_AT_ONCE;) {
      const attributed = await db.tx(async (tx) => {
        await holdOffErasures(tx, shop);
        const changed = await attributeVisitors(tx, shop, BROWSERS_AT_ONCE);
        await enqueueNamed(tx, shop, changed.customers, changed.receivedAt ?? new Date());
        return changed;
      });
      taken = attributed.taken;
      if (attributed.customers.size > 0) await queue.ring("profiles", { shopId }, { key: String(shopId) });
    }
  });
  async function sweep(): Promise<void> {
    for (const shop of await shopsWithQueuedVisitors(db)) {
      await queue.ring("visitors", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
