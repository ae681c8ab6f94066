import { PARTS } from "../ingest/parts.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { enqueueProfiles } from "../profile/profile-store.server.ts";
import { sweepProfiles } from "../profile/quality/check-profiles.server.ts";
import { shopsToCheck } from "../profile/quality/findings-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface QualityJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Pick<Clock, "now">;
  log: Log;
}

const LOOK_EVERY_MS = 60_000;
const SWEEP_EVERY_MS = 24 * 3_600_000;

/** Looks at the data of every profile once a day; changed ones are looked at when they change. @returns the function that stops it. */
export function startQualityJobs({ db, queue, clock, log }: QualityJobsOptions): () => void {
  queue.work("quality", { concurrency: 1 }, async ({ shopId }, { signal }) => {
    const shop = shopId as ShopId;
    const times = () => ({ now: clock.now(), real: new Date() });
    const changed = await sweepProfiles(db, shop, { signal, times });
    if (changed.length === 0) return;
    await enqueueProfiles(db, shop, new Map(changed.map((id) => [id, PARTS.quality])), new Date());
    await queue.ring("profiles", { shopId }, { key: String(shopId) });
  });

  async function look(): Promise<void> {
    for (const shop of await shopsToCheck(db, new Date(Date.now() - SWEEP_EVERY_MS))) {
      await queue.ring("quality", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, LOOK_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
