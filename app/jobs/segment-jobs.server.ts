import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { shopsToBuild } from "../segment/builds-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { buildSegments, type Built } from "./build.server.ts";
import type { Jobs } from "./catalogue.ts";
import { closeSegments } from "./close-segments.server.ts";
import type { Queue } from "./queue.ts";

export interface SegmentJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Pick<Clock, "now">;
  log: Log;
}

const LOOK_EVERY_MS = 15_000;
const COALESCE_MS = 1_000;

/** Decides segments whose rule or clocks are new for everybody, stretch by stretch, and puts members of removed ones out. @returns the function that stops the sweep. */
export function startSegmentJobs({ db, queue, clock, log }: SegmentJobsOptions): () => void {
  // On the embedded database a transaction holds the only connection.
  const customersAtOnce = db.embedded ? 25 : 500;

  queue.work("segments", { concurrency: 1 }, async ({ shopId }, { signal }) => {
    const shop = shopId as ShopId;
    const batch = { limit: customersAtOnce, coalesceMs: COALESCE_MS };
    const toTheEnd = async (step: () => Promise<Built>): Promise<void> => {
      for (let more = true; more && !signal.aborted;) {
        const built = await step();
        more = built.more;
        for (const audienceId of built.audiences) {
          await queue.ring("sync", { shopId, audienceId }, { key: String(audienceId), delayMs: COALESCE_MS });
        }
        for (const automationId of built.automations) {
          await queue.ring("automations", { shopId, automationId }, { key: String(automationId) });
        }
      }
    };
    await toTheEnd(() => closeSegments(db, shop, batch));
    await toTheEnd(() => buildSegments(db, shop, { ...batch, now: clock.now() }));
    await queue.ring("timers", {}, { key: "timers" });
    await queue.ring("watch", { shopId }, { key: String(shopId), delayMs: COALESCE_MS });
  });

  async function look(): Promise<void> {
    for (const shop of await shopsToBuild(db)) await queue.ring("segments", { shopId: shop }, { key: String(shop) });
  }
  const begin = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, LOOK_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
