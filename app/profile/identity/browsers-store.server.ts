import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { readPersons } from "./persons-store.server.ts";

/** The customers whom orders and checkouts name that bear a token a browser claimed. Whom Shopify merged is the one who was kept. */
const BEARERS = `
WITH bearers AS (
  SELECT c.client_id, o.customer_id FROM visitor_claims c
  JOIN orders o ON o.shop_id = $1 AND (o.checkout_token = c.token OR o.cart_token = c.token)
  WHERE c.shop_id = $1 AND c.client_id = ANY ($2::text[]) AND o.customer_id IS NOT NULL
  UNION
  SELECT c.client_id, k.customer_id FROM visitor_claims c
  JOIN checkouts k ON k.shop_id = $1 AND (k.token = c.token OR k.cart_token = c.token)
  WHERE c.shop_id = $1 AND c.client_id = ANY ($2::text[]) AND k.customer_id IS NOT NULL
)
SELECT b.client_id, array_agg(DISTINCT coalesce(kept.customer_id, b.customer_id))::text[] AS customers FROM bearers b
LEFT JOIN LATERAL (
  WITH RECURSIVE chain (customer_id, depth) AS (
    SELECT m.kept_id, 1 FROM customer_merges m WHERE m.shop_id = $1 AND m.deleted_id = b.customer_id
    UNION ALL
    SELECT m.kept_id, depth + 1 FROM chain JOIN customer_merges m ON m.shop_id = $1 AND m.deleted_id = chain.customer_id
    WHERE depth < 20
  )
  SELECT customer_id FROM chain ORDER BY depth DESC LIMIT 1
) kept ON true
GROUP BY b.client_id`;

/**
 * Takes browsers off the queue and gives what they did to whom they belong, or back to nobody. What it finds depends on the claims, facts
 * and links of now alone, so the order in which they came does not matter.
 * @returns how many it took, and the customers who gained or lost something: events of which kinds.
 */
export async function attributeVisitors(
  tx: Sql,
  shop: ShopId,
  limit: number,
): Promise<{ taken: number; customers: Map<string, Set<string>>; receivedAt: Date | null }> {
  const { rows: queued } = await tx.query<{ client_id: string; received_at: Date }>(
    `DELETE FROM visitor_queue WHERE shop_id = $1 AND client_id = ANY(ARRAY(
       SELECT client_id FROM visitor_queue WHERE shop_id = $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))
     RETURNING client_id, received_at`,
    [shop, limit],
  );
  if (queued.length === 0) return { taken: 0, customers: new Map(), receivedAt: null };
  const clients = queued.map((row) => row.client_id);
  const owners = await readOwners(tx, shop, clients);
  const { rows } = await tx.query<{ was: string | null; is: string | null; kind: string }>(
    `WITH owners AS MATERIALIZED (SELECT * FROM unnest($3::text[], $4::bigint[]) AS given (client_id, customer_id)),
     changed AS (
       SELECT e.id, e.kind, e.customer_id AS was, o.customer_id AS "is" FROM events e
       LEFT JOIN owners o ON o.client_id = e.client_id
       WHERE e.shop_id = $1 AND e.client_id = ANY ($2::text[]) AND e.customer_id IS DISTINCT FROM o.customer_id
     ),
     written AS (UPDATE events e SET customer_id = c."is" FROM changed c WHERE e.id = c.id)
     SELECT DISTINCT was, "is", kind FROM changed`,
    [shop, clients, [...owners.keys()], [...owners.values()]],
  );
  const customers = new Map<string, Set<string>>();
  for (const { was, is, kind } of rows) {
    for (const id of [was, is]) if (id !== null) customers.set(id, (customers.get(id) ?? new Set()).add(kind));
  }
  const receivedAt = queued.reduce((first, row) => (row.received_at < first ? row.received_at : first), new Date());
  return { taken: queued.length, customers, receivedAt };
}

/**
 * Whose each browser is: one person's, under the smallest id of the customers who ordered with it. With two persons a browser is
 * nobody's: a shared device is no evidence.
 */
async function readOwners(tx: Sql, shop: ShopId, clients: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ client_id: string; customers: string[] }>(BEARERS, [shop, clients]);
  const several = rows.filter(({ customers }) => customers.length > 1).flatMap(({ customers }) => customers);
  const persons = await readPersons(tx, shop, [...new Set(several)]);
  const owners = new Map<string, string>();
  for (const { client_id, customers } of rows) {
    // In the order of their ids, as the database aggregates them.
    const [smallest] = customers;
    const people = new Set(customers.map((id) => persons.get(id)?.members[0] ?? id));
    if (people.size === 1 && smallest !== undefined) owners.set(client_id, smallest);
  }
  return owners;
}

/** Shops with browsers in the queue: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithQueuedVisitors(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>("SELECT DISTINCT shop_id FROM visitor_queue");
  return rows.map((row) => row.shop_id);
}
