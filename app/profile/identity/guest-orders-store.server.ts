import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Clue, guestBuyer } from "./guest-buyer.ts";
import { emailSpellings, normaliseEmail } from "./normalise-email.ts";
import { normalisePhone } from "./normalise-phone.ts";
import { readPersons } from "./persons-store.server.ts";

/**
 * Marks the orders without a customer whose buyer may change because these customers' records, merges or links did: those that were
 * looked up by their addresses, numbers or ids, or by those of anybody who is one person with them. Costs one short query where no
 * order ever came without a customer.
 */
export async function markGuestsOf(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void> {
  const { rows: shops } = await tx.query<{ country: string | null }>(
    "SELECT country FROM shops WHERE id = $1 AND EXISTS (SELECT FROM orders WHERE shop_id = $1 AND guest_clues <> '{}')",
    [shop],
  );
  if (!shops[0] || customerIds.length === 0) return;
  const { country: home } = shops[0];
  const persons = await readPersons(tx, shop, customerIds);
  const members = new Set([...customerIds, ...[...persons.values()].flatMap((person) => person.members)]);
  const { rows } = await tx.query<{ email: string | null; phone: string | null; country: string | null }>(
    "SELECT email, phone, country FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[])",
    [shop, customerIds],
  );
  const clues = new Set([
    ...[...members].map((id) => `customer ${id}`),
    ...rows.flatMap(({ email, phone, country }) => addressClues({ email, phone, home: country ?? home })),
  ]);
  await tx.query(
    "UPDATE orders SET guest_pending = true WHERE shop_id = $1 AND NOT guest_pending AND guest_clues <> '{}' AND guest_clues && $2::text[]",
    [shop, [...clues]],
  );
}

/** What of an order or a customer can be compared: no address that is none. */
function addressClues(given: { email: string | null; phone: string | null; home: string | null }): string[] {
  const email = given.email === null ? null : normaliseEmail(given.email);
  const phone = given.phone === null ? null : normalisePhone(given.phone, given.home);
  return [...(email === null ? [] : [`email ${email}`]), ...(phone === null ? [] : [`phone ${phone}`])];
}

interface GuestOrder {
  id: string;
  email: string | null;
  phone: string | null;
  cart_token: string | null;
  checkout_token: string | null;
  guest_of: string | null;
  home: string | null;
}

/**
 * Looks up whose waiting orders without a customer are. The answer follows from the shop's signed facts and the links of now alone, so
 * the order in which they came does not matter. Belongs under the lock of the merge (`lockFacts`).
 * @returns `taken` is less than `limit` once nothing is left; `customers`: who gained or lost an order.
 */
export async function attributeGuests(
  tx: Sql,
  shop: ShopId,
  limit: number,
): Promise<{ taken: number; customers: string[] }> {
  const { rows: orders } = await tx.query<GuestOrder>(
    `SELECT o.id, o.email, o.phone, o.cart_token, o.checkout_token, o.guest_of, s.country AS home
     FROM orders o JOIN shops s ON s.id = o.shop_id WHERE o.shop_id = $1 AND o.guest_pending ORDER BY o.id LIMIT $2`,
    [shop, limit],
  );
  if (orders.length === 0) return { taken: 0, customers: [] };
  const addresses = new Map(orders.map((order) => [order.id, addressClues(order)]));
  const holders = await readHolders(tx, shop, [...addresses.values()].flat());
  const buyers = await readCheckoutBuyers(tx, shop, orders);
  const clues = new Map(
    orders.map((order) => {
      const tokens = [`checkout ${order.checkout_token}`, `cart ${order.cart_token}`];
      const named = [
        ...(addresses.get(order.id) ?? []).map((key) => holders.get(key)),
        ...tokens.map((key) => buyers.get(key)),
      ];
      return [order.id, named.flatMap((each) => each ?? [])];
    }),
  );
  const several = [...clues.values()].filter((each) => each.length > 1).flat();
  const persons = await readPersons(tx, shop, [...new Set(several.map(({ customerId }) => customerId))]);
  const found = orders.map((order) => ({
    id: order.id,
    was: order.guest_of,
    is: guestBuyer(clues.get(order.id) ?? [], persons),
    clues: [
      ...new Set([
        ...(addresses.get(order.id) ?? []),
        ...(clues.get(order.id) ?? []).map(({ customerId }) => `customer ${customerId}`),
      ]),
    ].toSorted(),
  }));
  await tx.query(
    `UPDATE orders o SET guest_pending = false, guest_of = given."is", guest_clues = given.clues
     FROM jsonb_to_recordset($2::jsonb) AS given (id bigint, "is" bigint, clues text[]) WHERE o.shop_id = $1 AND o.id = given.id`,
    [shop, JSON.stringify(found)],
  );
  const changed = found.filter(({ was, is }) => was !== is).flatMap(({ was, is }) => [was, is]);
  return { taken: orders.length, customers: [...new Set(changed.filter((id) => id !== null))] };
}

const KNOWN = `(c.deleted_at IS NULL OR EXISTS (
  SELECT FROM customer_merges m WHERE m.shop_id = $1 AND m.deleted_id = c.id))`;

/** The customers who have each address or number in the shop's records, those who were deleted included. */
async function readHolders(tx: Sql, shop: ShopId, keys: readonly string[]): Promise<Map<string, Clue[]>> {
  const distinct = [...new Set(keys)];
  if (distinct.length === 0) return new Map();
  const spelled = distinct
    .filter((key) => key.startsWith("email "))
    .flatMap((key) => emailSpellings(key.slice("email ".length)).map((email) => ({ key, email })));
  const numbers = distinct.filter((key) => key.startsWith("phone "));
  const { rows } = await tx.query<{ key: string; id: string; known: boolean; proves: boolean }>(
    `SELECT given.key, c.id, ${KNOWN} AS known, c.email_verified IS NOT FALSE AS proves
     FROM unnest($2::text[], $3::text[]) AS given (key, email)
     JOIN customers c ON c.shop_id = $1 AND c.email IS NOT NULL AND lower(btrim(c.email)) = given.email
     UNION ALL
     SELECT given.key, c.id, ${KNOWN}, true FROM unnest($4::text[]) AS given (key)
     JOIN customers c ON c.shop_id = $1 AND c.phone = substr(given.key, ${"phone ".length + 1})`,
    [shop, spelled.map(({ key }) => key), spelled.map(({ email }) => email), numbers],
  );
  return toClues(rows);
}

/** The customers whom Shopify names on the checkout an order came from, or on one of the same cart. */
async function readCheckoutBuyers(tx: Sql, shop: ShopId, orders: readonly GuestOrder[]): Promise<Map<string, Clue[]>> {
  const tokens = orders.flatMap((order) => order.checkout_token ?? []);
  const carts = orders.flatMap((order) => order.cart_token ?? []);
  if (tokens.length + carts.length === 0) return new Map();
  const { rows } = await tx.query<{ key: string; id: string; known: boolean; proves: boolean }>(
    `SELECT DISTINCT named.key, named.customer_id AS id, c.id IS NOT NULL AND ${KNOWN} AS known, true AS proves FROM (
       SELECT 'checkout ' || token AS key, customer_id FROM checkouts WHERE shop_id = $1 AND token = ANY($2::text[])
       UNION SELECT 'cart ' || cart_token, customer_id FROM checkouts WHERE shop_id = $1 AND cart_token = ANY($3::text[])
     ) AS named LEFT JOIN customers c ON c.shop_id = $1 AND c.id = named.customer_id WHERE named.customer_id IS NOT NULL`,
    [shop, tokens, carts],
  );
  return toClues(rows);
}

function toClues(rows: readonly { key: string; id: string; known: boolean; proves: boolean }[]): Map<string, Clue[]> {
  return new Map(
    [...Map.groupBy(rows, ({ key }) => key)].map(([key, named]) => [
      key,
      named.map(({ id, known, proves }) => ({ customerId: id, known, proves })),
    ]),
  );
}

/** Shops with such orders to look up: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithPendingGuests(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>("SELECT DISTINCT shop_id FROM orders WHERE guest_pending");
  return rows.map((row) => row.shop_id);
}
