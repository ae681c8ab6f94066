import { advanceBackFill } from "../ingest/back-fill/back-fill.server.ts";
import { shopsToBackFill } from "../ingest/back-fill/back-fill-store.server.ts";
import { lookForDrift } from "../ingest/back-fill/drift.server.ts";
import { shopsToLookAt } from "../ingest/back-fill/drift-store.server.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { touchCustomers } from "../profile/touch-customers.server.ts";
import { type AskAdmin, createAskAdmin } from "../shopify/ask-admin.server.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop, type Shop } from "../shopify/shop-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface BackFillJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  crypto: Pick<Crypto, "marks">;
  /** The shop's Admin API, with a token that is good for some minutes. */
  adminOf(shopDomain: string): Promise<AdminGraphql>;
}

const SWEEP_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 15 * 60_000;
const NAMES_AFTER_MS = 2_000;

/** What reads from Shopify instead of waiting for deliveries. @returns the function that stops the sweep. */
export function startBackFillJobs({ db, queue, log, crypto, adminOf }: BackFillJobsOptions): () => void {
  const now = (): Date => new Date();
  const askOf = (shop: Shop): AskAdmin => createAskAdmin(() => adminOf(shop.domain));
  const onChangedOf =
    (shop: Shop) =>
    async (tx: Sql, customers: readonly string[] | ReadonlyMap<string, number>): Promise<void> => {
      const names = await touchCustomers(tx, shop.id, customers, now());
      // The transaction has to end first.
      if (names) await queue.ring("names", { shopId: shop.id }, { key: String(shop.id), delayMs: NAMES_AFTER_MS });
    };
  const ringProfiles = (shop: ShopId): Promise<void> => queue.ring("profiles", { shopId: shop }, { key: String(shop) });

  /** Shops that refused to be compared, until when they are not asked again. */
  const putOff = new Map<ShopId, number>();

  queue.work("back-fill", { concurrency: 2 }, async ({ shopId }, { signal }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const step = await advanceBackFill({
      db,
      shop: shop.id,
      ask: askOf(shop),
      marks: crypto.marks,
      signal,
      now,
      onChanged: onChangedOf(shop),
    });
    if (step.outcome === "waiting") {
      return queue.ring("back-fill", { shopId }, { key: String(shopId), delayMs: step.afterMs });
    }
    for (const { kind, reason } of step.failed) log.warn({ shop: shop.domain, kind, reason }, "back-fill given up");
    log.info({ shop: shop.domain }, "back-fill finished");
    await ringProfiles(shop.id);
  });

  queue.work("drift", { concurrency: 1 }, async ({ shopId }, { signal }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const looked = await lookForDrift({
      db,
      shop: shop.id,
      ask: askOf(shop),
      marks: crypto.marks,
      signal,
      now,
      onChanged: onChangedOf(shop),
    });
    switch (looked.outcome) {
      case "later":
        return queue.ring("drift", { shopId }, { key: String(shopId), delayMs: looked.afterMs });
      case "looked":
        if (looked.refused !== undefined) {
          putOff.set(shop.id, Date.now() + LOOK_EVERY_MS);
          log.warn({ shop: shop.domain, reason: looked.refused }, "shop not wholly compared with Shopify");
        }
        log.info({ shop: shop.domain, ...looked.repaired }, "shop compared with Shopify: records repaired");
        if (looked.repaired.customers + looked.repaired.orders > 0) await ringProfiles(shop.id);
    }
  });

  async function sweep(): Promise<void> {
    for (const shop of await shopsToBackFill(db)) {
      await queue.ring("back-fill", { shopId: shop }, { key: String(shop) });
    }
    for (const shop of await shopsToLookAt(db, new Date(Date.now() - LOOK_EVERY_MS))) {
      if ((putOff.get(shop) ?? 0) <= Date.now()) await queue.ring("drift", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
