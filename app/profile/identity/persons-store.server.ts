import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Person, personOf } from "./person.ts";

/**
 * From each customer along merges in Shopify and links in Muster, in both directions. `merged`: by way of those alone whom Shopify
 * merged into this one.
 */
const REACHED = `
WITH RECURSIVE reached (start, own, merged) AS (
  SELECT id, id, true FROM unnest($2::bigint[]) AS wanted (id)
    WHERE EXISTS (SELECT FROM customer_merges WHERE shop_id = $1) OR EXISTS (SELECT FROM profile_links WHERE shop_id = $1)
  UNION SELECT reached.start, next.id, reached.merged AND next.merged FROM reached JOIN LATERAL (
    SELECT deleted_id AS id, true AS merged FROM customer_merges WHERE shop_id = $1 AND kept_id = reached.own
    UNION ALL SELECT kept_id, false FROM customer_merges WHERE shop_id = $1 AND deleted_id = reached.own
    UNION ALL SELECT high_id, false FROM profile_links WHERE shop_id = $1 AND low_id = reached.own
    UNION ALL SELECT low_id, false FROM profile_links WHERE shop_id = $1 AND high_id = reached.own) next ON true)
SELECT start, own, merged, CASE WHEN c.id IS NOT NULL THEN c.deleted_at IS NULL
    ELSE EXISTS (SELECT FROM orders o WHERE o.shop_id = $1 AND o.buyer_id = own) END AS exists
FROM (SELECT start, own, bool_or(merged) AS merged FROM reached GROUP BY start, own) AS each
LEFT JOIN customers c ON c.shop_id = $1 AND c.id = own`;

/** The person each customer is part of, as links and merges are now; whoever is left out is a person alone. */
export async function readPersons(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, Person>> {
  if (customerIds.length === 0) return new Map();
  const { rows } = await sql.query<{ start: string; own: string; merged: boolean; exists: boolean }>(REACHED, [
    shop,
    customerIds,
  ]);
  const persons = new Map(
    [...Map.groupBy(rows, ({ start }) => start)].map(([start, reached]) => [
      start,
      personOf(
        start,
        reached.map(({ own, merged, exists }) => ({ customerId: own, merged, exists })),
      ),
    ]),
  );
  return new Map([...persons].filter(([, { members }]) => members.length > 1));
}

/** Whose profile each customer is part of, for all who are part of another's: empty in nearly every shop. */
export async function readAbsorbed(sql: Sql, shop: ShopId): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT deleted_id AS id FROM customer_merges WHERE shop_id = $1 UNION SELECT kept_id FROM customer_merges WHERE shop_id = $1
     UNION SELECT low_id FROM profile_links WHERE shop_id = $1 UNION SELECT high_id FROM profile_links WHERE shop_id = $1`,
    [shop],
  );
  const persons = await readPersons(
    sql,
    shop,
    rows.map(({ id }) => id),
  );
  return new Map(
    [...persons].flatMap(([id, { head }]): [string, string][] => (head !== null && head !== id ? [[id, head]] : [])),
  );
}

/** Those of the customers who are known and were not deleted. */
export async function existing(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT DISTINCT id FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[]) AND deleted_at IS NULL",
    [shop, customerIds],
  );
  return rows.map(({ id }) => id);
}

/** Both are one person from now on, whatever Shopify thinks. @returns false: they are linked already. */
export async function addLink(
  tx: Sql,
  shop: ShopId,
  pair: readonly [string, string],
  { automatic, now }: { automatic: boolean; now: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO profile_links (shop_id, low_id, high_id, automatic, linked_at)
     VALUES ($1, least($2::bigint, $3::bigint), greatest($2::bigint, $3::bigint), $4, $5) ON CONFLICT DO NOTHING`,
    [shop, ...pair, automatic, now],
  );
  return rowCount === 1;
}

/** @returns false: there was no such link. */
export async function removeLink(tx: Sql, shop: ShopId, pair: readonly [string, string]): Promise<boolean> {
  const { rowCount } = await tx.query(
    `DELETE FROM profile_links
     WHERE shop_id = $1 AND low_id = least($2::bigint, $3::bigint) AND high_id = greatest($2::bigint, $3::bigint)`,
    [shop, ...pair],
  );
  return rowCount === 1;
}
