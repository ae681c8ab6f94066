import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import type { Product } from "./product.ts";
import type { OrderedBasket } from "./shop-history.ts";

interface OrderRow {
  id: string;
  customer_id: string | null;
  ordered_at: Date;
  products: string[];
}

/** Lines of orders `o` that were not all sent back. */
const KEPT = `l.product_id IS NOT NULL AND l.quantity > coalesce(
      (SELECT sum(r.quantity) FROM refund_lines r WHERE r.shop_id = $1 AND r.order_id = o.id AND r.line_id = l.id), 0)`;
/** Of orders that count, what was not all sent back. */
const ORDERS = `
SELECT o.id, o.buyer_id AS customer_id, o.ordered_at, array(
    SELECT l.product_id FROM order_lines l
    WHERE l.shop_id = $1 AND l.order_id = o.id AND ${KEPT}
    ORDER BY l.id)::text[] AS products
FROM orders o
WHERE o.shop_id = $1 AND NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL`;

/** All orders of a shop after one id, in the order of ids, `limit` at a time: [] once there are no more. */
export async function readOrdersAfter(sql: Sql, shop: ShopId, after: string, limit: number): Promise<OrderedBasket[]> {
  const { rows } = await sql.query<OrderRow>(`${ORDERS} AND o.id > $2 ORDER BY o.id LIMIT $3`, [shop, after, limit]);
  return rows.map(toBasket);
}

