import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

export interface Pending {
  deliveries: number;
  profiles: number;
  timers: number;
  members: number;
  recommendations: number;
  /** Browsers that may be a customer's. */
  visitors: number;
  /** Names that the merchant's own systems use, and orders that name no customer. */
  names: number;
}

/** What a shop still has to do, in rows: zero everywhere means that everything has settled. */
export async function pendingWork(sql: Sql, shop: ShopId, domain: string, businessNow: Date): Promise<Pending> {
  const { rows } = await sql.query<Record<keyof Pending, number>>(
    `SELECT (SELECT count(*)::int FROM inbox WHERE shop = $2 AND done_at IS NULL) AS deliveries,
       (SELECT count(*)::int FROM profile_queue WHERE shop_id = $1) AS profiles,
       (SELECT count(*)::int FROM timers WHERE shop_id = $1 AND due_at <= $3) AS timers,
       (SELECT count(*)::int FROM audience_members WHERE shop_id = $1 AND due_at IS NOT NULL) AS members,
       (SELECT count(*)::int FROM recommendation_queue WHERE shop_id = $1) AS recommendations,
       (SELECT count(*)::int FROM visitor_queue WHERE shop_id = $1) AS visitors,
       (SELECT count(*)::int FROM api_identifiers WHERE shop_id = $1 AND pending)
         + (SELECT count(*)::int FROM orders WHERE shop_id = $1 AND guest_pending) AS names`,
    [shop, domain, businessNow],
  );
  return rows[0] ?? { deliveries: 0, profiles: 0, timers: 0, members: 0, recommendations: 0, visitors: 0, names: 0 };
}

/** So many wait in a shop that is behind; one that keeps up has fewer at any time. */
const BEHIND = 500;

/** Whether many deliveries of the shop wait to be read, or customers to be recomputed. */
export async function isBehind(sql: Sql, shop: { id: ShopId; domain: string }): Promise<boolean> {
  const { rows } = await sql.query<{ behind: boolean }>(
    `SELECT (SELECT count(*) FROM (SELECT FROM inbox WHERE shop = $2 AND done_at IS NULL LIMIT $3) AS waiting)
       + (SELECT count(*) FROM (SELECT FROM profile_queue WHERE shop_id = $1 LIMIT $3) AS waiting) >= $3 AS behind`,
    [shop.id, shop.domain, BEHIND],
  );
  return rows[0]?.behind ?? false;
}
