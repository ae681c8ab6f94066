import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ToldTotals } from "./bulk-line.ts";

/** What a customer did before the first order that is held: to be added to the totals that facts give. */
export interface OpeningBalance {
  customerId: string;
  orders: number;
  /** Net of refunds. */
  spentMinor: bigint;
  currency: string;
  /** The latest order Shopify knew of when it was asked; it may be held or not. */
  lastOrderAt: Date | null;
}

/** Keeps what Shopify told of customers; of two readings the later. */
export async function recordTold(tx: Sql, shop: ShopId, told: readonly ToldTotals[], readAt: Date): Promise<void> {
  if (told.length === 0) return;
  await tx.query(
    `INSERT INTO opening_balances AS kept (shop_id, customer_id, told_orders, told_spent_minor, currency, last_order_id, last_order_at, read_at)
     SELECT $1, customer_id, told_orders, told_spent_minor, currency, last_order_id, last_order_at, $3 FROM json_to_recordset($2::json) AS given
       (customer_id bigint, told_orders int, told_spent_minor bigint, currency text, last_order_id bigint, last_order_at timestamptz)
     ON CONFLICT (shop_id, customer_id) DO UPDATE SET told_orders = excluded.told_orders, told_spent_minor = excluded.told_spent_minor,
       currency = excluded.currency, last_order_id = excluded.last_order_id, last_order_at = excluded.last_order_at, read_at = excluded.read_at
     WHERE excluded.read_at >= kept.read_at`,
    [
      shop,
      JSON.stringify(
        told.map(({ customerId, orders, spentMinor, currency, lastOrder }) => ({
          customer_id: customerId,
          told_orders: orders,
          told_spent_minor: spentMinor.toString(),
          currency,
          last_order_id: lastOrder?.id ?? null,
          last_order_at: lastOrder?.at ?? null,
        })),
      ),
      readAt,
    ],
  );
}

/**
 * Takes the orders held from what Shopify told. Which of them Shopify had counted is known by the last order it named, since ids rise;
 * where it named none, by the time. Chosen where the documents are silent: Shopify's count holds cancelled orders and no test
 * orders, its amount is net of refunds and holds neither. Without an earlier order there was nothing spent on one.
 */
export async function settleBalances(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE opening_balances b SET orders_count = greatest(b.told_orders - held.orders, 0),
       spent_minor = CASE WHEN b.told_orders > held.orders THEN greatest(b.told_spent_minor - held.spent, 0) ELSE 0 END
     FROM (
       SELECT told.customer_id, count(o.id)::int AS orders,
         coalesce(sum(o.gross_minor - coalesce(back.amount, 0)) FILTER (WHERE o.cancelled_at IS NULL OR o.cancelled_at > told.read_at), 0)::bigint AS spent
       FROM opening_balances told
       LEFT JOIN orders o ON o.shop_id = $1 AND o.buyer_id = told.customer_id AND o.customer_id IS NOT NULL AND NOT o.test AND o.deleted_at IS NULL
         AND CASE WHEN told.last_order_id IS NULL THEN o.ordered_at <= told.read_at ELSE o.id <= told.last_order_id END
       LEFT JOIN LATERAL (
         SELECT sum(amount_minor) AS amount FROM refund_transactions r
         WHERE r.shop_id = $1 AND r.order_id = o.id AND r.refunded_at <= told.read_at) back ON true
       WHERE told.shop_id = $1 AND told.customer_id = ANY($2::bigint[])
       GROUP BY told.customer_id
     ) held
     WHERE b.shop_id = $1 AND b.customer_id = held.customer_id`,
    [shop, customerIds],
  );
}

/** The opening balances of those among `customerIds` that have one. */
export async function readOpeningBalances(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<OpeningBalance[]> {
  const { rows } = await sql.query<{
    customer_id: string;
    orders_count: number;
    spent_minor: string;
    currency: string;
    last_order_at: Date | null;
  }>(
    `SELECT customer_id, orders_count, spent_minor, currency, last_order_at FROM opening_balances
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND orders_count > 0`,
    [shop, customerIds],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    orders: row.orders_count,
    spentMinor: BigInt(row.spent_minor),
    currency: row.currency,
    lastOrderAt: row.last_order_at,
  }));
}
