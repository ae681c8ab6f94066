import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Placement } from "./proxy-request.ts";

/** What browsers told of the lists in one place of the theme. */
export interface PlacementUse {
  placement: Placement;
  shown: number;
  clicked: number;
  added: number;
  dismissed: number;
  lastShownAt: Date;
}

/** Places of the theme from which feedback came since then. */
export async function readPlacementUse(sql: Sql, shop: ShopId, since: Date): Promise<PlacementUse[]> {
  const { rows } = await sql.query<PlacementUse>(
    `SELECT placement, count(*) FILTER (WHERE kind = 'shown')::int AS shown, count(*) FILTER (WHERE kind = 'clicked')::int AS clicked,
       count(*) FILTER (WHERE kind = 'added')::int AS added, count(*) FILTER (WHERE kind = 'not_for_me')::int AS dismissed,
       max(at) AS "lastShownAt"
     FROM recommendation_feedback WHERE shop_id = $1 AND at > $2 GROUP BY placement ORDER BY placement`,
    [shop, since],
  );
  return rows;
}

/** Whether a browser told of any list since then. */
export async function hasFeedbackSince(sql: Sql, shop: ShopId, since: Date): Promise<boolean> {
  const { rows } = await sql.query("SELECT FROM recommendation_feedback WHERE shop_id = $1 AND at > $2 LIMIT 1", [
    shop,
    since,
  ]);
  return rows.length > 0;
}

/** A product to choose. */
export interface ProductChoice {
  id: string;
  title: string;
}

/** Products whose title holds a text, or whose id it is; those that are sold first. */
export async function findProducts(sql: Sql, shop: ShopId, query: string, limit: number): Promise<ProductChoice[]> {
  const { rows } = await sql.query<ProductChoice>(
    `SELECT id::text, coalesce(title, id::text) AS title FROM products
     WHERE shop_id = $1 AND deleted_at IS NULL AND (position(lower($2) IN lower(title)) > 0 OR id::text = $2)
     ORDER BY (status = 'active') DESC, lower(title), id LIMIT $3`,
    [shop, query.trim(), limit],
  );
  return rows;
}

/** Titles of products that are there. */
export async function readTitles(sql: Sql, shop: ShopId, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql.query<ProductChoice>(
    `SELECT id::text, coalesce(title, id::text) AS title FROM products
     WHERE shop_id = $1 AND deleted_at IS NULL AND id = ANY($2::bigint[])`,
    [shop, ids],
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}