/** In the order of ids. Those of customers who are one person are all that one's whose profile it is; the others have none. */
export async function readOrdersOf(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<OrderedBasket[]> {
  const persons = await readPersons(sql, shop, customerIds);
  const personOf = new Map<string | null, string>();
  for (const id of customerIds) {
    const person = persons.get(id);
    if (!person) personOf.set(id, id);
    else if (person.head === id) for (const member of person.counts) personOf.set(member, id);
  }
  const { rows } = await sql.query<OrderRow>(`${ORDERS} AND o.buyer_id = ANY($2::bigint[]) ORDER BY o.id`, [
    shop,
    [...personOf.keys()],
  ]);
  return rows.map((row) => ({ ...toBasket(row), customerId: personOf.get(row.customer_id) ?? row.customer_id }));
}

/** Those of these orders that count and belong to nobody. */
export async function readOrdersOfNobody(
  sql: Sql,
  shop: ShopId,
  orderIds: readonly string[],
): Promise<OrderedBasket[]> {
  const { rows } = await sql.query<OrderRow>(
    `${ORDERS} AND o.id = ANY($2::bigint[]) AND o.buyer_id IS NULL ORDER BY o.id`,
    [shop, orderIds],
  );
  return rows.map(toBasket);
}

/** Those of these customers of whom there is no profile (any more). */
export async function withoutProfile(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id::text FROM unnest($2::bigint[]) AS given (id)
     WHERE NOT EXISTS (SELECT FROM profiles p WHERE p.shop_id = $1 AND p.customer_id = given.id)`,
    [shop, customerIds],
  );
  return rows.map(({ id }) => id);
}

/** In how many orders since `since` a product stands that was not all sent back, of orders that count. */
export async function countOrdersSince(sql: Sql, shop: ShopId, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ product_id: string; orders: number }>(
    `SELECT l.product_id, count(DISTINCT l.order_id)::int AS orders FROM orders o
     JOIN order_lines l ON l.shop_id = $1 AND l.order_id = o.id
     WHERE o.shop_id = $1 AND NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL AND o.ordered_at > $2 AND ${KEPT}
     GROUP BY l.product_id`,
    [shop, since],
  );
  return new Map(rows.map((row) => [row.product_id, row.orders]));
}

interface ProductRow {
  id: string;
  title: string | null;
  handle: string | null;
  vendor: string | null;
  product_type: string | null;
  status: string | null;
  tags: string[];
  image_url: string | null;
  price: string | null;
  in_stock: boolean | null;
  created_at: Date | null;
  published_at: Date | null;
}

/**
 * A variant can be bought when it is not counted, is sold on when it has run out, or some of it is left: levels before the count.
 * @param levels by item, of the shop @param variants @param products which of them
 */
const productsOf = (levels: string, variants: string, products: string): string => `
SELECT p.id, p.title, p.handle, p.vendor, p.product_type, p.status, p.tags, p.image_url, p.price::text, p.created_at, p.published_at, stock.left AS in_stock
FROM products p LEFT JOIN (
  SELECT v.product_id, bool_or(one."inventoryPolicy" = 'continue' OR one."inventoryQuantity" IS NULL
    OR coalesce(levels.available, one."inventoryQuantity") > 0) AS left
  FROM product_variants v
  CROSS JOIN jsonb_to_recordset(v.variants) AS one ("inventoryItemId" bigint, "inventoryQuantity" int, "inventoryPolicy" text)
  LEFT JOIN ${levels}
  WHERE v.shop_id = $1 ${variants} GROUP BY v.product_id) stock ON stock.product_id = p.id
WHERE p.shop_id = $1 AND p.deleted_at IS NULL ${products} ORDER BY p.id`;

const PRODUCTS = productsOf(
  `(SELECT item_id, sum(available) AS available FROM inventory_levels WHERE shop_id = $1 GROUP BY item_id) levels
    ON levels.item_id = one."inventoryItemId"`,
  "",
  "",
);
const SOME_PRODUCTS = productsOf(
  `LATERAL (SELECT sum(available) AS available FROM inventory_levels
    WHERE shop_id = $1 AND item_id = one."inventoryItemId") levels ON true`,
  "AND v.product_id = ANY($2::bigint[])",
  "AND p.id = ANY($2::bigint[])",
);

const VERSIONS = "sum(extract(epoch FROM source_updated_at) + extract(epoch FROM source_triggered_at))";

/** Differs whenever a product, its stock, or the merchant's rules and settings changed. */
export async function catalogueMark(sql: Sql, shop: ShopId): Promise<string> {
  const { rows } = await sql.query<{ mark: string }>(
    `SELECT concat_ws(' ',
       (SELECT concat(count(*), ' ', count(deleted_at), ' ', ${VERSIONS}) FROM products WHERE shop_id = $1),
       (SELECT concat(count(*), ' ', ${VERSIONS}) FROM product_variants WHERE shop_id = $1),
       (SELECT concat(count(*), ' ', ${VERSIONS}) FROM inventory_levels WHERE shop_id = $1),
       (SELECT md5(rules::text) FROM recommendation_rules WHERE shop_id = $1),
       (SELECT md5(settings::text) FROM recommendation_settings WHERE shop_id = $1)) AS mark`,
    [shop],
  );
  return rows[0]?.mark ?? "";
}

/** The products that exist, published or not. */
export async function readProducts(sql: Sql, shop: ShopId): Promise<Product[]> {
  const { rows } = await sql.query<ProductRow>(PRODUCTS, [shop]);
  return rows.map(toProduct);
}

/** Those of these that exist, as they are at this moment. */
export async function readSomeProducts(sql: Sql, shop: ShopId, ids: readonly string[]): Promise<Product[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<ProductRow>(SOME_PRODUCTS, [shop, ids]);
  return rows.map(toProduct);
}

/** Ids of published products after one id, but for some, in the order of ids. */
export async function readPublishedAfter(
  sql: Sql,
  shop: ShopId,
  { after, except, limit }: { after: string; except: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM products WHERE shop_id = $1 AND id > $2 AND id <> ALL($3::bigint[]) AND deleted_at IS NULL AND status = 'active'
       AND published_at IS NOT NULL ORDER BY id LIMIT $4`,
    [shop, after, except, limit],
  );
  return rows.map(({ id }) => id);
}

function toProduct(row: ProductRow): Product {
  return {
    id: row.id,
    title: row.title ?? "",
    handle: row.handle,
    vendor: row.vendor || null,
    productType: row.product_type || null,
    tags: row.tags,
    imageUrl: row.image_url,
    price: row.price,
    published: row.status === "active" && row.published_at !== null,
    inStock: row.in_stock ?? true,
    createdAt: row.created_at,
  };
}

function toBasket(row: OrderRow): OrderedBasket {
  return { orderId: row.id, customerId: row.customer_id, at: row.ordered_at, productIds: row.products };
}
