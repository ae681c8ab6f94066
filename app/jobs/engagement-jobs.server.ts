import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { createAskAdmin } from "../shopify/ask-admin.server.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import { isInstalled, readScopes, readShop } from "../shopify/shop-store.server.ts";
import { reconsiderConsents } from "../sync/consent/reconsider-consents.server.ts";
import type { Destinations } from "../sync/destinations.ts";
import { destinationsToRead } from "../sync/engagement/engagement-store.server.ts";
import { readEngagement } from "../sync/engagement/read-engagement.server.ts";
import { shopsWithErrands } from "../sync/errands/errands-store.server.ts";
import { runErrands } from "../sync/errands/run-errands.server.ts";
import { giveBack } from "../sync/oauth/give-back.server.ts";
import { shopsWithPermissions } from "../sync/oauth/given-up-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface EngagementJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  crypto: Pick<Crypto, "marks">;
  destinations: Destinations;
  /** The shop's Admin API. */
  adminOf(shop: string): Promise<AdminGraphql>;
}

const SWEEP_EVERY_MS = 15_000;
const READ_EVERY_MS = 5 * 60_000;

/** What comes back from the platforms. @returns the function that stops the sweep. */
export function startEngagementJobs(options: EngagementJobsOptions): () => void {
  const { db, queue, log, crypto, destinations } = options;
  const { marks } = crypto;
  const now = (): Date => new Date();

  queue.work("engagement", { concurrency: 2 }, async ({ shopId, destinationId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const result = await readEngagement({ db, shop: shop.id, marks, destinationId, destinations, now });
    const line = { shop: shop.domain, destination: destinationId };
    switch (result.outcome) {
      case "fresh":
        return;
      case "waiting":
        return ring(shop.id, destinationId, result.afterMs);
      case "refused":
        return log.warn({ ...line, reason: result.reason }, "engagement cannot be read");
      case "read":
        if (result.recorded > 0) {
          log.info({ ...line, events: result.recorded }, "engagement read");
          await queue.ring("profiles", { shopId }, { key: String(shopId) });
        }
        await queue.ring("errands", { shopId }, { key: String(shopId) });
        for (const audienceId of result.audiences) {
          await queue.ring("sync", { shopId, audienceId }, { key: String(audienceId) });
        }
    }
  });

  queue.work("errands", { concurrency: 1 }, async ({ shopId }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const ask = createAskAdmin(() => options.adminOf(shop.domain));
    const scopes = await readScopes(db, shop.id);
    for (let more = true; more;) {
      const reconsidered = await reconsiderConsents(db, shop.id, now());
      more = reconsidered.more;
      for (const audienceId of reconsidered.audiences) {
        await queue.ring("sync", { shopId, audienceId }, { key: String(audienceId) });
      }
    }
    for (let more = true; more;) {
      const ran = await runErrands({ db, shop: shop.id, marks, destinations, ask, scopes, now });
      more = ran.done > 0;
      if (more) log.info({ shop: shop.domain, errands: ran.done }, "errands done");
      for (const audienceId of ran.audiences) {
        await queue.ring("sync", { shopId, audienceId }, { key: String(audienceId) });
      }
      if (ran.forgotten) await queue.ring("privacy", { shopId }, { key: String(shopId) });
    }
    const given = await giveBack({ db, shop: shop.id, destinations, now });
    if (given > 0) log.info({ shop: shop.domain, permissions: given }, "permissions given back");
  });

  const ring = (shop: ShopId, destinationId: number, delayMs = 0): Promise<void> =>
    queue.ring("engagement", { shopId: shop, destinationId }, { key: String(destinationId), delayMs });

  async function sweep(): Promise<void> {
    for (const due of await destinationsToRead(db, new Date(Date.now() - READ_EVERY_MS))) {
      await ring(due.shopId, due.destinationId);
    }
    for (const shop of new Set([...(await shopsWithErrands(db, now())), ...(await shopsWithPermissions(db, now()))])) {
      await queue.ring("errands", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
