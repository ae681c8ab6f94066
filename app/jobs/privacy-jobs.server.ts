import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { buildExport, type ExportOptions } from "../privacy/build-export.server.ts";
import { erasePersonStep, type ErasureStep } from "../privacy/erase-person.server.ts";
import { eraseShopStep } from "../privacy/erase-shop.server.ts";
import { dropExpiredExports, shopsWithExpiredExports } from "../privacy/exports-store.server.ts";
import { openRequests, type OpenRequest, shopsWithOpenRequests } from "../privacy/privacy-requests-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readShop } from "../shopify/shop-store.server.ts";
import { dueAudiences } from "../sync/sync-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface PrivacyJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  crypto: Crypto;
}

const SWEEP_EVERY_MS = 15_000;
/** Overdue in a week is soon enough to look at by hand. */
const WARN_DAYS = 7;
const DAY_MS = 86_400_000;

/** Exports and erasures: a job for each shop that has something open. @returns the function that stops the sweep. */
export function startPrivacyJobs({ db, queue, log, crypto }: PrivacyJobsOptions): () => void {
  const now = (): Date => new Date();

  queue.work("privacy", { concurrency: 1 }, async ({ shopId }) => {
    const waits: number[] = [];
    for (const request of await openRequests(db, shopId as ShopId)) {
      const shop = await readShop(db, shopId as ShopId);
      if (!shop) return;
      const step = await advance({ db, shop, crypto, marks: crypto.marks, now }, request);
      if (step.outcome === "waiting") waits.push(step.afterMs);
      const line = { request: request.id, kind: request.kind, outcome: step.outcome };
      if (step.outcome === "waiting" && request.dueAt.getTime() - Date.now() < WARN_DAYS * DAY_MS) {
        log.warn(line, "privacy request is due soon");
      } else log.info(line, "privacy request");
    }
    await queue.ring("errands", { shopId }, { key: String(shopId) });
    await queue.ring("recommendations", { shopId }, { key: String(shopId) });
    for (const due of await dueAudiences(db, now())) {
      if (due.shopId !== shopId) continue;
      await queue.ring("sync", due, { key: String(due.audienceId) });
    }
    if (waits.length > 0) {
      await queue.ring("privacy", { shopId }, { key: String(shopId), delayMs: Math.min(...waits) });
    }
  });

  async function sweep(): Promise<void> {
    for (const shop of await shopsWithOpenRequests(db)) {
      await queue.ring("privacy", { shopId: shop }, { key: String(shop) });
    }
    for (const shop of await shopsWithExpiredExports(db, now())) await dropExpiredExports(db, shop, now());
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

async function advance(options: ExportOptions, request: OpenRequest): Promise<ErasureStep> {
  switch (request.kind) {
    case "data_request":
      await buildExport(options, request);
      return { outcome: "done" };
    case "customer_redact":
      return erasePersonStep(options, request);
    case "shop_redact":
      return eraseShopStep(options, request);
  }
}
