import { metafieldKind } from "../ingest/metafields.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { createDictionary, type Dictionary, ownTrait, type ValueType, type Vocabulary } from "./language/dictionary.ts";

/** What rules of this shop can speak of beside the words all shops have. */
export async function readVocabulary(sql: Sql, shop: ShopId): Promise<Vocabulary> {
  const { rows } = await sql.query<{ name: string; type: ValueType }>(
    "SELECT name, type FROM trait_types WHERE shop_id = $1 ORDER BY name",
    [shop],
  );
  // A trait that Muster computes since then is Muster's.
  const own = rows.filter(({ name }) => ownTrait(`traits.${name}`) !== null);
  const defined = await sql.query<{ name: string; type: string }>(
    "SELECT namespace || '.' || key AS name, type FROM metafield_definitions WHERE shop_id = $1 ORDER BY namespace, key",
    [shop],
  );
  return {
    traits: Object.fromEntries(own.map(({ name, type }) => [name, type])),
    metafields: Object.fromEntries(defined.rows.map(({ name, type }) => [name, metafieldKind(type)])),
  };
}

/** The words in which a rule of this shop is written. */
export async function readDictionary(sql: Sql, shop: ShopId): Promise<Dictionary> {
  return createDictionary(await readVocabulary(sql, shop));
}
