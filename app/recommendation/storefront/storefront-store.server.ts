import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ShownProduct } from "../list.ts";

/** A list that Shopify may not know as it is now. */
export interface PendingList {
  productId: string;
  /** Null when there is no list any more. */
  items: ShownProduct[] | null;
  computedAt: Date | null;
  /** What was written last; null when nothing was, or it was taken back. */
  mark: string | null;
  /** The numbers within its reasons have waited long enough. */
  due: boolean;
}

const LISTS = `
(SELECT shop_id, product_id, items, computed_at FROM product_recommendations
 UNION ALL SELECT shop_id, 0, items, computed_at FROM popular_recommendations)`;
const PENDING = "(l.computed_at IS DISTINCT FROM s.seen_at OR s.due_at <= $1)";

export async function pendingLists(sql: Sql, shop: ShopId, now: Date, limit: number): Promise<PendingList[]> {
  const { rows } = await sql.query<{
    product_id: string;
    items: ShownProduct[] | null;
    computed_at: Date | null;
    mark: string | null;
    due: boolean | null;
  }>(
    `SELECT product_id, l.items, l.computed_at, s.mark, s.due_at <= $1 AS due
     FROM (SELECT * FROM ${LISTS} AS lists WHERE shop_id = $2) l
     FULL JOIN (SELECT * FROM storefront_lists WHERE shop_id = $2) s USING (product_id)
     WHERE ${PENDING} ORDER BY product_id LIMIT $3`,
    [now, shop, limit],
  );
  return rows.map((row) => ({
    productId: row.product_id,
    items: row.items,
    computedAt: row.computed_at,
    mark: row.mark,
    due: row.due ?? false,
  }));
}

/** What Shopify has of a list now, and when the rest of it is to be written. */
export interface SeenList {
  productId: string;
  seenAt: Date | null;
  mark: string | null;
  dueAt: Date | null;
}

export async function recordSeen(sql: Sql, shop: ShopId, seen: readonly SeenList[]): Promise<void> {
  if (seen.length === 0) return;
  await sql.query(
    `INSERT INTO storefront_lists (shop_id, product_id, seen_at, mark, due_at)
     SELECT $1, "productId", "seenAt", mark, "dueAt"
     FROM json_to_recordset($2::json) AS given ("productId" bigint, "seenAt" timestamptz, mark text, "dueAt" timestamptz)
     ON CONFLICT (shop_id, product_id) DO UPDATE
       SET seen_at = excluded.seen_at, mark = excluded.mark, due_at = excluded.due_at`,
    [shop, JSON.stringify(seen)],
  );
}

/** The app was installed anew: what Shopify knew went with the old installation. */
export async function forgetSeen(sql: Sql, shop: ShopId): Promise<void> {
  await sql.query("DELETE FROM storefront_lists WHERE shop_id = $1", [shop]);
}

/** For the sweep, which looks across shops and returns their keys only. */
export async function shopsWithPendingLists(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT DISTINCT shop_id FROM ${LISTS} AS l FULL JOIN storefront_lists s USING (shop_id, product_id) WHERE ${PENDING}`,
    [now],
  );
  return rows.map((row) => row.shop_id);
}
