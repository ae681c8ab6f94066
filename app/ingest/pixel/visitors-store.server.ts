import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Facts } from "../facts.ts";

/**
 * Queues the browsers that claimed a cart or a checkout of these facts, as they are and as they were, since whose it is may change, and
 * those of customers who are merged. One statement where nobody is merged; belongs under the lock of the merge, before the facts are written.
 */
export async function queueVisitors(
  tx: Sql,
  shop: ShopId,
  { orders, checkouts, merges }: Pick<Facts, "orders" | "checkouts" | "merges">,
  receivedAt: Date,
): Promise<void> {
  if (orders.length + checkouts.length > 0) {
    const tokens = [
      ...orders.flatMap((order) => [order.checkoutToken, order.cartToken]),
      ...checkouts.flatMap((checkout) => [checkout.token, checkout.cartToken]),
    ];
    await tx.query(QUEUE(OF_FACTS), [
      shop,
      receivedAt,
      tokens.filter((token) => token !== null),
      orders.map(({ id }) => id),
      checkouts.map(({ token }) => token),
    ]);
  }
  if (merges.length === 0) return;
  await tx.query(QUEUE(OF_MERGED), [shop, receivedAt, merges.flatMap(({ deletedId, keptId }) => [deletedId, keptId])]);
}

const QUEUE = (clients: string): string => `
INSERT INTO visitor_queue (shop_id, client_id, received_at)
SELECT $1::int, client_id, $2::timestamptz FROM (${clients}) AS touched ORDER BY client_id
ON CONFLICT (shop_id, client_id) DO UPDATE SET received_at = least(visitor_queue.received_at, excluded.received_at)`;

const OF_FACTS = `
SELECT client_id FROM visitor_claims WHERE shop_id = $1 AND token = ANY ($3::text[])
UNION
SELECT c.client_id FROM orders o JOIN visitor_claims c ON c.shop_id = $1 AND c.token IN (o.checkout_token, o.cart_token)
WHERE o.shop_id = $1 AND o.id = ANY ($4::bigint[])
UNION
SELECT c.client_id FROM checkouts k JOIN visitor_claims c ON c.shop_id = $1 AND c.token = k.cart_token
WHERE k.shop_id = $1 AND k.token = ANY ($5::text[])`;

/** Everybody who was ever merged into one of those who are merged now may have ordered with the browser. */
const OF_MERGED = `
WITH RECURSIVE everybody (id) AS (
  SELECT id FROM unnest($3::bigint[]) AS given (id)
  UNION SELECT m.deleted_id FROM everybody JOIN customer_merges m ON m.shop_id = $1 AND m.kept_id = everybody.id
)
SELECT c.client_id FROM everybody JOIN orders o ON o.shop_id = $1 AND o.customer_id = everybody.id
JOIN visitor_claims c ON c.shop_id = $1 AND c.token IN (o.checkout_token, o.cart_token)
UNION
SELECT c.client_id FROM everybody JOIN checkouts k ON k.shop_id = $1 AND k.customer_id = everybody.id
JOIN visitor_claims c ON c.shop_id = $1 AND c.token IN (k.token, k.cart_token)`;

/**
 * Whose each browser is: the one customer whom orders and checkouts name that bear a token it claimed. A customer who was merged in
 * Shopify is the one who was kept. With two customers a browser is nobody's: a shared device is no evidence.
 */
const OWNERS = `
WITH bearers AS (
  SELECT c.client_id, o.customer_id FROM visitor_claims c
  JOIN orders o ON o.shop_id = $1 AND (o.checkout_token = c.token OR o.cart_token = c.token)
  WHERE c.shop_id = $1 AND c.client_id = ANY ($2::text[]) AND o.customer_id IS NOT NULL
  UNION
  SELECT c.client_id, k.customer_id FROM visitor_claims c
  JOIN checkouts k ON k.shop_id = $1 AND (k.token = c.token OR k.cart_token = c.token)
  WHERE c.shop_id = $1 AND c.client_id = ANY ($2::text[]) AND k.customer_id IS NOT NULL
),
persons AS (
  SELECT DISTINCT b.client_id, coalesce(kept.customer_id, b.customer_id) AS customer_id FROM bearers b
  LEFT JOIN LATERAL (
    WITH RECURSIVE chain (customer_id, depth) AS (
      SELECT m.kept_id, 1 FROM customer_merges m WHERE m.shop_id = $1 AND m.deleted_id = b.customer_id
      UNION ALL
      SELECT m.kept_id, depth + 1 FROM chain JOIN customer_merges m ON m.shop_id = $1 AND m.deleted_id = chain.customer_id
      WHERE depth < 20
    )
    SELECT customer_id FROM chain ORDER BY depth DESC LIMIT 1
  ) kept ON true
)
SELECT client_id, CASE WHEN count(*) = 1 THEN min(customer_id) END AS customer_id FROM persons GROUP BY client_id`;

/**
 * Takes browsers off the queue and gives what they did to whom they belong, or back to nobody. What it finds depends on the claims and facts of
 * now alone, so the order in which they came does not matter.
 * @returns how many it took, and the customers who gained or lost something.
 */
export async function attributeVisitors(
  tx: Sql,
  shop: ShopId,
  limit: number,
): Promise<{ taken: number; customers: string[]; receivedAt: Date | null }> {
  const { rows: queued } = await tx.query<{ client_id: string; received_at: Date }>(
    `DELETE FROM visitor_queue WHERE shop_id = $1 AND client_id = ANY(ARRAY(
       SELECT client_id FROM visitor_queue WHERE shop_id = $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))
     RETURNING client_id, received_at`,
    [shop, limit],
  );
  if (queued.length === 0) return { taken: 0, customers: [], receivedAt: null };
  const clients = queued.map((row) => row.client_id);
  const { rows } = await tx.query<{ was: string | null; is: string | null }>(
    `WITH owners AS MATERIALIZED (${OWNERS}),
     changed AS (
       SELECT e.id, e.customer_id AS was, o.customer_id AS "is" FROM events e
       LEFT JOIN owners o ON o.client_id = e.client_id
       WHERE e.shop_id = $1 AND e.client_id = ANY ($2::text[]) AND e.customer_id IS DISTINCT FROM o.customer_id
     ),
     written AS (UPDATE events e SET customer_id = c."is" FROM changed c WHERE e.id = c.id)
     SELECT DISTINCT was, "is" FROM changed`,
    [shop, clients],
  );
  const customers = new Set(rows.flatMap(({ was, is }) => [was, is]).filter((one) => one !== null));
  const receivedAt = queued.reduce((first, row) => (row.received_at < first ? row.received_at : first), new Date());
  return { taken: queued.length, customers: [...customers].toSorted(), receivedAt };
}

/** Shops with browsers in the queue: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithQueuedVisitors(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>("SELECT DISTINCT shop_id FROM visitor_queue");
  return rows.map((row) => row.shop_id);
}
