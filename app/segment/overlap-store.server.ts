import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/**
 * How many customers are in just these of the given segments now. Segments are told by their place: the bit 2^n stands for the one with
 * index n. Nobody is counted twice; who is in none of them is left out.
 */
export async function countOverlap(
  sql: Sql,
  shop: ShopId,
  segmentIds: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql.query<{ mask: number; customers: number }>(
    `SELECT mask, count(*)::int AS customers FROM (
       SELECT bit_or(1 << (array_position($2::int[], segment_id) - 1)) AS mask FROM memberships
       WHERE shop_id = $1 AND segment_id = ANY($2::int[]) AND left_at IS NULL GROUP BY customer_id
     ) AS customers GROUP BY mask`,
    [shop, segmentIds],
  );
  return new Map(rows.map(({ mask, customers }) => [mask, customers]));
}
