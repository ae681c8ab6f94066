import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type RecommendationSettings, settingsSchema } from "./settings.ts";

/** The usual ones where none were set, compared since the shop is there: null. */
export async function readSettings(
  sql: Sql,
  shop: ShopId,
): Promise<{ settings: RecommendationSettings; holdoutSince: Date | null }> {
  const { rows } = await sql.query<{ settings: unknown; holdout_since: Date }>(
    "SELECT settings, holdout_since FROM recommendation_settings WHERE shop_id = $1",
    [shop],
  );
  const [row] = rows;
  return { settings: settingsSchema.parse(row?.settings ?? {}), holdoutSince: row?.holdout_since ?? null };
}

/** Another share of people held out begins the comparison anew: who came in under the old one would weigh differently. */
export async function writeSettings(
  sql: Sql,
  shop: ShopId,
  settings: RecommendationSettings,
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO recommendation_settings AS kept (shop_id, settings, holdout_since)
     VALUES ($1, $2, CASE WHEN $3 THEN to_timestamp(0) ELSE $4::timestamptz END)
     ON CONFLICT (shop_id) DO UPDATE SET settings = excluded.settings, holdout_since = CASE
       WHEN kept.settings -> 'holdoutShare' = excluded.settings -> 'holdoutShare' THEN kept.holdout_since ELSE $4 END`,
    [shop, JSON.stringify(settings), settings.holdoutShare === settingsSchema.parse({}).holdoutShare, now],
  );
}
