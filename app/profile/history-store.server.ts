import { foldEmail } from "../ingest/erased/mentions.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { History } from "./history.ts";
import type { Person } from "./identity/person.ts";
import { readPersons } from "./identity/persons-store.server.ts";

interface PersonRow {
  id: string;
  email: string | null;
  phone: string | null;
  first_name: string | null;
  last_name: string | null;
  created_at: Date | null;
  deleted_at: Date | null;
  opening_orders: number | null;
  opening_minor: string | null;
  opening_last: Date | null;
  opening_currency: string | null;
  consent: string | null;
  /** Since when it is so. */
  consent_at: Date | null;
  browsed_at: Date | null;
  /** Whether anybody of the shop was ever merged into another, or linked with one. */
  joined: boolean;
}

const PEOPLE = `
SELECT wanted.id::text AS id, c.email, c.phone, c.first_name, c.last_name, c.created_at, c.deleted_at,
  opening.orders_count AS opening_orders, opening.spent_minor AS opening_minor, opening.last_order_at AS opening_last,
  opening.currency AS opening_currency, consent.state AS consent,
  coalesce(consent.consented_at, consent.source_updated_at) AS consent_at,
  greatest(
    (SELECT max(source_updated_at) FROM checkouts WHERE shop_id = $1 AND customer_id = wanted.id),
    (SELECT max(cart.source_updated_at) FROM checkouts checkout JOIN carts cart
       ON cart.shop_id = $1 AND cart.token = checkout.cart_token WHERE checkout.shop_id = $1 AND checkout.customer_id = wanted.id),
    (SELECT max(occurred_at) FROM events WHERE shop_id = $1 AND customer_id = wanted.id AND source = 'pixel')
  ) AS browsed_at,
  EXISTS (SELECT FROM customer_merges WHERE shop_id = $1) OR EXISTS (SELECT FROM profile_links WHERE shop_id = $1) AS joined
FROM unnest($2::bigint[]) AS wanted (id)
LEFT JOIN customers c ON c.shop_id = $1 AND c.id = wanted.id
LEFT JOIN opening_balances opening ON opening.shop_id = $1 AND opening.customer_id = wanted.id
LEFT JOIN consents consent ON consent.shop_id = $1 AND consent.customer_id = wanted.id AND consent.channel = 'email'
WHERE c.id IS NOT NULL OR EXISTS (SELECT FROM orders WHERE shop_id = $1 AND buyer_id = wanted.id)`;

/** `own` ($2) is whose fact it is, `customer_id` ($3) whose history it stands in: for nearly everybody their own. */
export const THEIRS =
  "WITH theirs (own, customer_id) AS (SELECT own, id FROM unnest($2::bigint[], $3::bigint[]) AS given (own, id))";

const ORDERS = `${THEIRS}
SELECT theirs.customer_id, currency, array_agg(gross_minor ORDER BY ordered_at, id)::text[] AS gross,
  array_agg(ordered_at ORDER BY ordered_at, id) AS at
FROM theirs JOIN orders ON shop_id = $1 AND orders.buyer_id = theirs.own
WHERE NOT test AND cancelled_at IS NULL AND deleted_at IS NULL
GROUP BY theirs.customer_id, currency ORDER BY min(ordered_at)`;

const REFUNDS = `${THEIRS}
SELECT theirs.customer_id, r.amount_minor, r.refunded_at
FROM theirs JOIN orders o ON o.shop_id = $1 AND o.buyer_id = theirs.own
JOIN refund_transactions r ON r.shop_id = o.shop_id AND r.order_id = o.id
WHERE NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
ORDER BY r.refunded_at, r.id`;

/**
 * The histories of those among `customerIds` of whom anything is known; ids without facts are left out. Customers who are one
 * person, by merges in Shopify or links here, have one history, under the smallest id of those who exist.
 */
