import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop } from "../shopify/shop-store.server.ts";
import { type Destinations, HOOK_READERS } from "../sync/destinations.ts";
import { dropOldCalls, hooksToKeep, shopsWithCalls } from "../sync/hooks/hooks-store.server.ts";
import { keepHook } from "../sync/hooks/keep-hook.server.ts";
import { dropOldAttempts } from "../sync/oauth/attempts-store.server.ts";
import { takeCalls } from "../sync/hooks/take-calls.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface HookJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  crypto: Crypto;
  destinations: Destinations;
  /** Where the app is reached from outside. */
  appUrl: string;
}

const SWEEP_EVERY_MS = 15_000;
const REPEATED_FOR_MS = 3 * 86_400_000;

/** What platforms call about. @returns the function that stops the sweep. */
export function startHookJobs({ db, queue, log, crypto, destinations, appUrl }: HookJobsOptions): () => void {
  const now = (): Date => new Date();

  queue.work("hook", { concurrency: 1 }, async ({ shopId, destinationId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const kept = await keepHook({ db, shop: shop.id, destinationId, destinations, crypto, appUrl, now });
    const line = { shop: shop.domain, destination: destinationId };
    if (kept.outcome === "refused") log.info({ ...line, reason: kept.reason }, "the platform is polled alone");
  });

  queue.work("calls", { concurrency: 2 }, async ({ shopId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    for (let more = true; more;) {
      const { taken, audiences, recorded } = await takeCalls({
        db,
        shop: shop.id,
        marks: crypto.marks,
        destinations,
        now,
      });
      more = taken > 0;
      if (!more) return;
      log.info({ shop: shop.domain, calls: taken }, "calls of platforms taken in");
      // Whoever is out is taken off the lists first, then everybody else hears of it.
      for (const audienceId of audiences) {
        await queue.ring("sync", { shopId, audienceId }, { key: String(audienceId) });
      }
      if (recorded > 0) await queue.ring("profiles", { shopId }, { key: String(shopId) });
      await queue.ring("errands", { shopId }, { key: String(shopId) });
    }
  });

  async function sweep(): Promise<void> {
    for (const { shopId, destinationId } of await hooksToKeep(db, Object.keys(HOOK_READERS), now())) {
      await queue.ring("hook", { shopId, destinationId }, { key: String(destinationId) });
    }
    for (const shop of await shopsWithCalls(db, now())) {
      await queue.ring("calls", { shopId: shop }, { key: String(shop) });
    }
    await dropOldCalls(db, new Date(Date.now() - REPEATED_FOR_MS));
    await dropOldAttempts(db);
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
