import { PARTS } from "../ingest/parts.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { compareShop } from "../profile/duplicates/compare-shop.server.ts";
import { shopsToCompare } from "../profile/duplicates/pairs-store.server.ts";
import { enqueueProfiles } from "../profile/profile-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop } from "../shopify/shop-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import { pendingWork } from "./pending-store.server.ts";
import type { Queue } from "./queue.ts";

export interface DuplicatesJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Pick<Clock, "now">;
  log: Log;
}

const SWEEP_EVERY_MS = 15_000;
const RELEARN_MS = 24 * 3_600_000;
/** What must be exact goes first, but nobody waits longer than this to be compared. */
const WAIT_BEHIND_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Looks for likely duplicates among new and changed customers. @returns the function that stops the sweep. */
export function startDuplicatesJobs({ db, queue, clock, log }: DuplicatesJobsOptions): () => void {
  const waitingSince = new Map<number, number>();

  queue.work("duplicates", { concurrency: 1 }, async ({ shopId }, { signal }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const since = waitingSince.get(shopId) ?? performance.now();
    const pending = await pendingWork(db, shop.id, shop.domain, clock.now());
    if (performance.now() - since < LONGEST_WAIT_MS && Object.values(pending).some((rows) => rows > 0)) {
      waitingSince.set(shopId, since);
      return queue.ring("duplicates", { shopId }, { key: String(shopId), delayMs: WAIT_BEHIND_MS });
    }
    waitingSince.delete(shopId);
    const changed = await compareShop(db, shop, { signal, now: () => clock.now(), real: () => new Date() });
    if (changed.length === 0) return;
    await enqueueProfiles(db, shop.id, new Map(changed.map((id) => [id, PARTS.quality])), new Date());
    await queue.ring("profiles", { shopId }, { key: String(shopId) });
  });

  async function sweep(): Promise<void> {
    for (const shop of await shopsToCompare(db, new Date(Date.now() - RELEARN_MS))) {
      await queue.ring("duplicates", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
