import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { foldCase } from "../platform/fold-case.ts";
import type { CheckoutDeletion, Deletion, Facts, OrderFact, Version } from "./facts.ts";
import { markGuestsOfCheckouts, markWrittenGuests } from "./guest-orders-store.server.ts";
import { ALL_PARTS, PARTS } from "./parts.ts";
import { queueVisitors } from "./pixel/visitors-store.server.ts";

interface FactTable {
  name: string;
  key: Record<string, string>;
  columns: Record<string, string>;
}

const customers: FactTable = {
  name: "customers",
  key: { id: "bigint" },
  columns: {
    email: "text",
    phone: "text",
    first_name: "text",
    last_name: "text",
    country: "text",
    addresses: "jsonb",
    email_verified: "boolean",
    created_at: "timestamptz",
  },
};
const consents: FactTable = {
  name: "consents",
  key: { customer_id: "bigint", channel: "text" },
  columns: { state: "text", opt_in_level: "text", consented_at: "timestamptz", collected_from: "text" },
};
const tags: FactTable = {
  name: "customer_tags",
  key: { customer_id: "bigint", tag_key: "text" },
  columns: { tag: "text", present: "boolean" },
};
const customerAddresses: FactTable = {
  name: "customer_addresses",
  key: { customer_id: "bigint" },
  columns: { addresses: "jsonb" },
};
const locales: FactTable = {
  name: "customer_locales",
  key: { customer_id: "bigint" },
  columns: { locale: "text" },
};
const metafields: FactTable = {
  name: "customer_metafields",
  key: { customer_id: "bigint", name: "text" },
  columns: { value: "jsonb", folded: "jsonb", changed_at: "timestamptz" },
};
const merges: FactTable = {
  name: "customer_merges",
  key: { deleted_id: "bigint" },
  columns: { kept_id: "bigint" },
};
const purchasingSummaries: FactTable = {
  name: "purchasing_summaries",
  key: { customer_id: "bigint" },
  columns: { orders_count: "int", spent_minor: "bigint", currency: "text", last_order_id: "bigint" },
};
const collections: FactTable = {
  name: "collections",
  key: { id: "bigint" },
  columns: { title: "text", handle: "text", published_at: "timestamptz" },
};
const inventoryLevels: FactTable = {
  name: "inventory_levels",
  key: { item_id: "bigint", location_id: "bigint" },
  columns: { available: "int" },
};
const products: FactTable = {
  name: "products",
  key: { id: "bigint" },
  columns: {
    title: "text",
    handle: "text",
    vendor: "text",
    product_type: "text",
    status: "text",
    tags: "text[]",
    tag_keys: "text[]",
    category: "text",
    image_url: "text",
    price: "numeric",
    created_at: "timestamptz",
    published_at: "timestamptz",
  },
};
const productVariants: FactTable = {
  name: "product_variants",
  key: { product_id: "bigint" },
  columns: { variants: "jsonb" },
};
const orders: FactTable = {
  name: "orders",
  key: { id: "bigint" },
  columns: {
    customer_id: "bigint",
    name: "text",
    email: "text",
    phone: "text",
    currency: "text",
    gross_minor: "bigint",
    ordered_at: "timestamptz",
    cancelled_at: "timestamptz",
    test: "boolean",
    source_name: "text",
    app_id: "bigint",
    discount_codes: "text[]",
    discount_keys: "text[]",
    tags: "text[]",
    tag_keys: "text[]",
    cart_token: "text",
    checkout_token: "text",
  },
};
const checkouts: FactTable = {
  name: "checkouts",
  key: { token: "text" },
  columns: {
    cart_token: "text",
    customer_id: "bigint",
    email: "text",
    currency: "text",
    total_minor: "bigint",
    items: "int",
    started_at: "timestamptz",
    completed_at: "timestamptz",
  },
};
const carts: FactTable = {
  name: "carts",
  key: { token: "text" },
  columns: { items: "int", lines: "jsonb", started_at: "timestamptz" },
};

/** Sets the locks of merges apart from those for other purposes; any number does that nothing else uses. */
const LOCK_SPACE = 1_297_437_011;

/**
 * Deliveries, the back-fill and the look for drift take turns: a deletion and the record it deletes would pass each other unseen. So do
 * links of customers with what is looked up by them. After `holdOffErasures`, where both are taken.
 */
