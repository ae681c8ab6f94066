import type { Sql } from "../platform/db.server.ts";
import { readAbsorbed } from "../profile/identity/persons-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** What the members of a segment bought. */
export interface MembersRevenue {
  segmentId: number;
  orders: number;
  /** Less what was given back, in minor units of the shop's currency. */
  revenueMinor: bigint;
}

/**
 * What was bought in (after, until] by people who were members at that moment, by segment. An order that makes somebody a member does not
 * count, one with which somebody leaves does. Test orders and cancelled ones are out, and those in another currency than the shop's.
 */
export async function revenueOfMembers(sql: Sql, shop: ShopId, after: Date, until: Date): Promise<MembersRevenue[]> {
  const absorbed = await readAbsorbed(sql, shop);
  const { rows } = await sql.query<{ segment_id: number; orders: number; revenue: string }>(
    `WITH bought AS MATERIALIZED (
       SELECT coalesce(absorbed.head, o.buyer_id) AS customer_id, o.ordered_at, o.gross_minor - coalesce((SELECT sum(amount_minor)
         FROM refund_transactions r WHERE r.shop_id = $1 AND r.order_id = o.id), 0) AS net
       FROM orders o LEFT JOIN unnest($4::bigint[], $5::bigint[]) AS absorbed (own, head) ON absorbed.own = o.buyer_id
       WHERE o.shop_id = $1 AND o.ordered_at > $2 AND o.ordered_at <= $3 AND o.buyer_id IS NOT NULL AND NOT o.test
         AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
         AND o.currency = coalesce((SELECT currency FROM shops WHERE id = $1), o.currency)
     )
     SELECT m.segment_id, count(*)::int AS orders, sum(greatest(b.net, 0))::bigint AS revenue
     FROM bought b JOIN memberships m ON m.shop_id = $1 AND m.customer_id = b.customer_id AND m.entered_at < b.ordered_at
       AND (m.left_at IS NULL OR m.left_at >= b.ordered_at)
     GROUP BY m.segment_id`,
    [shop, after, until, [...absorbed.keys()], [...absorbed.values()]],
  );
  return rows.map((row) => ({ segmentId: row.segment_id, orders: row.orders, revenueMinor: BigInt(row.revenue) }));
}
