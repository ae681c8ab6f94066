import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { widthWith } from "./blend/evidence.ts";
import { type Blend, extrasOf } from "./blend/learn-blend.ts";
import { recordChanges } from "./changes-store.server.ts";
import type { CustomerList, ShownProduct } from "./list.ts";
import { type Rules, rulesSchema } from "./rules.ts";

/** Customers whose list is to be made anew, because something happened: before all those whose list is made again. */
export async function enqueueRecommendations(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  receivedAt: Date,
): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.query(
    `INSERT INTO recommendation_queue AS waiting (shop_id, customer_id, received_at)
     SELECT $1, id, $3 FROM unnest($2::bigint[]) AS given (id) ORDER BY id
     ON CONFLICT (shop_id, customer_id) DO UPDATE SET revision = waiting.revision + 1, again = false,
       received_at = CASE WHEN waiting.again THEN excluded.received_at ELSE waiting.received_at END`,
    [shop, customerIds, receivedAt],
  );
  await recordChanges(tx, shop, customerIds);
}

/** After a training, or a change of the rules: every profile's list is made again. */
export async function enqueueAllRecommendations(sql: Sql, shop: ShopId, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO recommendation_queue AS waiting (shop_id, customer_id, received_at, again)
     SELECT $1, customer_id, $2, true FROM profiles WHERE shop_id = $1 ORDER BY customer_id
     ON CONFLICT (shop_id, customer_id) DO UPDATE SET revision = waiting.revision + 1`,
    [shop, now],
  );
}

/**
 * Customers whose written list holds one of these products, or names one in a reason, wait to have it made again; `limit` profiles are looked at, in the order of
 * their ids. @returns the last of them, after which to go on; null when there are no more.
 */
export async function enqueueListing(
  sql: Sql,
  shop: ShopId,
  productIds: readonly string[],
  { after, limit, now }: { after: string; limit: number; now: Date },
): Promise<string | null> {
  const { rows } = await sql.query<{ last: string | null }>(
    `WITH looked_at AS MATERIALIZED (
       SELECT customer_id, recommended FROM profiles WHERE shop_id = $1 AND customer_id > $3 ORDER BY customer_id LIMIT $4
     ), waiting AS (
       INSERT INTO recommendation_queue AS waiting (shop_id, customer_id, received_at, again)
       SELECT $1, customer_id, $5::timestamptz, true FROM looked_at
       WHERE EXISTS (SELECT FROM jsonb_array_elements(recommended -> 'items') item
         WHERE item ->> 'id' = ANY($2::text[]) OR item #>> '{reason,productId}' = ANY($2::text[]))
       ORDER BY customer_id
       ON CONFLICT (shop_id, customer_id) DO UPDATE SET revision = waiting.revision + 1
     )
     SELECT max(customer_id) AS last FROM looked_at`,
    [shop, productIds, after, limit, now],
  );
  return rows[0]?.last ?? null;
}

export interface Waiting {
  customerId: string;
  revision: number;
  /** Nothing happened: the list is made again because all are. */
  again: boolean;
}

/** The customers who waited longest, those to whom something happened first; they are left in the queue until their list is written. */
export async function waitingCustomers(sql: Sql, shop: ShopId, limit: number): Promise<Waiting[]> {
  const { rows } = await sql.query<{ customer_id: string; revision: number; again: boolean }>(
    `SELECT customer_id, revision, again FROM recommendation_queue WHERE shop_id = $1
     ORDER BY shop_id, again, received_at, customer_id LIMIT $2`,
    [shop, limit],
  );
  return rows.map((row) => ({ customerId: row.customer_id, revision: row.revision, again: row.again }));
}

/** Since when the customer who waits longest for a list, because something happened, does; null when nobody waits. */
export async function oldestWaiting(sql: Sql, shop: ShopId): Promise<Date | null> {
  const { rows } = await sql.query<{ since: Date | null }>(
    "SELECT min(received_at) AS since FROM recommendation_queue WHERE shop_id = $1 AND NOT again",
    [shop],
  );
  return rows[0]?.since ?? null;
}

/** Shops with customers that wait, with lists to keep, or whose first training was begun: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithRecommendations(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT shop_id FROM recommendation_queue UNION SELECT shop_id FROM recommendation_models
     UNION SELECT shop_id FROM recommendation_trainings`,
  );
  return rows.map((row) => row.shop_id);
}

