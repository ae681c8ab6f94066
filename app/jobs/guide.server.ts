import { readBackFill } from "../ingest/back-fill/back-fill-store.server.ts";
import type { Sql } from "../platform/db.server.ts";
import { hasFeedbackSince } from "../recommendation/report-store.server.ts";
import { hasOwnSegment } from "../segment/segment-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isGuideDismissed, readPixel } from "../shopify/shop-store.server.ts";
import { listDestinations } from "../sync/destination-store.server.ts";

/** What a shop has to have before Muster does all it can, each found out and not ticked. */
export interface Guide {
  dismissed: boolean;
  backFill: "not begun" | "under way" | "failed" | "done";
  pixel: boolean;
  /** A browser told of a block within the last 30 days. */
  storefront: boolean;
  destination: boolean;
  /** Somebody published one; those that every shop begins with do not count. */
  segment: boolean;
}

const SEEN_WITHIN_MS = 30 * 86_400_000;

/** @param realNow real time, as browsers' feedback has it */
export async function readGuide(sql: Sql, shop: ShopId, realNow: Date): Promise<Guide> {
  const destinations = await listDestinations(sql, shop);
  return {
    dismissed: await isGuideDismissed(sql, shop),
    backFill: stateOf((await readBackFill(sql, shop)).map(({ state }) => state)),
    pixel: (await readPixel(sql, shop)).webPixelId !== null,
    storefront: await hasFeedbackSince(sql, shop, new Date(realNow.getTime() - SEEN_WITHIN_MS)),
    destination: destinations.some(({ leaving }) => !leaving),
    segment: await hasOwnSegment(sql, shop),
  };
}

function stateOf(states: readonly string[]): Guide["backFill"] {
  if (states.length === 0) return "not begun";
  if (states.every((state) => state === "done")) return "done";
  return states.every((state) => state === "done" || state === "failed") ? "failed" : "under way";
}