export async function lockFacts(tx: Sql, shop: ShopId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCK_SPACE, shop]);
}

/**
 * Merges what deliveries say into the shop's facts: for each fact the greatest version wins, deletions stay, refund transactions
 * add up. Any order and any repetition of calls ends in the same rows.
 * @returns the customers whose facts may have changed, each with which parts of them (parts.ts).
 */
export async function mergeFacts(tx: Sql, shop: ShopId, facts: Facts): Promise<Map<string, number>> {
  await lockFacts(tx, shop);
  await queueVisitors(tx, shop, facts, new Date());
  await markGuestsOfCheckouts(tx, shop, facts.checkouts);
  const touched = await ownersBefore(tx, shop, facts);
  await upsert(
    tx,
    shop,
    customers,
    newest(facts.customers, ({ id }) => id),
  );
  await bury(tx, shop, "customers", facts.deletedCustomers);
  await upsert(
    tx,
    shop,
    consents,
    newest(facts.consents, (fact) => `${fact.customerId} ${fact.channel}`),
  );
  await upsert(
    tx,
    shop,
    tags,
    newest(facts.tags, (fact) => `${fact.customerId} ${fact.tagKey}`),
  );
  await upsert(
    tx,
    shop,
    customerAddresses,
    newest(facts.customerAddresses, ({ customerId }) => customerId),
  );
  await upsert(
    tx,
    shop,
    locales,
    newest(facts.locales, ({ customerId }) => customerId),
  );
  await upsert(
    tx,
    shop,
    metafields,
    newest(facts.metafields, ({ customerId, name }) => `${customerId} ${name}`),
  );
  await upsert(
    tx,
    shop,
    merges,
    newest(facts.merges, ({ deletedId }) => deletedId),
  );
  await upsert(
    tx,
    shop,
    purchasingSummaries,
    newest(facts.purchasingSummaries, ({ customerId }) => customerId),
  );
  await upsert(
    tx,
    shop,
    products,
    newest(facts.products, ({ id }) => id).map((product) => ({ ...product, tagKeys: product.tags.map(foldCase) })),
  );
  await bury(tx, shop, "products", facts.deletedProducts);
  await upsert(
    tx,
    shop,
    productVariants,
    newest(facts.productVariants, ({ productId }) => productId),
  );
  await upsert(
    tx,
    shop,
    collections,
    newest(facts.collections, ({ id }) => id),
  );
  await bury(tx, shop, "collections", facts.deletedCollections);
  await upsert(
    tx,
    shop,
    inventoryLevels,
    newest(facts.inventoryLevels, ({ itemId, locationId }) => `${itemId} ${locationId}`),
  );
  await mergeOrders(
    tx,
    shop,
    newest(facts.orders, ({ id }) => id),
  );
  await locateOrders(tx, shop, facts.orders);
  await buryOrders(tx, shop, facts);
  await addRefunds(tx, shop, facts);
  await upsert(
    tx,
    shop,
    checkouts,
    newest(facts.checkouts, ({ token }) => token),
  );
  await buryCheckouts(tx, shop, facts);
  await upsert(
    tx,
    shop,
    carts,
    newest(facts.carts, ({ token }) => token),
  );
  const touch = (id: string | null, parts: number): void => {
    if (id !== null) touched.set(id, (touched.get(id) ?? 0) | parts);
  };
  for (const { id } of facts.customers) touch(id, PARTS.record);
  for (const { id } of facts.deletedCustomers) touch(id, ALL_PARTS);
  for (const { deletedId, keptId } of facts.merges) [deletedId, keptId].forEach((id) => touch(id, ALL_PARTS));
  for (const { customerId } of facts.consents) touch(customerId, PARTS.consent);
  for (const { customerId } of facts.tags) touch(customerId, PARTS.tags);
  for (const { customerId } of [...facts.customerAddresses, ...facts.locales, ...facts.metafields])
    touch(customerId, PARTS.record);
  for (const { customerId } of facts.purchasingSummaries) touch(customerId, PARTS.quality);
  for (const { customerId } of facts.orders) touch(customerId, PARTS.orders);
  for (const { customerId } of facts.checkouts) touch(customerId, PARTS.checkouts);
  for (const kept of await keptFor(tx, shop, [...touched.keys()])) touch(kept, ALL_PARTS);
  return touched;
}

