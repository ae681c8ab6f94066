import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { View } from "./live-sessions.ts";
import type { EventsEnd } from "./read-behind.ts";

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

/** Those of these browsers of which nothing is recorded (any more). */
export async function withoutEvents(sql: Sql, shop: ShopId, clientIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM unnest($2::text[]) AS given (id)
     WHERE NOT EXISTS (SELECT FROM events e WHERE e.shop_id = $1 AND e.client_id = given.id)`,
    [shop, clientIds],
  );
  return rows.map(({ id }) => id);
}

export async function readEventsEnd(sql: Sql): Promise<EventsEnd> {
  const { rows } = await sql.query<{ last: string; oldest: string; next: string }>(
    `SELECT coalesce((SELECT max(id) FROM events), 0) AS last, pg_snapshot_xmin(now)::text AS oldest, pg_snapshot_xmax(now)::text AS next
     FROM pg_current_snapshot() AS now`,
  );
  const [row] = rows;
  if (!row) throw new Error("No snapshot.");
  return { last: Number(row.last), oldest: BigInt(row.oldest), next: BigInt(row.next) };
}

/** Those of these shops whose visitors did something after an event: for who follows many shops at once. */
export async function shopsWithViews(sql: Sql, shops: readonly ShopId[], afterId: number): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT DISTINCT shop_id FROM events
     WHERE id > $2 AND shop_id = ANY($1::int[]) AND kind IN ('storefront.product_viewed', 'storefront.product_added_to_cart')`,
    [shops, afterId],
  );
  return rows.map((row) => row.shop_id);
}
