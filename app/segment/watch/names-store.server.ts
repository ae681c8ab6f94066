import { foldCase } from "../../platform/fold-case.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Named, NamedKind } from "./names-in-rule.ts";

/** Whether something by that name is there, and whether anything of its kind is known at all: else nobody can tell. */
const KNOWN: Readonly<Record<NamedKind, { there: string; any: string }>> = {
  product: {
    there: "SELECT FROM products p WHERE p.shop_id = $1 AND p.id::text = named.name AND p.deleted_at IS NULL",
    any: "SELECT FROM products WHERE shop_id = $1",
  },
  collection: {
    there: "SELECT FROM collections c WHERE c.shop_id = $1 AND c.id::text = named.name AND c.deleted_at IS NULL",
    any: "SELECT FROM collections WHERE shop_id = $1",
  },
  product_tag: {
    there:
      "SELECT FROM products p WHERE p.shop_id = $1 AND p.deleted_at IS NULL AND p.tag_keys @> ARRAY[named.folded]::text[]",
    any: "SELECT FROM products WHERE shop_id = $1",
  },
  category: {
    there: "SELECT FROM products p WHERE p.shop_id = $1 AND p.deleted_at IS NULL AND p.category = named.name",
    any: "SELECT FROM products WHERE shop_id = $1",
  },
  customer_tag: {
    there: "SELECT FROM customer_tags t WHERE t.shop_id = $1 AND t.tag_key = named.folded AND t.present",
    any: "SELECT FROM profiles WHERE shop_id = $1",
  },
  segment: {
    there: "SELECT FROM segments s WHERE s.shop_id = $1 AND s.key = named.name AND s.removed_at IS NULL",
    any: "SELECT",
  },
  trait: {
    there: `SELECT FROM profile_traits t JOIN api_identifiers i ON i.shop_id = $1 AND i.id = t.identifier_id
      WHERE t.shop_id = $1 AND t.name = named.name AND t.value IS NOT NULL AND i.customer_id IS NOT NULL`,
    any: "SELECT FROM profiles WHERE shop_id = $1",
  },
};

/** Which of these are not in the shop any more, or never were. */
export async function goneNames(sql: Sql, shop: ShopId, names: readonly Named[]): Promise<Named[]> {
  const gone: Named[] = [];
  for (const [kind, ofKind] of Map.groupBy(names, (named) => named.kind)) {
    const { rows } = await sql.query<{ name: string }>(
      `SELECT name FROM unnest($2::text[], $3::text[]) AS named (name, folded)
       WHERE NOT EXISTS (${KNOWN[kind].there}) AND EXISTS (${KNOWN[kind].any})`,
      [shop, ofKind.map(({ name }) => name), ofKind.map(({ name }) => foldCase(name))],
    );
    gone.push(...rows.map(({ name }) => ({ kind, name })));
  }
  return gone;
}
