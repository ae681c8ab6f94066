import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { CustomerFact, TagFact } from "../facts.ts";
import { type Reading, removedTagFacts } from "./node-facts.ts";

/**
 * That the tags are gone which are held of these customers and which they do not have any more. A tag that was said to be there
 * since `before` may be newer than what was read, and is left alone.
 * @param has the tags that were read, of all these customers
 */
export async function removedTags(
  tx: Sql,
  shop: ShopId,
  customers: readonly CustomerFact[],
  has: readonly TagFact[],
  { reading, before }: { reading: Reading; before: Date },
): Promise<TagFact[]> {
  if (customers.length === 0) return [];
  const { rows } = await tx.query<{ customer_id: string; tag_key: string; tag: string }>(
    `SELECT customer_id, tag_key, tag FROM customer_tags
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND present AND source_updated_at < $3`,
    [shop, customers.map(({ id }) => id), before],
  );
  const present = new Set(has.map(({ customerId, tagKey }) => `${customerId} ${tagKey}`));
  const gone = rows.filter((row) => !present.has(`${row.customer_id} ${row.tag_key}`));
  return [...Map.groupBy(gone, (row) => row.customer_id)].flatMap(([customerId, held]) =>
    removedTagFacts(
      customerId,
      held.map(({ tag }) => tag),
      reading,
    ),
  );
}
