import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** A customer whose facts changed, and the last transaction that said so; or, for nobody, an order that is nobody's now, or that somebody was erased. */
export interface Change {
  customerId: string;
  orderId: string;
  position: bigint;
}

/** In the place of a customer. */
export const NOBODY = "-1";

/** What is at or after it was written by a server that this database was moved from, whose transactions were counted further. */
const NEXT = "(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint";

/** In the transaction that makes the customers wait for their lists. */
export async function recordChanges(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO recommendation_changes (shop_id, customer_id) SELECT $1, id FROM unnest($2::bigint[]) AS given (id)
     ON CONFLICT DO NOTHING`,
    [shop, customerIds],
  );
}

/** In the transaction that erases somebody, whose orders these were: nothing that is written says who. */
export async function recordForgotten(tx: Sql, shop: ShopId, orderIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO recommendation_changes (shop_id, customer_id, order_id)
     SELECT $1, $2, id FROM (SELECT 0::bigint AS id UNION SELECT unnest($3::bigint[])) AS given ON CONFLICT DO NOTHING`,
    [shop, NOBODY, orderIds],
  );
}

/** Where somebody has to begin who knows everything there is now: whatever is not visible yet is written at or after it. */
export async function changesBegin(sql: Sql): Promise<bigint> {
  const { rows } = await sql.query<{ next: string }>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next");
  return BigInt(rows[0]?.next ?? 0);
}

/**
 * Each customer who changed at or after a position, once, and where to go on from: at the oldest transaction that was still running, so
 * that of those after it some are told again. Null: older changes were dropped, and what happened is not known.
 */
export async function readChanges(
  sql: Sql,
  shop: ShopId,
  from: bigint,
): Promise<{ changes: Change[]; next: bigint } | null> {
  const { rows } = await sql.query<{
    next: string;
    customer_id: string | null;
    order_id: string;
    position: string | null;
  }>(
    `SELECT pg_snapshot_xmin(now)::text AS next, changed.customer_id, changed.order_id, changed.position FROM pg_current_snapshot() AS now
     LEFT JOIN (SELECT customer_id, order_id, max(position) AS position FROM recommendation_changes
       WHERE shop_id = $1 AND position >= $2 AND position < ${NEXT} GROUP BY customer_id, order_id) changed ON true
     ORDER BY changed.position, changed.customer_id, changed.order_id`,
    [shop, from],
  );
  const changes = rows.flatMap(({ customer_id: customerId, order_id: orderId, position }): Change[] =>
    customerId === null || position === null ? [] : [{ customerId, orderId, position: BigInt(position) }],
  );
  if (changes.some(({ customerId }) => customerId === "0")) return null;
  return { changes, next: BigInt(rows[0]?.next ?? from) };
}

/** Those of these shops in which somebody changed at or after a position: for who follows many shops at once. */
export async function shopsWithChanges(sql: Sql, shops: readonly { shop: ShopId; from: bigint }[]): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT given.shop_id FROM unnest($1::int[], $2::bigint[]) AS given (shop_id, position) WHERE EXISTS (
       SELECT FROM recommendation_changes c
       WHERE c.shop_id = given.shop_id AND c.position >= given.position AND c.position < ${NEXT})`,
    [shops.map(({ shop }) => shop), shops.map(({ from }) => from)],
  );
  return rows.map((row) => row.shop_id);
}

/** Drops what is older, and says so to whoever has not read up to there. Of transactions that may still be running nothing is dropped. */
export async function trimChanges(sql: Sql, shop: ShopId, before: Date): Promise<void> {
  await sql.query(
    `WITH old AS (
       SELECT max(position) AS position FROM recommendation_changes WHERE shop_id = $1 AND customer_id <> 0 AND at < $2
         AND position < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
     ), gone AS (
       DELETE FROM recommendation_changes c USING old WHERE c.shop_id = $1 AND (c.position <= old.position OR c.position >= ${NEXT})
     )
     INSERT INTO recommendation_changes (shop_id, position, customer_id, at)
     SELECT $1, position, 0, $2 FROM old WHERE position IS NOT NULL ON CONFLICT DO NOTHING`,
    [shop, before],
  );
}
