import { isShopErased } from "../ingest/erased/erased-store.server.ts";
import { dropArrivals, shopsWithArrivals } from "../ingest/inbox-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { Metrics } from "../platform/metrics.server.ts";
import { shopsWithQueuedProfiles } from "../profile/profile-store.server.ts";
import { nextTimer } from "../segment/timer-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop, type Shop } from "../shopify/shop-store.server.ts";
import { audiencesToHearFrom } from "../sync/consent/consent-store.server.ts";
import { hearConsents } from "../sync/consent/hear-consents.server.ts";
import { buildPart } from "../sync/csv/build-export.server.ts";
import { exportsToBuild } from "../sync/csv/exports-store.server.ts";
import { destinationsToTry } from "../sync/destination-store.server.ts";
import type { Destinations } from "../sync/destinations.ts";
import { dropOldEvents } from "../sync/events/events-store.server.ts";
import { reconcileAudience } from "../sync/reconcile.server.ts";
import { syncAudience } from "../sync/sync-audience.server.ts";
import { audiencesToCompare, dueAudiences, isComparisonDue } from "../sync/sync-store.server.ts";
import { tryConnection } from "../sync/try-connection.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";
import { recompute } from "./recompute.server.ts";
import { takeDueTimers } from "./take-due-timers.server.ts";
import { openShop, takeIn } from "./take-in.server.ts";

export interface PipelineOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  crypto: Crypto;
  destinations: Destinations;
}

/** Changes of one member that come within this time are sent as one. */
const COALESCE_MS = 1_000;
/** Recommendations follow within this time, and give way to what must be exact. */
const RECOMMEND_AFTER_MS = 2_000;
const SWEEP_EVERY_MS = 15_000;
/** The clock may be moved or the machine may sleep, so a timer far away is looked at again after this time. */
const LONGEST_TIMER_WAIT_MS = 60_000;
const TIMERS_AT_ONCE = 200;
const HEAR_EVERY_MS = 5 * 60_000;
const COMPARE_EVERY_MS = 24 * 3_600_000;

const realNow = (): Date => new Date();
const lastComparison = (): Date => new Date(Date.now() - COMPARE_EVERY_MS);

/**
 * Which job follows which: the stages return what changed, and what runs next is decided here. Every handler commits its effect
 * together with the row that says what is left to do, so a job that is lost or runs twice costs nothing.
 * @returns the function that stops the sweep.
 */