/**
 * Writes the lists of customers and takes them off the queue; one that changed meanwhile stays on it.
 * @returns the customers whose list is another one now.
 */
export async function writeCustomerLists(
  tx: Sql,
  shop: ShopId,
  lists: readonly (Omit<Waiting, "again"> & { list: CustomerList })[],
): Promise<string[]> {
  if (lists.length === 0) return [];
  const given = JSON.stringify(lists.map(({ customerId, revision, list }) => ({ id: customerId, revision, list })));
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE profiles SET recommended = given.list
     FROM json_to_recordset($2::json) AS given (id bigint, list jsonb)
     WHERE shop_id = $1 AND customer_id = given.id AND recommended IS DISTINCT FROM given.list
     RETURNING customer_id AS id`,
    [shop, given],
  );
  await tx.query(
    `DELETE FROM recommendation_queue waiting USING json_to_recordset($2::json) AS given (id bigint, revision int)
     WHERE waiting.shop_id = $1 AND waiting.customer_id = given.id AND waiting.revision = given.revision`,
    [shop, given],
  );
  return rows.map(({ id }) => id);
}

/** Writes the lists beside products; an empty one removes what stood there. */
export async function writeProductLists(
  sql: Sql,
  shop: ShopId,
  lists: readonly { productId: string; items: ShownProduct[] }[],
  now: Date,
): Promise<void> {
  const gone = lists.filter(({ items }) => items.length === 0).map(({ productId }) => productId);
  if (gone.length > 0) {
    await sql.query("DELETE FROM product_recommendations WHERE shop_id = $1 AND product_id = ANY($2::bigint[])", [
      shop,
      gone,
    ]);
  }
  const kept = lists.filter(({ items }) => items.length > 0);
  if (kept.length === 0) return;
  await sql.query(
    `INSERT INTO product_recommendations AS kept (shop_id, product_id, items, computed_at)
     SELECT $1, id, items, $3 FROM json_to_recordset($2::json) AS given (id bigint, items jsonb) ORDER BY id
     ON CONFLICT (shop_id, product_id) DO UPDATE SET items = excluded.items, computed_at = excluded.computed_at
       WHERE kept.items IS DISTINCT FROM excluded.items`,
    [shop, JSON.stringify(kept.map(({ productId, items }) => ({ id: productId, items }))), now],
  );
}

/** What stands beside a product; null when nothing was made for it yet. */
export async function readProductList(sql: Sql, shop: ShopId, productId: string): Promise<ShownProduct[] | null> {
  const { rows } = await sql.query<{ items: ShownProduct[] }>(
    "SELECT items FROM product_recommendations WHERE shop_id = $1 AND product_id = $2",
    [shop, productId],
  );
  return rows[0]?.items ?? null;
}

/** What stands beside several products, in their order; one that has no list is left out. */
export async function readProductLists(
  sql: Sql,
  shop: ShopId,
  productIds: readonly string[],
): Promise<ShownProduct[][]> {
  const { rows } = await sql.query<{ items: ShownProduct[] }>(
    `SELECT r.items FROM unnest($2::bigint[]) WITH ORDINALITY AS given (id, place)
     JOIN product_recommendations r ON r.shop_id = $1 AND r.product_id = given.id ORDER BY given.place`,
    [shop, productIds],
  );
  return rows.map((row) => row.items);
}

export async function readCustomerList(sql: Sql, shop: ShopId, customerId: string): Promise<CustomerList | null> {
  const { rows } = await sql.query<{ recommended: CustomerList | null }>(
    "SELECT recommended FROM profiles WHERE shop_id = $1 AND customer_id = $2",
    [shop, customerId],
  );
  return rows[0]?.recommended ?? null;
}

/** What somebody is shown of whom nothing is known; null before it was made. */
export async function readPopularList(sql: Sql, shop: ShopId): Promise<ShownProduct[] | null> {
  const { rows } = await sql.query<{ items: ShownProduct[] }>(
    "SELECT items FROM popular_recommendations WHERE shop_id = $1",
    [shop],
  );
  return rows[0]?.items ?? null;
}

export async function writePopularList(
  sql: Sql,
  shop: ShopId,
  items: readonly ShownProduct[],
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO popular_recommendations AS kept (shop_id, items, computed_at) VALUES ($1, $2, $3)
     ON CONFLICT (shop_id) DO UPDATE SET items = excluded.items, computed_at = excluded.computed_at
       WHERE kept.items IS DISTINCT FROM excluded.items`,
    [shop, JSON.stringify(items), now],
  );
}

