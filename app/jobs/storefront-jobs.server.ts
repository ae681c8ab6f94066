import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { publishLists } from "../recommendation/storefront/publish-lists.server.ts";
import { shopsWithPendingLists } from "../recommendation/storefront/storefront-store.server.ts";
import { createAskAdmin } from "../shopify/ask-admin.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import { isInstalled, readShop } from "../shopify/shop-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

const SWEEP_EVERY_MS = 30_000;

/** Keeps what theme blocks render equal to the lists. @returns the function that stops the sweep. */
export function startStorefrontJobs(options: {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  /** The shop's Admin API. */
  adminOf(shop: string): Promise<AdminGraphql>;
}): () => void {
  const { db, queue, log } = options;
  const now = (): Date => new Date();

  queue.work("storefront", { concurrency: 2 }, async ({ shopId }, { signal }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const ask = createAskAdmin(() => options.adminOf(shop.domain));
    const published = await publishLists({ db, shop: shop.id, ask, signal, now });
    switch (published.outcome) {
      case "settled":
        return;
      case "later":
        return queue.ring("storefront", { shopId }, { key: String(shopId), delayMs: published.afterMs });
      case "refused":
        // A permission that is missing is named in the app; the sweep tries again.
        return log.info({ shop: shop.domain, reason: published.reason }, "lists for the theme not written");
    }
  });

  async function sweep(): Promise<void> {
    for (const shop of await shopsWithPendingLists(db, now())) {
      await queue.ring("storefront", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
