import { foldEmail, foldPhone } from "../ingest/erased/mentions.ts";
import type { Sql } from "../platform/db.server.ts";
import { normaliseEmail } from "../profile/identity/normalise-email.ts";
import { namesOnlyOf } from "../profile/merchant-api/names-store.server.ts";
import type { NameKind } from "../profile/merchant-api/person.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Subject } from "./subject.ts";

/** As a request names a person. */
export interface Named {
  customerId: string | null;
  email: string | null;
  phone: string | null;
  orderIds: readonly string[];
}

const CUSTOMERS = `
SELECT id FROM customers WHERE shop_id = $1 AND (lower(btrim(email)) = $2 OR regexp_replace(phone, '\\D', '', 'g') = $3)
UNION SELECT customer_id FROM profiles
  WHERE shop_id = $1 AND (lower(btrim(email)) = $2 OR regexp_replace(phone, '\\D', '', 'g') = $3)`;

/** Whom Shopify merged into these: the same persons under ids that nobody names any more. */
const MERGED = `
WITH RECURSIVE merged (id) AS (
  SELECT deleted_id FROM customer_merges WHERE shop_id = $1 AND kept_id = ANY($2::bigint[])
  UNION SELECT m.deleted_id FROM merged JOIN customer_merges m ON m.shop_id = $1 AND m.kept_id = merged.id
) SELECT id FROM merged`;

const ADDRESSES = `
SELECT email, phone FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[])
UNION SELECT email, phone FROM profiles WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
UNION SELECT unnest(ARRAY[email, acked_email]), NULL FROM audience_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])`;

const ORDERS = `
SELECT id, cart_token, checkout_token FROM orders
WHERE shop_id = $1 AND (buyer_id = ANY($2::bigint[]) OR (customer_id IS NULL AND (guest_of IS NULL OR $5) AND (
  lower(btrim(email)) = ANY($3::text[]) OR regexp_replace(phone, '\\D', '', 'g') = ANY($4::text[]))))`;

const OTHERS_ORDERS = `
SELECT id FROM orders WHERE shop_id = $1 AND id = ANY($3::bigint[]) AND customer_id IS NOT NULL AND customer_id <> ALL($2::bigint[])`;

const CHECKOUTS = `
SELECT token, cart_token FROM checkouts
WHERE shop_id = $1 AND (customer_id = ANY($2::bigint[]) OR (customer_id IS NULL AND lower(btrim(email)) = ANY($3::text[])))`;

const OTHERS_TOKENS = `
SELECT unnest(ARRAY[cart_token, checkout_token]) AS token FROM orders
WHERE shop_id = $1 AND buyer_id <> ALL($2::bigint[]) AND (cart_token = ANY($3::text[]) OR checkout_token = ANY($3::text[]))
UNION SELECT unnest(ARRAY[token, cart_token]) FROM checkouts
WHERE shop_id = $1 AND customer_id <> ALL($2::bigint[]) AND (token = ANY($3::text[]) OR cart_token = ANY($3::text[]))`;

const CLIENTS = `
SELECT DISTINCT client_id FROM events mine
WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND client_id IS NOT NULL AND NOT EXISTS (
  SELECT FROM events other WHERE other.shop_id = $1 AND other.client_id = mine.client_id AND other.customer_id <> ALL($2::bigint[]))
UNION SELECT substr(subject, 8) FROM recommendation_arms
WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND subject LIKE 'client:%'`;

/**
 * Everything the person is known by. Where a customer is named, the person is that customer and whom Shopify merged into them, whoever
 * else has the address by now; an address alone stands for every customer who has it. What another customer shares stays theirs. Orders without a customer are
 * the person's where they are attributed to them, and where they have the address and are nobody's.
 */
export async function findSubject(sql: Sql, shop: ShopId, named: Named): Promise<Subject> {
  const alone = named.customerId === null;
  const email = named.email === null ? null : foldEmail(named.email);
  const phone = named.phone === null ? null : foldPhone(named.phone);
  const asked = alone
    ? (await sql.query<{ id: string }>(CUSTOMERS, [shop, email, phone])).rows.map(({ id }) => id)
    : [named.customerId ?? ""];
  const merged = await sql.query<{ id: string }>(MERGED, [shop, asked]);
  const customers = distinct([...asked, ...merged.rows.map(({ id }) => id)]);
  const addresses = await sql.query<{ email: string | null; phone: string | null }>(ADDRESSES, [shop, customers]);
  const written = distinct([email, ...addresses.rows.map((row) => row.email && foldEmail(row.email))]);
  const numbers = distinct([phone, ...addresses.rows.map((row) => row.phone && foldPhone(row.phone))]);
  // In both spellings of an international domain: Shopify's own, and that of what the merchant's systems told.
  const spelled = distinct(written.flatMap((each) => [each, normaliseEmail(each)]));
  const told = await namesOnlyOf(sql, shop, { customers, emails: spelled, phones: numbers });
  const toldAs = (kind: NameKind): string[] => told.filter((name) => name.kind === kind).map(({ value }) => value);
  const emails = distinct([...spelled, ...toldAs("email")]);
  const phones = distinct([...numbers, ...toldAs("phone").map(foldPhone)]);
  const orders = await sql.query<{ id: string; cart_token: string | null; checkout_token: string | null }>(ORDERS, [
    shop,
    customers,
    emails,
    phones,
    alone,
  ]);
  const others = await sql.query<{ id: string }>(OTHERS_ORDERS, [shop, customers, named.orderIds]);
  const othersOrders = new Set(others.rows.map(({ id }) => id));
  const checkouts = await sql.query<{ token: string; cart_token: string | null }>(CHECKOUTS, [shop, customers, emails]);
  const tokens = distinct([
    ...orders.rows.flatMap((row) => [row.cart_token, row.checkout_token]),
    ...checkouts.rows.flatMap((row) => [row.token, row.cart_token]),
  ]);
  const shared = await sql.query<{ token: string }>(OTHERS_TOKENS, [shop, customers, tokens]);
  const othersTokens = new Set(shared.rows.map(({ token }) => token));
  const clients = await sql.query<{ client_id: string }>(CLIENTS, [shop, customers]);
  return {
    customers,
    orders: distinct([...orders.rows.map(({ id }) => id), ...named.orderIds.filter((id) => !othersOrders.has(id))]),
    emails,
    phones,
    tokens: tokens.filter((token) => !othersTokens.has(token)),
    clients: clients.rows.map((row) => row.client_id),
    externals: toldAs("external_id"),
    alone,
  };
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null && value !== ""))];
}
