import type { Sql } from "../../app/platform/db.server.ts";
import { toDecimal } from "../../app/platform/money.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";

export interface Figures {
  profiles: number;
  orders: number;
  segments: { name: string; members: number }[];
  dead: number;
  money: { gross: string; refunded: string; currency: string };
  refundedUnits: number;
}

/** What the database holds at the end, counted there and not where the traffic was made. Orders without a customer count. */
export async function readFigures(sql: Sql, shop: ShopId, domain: string): Promise<Figures> {
  const counting = "shop_id = $1 AND NOT test AND cancelled_at IS NULL AND deleted_at IS NULL";
  const { rows } = await sql.query<{
    profiles: number;
    orders: number;
    dead: number;
    gross: string;
    refunded: string;
    currency: string;
    units: number;
  }>(
    `SELECT (SELECT count(*)::int FROM profiles WHERE shop_id = $1) AS profiles,
       (SELECT count(*)::int FROM orders WHERE ${counting}) AS orders,
       (SELECT count(*)::int FROM dead_letters WHERE shop = $2) AS dead,
       (SELECT coalesce(sum(gross_minor), 0)::text FROM orders WHERE ${counting}) AS gross,
       (SELECT coalesce(sum(amount_minor), 0)::text FROM refund_transactions
          WHERE shop_id = $1 AND order_id IN (SELECT id FROM orders WHERE ${counting})) AS refunded,
       (SELECT coalesce(max(currency), 'GBP') FROM orders WHERE shop_id = $1) AS currency,
       (SELECT coalesce(sum(quantity), 0)::int FROM refund_lines WHERE shop_id = $1) AS units`,
    [shop, domain],
  );
  const [row] = rows;
  if (!row) throw new Error("The figures could not be read.");
  const segments = await sql.query<{ name: string; members: number }>(
    `SELECT s.name, count(m.customer_id)::int AS members FROM segments s
     LEFT JOIN memberships m ON m.shop_id = $1 AND m.segment_id = s.id AND m.left_at IS NULL
     WHERE s.shop_id = $1 GROUP BY s.id, s.name ORDER BY s.id`,
    [shop],
  );
  return {
    profiles: row.profiles,
    orders: row.orders,
    dead: row.dead,
    segments: segments.rows,
    money: {
      gross: toDecimal(BigInt(row.gross), row.currency),
      refunded: toDecimal(BigInt(row.refunded), row.currency),
      currency: row.currency,
    },
    refundedUnits: row.units,
  };
}