/** Who the given customers became part of, by merges in Shopify: their totals hold the orders of these. */
async function keptFor(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `WITH RECURSIVE kept (id) AS (
       SELECT kept_id FROM customer_merges WHERE shop_id = $1 AND deleted_id = ANY($2::bigint[])
       UNION SELECT merged.kept_id FROM kept JOIN customer_merges merged ON merged.shop_id = $1 AND merged.deleted_id = kept.id)
     SELECT id FROM kept`,
    [shop, customerIds],
  );
  return rows.map(({ id }) => id);
}

/** The customers to whom the touched orders, checkouts and carts belong so far: a new version may name another one, or none. */
async function ownersBefore(tx: Sql, shop: ShopId, facts: Facts): Promise<Map<string, number>> {
  const orderIds = new Set([
    ...facts.orders.map(({ id }) => id),
    ...facts.deletedOrders.map(({ id }) => id),
    ...facts.refundTransactions.map(({ orderId }) => orderId),
  ]);
  const checkoutTokens = [...facts.checkouts.map(({ token }) => token), ...deletedBy("token", facts)];
  const cartTokens = [...facts.carts.map(({ token }) => token), ...deletedBy("cart_token", facts)];
  if (orderIds.size + checkoutTokens.length + cartTokens.length === 0) return new Map();
  const { rows } = await tx.query<{ customer_id: string; parts: number }>(
    `SELECT customer_id, bit_or(parts) AS parts FROM (
       SELECT buyer_id AS customer_id, ${PARTS.orders} AS parts FROM orders WHERE shop_id = $1 AND id = ANY($2::bigint[])
       UNION SELECT buyer_id, ${PARTS.checkouts} FROM orders WHERE shop_id = $1 AND cart_token = ANY($4::text[])
       UNION SELECT customer_id, ${PARTS.checkouts} FROM checkouts
         WHERE shop_id = $1 AND (token = ANY($3::text[]) OR cart_token = ANY($4::text[]))
     ) AS owners WHERE customer_id IS NOT NULL GROUP BY customer_id`,
    [shop, [...orderIds], checkoutTokens, cartTokens],
  );
  return new Map(rows.map((found) => [found.customer_id, found.parts]));
}

async function mergeOrders(tx: Sql, shop: ShopId, given: readonly OrderFact[]): Promise<void> {
  const bare = given.map(({ lines: _lines, locationId: _location, ...order }) => ({
    ...order,
    tagKeys: order.tags.map(foldCase),
    discountKeys: order.discountCodes.map(foldCase),
  }));
  const written = await upsert(tx, shop, orders, bare);
  const kept = given.filter(({ id }) => written.has(id));
  if (kept.length === 0) return;
  await markWrittenGuests(
    tx,
    shop,
    kept.map(({ id }) => id),
  );
  await tx.query("DELETE FROM order_lines WHERE shop_id = $1 AND order_id = ANY($2::bigint[])", [
    shop,
    kept.map(({ id }) => id),
  ]);
  await tx.query(
    `INSERT INTO order_lines (shop_id, order_id, id, product_id, variant_id, title, vendor, quantity, price_minor)
     SELECT $1, order_id, id, product_id, variant_id, title, vendor, quantity, price_minor FROM json_to_recordset($2::json)
       AS given (order_id bigint, id bigint, product_id bigint, variant_id bigint, title text, vendor text, quantity int, price_minor bigint)
     ON CONFLICT DO NOTHING`,
    [shop, toJsonRows(kept.flatMap((order) => order.lines.map((line) => ({ orderId: order.id, ...line }))))],
  );
}

/** By any version: an order's location never changes, and not every version tells it. */
async function locateOrders(tx: Sql, shop: ShopId, given: readonly OrderFact[]): Promise<void> {
  const located = given.filter(({ locationId }) => locationId !== null);
  if (located.length === 0) return;
  await tx.query(
    `UPDATE orders o SET location_id = least(o.location_id, given.location_id)
     FROM (SELECT id, min(location_id) AS location_id FROM unnest($2::bigint[], $3::bigint[]) AS all_given (id, location_id) GROUP BY id) given
     WHERE o.shop_id = $1 AND o.id = given.id AND o.location_id IS DISTINCT FROM least(o.location_id, given.location_id)`,
    [shop, located.map(({ id }) => id), located.map(({ locationId }) => locationId)],
  );
}

