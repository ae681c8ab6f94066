import { isBackFilling } from "../ingest/back-fill/back-fill-store.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { oldestWaiting, shopsWithRecommendations } from "../recommendation/lists-store.server.ts";
import type { Recommender } from "../recommendation/recommender.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop, type Shop } from "../shopify/shop-store.server.ts";
import { projectAudiences, sendsRecommendations } from "../sync/projection-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import { isBehind } from "./pending-store.server.ts";
import type { Queue } from "./queue.ts";

const SWEEP_EVERY_MS = 15_000;
/** Between one look and the next at what other processes took off the queue. */
const FOLLOW_EVERY_MS = 1_000;
/** While many deliveries or profiles wait, lists would be made only to be made again; but nobody waits longer than this for one. */
const WAIT_BEHIND_MS = 2_000;
const LONGEST_WAIT_MS = 120_000;
/** A past that is being read is all the history there is to learn from, and memory is needed for it. */
const LONGEST_WAIT_FOR_PAST_MS = 3_600_000;
/** Lists that change within this time are told Shopify once. */
const TELL_AFTER_MS = 10_000;

/** A list is often made again soon after, by the next order or view. */
const SENT_AFTER_MS = 5_000;

/** Customers' new lists reach the audiences that send recommended products along; the sweep of audiences sends what is due. */
export async function sendNewLists(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void> {
  if (!(await sendsRecommendations(tx, shop))) return;
  await projectAudiences(tx, shop, customerIds, { now: new Date(), receivedAt: null, dueAfterMs: SENT_AFTER_MS });
}

/** Keeps recommendations as fresh as the facts. @returns the function that stops the sweep. */
export function startRecommendationJobs(options: {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  recommender: Recommender;
}): () => void {
  const { db, queue, log, recommender } = options;
  queue.work("recommendations", { concurrency: 1 }, async ({ shopId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    if (!(await isRipe(db, shop))) {
      return queue.ring("recommendations", { shopId }, { key: String(shopId), delayMs: WAIT_BEHIND_MS });
    }
    await recommender.refresh(shop.id);
    await queue.ring("storefront", { shopId }, { key: String(shopId), delayMs: TELL_AFTER_MS });
  });
  async function sweep(): Promise<void> {
    await recommender.letGo();
    for (const shop of await shopsWithRecommendations(db)) {
      await queue.ring("recommendations", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  let isFollowing = false;
  const follow = (): void => {
    if (isFollowing) return;
    isFollowing = true;
    void recommender
      .follow(async (id) => {
        const shop = await readShop(db, id);
        return shop !== null && isRipe(db, shop);
      })
      .catch((error: unknown) => log.warn({ err: error }, "changes not followed"))
      .finally(() => (isFollowing = false));
  };
  // The embedded database has one process, which makes every list itself.
  const following = db.embedded ? undefined : setInterval(follow, FOLLOW_EVERY_MS);
  return () => {
    clearInterval(interval);
    clearInterval(following);
  };
}

/** Whether lists that are made now will not be made again in a moment, or somebody has waited long enough for theirs. */
async function isRipe(db: Db, shop: Shop): Promise<boolean> {
  const waitingSince = await oldestWaiting(db, shop.id);
  const waited = waitingSince ? Date.now() - waitingSince.getTime() : Infinity;
  if (waited < LONGEST_WAIT_MS && (await isBehind(db, shop))) return false;
  return waited >= LONGEST_WAIT_FOR_PAST_MS || !(await isBackFilling(db, shop.id));
}
