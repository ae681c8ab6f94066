import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** A feed as the merchant sees it. Times are real. */
export interface Feed {
  id: number;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const USED_AGAIN_AFTER = "10 minutes";

export async function createFeed(sql: Sql, shop: ShopId, name: string, at: Date): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    "INSERT INTO content_feeds (shop_id, name, created_at) VALUES ($1, $2, $3) RETURNING id",
    [shop, name, at],
  );
  const [row] = rows;
  if (!row) throw new Error("A feed that was just written cannot be read back.");
  return row.id;
}

/** Those that work first, the newest first. */
export async function listFeeds(sql: Sql, shop: ShopId): Promise<Feed[]> {
  const { rows } = await sql.query<Feed>(
    `SELECT id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt" FROM content_feeds
     WHERE shop_id = $1 ORDER BY revoked_at DESC NULLS FIRST, created_at DESC, id DESC`,
    [shop],
  );
  return rows;
}

/** @returns false when the shop has no such feed that still works. */
export async function revokeFeed(sql: Sql, shop: ShopId, feedId: number, at: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE content_feeds SET revoked_at = $3 WHERE shop_id = $1 AND id = $2 AND revoked_at IS NULL",
    [shop, feedId, at],
  );
  return rowCount === 1;
}

/** Whether the feed works, and that it is used now. */
export async function useFeed(sql: Sql, shop: ShopId, feedId: number, now: Date): Promise<boolean> {
  const { rows } = await sql.query<{ works: boolean }>(
    `WITH used AS (
       UPDATE content_feeds SET last_used_at = $3 WHERE shop_id = $1 AND id = $2 AND revoked_at IS NULL
         AND (last_used_at IS NULL OR last_used_at < $3::timestamptz - interval '${USED_AGAIN_AFTER}')
     )
     SELECT revoked_at IS NULL AS works FROM content_feeds WHERE shop_id = $1 AND id = $2`,
    [shop, feedId, now],
  );
  return rows[0]?.works ?? false;
}
