import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ComparedCustomer, Reasons } from "./customer-rows.ts";
import { RECORD } from "./pairs-store.server.ts";
import { WAITING } from "./suspected.ts";

/** `open`: pairs that wait for a decision; `merged`: links there are; `not_same`: what the merchant said is two persons. */
export type ReviewView = "open" | "merged" | "not_same";

/** One of the two customers, as the shop has them, whatever profile they are part of. */
export interface ReviewedCustomer extends ComparedCustomer {
  createdAt: Date | null;
  emailConsent: string;
  /** Orders of this customer alone that count. */
  ordersCount: number;
  grossMinor: bigint;
  currency: string | null;
  lastOrderAt: Date | null;
}

export interface ReviewedPair {
  low: ReviewedCustomer;
  high: ReviewedCustomer;
  /** Null of a link nobody suspected beforehand, or whose suspicion has passed. */
  probability: number | null;
  reasons: Reasons;
  /** When it was merged, or said not to be the same, in real time. */
  decidedAt: Date | null;
  /** Merged by the threshold. */
  automatic: boolean;
}

interface PairRow {
  low: string;
  high: string;
  probability: number | null;
  reasons: Reasons | null;
  decidedAt: Date | null;
  automatic: boolean;
}

const OF_CUSTOMER = "($2::bigint IS NULL OR p.low_id = $2 OR p.high_id = $2)";

const PAIRS: Record<ReviewView, string> = {
  open: `SELECT p.low_id AS low, p.high_id AS high, p.probability, p.reasons, NULL::timestamptz AS "decidedAt", false AS automatic
    FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND ${WAITING} ORDER BY p.probability DESC, p.low_id, p.high_id`,
  merged: `SELECT p.low_id AS low, p.high_id AS high, d.probability, d.reasons, p.linked_at AS "decidedAt", p.automatic
    FROM profile_links p LEFT JOIN duplicate_pairs d ON d.shop_id = p.shop_id AND d.low_id = p.low_id AND d.high_id = p.high_id
    WHERE p.shop_id = $1 AND ${OF_CUSTOMER} ORDER BY p.linked_at DESC, p.low_id, p.high_id`,
  not_same: `SELECT p.low_id AS low, p.high_id AS high, p.probability, p.reasons, p.decided_at AS "decidedAt", false AS automatic
    FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND p.state = 'not_same' ORDER BY p.decided_at DESC, p.low_id, p.high_id`,
};

const CUSTOMERS = `
SELECT ${RECORD}, c.created_at AS "createdAt", coalesce(n.state, 'unknown') AS "emailConsent",
  coalesce(o.count, 0) AS "ordersCount", coalesce(o.gross, 0)::text AS gross, o.currency, o.last_at AS "lastOrderAt"
FROM customers c
LEFT JOIN consents n ON n.shop_id = c.shop_id AND n.customer_id = c.id AND n.channel = 'email'
LEFT JOIN LATERAL (
  SELECT count(*)::int AS count, sum(gross_minor) AS gross, max(currency) AS currency, max(ordered_at) AS last_at FROM orders
  WHERE shop_id = c.shop_id AND buyer_id = c.id AND NOT test AND cancelled_at IS NULL AND deleted_at IS NULL) o ON true
WHERE c.shop_id = $1 AND c.id = ANY($2::bigint[])`;

/** A page of pairs: the likeliest first, those that were decided the latest first. @param options.customerId null: everybody's. */
export async function listReviewed(
  sql: Sql,
  shop: ShopId,
  options: { view: ReviewView; customerId: string | null; offset: number; limit: number },
): Promise<{ pairs: ReviewedPair[]; more: boolean }> {
  const { rows } = await sql.query<PairRow>(`${PAIRS[options.view]} LIMIT $3 OFFSET $4`, [
    shop,
    options.customerId,
    options.limit + 1,
    options.offset,
  ]);
  const page = rows.slice(0, options.limit);
  const ids = [...new Set(page.flatMap(({ low, high }) => [low, high]))];
  const customers = await sql.query<ReviewedCustomer & { gross: string }>(CUSTOMERS, [shop, ids]);
  const byId = new Map(
    customers.rows.map(({ gross, ...customer }) => [customer.customerId, { ...customer, grossMinor: BigInt(gross) }]),
  );
  const pairs = page.flatMap(({ low, high, reasons, ...pair }) => {
    const [one, other] = [byId.get(low), byId.get(high)];
    return one && other ? [{ ...pair, low: one, high: other, reasons: reasons ?? {} }] : [];
  });
  return { pairs, more: rows.length > options.limit };
}

/** How many pairs wait for a decision. @param customerId null: everybody's. */
export async function countWaiting(sql: Sql, shop: ShopId, customerId: string | null = null): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND ${WAITING}`,
    [shop, customerId],
  );
  return rows[0]?.count ?? 0;
}
