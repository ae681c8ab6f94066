import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { History } from "./history.ts";

interface PersonRow {
  id: string;
  email: string | null;
  phone: string | null;
  first_name: string | null;
  last_name: string | null;
  deleted_at: Date | null;
  consent: string | null;
  browsed_at: Date | null;
  /** Whether anybody of the shop was ever merged into another. */
  merges: boolean;
}

const PEOPLE = `
SELECT wanted.id::text AS id, c.email, c.phone, c.first_name, c.last_name, c.deleted_at, consent.state AS consent,
  greatest(
    (SELECT max(source_updated_at) FROM checkouts WHERE shop_id = $1 AND customer_id = wanted.id),
    (SELECT max(cart.source_updated_at) FROM checkouts checkout JOIN carts cart
       ON cart.shop_id = $1 AND cart.token = checkout.cart_token WHERE checkout.shop_id = $1 AND checkout.customer_id = wanted.id)
  ) AS browsed_at,
  EXISTS (SELECT FROM customer_merges WHERE shop_id = $1) AS merges
FROM unnest($2::bigint[]) AS wanted (id)
LEFT JOIN customers c ON c.shop_id = $1 AND c.id = wanted.id
LEFT JOIN consents consent ON consent.shop_id = $1 AND consent.customer_id = wanted.id AND consent.channel = 'email'
WHERE c.id IS NOT NULL OR EXISTS (SELECT FROM orders WHERE shop_id = $1 AND customer_id = wanted.id)`;

/** What THEIRS gives where nobody was ever merged, which is nearly everywhere: a recursion costs several times as much. */
const OWN = "WITH theirs (own, customer_id) AS (SELECT id, id FROM unnest($2::bigint[]) AS wanted (id))";

/** Whom Shopify merged into whom, however often: `own` is the customer's, or was of somebody who became part of them. */
const THEIRS = `
WITH RECURSIVE theirs (own, customer_id) AS (
  SELECT id, id FROM unnest($2::bigint[]) AS wanted (id)
  UNION SELECT merged.deleted_id, theirs.customer_id FROM theirs
    JOIN customer_merges merged ON merged.shop_id = $1 AND merged.kept_id = theirs.own)`;

const ordersOf = (theirs: string): string => `${theirs}
SELECT theirs.customer_id, currency, array_agg(gross_minor ORDER BY ordered_at, id)::text[] AS gross,
  array_agg(ordered_at ORDER BY ordered_at, id) AS at
FROM theirs JOIN orders ON shop_id = $1 AND orders.customer_id = theirs.own
WHERE NOT test AND cancelled_at IS NULL AND deleted_at IS NULL
GROUP BY theirs.customer_id, currency ORDER BY min(ordered_at)`;

const refundsOf = (theirs: string): string => `${theirs}
SELECT theirs.customer_id, r.amount_minor, r.refunded_at
FROM theirs JOIN orders o ON o.shop_id = $1 AND o.customer_id = theirs.own
JOIN refund_transactions r ON r.shop_id = o.shop_id AND r.order_id = o.id
WHERE NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
ORDER BY r.refunded_at, r.id`;

/** The histories of those among `customerIds` of whom anything is known; ids without facts are left out. */
export async function loadHistories(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<History[]> {
  const values = [shop, customerIds];
  const people = await sql.query<PersonRow>(PEOPLE, values);
  const histories = new Map(people.rows.map((row) => [row.id, toHistory(row)]));
  const theirs = people.rows[0]?.merges === false ? OWN : THEIRS;
  const orders = await sql.query<{ customer_id: string; currency: string; gross: string[]; at: Date[] }>(
    ordersOf(theirs),
    values,
  );
  for (const row of orders.rows) addOrders(histories.get(row.customer_id), row);
  const refunds = await sql.query<{ customer_id: string; amount_minor: string; refunded_at: Date }>(
    refundsOf(theirs),
    values,
  );
  for (const row of refunds.rows) {
    histories.get(row.customer_id)?.refunds.push({ at: row.refunded_at, amountMinor: BigInt(row.amount_minor) });
  }
  return [...histories.values()];
}

function toHistory(row: PersonRow): History {
  return {
    customerId: row.id,
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    emailConsent: row.consent ?? "unknown",
    currency: null,
    deletedAt: row.deleted_at,
    orders: [],
    refunds: [],
    browsedAt: row.browsed_at,
  };
}

function addOrders(history: History | undefined, row: { currency: string; gross: string[]; at: Date[] }): void {
  if (!history) return;
  const second = history.orders.length > 0;
  history.currency ??= row.currency;
  row.at.forEach((at, index) => history.orders.push({ at, grossMinor: BigInt(row.gross[index] ?? 0) }));
  // Only a shop that changed its currency has two groups.
  if (second) history.orders.sort((left, right) => left.at.getTime() - right.at.getTime());
}
