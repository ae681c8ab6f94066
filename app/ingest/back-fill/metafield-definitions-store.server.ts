import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { MetafieldFact } from "../facts.ts";
import { metafieldKind } from "../metafields.ts";

export interface MetafieldDefinition {
  namespace: string;
  key: string;
  name: string;
  /** In Shopify's word. */
  type: string;
}

/** These are all there are. */
export async function keepDefinitions(
  tx: Sql,
  shop: ShopId,
  definitions: readonly MetafieldDefinition[],
): Promise<void> {
  await tx.query(
    `WITH given AS (
       SELECT * FROM json_to_recordset($2::json) AS given (namespace text, key text, name text, type text)
     ), gone AS (
       DELETE FROM metafield_definitions d WHERE d.shop_id = $1
         AND NOT EXISTS (SELECT FROM given WHERE given.namespace = d.namespace AND given.key = d.key)
     )
     INSERT INTO metafield_definitions AS kept (shop_id, namespace, key, name, type)
     SELECT $1, namespace, key, name, type FROM given ORDER BY namespace, key
     ON CONFLICT (shop_id, namespace, key) DO UPDATE SET name = excluded.name, type = excluded.type
       WHERE (kept.name, kept.type) <> (excluded.name, excluded.type)`,
    [shop, JSON.stringify(definitions)],
  );
}

/** Those that say something else than what is held. */
export async function changedMetafields(
  sql: Sql,
  shop: ShopId,
  facts: readonly MetafieldFact[],
): Promise<MetafieldFact[]> {
  const { rows } = await sql.query<{ place: string }>(
    `SELECT place FROM json_array_elements($2::json) WITH ORDINALITY AS given (fact, place)
     LEFT JOIN customer_metafields m ON m.shop_id = $1 AND m.customer_id = (fact->>'customerId')::bigint AND m.name = fact->>'name'
     WHERE m.value IS DISTINCT FROM nullif((fact->'value')::jsonb, 'null'::jsonb)`,
    [shop, JSON.stringify(facts.map(({ customerId, name, value }) => ({ customerId, name, value })))],
  );
  return rows.flatMap(({ place }) => facts.slice(Number(place) - 1, Number(place)));
}

/** The names ("custom.size") of the metafields that are held. */
export async function heldMetafields(sql: Sql, shop: ShopId): Promise<string[]> {
  const { rows } = await sql.query<{ name: string; type: string }>(
    "SELECT namespace || '.' || key AS name, type FROM metafield_definitions WHERE shop_id = $1 ORDER BY namespace, key",
    [shop],
  );
  return rows.flatMap(({ name, type }) => (metafieldKind(type) === null ? [] : [name]));
}
