import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { attributeGuestOrders } from "../profile/identity/attribute-guests.server.ts";
import { shopsWithPendingGuests } from "../profile/identity/guest-orders-store.server.ts";
import { attributeNames } from "../profile/merchant-api/attribute-names.server.ts";
import { shopsWithPendingNames } from "../profile/merchant-api/names-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface NamesJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Pick<Clock, "now">;
  log: Log;
}

const SWEEP_EVERY_MS = 15_000;
const NAMES_AT_ONCE = 200;

/** Whose what the merchant's own systems told is, and whose the orders are that name no customer. @returns the function that stops the sweep. */
export function startNamesJobs({ db, queue, clock, log }: NamesJobsOptions): () => void {
  queue.work("names", { concurrency: 2 }, async ({ shopId }) => {
    const shop = shopId as ShopId;
    const names = () => attributeNames(db, shop, { limit: NAMES_AT_ONCE, now: clock.now() });
    const guests = () => attributeGuestOrders(db, shop, NAMES_AT_ONCE);
    for (const attribute of [names, guests]) {
      for (let taken = NAMES_AT_ONCE; taken === NAMES_AT_ONCE;) {
        const looked = await attribute();
        taken = looked.taken;
        if (looked.customers.length > 0) await queue.ring("profiles", { shopId }, { key: String(shopId) });
      }
    }
  });

  async function sweep(): Promise<void> {
    for (const shop of new Set([...(await shopsWithPendingNames(db)), ...(await shopsWithPendingGuests(db))])) {
      await queue.ring("names", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}
