import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { RecommendationSettings } from "./settings.ts";
import { readSettings } from "./settings-store.server.ts";

export type SettingsOf = (shop: ShopId) => Promise<RecommendationSettings>;

/** A change is seen everywhere within this time. */
const KNOWN_MS = 5_000;

/** Settings as they were read a moment ago. While the database is away, the last that were known. */
export function createSettingsOf(sql: Sql): SettingsOf {
  const known = new Map<ShopId, { settings: RecommendationSettings; until: number }>();
  return async (shop) => {
    const held = known.get(shop);
    if (held && held.until > performance.now()) return held.settings;
    const read = await readSettings(sql, shop).catch((error: unknown) => {
      if (!held) throw error;
      return held;
    });
    known.set(shop, { settings: read.settings, until: performance.now() + KNOWN_MS });
    return read.settings;
  };
}
