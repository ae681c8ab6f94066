import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { View } from "./live-sessions.ts";

/** A view as it was recorded; ids only grow, though one that was begun earlier may be there later. */
export type RecordedView = View & { id: number };

/** Views of products, and additions to a cart (which a list makes without a view), that web pixels told since then, after an id, the newest `limit` of them, in the order they were recorded. */
export async function readViews(
  sql: Sql,
  shop: ShopId,
  { since, afterId, limit }: { since: Date; afterId: number; limit: number },
): Promise<RecordedView[]> {
  const { rows } = await sql.query<{ id: string; client_id: string; product_id: string; occurred_at: Date }>(
    `SELECT id, client_id, product_id, occurred_at FROM events
     WHERE shop_id = $1 AND kind IN ('storefront.product_viewed', 'storefront.product_added_to_cart') AND occurred_at > $2 AND id > $3
       AND client_id IS NOT NULL AND product_id IS NOT NULL
     ORDER BY id DESC LIMIT $4`,
    [shop, since, afterId, limit],
  );
  return rows.toReversed().map((row) => ({
    id: Number(row.id),
    clientId: row.client_id,
    productId: row.product_id,
    at: row.occurred_at,
  }));
}