export async function loadHistories(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<History[]> {
  const people = (await sql.query<PersonRow>(PEOPLE, [shop, customerIds])).rows;
  const histories = new Map(people.map((row) => [row.id, toHistory(row)]));
  // Nearly every shop has neither merges nor links, and pays nothing for them.
  const joined = people[0]?.joined === true ? await joinPersons(sql, shop, people, histories) : new Map();
  const theirs = [...histories.keys()].flatMap((id) => (joined.get(id) ?? [id]).map((own: string) => [own, id]));
  const values = [shop, theirs.map(([own]) => own), theirs.map(([, id]) => id)];
  const orders = await sql.query<{ customer_id: string; currency: string; gross: string[]; at: Date[] }>(
    ORDERS,
    values,
  );
  for (const row of orders.rows) addOrders(histories.get(row.customer_id), row);
  const refunds = await sql.query<{ customer_id: string; amount_minor: string; refunded_at: Date }>(REFUNDS, values);
  for (const row of refunds.rows) {
    histories.get(row.customer_id)?.refunds.push({ at: row.refunded_at, amountMinor: BigInt(row.amount_minor) });
  }
  return [...histories.values()];
}

/** Makes each history that of its whole person. @returns whose orders and refunds stand in it. */
async function joinPersons(
  sql: Sql,
  shop: ShopId,
  people: readonly PersonRow[],
  histories: ReadonlyMap<string, History>,
): Promise<Map<string, readonly string[]>> {
  const persons = await readPersons(sql, shop, [...histories.keys()]);
  const asked = new Map(people.map((row) => [row.id, row]));
  const others = [...new Set([...persons.values()].flatMap(({ counts }) => counts))].filter((id) => !asked.has(id));
  if (others.length > 0) {
    for (const row of (await sql.query<PersonRow>(PEOPLE, [shop, others])).rows) asked.set(row.id, row);
  }
  const joined = new Map<string, readonly string[]>();
  for (const [id, history] of histories) {
    const person = persons.get(id);
    if (!person) continue;
    joined.set(id, person.counts);
    joinPerson(
      history,
      person,
      person.counts.flatMap((member) => asked.get(member) ?? []),
    );
  }
  return joined;
}

/**
 * Name, address and consent stay the customer's own: consent is never raised by whom they are joined with. It is lowered where
 * another of the person said no under the same address, or under whichever after the customer's own yes: the person did, and not the mailbox.
 */
function joinPerson(history: History, person: Person, members: readonly PersonRow[]): void {
  history.person = person;
  if (person.head !== history.customerId && history.deletedAt === null) {
    history.deletedAt = NEVER_EXISTED;
    history.browsedAt = null;
    return;
  }
  const address = foldEmail(history.email ?? "");
  const own = members.find(({ id }) => id === history.customerId);
  const yes = own?.consent === "subscribed" ? own.consent_at : null;
  for (const { email, consent, consent_at, deleted_at, browsed_at } of members) {
    if (browsed_at && (!history.browsedAt || browsed_at > history.browsedAt)) history.browsedAt = browsed_at;
    if (consent !== "unsubscribed") continue;
    const isSameAddress = deleted_at === null && foldEmail(email ?? "") === address;
    if (isSameAddress || !yes || !consent_at || consent_at >= yes) history.emailConsent = consent;
  }
}

const NEVER_EXISTED = new Date(0);

function toHistory(row: PersonRow): History {
  const opening = toOpening(row);
  return {
    customerId: row.id,
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    emailConsent: row.consent ?? "unknown",
    currency: opening && row.opening_currency,
    createdAt: row.created_at,
    opening,
    deletedAt: row.deleted_at,
    orders: [],
    refunds: [],
    browsedAt: row.browsed_at,
  };
}

function toOpening({
  opening_orders: orders,
  opening_minor: minor,
  opening_last: last,
}: PersonRow): History["opening"] {
  return orders === null || minor === null || (orders === 0 && minor === "0")
    ? null
    : { orders, spentMinor: BigInt(minor), lastOrderAt: last };
}

function addOrders(history: History | undefined, row: { currency: string; gross: string[]; at: Date[] }): void {
  if (!history) return;
  const second = history.orders.length > 0;
  if (!second) history.currency = row.currency;
  row.at.forEach((at, index) => history.orders.push({ at, grossMinor: BigInt(row.gross[index] ?? 0) }));
  // Only a shop that changed its currency has two groups.
  if (second) history.orders.sort((left, right) => left.at.getTime() - right.at.getTime());
}
