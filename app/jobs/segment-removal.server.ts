import type { Clock } from "../platform/clock.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { rearmAutomations } from "../segment/automations/automations-store.server.ts";
import { cancelRuns } from "../segment/automations/runs-store.server.ts";
import { removeSegment, restoreSegment } from "../segment/removal-store.server.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop } from "../shopify/shop-store.server.ts";
import type { Retired } from "../sync/destination-store.server.ts";
import { ensureAudiences } from "../sync/projection-store.server.ts";
import { retireAudiences, reviveAudiences } from "../sync/retire-store.server.ts";
import { t } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export type RemovalAnswer = { outcome: "done" } | { outcome: "refused"; reason: string } | { outcome: "unknown_shop" };

export interface SegmentRemoval {
  /**
   * @param given.lists what becomes of its lists at the e-mail platforms
   * @param given.exits whether exit automations run for its members; if not, what its automations have still to do is not done either
   */
  remove(
    shopDomain: string,
    segmentId: number,
    given: { lists: Retired; exits: "silent" | "announced"; author: string },
  ): Promise<RemovalAnswer>;
  restore(shopDomain: string, segmentId: number, by: string): Promise<RemovalAnswer>;
}

export function createSegmentRemoval(options: {
  db: Db;
  clock: Pick<Clock, "now">;
  queue: Queue<Jobs>;
}): SegmentRemoval {
  const { db, clock, queue } = options;
  return {
    async remove(shopDomain, segmentId, { lists, exits, author }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const removal = await db.tx(async (tx) => {
        const given = { by: author, now: clock.now(), exits: exits === "announced" };
        const answer = await removeSegment(tx, shop.id, segmentId, given);
        if (answer.outcome === "removed") {
          await retireAudiences(tx, shop.id, segmentId, lists);
          if (exits === "silent") await cancelRuns(tx, shop.id, segmentId);
          const name = await segmentName(tx, shop.id, segmentId);
          const after = { lists, automations: exits };
          await recordChange(tx, shop.id, { author, subject: "segment", action: "removed", name, after });
        }
        return answer;
      });
      switch (removal.outcome) {
        case "removed":
          await queue.ring("segments", { shopId: shop.id }, { key: String(shop.id) });
          return { outcome: "done" };
        case "used":
          return {
            outcome: "refused",
            reason: t("It cannot be removed while other segments ask for it: {names}. Change their rules first.", {
              names: removal.by.join(", "),
            }),
          };
        case "not_found":
          return { outcome: "refused", reason: t("This segment does not exist any more.") };
      }
    },

    async restore(shopDomain, segmentId, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const restoration = await db.tx(async (tx) => {
        const answer = await restoreSegment(tx, shop.id, segmentId);
        if (answer.outcome === "restored") {
          await reviveAudiences(tx, shop.id, segmentId);
          await rearmAutomations(tx, shop.id, segmentId, clock.now());
          const name = await segmentName(tx, shop.id, segmentId);
          await recordChange(tx, shop.id, { author: by, subject: "segment", action: "restored", name });
        }
        return answer;
      });
      switch (restoration.outcome) {
        case "restored":
          await ensureAudiences(db, shop.id, { now: new Date(), receivedAt: null, dueAfterMs: 0 });
          await queue.ring("segments", { shopId: shop.id }, { key: String(shop.id) });
          return { outcome: "done" };
        case "not_found":
          return { outcome: "refused", reason: t("This segment is not among the removed ones any more.") };
        case "unknown_segments":
          return {
            outcome: "refused",
            reason: t("Its rule asks for a segment that is not there: {keys}. Restore that one first.", {
              keys: restoration.keys.join(", "),
            }),
          };
        case "cycle":
          return {
            outcome: "refused",
            reason: t("With its rule the segments would ask for each other in a circle: {keys}.", {
              keys: restoration.keys.join(", "),
            }),
          };
      }
    },
  };
}

async function segmentName(sql: Sql, shop: ShopId, segmentId: number): Promise<string | null> {
  return (await segmentNames(sql, shop)).find(({ id }) => id === segmentId)?.name ?? null;
}
