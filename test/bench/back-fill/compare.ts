import { toMinor } from "../../../app/platform/money.ts";
import type { Sql } from "../../../app/platform/db.server.ts";
import type { StorePast } from "../../sandbox/shopify/past.ts";
import type { OrderFacts } from "../../sandbox/shopify/shop-facts.ts";
import { linesTotal, refundTotal } from "../../sandbox/shopify/shop-facts.ts";

export interface Comparison {
  products: number;
  customers: number;
  orders: number;
  lines: number;
  refunds: number;
  openings: number;
  /** The first records that are not as in the source, in both versions. */
  differences: string[];
}

const AT_ONCE = 5_000;

/**
 * Compares what the database holds with the source it was read from, record by record and field by field.
 * @param isVisible whether the app may see the order; those it may not are in the opening balances
 */
export async function compareWithSource(
  sql: Sql,
  shop: number,
  past: StorePast,
  isVisible: (order: OrderFacts) => boolean,
): Promise<Comparison> {
  const found: Comparison = {
    products: 0,
    customers: 0,
    orders: 0,
    lines: 0,
    refunds: 0,
    openings: 0,
    differences: [],
  };
  const check = (expected: ReadonlyMap<string, string>, given: readonly { id: string; line: string }[]): number => {
    const missing = new Set(expected.keys());
    for (const { id, line } of given) {
      missing.delete(id);
      const wanted = expected.get(id);
      if (line !== wanted && found.differences.length < 5) found.differences.push(`${line} instead of ${wanted}`);
    }
    for (const id of missing) if (found.differences.length < 5) found.differences.push(`no ${expected.get(id)}`);
    return given.length;
  };
  const rows = async (text: string, from: number, until: number): Promise<{ id: string; line: string }[]> =>
    (await sql.query<{ id: string; line: string }>(text, [shop, from, until])).rows;

  await inChunks(past.products, async (records, from, until) => {
    const expected = records.map((product) => {
      const price = (Math.min(...product.variants.map((variant) => variant.price)) / 100).toFixed(4);
      return [
        String(product.id),
        [product.id, product.title, product.status, product.tags.join(","), price].join("|"),
      ] as const;
    });
    found.products += check(new Map(expected), await rows(PRODUCTS, from, until));
  });
  await inChunks(past.customers, async (records, from, until) => {
    const expected = records.map(({ customer, consent }) => {
      const { id, email, phone, firstName, lastName, address, createdAt, updatedAt } = customer;
      const person = [id, email, phone, firstName, lastName, address?.countryCode, iso(createdAt), iso(updatedAt)];
      const state = consent ? [consent.state, iso(consent.updatedAt)] : ["", ""];
      return [String(id), [...person, ...state].map((part) => part ?? "").join("|")] as const;
    });
    found.customers += check(new Map(expected), await rows(CUSTOMERS, from, until));
  });
  const earlier = new Map<string, { orders: number; spent: number }>();
  await inChunks(past.orders, async (records, from, until) => {
    const visible = records.filter(isVisible);
    found.orders += check(
      new Map(visible.map((order) => [String(order.id), orderLine(order)])),
      await rows(ORDERS, from, until),
    );
    found.lines += visible.reduce((sum, { lines }) => sum + lines.length, 0);
    found.refunds += visible.reduce((sum, { refunds }) => sum + refunds.length, 0);
    for (const order of records) if (!isVisible(order)) addEarlier(earlier, order);
  });
  const openings = await sql.query<{ id: string; line: string }>(OPENINGS, [shop]);
  found.openings = check(
    new Map([...earlier].map(([id, { orders, spent }]) => [id, [id, orders, spent].join("|")])),
    openings.rows,
  );
  return found;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
const iso = (at: Date): string => at.toISOString().replace(".000Z", "Z");
const isoOf = (column: string): string => `coalesce(to_char(${column} AT TIME ZONE 'UTC', ${ISO}), '')`;

const PRODUCTS = `
  SELECT id, concat_ws('|', id, title, status, array_to_string(tags, ','), price) AS line
  FROM products WHERE shop_id = $1 AND id BETWEEN $2 AND $3`;
const CUSTOMERS = `
  SELECT c.id, concat_ws('|', c.id, coalesce(c.email, ''), coalesce(c.phone, ''), c.first_name, c.last_name, coalesce(c.country, ''),
    ${isoOf("c.created_at")}, ${isoOf("c.source_updated_at")}, coalesce(s.state, ''), ${isoOf("s.consented_at")}) AS line
  FROM customers c LEFT JOIN consents s ON s.shop_id = $1 AND s.customer_id = c.id AND s.channel = 'email'
  WHERE c.shop_id = $1 AND c.id BETWEEN $2 AND $3`;
const ORDERS = `
  SELECT o.id, concat_ws('|', o.id, coalesce(o.customer_id::text, ''), coalesce(o.email, ''), o.name, o.currency, o.gross_minor,
    ${isoOf("o.ordered_at")}, ${isoOf("o.cancelled_at")}, o.test, o.source_name, o.checkout_token,
    (SELECT string_agg(concat_ws(':', l.id, l.product_id, l.variant_id, l.title, l.vendor, l.quantity, l.price_minor), ',' ORDER BY l.id)
       FROM order_lines l WHERE l.shop_id = $1 AND l.order_id = o.id),
    coalesce((SELECT string_agg(concat_ws(':', r.refund_id, r.id, r.amount_minor, ${isoOf("r.refunded_at")}), ',' ORDER BY r.id)
       FROM refund_transactions r WHERE r.shop_id = $1 AND r.order_id = o.id), ''),
    coalesce((SELECT string_agg(concat_ws(':', r.id, r.line_id, r.quantity), ',' ORDER BY r.id)
       FROM refund_lines r WHERE r.shop_id = $1 AND r.order_id = o.id), '')) AS line
  FROM orders o WHERE o.shop_id = $1 AND o.id BETWEEN $2 AND $3`;
const OPENINGS = `
  SELECT customer_id AS id, concat_ws('|', customer_id, orders_count, spent_minor) AS line
  FROM opening_balances WHERE shop_id = $1 AND orders_count > 0`;

function orderLine(order: OrderFacts): string {
  const lines = order.lines.map((line) =>
    [line.id, line.productId, line.variantId, line.title, line.vendor, line.quantity, line.unitPrice].join(":"),
  );
  const refunds = order.refunds.map((one) => [one.id, one.transactionId, refundTotal(one), iso(one.at)].join(":"));
  const items = order.refunds.flatMap((one) =>
    one.items.map(({ id, lineId, quantity }) => [id, lineId, quantity].join(":")),
  );
  return [
    order.id,
    order.customer?.id ?? "",
    order.email ?? "",
    `#${order.number}`,
    "EUR",
    toMinor(((linesTotal(order.lines) + order.shipping) / 100).toFixed(2), "EUR"),
    iso(order.createdAt),
    order.cancelledAt ? iso(order.cancelledAt) : "",
    order.test ? "t" : "f",
    order.source,
    order.checkoutToken,
    lines.join(","),
    refunds.join(","),
    items.join(","),
  ].join("|");
}

function addEarlier(earlier: Map<string, { orders: number; spent: number }>, order: OrderFacts): void {
  if (!order.customer || order.test) return;
  const id = String(order.customer.id);
  const { orders, spent } = earlier.get(id) ?? { orders: 0, spent: 0 };
  const refunded = order.refunds.reduce((sum, refund) => sum + refundTotal(refund), 0);
  const paid = order.cancelledAt ? 0 : linesTotal(order.lines) + order.shipping - refunded;
  earlier.set(id, { orders: orders + 1, spent: spent + paid });
}

/** Records follow their ids without gaps. */
async function inChunks<T>(
  records: { length: number; at(place: number): T },
  work: (chunk: T[], fromId: number, untilId: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < records.length; start += AT_ONCE) {
    const chunk = Array.from({ length: Math.min(AT_ONCE, records.length - start) }, (_, index) =>
      records.at(start + index),
    );
    const ids = chunk.map((record) => idOf(record));
    await work(chunk, Math.min(...ids), Math.max(...ids));
  }
}

function idOf(record: unknown): number {
  const { id, customer } = record as { id?: number; customer?: { id: number } };
  return id ?? customer?.id ?? 0;
}