async function addRefunds(tx: Sql, shop: ShopId, facts: Facts): Promise<void> {
  if (facts.refundTransactions.length > 0) {
    await tx.query(
      `INSERT INTO refund_transactions (shop_id, id, refund_id, order_id, amount_minor, currency, refunded_at)
       SELECT $1, id, refund_id, order_id, amount_minor, currency, refunded_at FROM json_to_recordset($2::json)
         AS given (id bigint, refund_id bigint, order_id bigint, amount_minor bigint, currency text, refunded_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [shop, toJsonRows(facts.refundTransactions)],
    );
  }
  if (facts.refundLines.length > 0) {
    await tx.query(
      `INSERT INTO refund_lines (shop_id, id, refund_id, order_id, line_id, quantity)
       SELECT $1, id, refund_id, order_id, line_id, quantity FROM json_to_recordset($2::json)
         AS given (id bigint, refund_id bigint, order_id bigint, line_id bigint, quantity int)
       ON CONFLICT DO NOTHING`,
      [shop, toJsonRows(facts.refundLines)],
    );
  }
}

/** A deletion is final: Shopify never gives an id twice, so no later version takes it back. */
async function bury(
  tx: Sql,
  shop: ShopId,
  table: "customers" | "products" | "collections",
  deletions: readonly Deletion[],
): Promise<void> {
  if (deletions.length === 0) return;
  await tx.query(
    `INSERT INTO ${table} AS kept (shop_id, id, deleted_at, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, min(at), 'epoch'::timestamptz, 'epoch'::timestamptz, '' FROM json_to_recordset($2::json) AS given (id bigint, at timestamptz) GROUP BY id
     ON CONFLICT (shop_id, id) DO UPDATE SET deleted_at = least(kept.deleted_at, excluded.deleted_at)`,
    [shop, toJsonRows(deletions)],
  );
}

/** Orders and checkouts have columns that cannot be empty, so what is deleted before it is known waits in a table of its own. */
async function recordDeletions(
  tx: Sql,
  shop: ShopId,
  kind: "order" | "checkout" | "checkout_of_cart",
  deletions: readonly Deletion[],
): Promise<void> {
  if (deletions.length === 0) return;
  await tx.query(
    `INSERT INTO deletions AS kept (shop_id, kind, id, deleted_at)
     SELECT $1, $2, id, min(at) FROM json_to_recordset($3::json) AS given (id text, at timestamptz) GROUP BY id
     ON CONFLICT (shop_id, kind, id) DO UPDATE SET deleted_at = least(kept.deleted_at, excluded.deleted_at)`,
    [shop, kind, toJsonRows(deletions)],
  );
}

async function buryOrders(tx: Sql, shop: ShopId, facts: Facts): Promise<void> {
  await recordDeletions(tx, shop, "order", facts.deletedOrders);
  const ids = [...facts.orders, ...facts.deletedOrders].map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.query(
    `UPDATE orders o SET deleted_at = d.deleted_at FROM deletions d
     WHERE d.shop_id = $1 AND d.kind = 'order' AND d.id = ANY($2::text[]) AND o.shop_id = $1 AND o.id = d.id::bigint
       AND o.deleted_at IS DISTINCT FROM d.deleted_at`,
    [shop, ids],
  );
}

async function buryCheckouts(tx: Sql, shop: ShopId, facts: Facts): Promise<void> {
  const asDeletions = (by: CheckoutDeletion["by"]): Deletion[] =>
    facts.deletedCheckouts.flatMap(({ at, ...deletion }) => (deletion.by === by ? [{ id: deletion.token, at }] : []));
  await recordDeletions(tx, shop, "checkout", asDeletions("token"));
  await recordDeletions(tx, shop, "checkout_of_cart", asDeletions("cart_token"));
  const tokens = [...facts.checkouts.map(({ token }) => token), ...deletedBy("token", facts)];
  const carts = deletedBy("cart_token", facts);
  if (tokens.length + carts.length === 0) return;
  await tx.query(
    // A new version may name another cart, so what an earlier one's cart said is taken back.
    `UPDATE checkouts c SET deleted_at = d.deleted_at FROM (
       SELECT c.token, min(d.deleted_at) AS deleted_at FROM checkouts c LEFT JOIN deletions d ON d.shop_id = $1
         AND ((d.kind = 'checkout' AND d.id = c.token) OR (d.kind = 'checkout_of_cart' AND d.id = c.cart_token))
       WHERE c.shop_id = $1 AND (c.token = ANY($2::text[]) OR c.cart_token = ANY($3::text[])) GROUP BY c.token) d
     WHERE c.shop_id = $1 AND c.token = d.token AND c.deleted_at IS DISTINCT FROM d.deleted_at`,
    [shop, tokens, carts],
  );
}

function deletedBy(by: CheckoutDeletion["by"], { deletedCheckouts }: Facts): string[] {
  return deletedCheckouts.flatMap((deletion) => (deletion.by === by ? [deletion.token] : []));
}

/** @returns the first key column of every row that was written. */
async function upsert<Fact extends { version: Version }>(
  tx: Sql,
  shop: ShopId,
  table: FactTable,
  facts: readonly Fact[],
): Promise<Set<string>> {
  if (facts.length === 0) return new Set();
  const given = facts.map(({ version, ...fact }) => ({
    ...fact,
    sourceUpdatedAt: version.updatedAt,
    sourceTriggeredAt: version.triggeredAt,
    sourceDelivery: version.delivery,
  }));
  const { rows } = await tx.query<{ key: string }>(upsertText(table), [shop, toJsonRows(given)]);
  return new Set(rows.map(({ key }) => key));
}

const texts = new Map<FactTable, string>();

function upsertText(table: FactTable): string {
  const known = texts.get(table);
  if (known) return known;
  const keys = Object.keys(table.key);
  const names = Object.keys(table.columns);
  const version = ["source_updated_at", "source_triggered_at", "source_delivery"];
  const all = [...keys, ...names, ...version];
  const typed = Object.entries({
    ...table.key,
    ...table.columns,
    source_updated_at: "timestamptz",
    source_triggered_at: "timestamptz",
    source_delivery: "text",
  }).map(([name, type]) => `${name} ${type}`);
  const text = `
    INSERT INTO ${table.name} AS kept (shop_id, ${all.join(", ")})
    SELECT $1, ${all.join(", ")} FROM json_to_recordset($2::json) AS given (${typed.join(", ")})
    ON CONFLICT (shop_id, ${keys.join(", ")}) DO UPDATE
      SET ${[...names, ...version].map((name) => `${name} = excluded.${name}`).join(", ")}
      WHERE (${version.map((name) => `excluded.${name}`).join(", ")}) > (${version.map((name) => `kept.${name}`).join(", ")})
    RETURNING kept.${keys[0]}::text AS key`;
  texts.set(table, text);
  return text;
}

/** One statement cannot write a row twice, so of several versions in one batch only the greatest goes in. */
function newest<Fact extends { version: Version }>(facts: readonly Fact[], keyOf: (fact: Fact) => string): Fact[] {
  const kept = new Map<string, Fact>();
  for (const fact of facts) {
    const present = kept.get(keyOf(fact));
    if (!present || compareVersions(fact.version, present.version) > 0) kept.set(keyOf(fact), fact);
  }
  return [...kept.values()];
}

/** The order PostgreSQL gives the version columns: instants to the millisecond, delivery ids by their bytes. */
function compareVersions(left: Version, right: Version): number {
  return (
    left.updatedAt.getTime() - right.updatedAt.getTime() ||
    left.triggeredAt.getTime() - right.triggeredAt.getTime() ||
    Buffer.compare(Buffer.from(left.delivery), Buffer.from(right.delivery))
  );
}

/** Rows for json_to_recordset: columns in snake case, bigints as digits, instants as ISO 8601. */
function toJsonRows(rows: readonly object[]): string {
  const named = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [toColumn(name), value])),
  );
  return JSON.stringify(named, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

const columnNames = new Map<string, string>();

function toColumn(name: string): string {
  let column = columnNames.get(name);
  if (!column) {
    column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    columnNames.set(name, column);
  }
  return column;
}
