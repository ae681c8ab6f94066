import { createHash } from "node:crypto";
import type { Sql } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";

interface CustomerRow {
  customer_id: string;
  orders_count: number;
  gross_minor: string;
  refunded_minor: string;
  first_order_at: Date;
  last_order_at: Date;
  segments: string[];
}

/**
 * SHA-256 over one line per customer with an order, sorted bytewise:
 * `id|orders|grossPence|refundedPence|firstOrder|lastOrder|segments`, names of current segments sorted and joined by commas.
 */
export async function stateHash(sql: Sql, shop: ShopId): Promise<string> {
  const { rows } = await sql.query<CustomerRow>(
    `SELECT p.customer_id, p.orders_count, p.gross_minor, p.refunded_minor, p.first_order_at, p.last_order_at,
       array(SELECT s.name FROM memberships m JOIN segments s ON s.id = m.segment_id
             WHERE m.shop_id = $1 AND m.customer_id = p.customer_id AND m.left_at IS NULL) AS segments
     FROM profiles p WHERE p.shop_id = $1 AND p.orders_count > 0`,
    [shop],
  );
  const lines = rows.map((row) => Buffer.from(`${lineOf(row)}\n`));
  const hash = createHash("sha256");
  for (const line of lines.sort(Buffer.compare)) hash.update(line);
  return hash.digest("hex");
}

function lineOf(row: CustomerRow): string {
  return [
    row.customer_id,
    row.orders_count,
    row.gross_minor,
    row.refunded_minor,
    row.first_order_at.toISOString(),
    row.last_order_at.toISOString(),
    row.segments.sort().join(","),
  ].join("|");
}
