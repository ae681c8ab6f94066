import { countUpTo } from "../../platform/count-up-to.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import { readAbsorbed, readPersons } from "../../profile/identity/persons-store.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Trial } from "../exploration.ts";

export interface Feedback {
  eventId: string;
  at: Date;
  placement: string;
  listKey: string;
  productId: string;
  kind: string;
  customerId: string | null;
  clientId: string | null;
  arm: string | null;
  /** It stood where new products are tried out. */
  explored: boolean;
}

/** A browser's word that a cart is its own. */
export interface CartClaim {
  clientId: string;
  token: string;
}

/** By itself a claim means nothing: an order that Shopify signed and that bears the token says whose the browser was. */
export async function insertCartClaims(sql: Sql, shop: ShopId, claims: readonly CartClaim[], now: Date): Promise<void> {
  if (claims.length === 0) return;
  await sql.query(
    `INSERT INTO visitor_claims (shop_id, client_id, token, claimed_at)
     SELECT DISTINCT $1::int, "clientId", token, $3::timestamptz FROM json_to_recordset($2::json) AS given ("clientId" text, token text)
     ORDER BY 3, 2 ON CONFLICT DO NOTHING`,
    [shop, JSON.stringify(claims), now],
  );
}

/** Keeps what is new and about products of the shop; the same word again, and the rest, is dropped. @returns how many were kept. */
export async function insertFeedback(sql: Sql, shop: ShopId, given: readonly Feedback[]): Promise<number> {
  if (given.length === 0) return 0;
  const { rowCount } = await sql.query(
    `INSERT INTO recommendation_feedback
       (shop_id, event_id, at, placement, list_key, product_id, kind, customer_id, client_id, arm, explored)
     SELECT $1, g."eventId", g.at, g.placement, g."listKey", g."productId", g.kind, g."customerId", g."clientId", g.arm, g.explored
     FROM json_to_recordset($2::json) AS g ("eventId" text, at timestamptz, placement text, "listKey" text, "productId" bigint,
       kind text, "customerId" bigint, "clientId" text, arm text, explored boolean)
     JOIN products p ON p.shop_id = $1 AND p.id = g."productId"
     ORDER BY g."eventId"
     ON CONFLICT DO NOTHING`,
    [shop, JSON.stringify(given)],
  );
  return rowCount ?? 0;
}

/** How often each product was shown and clicked where new ones are tried out, since then. */
export async function readTrials(sql: Sql, shop: ShopId, since: Date): Promise<Map<string, Trial>> {
  const { rows } = await sql.query<{ product_id: string; shown: number; clicked: number }>(
    `SELECT product_id, count(*) FILTER (WHERE kind = 'shown')::int AS shown, count(*) FILTER (WHERE kind = 'clicked')::int AS clicked
     FROM recommendation_feedback WHERE shop_id = $1 AND explored AND at > $2 GROUP BY product_id`,
    [shop, since],
  );
  return new Map(rows.map((row) => [row.product_id, { shown: row.shown, clicked: row.clicked }]));
}

interface UnwantedRow {
  customer_id: string;
  products: string[];
}

const UNWANTED = `SELECT customer_id, array_agg(DISTINCT product_id)::text[] AS products FROM recommendation_feedback
  WHERE shop_id = $1 AND kind = 'not_for_me'`;

/** What everybody said is not for them, by the customer whose profile it is. */
export async function readUnwanted(sql: Sql, shop: ShopId): Promise<Map<string, Set<string>>> {
  const { rows } = await sql.query<UnwantedRow>(`${UNWANTED} AND customer_id IS NOT NULL GROUP BY customer_id`, [shop]);
  const absorbed = await readAbsorbed(sql, shop);
  const unwanted = new Map<string, Set<string>>();
  for (const { customer_id: id, products } of rows) {
    const head = absorbed.get(id) ?? id;
    unwanted.set(head, new Set([...(unwanted.get(head) ?? []), ...products]));
  }
  return unwanted;
}

/** The same of these customers, by whoever of the same person; what was forgotten meanwhile is no longer unwanted. */
export async function readUnwantedOf(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const persons = await readPersons(sql, shop, customerIds);
  const membersOf = (id: string): readonly string[] => persons.get(id)?.members ?? [id];
  const { rows } = await sql.query<UnwantedRow>(
    `${UNWANTED} AND customer_id = ANY($2::bigint[]) GROUP BY customer_id`,
    [shop, customerIds.flatMap(membersOf)],
  );
  const found = new Map(rows.map((row) => [row.customer_id, row.products]));
  return new Map(customerIds.map((id) => [id, new Set(membersOf(id).flatMap((member) => found.get(member) ?? []))]));
}

/** Forgets what is older, at most `limit` of it. @returns how many rows went. */
export async function dropFeedbackBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM recommendation_feedback WHERE shop_id = $1 AND event_id IN
       (SELECT event_id FROM recommendation_feedback WHERE shop_id = $1 AND at < $2 ORDER BY at LIMIT $3)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}

/** How much is older; counting ends at `most`. */
export async function countFeedbackBefore(sql: Sql, shop: ShopId, before: Date, most: number): Promise<number> {
  return countUpTo(sql, "recommendation_feedback WHERE shop_id = $1 AND at < $2", [shop, before], most);
}
