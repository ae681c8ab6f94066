import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { IdentifierKind, IdentifierMention, IdentifierSource } from "./identifiers.ts";

/** Of each kind no more than the latest so many: wholesale customers have thousands of carts. */
const MOST_OF_A_KIND = 50;

const MENTIONS = `
WITH said (kind, value, source, at, verified, country) AS (
  SELECT 'customer_id', id::text, 'customer', created_at, false, NULL FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[])
  UNION ALL SELECT 'customer_id', deleted_id::text, 'merge', source_triggered_at, false, NULL FROM customer_merges
    WHERE shop_id = $1 AND deleted_id = ANY($2::bigint[])
  UNION ALL SELECT 'email', email, 'customer', created_at, coalesce(email_verified, false), NULL FROM customers
    WHERE shop_id = $1 AND id = ANY($2::bigint[])
  UNION ALL SELECT 'phone', phone, 'customer', created_at, false, country FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[])
  UNION ALL SELECT told.kind, told.value, 'order', o.ordered_at, false, NULL FROM orders o,
    LATERAL (VALUES ('email', o.email), ('phone', o.phone), ('cart_token', o.cart_token), ('checkout_token', o.checkout_token)) AS told (kind, value)
    WHERE o.shop_id = $1 AND o.buyer_id = ANY($2::bigint[])
  UNION ALL SELECT told.kind, told.value, 'checkout', c.started_at, false, NULL FROM checkouts c,
    LATERAL (VALUES ('email', c.email), ('cart_token', c.cart_token), ('checkout_token', c.token)) AS told (kind, value)
    WHERE c.shop_id = $1 AND c.customer_id = ANY($2::bigint[])
  UNION ALL SELECT 'client_id', client_id, 'event', occurred_at, false, NULL FROM events
    WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
  UNION ALL SELECT kind, value, 'api', NULL, false, NULL FROM api_identifiers
    WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND kind <> 'customer_id'
), counted AS (
  SELECT kind, value, source, count(*)::int AS times, min(at) AS first_at, max(at) AS last_at, bool_or(verified) AS verified,
    max(country) AS country
  FROM said WHERE btrim(value) <> '' GROUP BY kind, value, source
)
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY last_at DESC NULLS LAST, value) AS place FROM counted) AS placed
WHERE place <= $3`;

/**
 * What customers who are one person are known by, and where that was told: read from facts when somebody asks, so that nothing is
 * copied and nothing has to be kept in step.
 */
export async function readIdentifiers(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<IdentifierMention[]> {
  const { rows } = await sql.query<{
    kind: IdentifierKind;
    value: string;
    source: IdentifierSource;
    times: number;
    first_at: Date | null;
    last_at: Date | null;
    verified: boolean;
    country: string | null;
  }>(MENTIONS, [shop, customerIds, MOST_OF_A_KIND]);
  return rows.map(({ first_at, last_at, ...row }) => ({ ...row, firstAt: first_at, lastAt: last_at }));
}
