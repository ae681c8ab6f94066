import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { CheckoutFact } from "./facts.ts";

/** Of orders that were just written: those without a customer are to be looked up, of the others nothing of a guest stays. */
export async function markWrittenGuests(tx: Sql, shop: ShopId, orderIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE orders SET guest_of = CASE WHEN customer_id IS NULL THEN guest_of END,
       guest_clues = CASE WHEN customer_id IS NULL THEN guest_clues ELSE '{}' END,
       guest_pending = customer_id IS NULL AND (guest_clues <> '{}' OR num_nonnulls(email, phone, cart_token, checkout_token) > 0)
     WHERE shop_id = $1 AND id = ANY($2::bigint[]) AND (customer_id IS NULL OR guest_clues <> '{}' OR guest_pending)`,
    [shop, orderIds],
  );
}

/**
 * Marks the orders without a customer that came from these checkouts, as they are and as they were, since whom a checkout names may change.
 * Belongs before the checkouts are written.
 */
export async function markGuestsOfCheckouts(
  tx: Sql,
  shop: ShopId,
  checkouts: readonly Pick<CheckoutFact, "token" | "cartToken">[],
): Promise<void> {
  if (checkouts.length === 0) return;
  const tokens = checkouts.map(({ token }) => token);
  const carts = checkouts.flatMap(({ cartToken }) => cartToken ?? []);
  await tx.query(
    `UPDATE orders SET guest_pending = true WHERE shop_id = $1 AND customer_id IS NULL AND NOT guest_pending AND id IN (
       SELECT id FROM orders WHERE shop_id = $1 AND checkout_token = ANY($2::text[])
       UNION SELECT id FROM orders WHERE shop_id = $1 AND cart_token = ANY($3::text[])
       UNION SELECT o.id FROM checkouts k JOIN orders o ON o.shop_id = $1 AND o.cart_token = k.cart_token
         WHERE k.shop_id = $1 AND k.token = ANY($2::text[]))`,
    [shop, tokens, carts],
  );
}