export function startPipeline(options: PipelineOptions): () => void {
  const { db, queue, clock, log, metrics, crypto, destinations } = options;
  // On the embedded database a transaction holds the only connection, so its batches are small.
  const deliveriesAtOnce = db.embedded ? 100 : 200;
  const profilesAtOnce = db.embedded ? 100 : 200;
  // After a back-fill everybody waits; a batch costs a score of statements, however many are in it.
  const mostProfilesAtOnce = db.embedded ? 100 : 1_000;

  queue.work("ingest", { concurrency: 2 }, async ({ shop: domain }) => {
    if (await isShopErased(db, domain, crypto.marks)) return dropArrivals(db, domain);
    const shop = await openShop(db, domain, clock.now());
    for (let taken = deliveriesAtOnce; taken === deliveriesAtOnce;) {
      const consumed = await takeIn(db, shop, deliveriesAtOnce, crypto.marks);
      taken = consumed.taken;
      if (consumed.dead > 0) log.warn({ shop: domain, dead: consumed.dead }, "deliveries set aside");
      if (consumed.shopChanged) await queue.ring("segments", { shopId: shop.id }, { key: String(shop.id) });
      if (consumed.bulkFinished) await queue.ring("back-fill", { shopId: shop.id }, { key: String(shop.id) });
      if (consumed.customers.size > 0) await queue.ring("profiles", { shopId: shop.id }, { key: String(shop.id) });
      if (consumed.names) await queue.ring("names", { shopId: shop.id }, { key: String(shop.id) });
      if (consumed.privacyRequests.length > 0)
        await queue.ring("privacy", { shopId: shop.id }, { key: String(shop.id) });
    }
    await queue.ring("visitors", { shopId: shop.id }, { key: String(shop.id) });
  });

  queue.work("profiles", { concurrency: 2 }, async ({ shopId }) => {
    const shop = shopId as ShopId;
    let limit = profilesAtOnce;
    for (let more = true; more; limit = Math.min(2 * limit, mostProfilesAtOnce)) {
      const batch = await recompute(db, shop, {
        limit,
        now: clock.now(),
        coalesceMs: COALESCE_MS,
      });
      more = batch.more;
      // Many wait: a second worker takes others of the same shop meanwhile. The embedded database has one connection.
      if (batch.taken === profilesAtOnce && !db.embedded) {
        await queue.ring("profiles", { shopId }, { key: `${shopId} beside` });
      }
      for (const receivedAt of batch.changedSince) metrics.membership.observe(Date.now() - receivedAt.getTime());
      if (batch.taken > 0) {
        await queue.ring("recommendations", { shopId }, { key: String(shopId), delayMs: RECOMMEND_AFTER_MS });
      }
      for (const audienceId of batch.audiences) await ringSync(shop, audienceId, COALESCE_MS);
      for (const automationId of batch.automations) {
        await queue.ring("automations", { shopId, automationId }, { key: String(automationId) });
      }
    }
    await ringTimers();
  });

  queue.work("timers", { concurrency: 1 }, async () => {
    for (let taken = TIMERS_AT_ONCE; taken === TIMERS_AT_ONCE;) {
      const due = await takeDueTimers(db, clock.now(), TIMERS_AT_ONCE);
      taken = due.taken;
      for (const shop of due.shops) await queue.ring("profiles", { shopId: shop }, { key: String(shop) });
    }
    await ringTimers();
  });

  queue.work("sync", { concurrency: 4 }, async ({ shopId, audienceId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const { marks } = crypto;
    const heard = await hearConsents({ db, shop: shop.id, marks, audienceId, destinations, now: realNow });
    if (heard.outcome === "waiting") return ringSync(shop.id, audienceId, heard.afterMs);
    if (heard.outcome === "heard") for (const touched of heard.audiences) await ringSync(shop.id, touched, 0);
    for (;;) {
      const result = await syncAudience({ db, shop: shop.id, audienceId, destinations, now: realNow });
      if (result.outcome === "paused") {
        return log.warn({ shop: shop.domain, audience: audienceId, reason: result.reason }, "audience paused");
      }
      for (const receivedAt of result.receivedAt) metrics.audience.observe(Date.now() - receivedAt.getTime());
      if (result.outcome === "settled") return compare(shop, audienceId);
      if (result.outcome === "waiting") return ringSync(shop.id, audienceId, result.nextAt.getTime() - Date.now());
    }
  });

  /**
   * Reads an audience back and mends what differs, once a day. It belongs to the sync job, so that the two never run at the same
   * time for one audience.
   */
  const compare = async (shop: Shop, audienceId: number): Promise<void> => {
    if (!(await isComparisonDue(db, shop.id, audienceId, lastComparison()))) return;
    const result = await reconcileAudience({ db, shop: shop.id, audienceId, destinations, now: realNow, repair: true });
    switch (result.outcome) {
      case "waiting":
        return ringSync(shop.id, audienceId, result.afterMs);
      case "paused":
        return log.warn({ shop: shop.domain, audience: audienceId, reason: result.reason }, "audience paused");
      case "untold":
        return;
      case "read":
        if (result.report.repaired === 0) return;
        log.info({ shop: shop.domain, audience: audienceId, repaired: result.report.repaired }, "audience mended");
        return ringSync(shop.id, audienceId, 0);
    }
  };

  queue.work("connection", { concurrency: 1 }, async ({ shopId, destinationId }) => {
    const audiences = await tryConnection({ db, shop: shopId as ShopId, destinationId, destinations, now: realNow });
    if (audiences.length > 0) log.info({ shopId, destinationId }, "a paused connection works again");
    for (const audienceId of audiences) await ringSync(shopId as ShopId, audienceId, 0);
  });

  queue.work("segment-export", { concurrency: 1 }, async ({ shopId, exportId }) => {
    while (await buildPart({ db, shop: shopId as ShopId, crypto, exportId, now: realNow }));
  });

  queue.work("sweep", { concurrency: 1 }, async () => {
    for (const shop of await shopsWithArrivals(db)) await queue.ring("ingest", { shop }, { key: shop });
    for (const shop of await shopsWithQueuedProfiles(db)) {
      await queue.ring("profiles", { shopId: shop }, { key: String(shop) });
    }
    const toHear = await audiencesToHearFrom(db, new Date(Date.now() - HEAR_EVERY_MS));
    const toSend = await dueAudiences(db, realNow());
    for (const due of [...toHear, ...toSend, ...(await audiencesToCompare(db, lastComparison()))]) {
      await ringSync(due.shopId, due.audienceId, 0);
    }
    await dropOldEvents(db, realNow());
    for (const { shopId, exportId } of await exportsToBuild(db, realNow())) {
      await queue.ring("segment-export", { shopId, exportId }, { key: exportId });
    }
    for (const { shopId, destinationId } of await destinationsToTry(db, realNow())) {
      await queue.ring("connection", { shopId, destinationId }, { key: String(destinationId) });
    }
    await ringTimers();
  });

  const ringSync = (shop: ShopId, audienceId: number, delayMs: number): Promise<void> =>
    queue.ring("sync", { shopId: shop, audienceId }, { key: String(audienceId), delayMs: Math.max(delayMs, 0) });

  const ringTimers = async (): Promise<void> => {
    const next = await nextTimer(db);
    if (!next) return;
    const wait = Math.min(Math.max(next.getTime() - clock.now().getTime(), 0), LONGEST_TIMER_WAIT_MS);
    await queue.ring("timers", {}, { key: "timers", delayMs: wait });
  };

  const sweep = (): void => void queue.ring("sweep", {}, { key: "sweep" });
  const stopListening = clock.onMove(() => void queue.ring("timers", {}, { key: "timers" }));
  const interval = setInterval(sweep, SWEEP_EVERY_MS);
  sweep();
  return () => {
    clearInterval(interval);
    stopListening();
  };
}
