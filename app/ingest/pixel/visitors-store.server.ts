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
  const merged = merges.flatMap(({ deletedId, keptId }) => [deletedId, keptId]);
  if (merged.length > 0) await queueVisitorsOf(tx, shop, merged, receivedAt);
}

/** Queues the browsers that these customers ordered with, or anybody who is one person with them: before they are merged, linked or parted. */
export async function queueVisitorsOf(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  receivedAt: Date,
): Promise<void> {
  await tx.query(QUEUE(OF_PERSONS), [shop, receivedAt, customerIds]);
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

const OF_PERSONS = `
WITH RECURSIVE everybody (id) AS (
  SELECT id FROM unnest($3::bigint[]) AS given (id)
  UNION SELECT next.id FROM everybody JOIN LATERAL (
    SELECT deleted_id AS id FROM customer_merges WHERE shop_id = $1 AND kept_id = everybody.id
    UNION ALL SELECT kept_id FROM customer_merges WHERE shop_id = $1 AND deleted_id = everybody.id
    UNION ALL SELECT high_id FROM profile_links WHERE shop_id = $1 AND low_id = everybody.id
    UNION ALL SELECT low_id FROM profile_links WHERE shop_id = $1 AND high_id = everybody.id) next ON true
)
SELECT c.client_id FROM everybody JOIN orders o ON o.shop_id = $1 AND o.buyer_id = everybody.id AND o.customer_id IS NOT NULL
JOIN visitor_claims c ON c.shop_id = $1 AND c.token IN (o.checkout_token, o.cart_token)
UNION
SELECT c.client_id FROM everybody JOIN checkouts k ON k.shop_id = $1 AND k.customer_id = everybody.id
JOIN visitor_claims c ON c.shop_id = $1 AND c.token IN (k.token, k.cart_token)`;