export async function countLists(sql: Sql, shop: ShopId): Promise<{ products: number; profiles: number }> {
  const { rows } = await sql.query<{ products: number; profiles: number }>(
    `SELECT (SELECT count(*)::int FROM product_recommendations WHERE shop_id = $1) AS products,
       (SELECT count(*)::int FROM profiles WHERE shop_id = $1 AND recommended IS NOT NULL) AS profiles`,
    [shop],
  );
  return rows[0] ?? { products: 0, profiles: 0 };
}

/** The merchant's rules; the usual ones where none were set. */
export async function readRules(sql: Sql, shop: ShopId): Promise<Rules> {
  const { rows } = await sql.query<{ rules: unknown }>("SELECT rules FROM recommendation_rules WHERE shop_id = $1", [
    shop,
  ]);
  return rulesSchema.parse(rows[0]?.rules ?? {});
}

export async function writeRules(sql: Sql, shop: ShopId, rules: Rules): Promise<void> {
  await sql.query(
    `INSERT INTO recommendation_rules (shop_id, rules) VALUES ($1, $2)
     ON CONFLICT (shop_id) DO UPDATE SET rules = excluded.rules`,
    [shop, JSON.stringify(rules)],
  );
  // With it goes what of the rules the theme has to know.
  await sql.query("UPDATE storefront_lists SET seen_at = NULL, mark = NULL WHERE shop_id = $1 AND product_id = 0", [
    shop,
  ]);
}

export interface Training {
  trainedAt: Date;
  /** Orders that were known. */
  orders: number;
  blend: Blend;
}

/** When the newest training ended, whichever process it was in. */
export async function readTrainedAt(sql: Sql, shop: ShopId): Promise<Date | null> {
  const { rows } = await sql.query<{ trained_at: Date }>(
    "SELECT trained_at FROM recommendation_models WHERE shop_id = $1",
    [shop],
  );
  return rows[0]?.trained_at ?? null;
}

export async function readTraining(sql: Sql, shop: ShopId): Promise<Training | null> {
  const { rows } = await sql.query<{ trained_at: Date; orders: number; blend: Blend }>(
    "SELECT trained_at, orders, blend FROM recommendation_models WHERE shop_id = $1",
    [shop],
  );
  const [row] = rows;
  // What an older release learned over other features says nothing.
  if (!row || row.blend.net.mean.length !== widthWith(extrasOf(row.blend))) return null;
  const { mean, scale, linear, weights, bias, out } = row.blend.net;
  const net = {
    mean: Float64Array.from(mean),
    scale: Float64Array.from(scale),
    linear: Float64Array.from(linear),
    weights: Float64Array.from(weights),
    bias: Float64Array.from(bias),
    out: Float64Array.from(out),
  };
  return { trainedAt: row.trained_at, orders: row.orders, blend: { ...row.blend, net } };
}

export async function writeTraining(sql: Sql, shop: ShopId, { trainedAt, orders, blend }: Training): Promise<void> {
  await sql.query(
    `INSERT INTO recommendation_models (shop_id, trained_at, orders, blend) VALUES ($1, $2, $3, $4)
     ON CONFLICT (shop_id) DO UPDATE SET trained_at = excluded.trained_at, orders = excluded.orders, blend = excluded.blend`,
    [
      shop,
      trainedAt,
      orders,
      JSON.stringify(blend, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value)),
    ],
  );
}
