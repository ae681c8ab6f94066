import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertArrivals } from "../../app/ingest/inbox-store.server.ts";
import { deliveryDigest } from "../../app/ingest/signature.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop, takeIn } from "../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { openTestDatabase, preparing } from "../support/database.ts";
import { postgresUrl } from "../support/services.ts";

const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
const server = await postgresUrl("a thousand histories of a shop, with two workers at once");

let db: Db;

beforeAll(async () => {
  db = preparing(await openTestDatabase(server));
});
afterAll(() => db.close());

/** The embedded database has one connection and takes five times as long. */
const HISTORIES = process.env["MUSTER_LONG"] ? 100_000 : server === undefined ? 100 : 1_000;
/** More would wait for one of the eight connections longer than they may. */
const TOGETHER = 8;
const WORKERS = server === undefined ? 1 : 2;
/** So few that two workers share a batch. */
const AT_ONCE = 40;

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const END = new Date(START + 500 * DAY);

interface Sent {
  topic: string;
  body: object;
  at: Date;
}

// Small ids on purpose: the same customers, orders and carts have to meet again.
const person = fc.integer({ min: 1, max: 3 });
const number = fc.integer({ min: 1, max: 4 });
const day = fc.integer({ min: 0, max: 400 });
const pounds = fc.integer({ min: 0, max: 700 });

const iso = (day: number): string => new Date(START + day * DAY).toISOString();
const money = (amount: number) => ({ shop_money: { amount: `${amount}.00`, currency_code: "GBP" } });
const customerBody = (id: number, at: number) => ({
  id,
  // Of few, so that customers change to one another's, and two may have one.
  email: `${at % 2 ? "Person" : "person"}-${at % 4}@example.com`,
  verified_email: at % 7 !== 0,
  phone: at % 5 ? null : `+44770090012${id % 2}`,
  first_name: `P${at}`,
  last_name: null,
  created_at: iso(0),
  updated_at: iso(at),
});

const action: fc.Arbitrary<Sent> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        id: number,
        who: fc.option(person),
        ordered: day,
        updated: day,
        amount: pounds,
        lines: number,
        test: fc.boolean(),
        cancelled: fc.boolean(),
      })
      .map(({ id, who, ordered, updated, amount, lines, test, cancelled }) => ({
        topic: cancelled ? "orders/cancelled" : test ? "orders/paid" : "orders/updated",
        at: new Date(START + updated * DAY),
        body: {
          id,
          name: `#${id}`,
          created_at: iso(ordered),
          updated_at: iso(updated),
          cancelled_at: cancelled && test ? iso(updated) : null,
          test: test && !cancelled,
          cart_token: `cart-${id}`,
          checkout_token: updated % 3 ? null : `checkout-${id}`,
          email: who === null && amount % 3 ? ` PERSON-${amount % 4}@example.com` : null,
          phone: who === null && amount % 5 === 0 ? `+44 7700 90012${id % 2}` : null,
          app_id: updated,
          location_id: updated % 2 ? null : id,
          tags: `${updated}, vip`,
          discount_codes: lines > 2 ? [{ code: `C${updated}` }] : [],
          total_price_set: money(amount),
          customer: who === null ? null : customerBody(who, updated),
          line_items: Array.from({ length: lines }, (_, line) => ({
            id: line + 1,
            title: `T${updated}`,
            quantity: line + 1,
            price: "1.00",
          })),
        },
      })),
  },
  fc.record({ id: number, order: number, at: day, amount: pounds }).map(({ id, order, at, amount }) => ({
    topic: "refunds/create",
    at: new Date(START + at * DAY),
    body: {
      // A refund never changes, so its id stands for everything in it.
      id: Number(`${order}${id}${at}${amount}`),
      order_id: order,
      created_at: iso(at),
      refund_line_items: [
        { id: Number(`${order}${id}${at}${amount}`), line_item_id: 1, quantity: 1, subtotal_set: money(amount) },
      ],
      transactions: [
        {
          id: Number(`${order}${id}${at}${amount}`),
          kind: "refund",
          status: "success",
          amount: `${amount}.00`,
          currency: "GBP",
          created_at: iso(at),
        },
      ],
    },
  })),
  fc.record({ who: person, at: day }).map(({ who, at }) => ({
    topic: "customers/update",
    at: new Date(START + at * DAY),
    body: { ...customerBody(who, at), addresses: at % 3 ? [{ city: `C${at}`, country_code: "GB" }] : [] },
  })),
  fc
    .record({ who: person, at: day, state: fc.constantFrom("subscribed", "unsubscribed", "not_subscribed") })
    .map(({ who, at, state }) => ({
      topic: "customers_email_marketing_consent/update",
      at: new Date(START + at * DAY),
      body: { customer_id: who, email_marketing_consent: { state, opt_in_level: null, consent_updated_at: iso(at) } },
    })),
  fc.record({ who: fc.constant(3), at: day }).map(({ who, at }) => ({
    topic: "customers/delete",
    at: new Date(START + at * DAY),
    body: { id: who },
  })),
  fc.record({ token: number, who: fc.option(person), at: day, cart: number }).map(({ token, who, at, cart }) => ({
    topic: "checkouts/update",
    at: new Date(START + at * DAY),
    body: {
      token: `checkout-${token}`,
      cart_token: `cart-${cart}`,
      created_at: iso(0),
      updated_at: iso(at),
      customer: who === null ? null : customerBody(who, at),
    },
  })),
  fc.record({ token: number, at: day }).map(({ token, at }) => ({
    topic: "carts/update",
    at: new Date(START + at * DAY),
    body: {
      token: `cart-${token}`,
      created_at: iso(0),
      updated_at: iso(at),
      line_items: [{ product_id: at, quantity: at % 5 }],
    },
  })),
);

/** What is about one of few things and says nothing but that, a time and a number. */
const remarks: Record<string, (id: number, at: number) => object> = {
  "orders/delete": (id) => ({ id }),
  "orders/edited": (id) => ({ order_edit: { order_id: id } }),
  "customers/merge": (id) => ({
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${(id % 3) + 1}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${id}`,
    status: id === 3 ? "completed" : "failed",
  }),
  "customers/purchasing_summary": (id, at) => ({
    customerId: `gid://shopify/Customer/${id}`,
    numberOfOrders: at,
    amountSpent: { amount: `${at}.50`, currencyCode: "GBP" },
    lastOrderId: null,
    occurredAt: iso(at),
  }),
  "customer.tags_added": (id, at) => ({
    customerId: `gid://shopify/Customer/${id % 3}`,
    tags: ["VIP", `t${id}`],
    occurredAt: iso(at),
  }),
  "customer.tags_removed": (id, at) => ({
    customerId: `gid://shopify/Customer/${id % 3}`,
    tags: ["vip", `T${id}`],
    occurredAt: iso(at),
  }),
  "customers_marketing_consent/update": (id, at) => ({
    id,
    sms_marketing_consent: { state: at % 2 ? "subscribed" : "unsubscribed", consent_updated_at: iso(at) },
  }),
  "customers_whats_app_marketing_consent/update": (id, at) => ({
    customer_id: id,
    whats_app_marketing_consent: { state: at % 2 ? "subscribed" : "pending", updated_at: iso(at) },
  }),
  "checkouts/delete": (id) => (id % 2 ? { token: `checkout-${id}` } : { cart_token: `cart-${id}` }),
  "products/update": (id, at) => ({
    id,
    title: `P${at}`,
    tags: `t${at}`,
    updated_at: iso(at),
    variants: [{ id, price: `${at}.00`, inventory_item_id: id, inventory_quantity: at }],
  }),
  "products/delete": (id) => ({ id: id === 4 ? id : 9 }),
  "collections/update": (id, at) => ({ id, title: `C${at}`, updated_at: iso(at) }),
  "collections/delete": (id) => ({ id: id === 4 ? id : 9 }),
  "inventory_levels/update": (id, at) => ({
    inventory_item_id: id,
    location_id: 1,
    available: at,
    updated_at: iso(at),
  }),
  "shop/update": (id, at) => ({
    name: `Shop ${id} ${at}`,
    currency: "EUR",
    iana_timezone: "UTC",
    country_code: "US",
    primary_locale: null,
  }),
  "app/scopes_update": (id, at) => ({ current: [`read_${id}`, `read_${at}`], updated_at: iso(at) }),
};
const remark: fc.Arbitrary<Sent> = fc
  .record({ topic: fc.constantFrom(...Object.keys(remarks)), id: number, at: day })
  .map(({ topic, id, at }) => ({ topic, at: new Date(START + at * DAY), body: remarks[topic]?.(id, at) ?? {} }));

type Copy = Sent & { index: number; webhookId: string; eventId: string };

/**
 * Delivers in batches of `batch`, with so many workers at it at once after each, the clock at the latest time delivered.
 * @returns the shop.
 */
async function play(shopDomain: string, copies: readonly Copy[], batch: number, workers: number): Promise<number> {
  const shop = await openShop(db, shopDomain, END);
  const settle = async (now: Date): Promise<void> => {
    while ((await recompute(db, shop.id, { limit: 200, now, coalesceMs: 0 })).more);
  };
  const work = async (now: Date): Promise<void> => {
    for (let taken = AT_ONCE; taken === AT_ONCE;) ({ taken } = await takeIn(db, shop, AT_ONCE, marks));
    await settle(now);
  };
  let now = new Date(START);
  for (let from = 0; from <= copies.length; from += batch) {
    const part = copies.slice(from, from + batch);
    for (const { at } of part) if (at > now) now = at;
    await insertArrivals(
      db,
      part.map((copy) => toArrival(shopDomain, copy)),
    );
    const until = now;
    await Promise.all(Array.from({ length: workers }, () => work(until)));
  }
  // One of two workers may have recomputed before the other took in.
  if (workers > 1) await settle(now);
  // Time goes on with no event: timers are what makes the rest of the changes.
  for (;;) {
    const { rowCount } = await db.query(
      `WITH due AS (DELETE FROM timers WHERE shop_id = $1 AND due_at <= $2 RETURNING customer_id)
       INSERT INTO profile_queue SELECT $1, customer_id, now() FROM due ON CONFLICT DO NOTHING`,
      [shop.id, END],
    );
    if (rowCount === 0) return shop.id;
    await settle(END);
  }
}

function toArrival(shop: string, copy: Copy) {
  const body = Buffer.from(JSON.stringify(copy.body));
  return {
    shop,
    topic: copy.topic,
    webhookId: copy.webhookId,
    eventId: copy.eventId,
    apiVersion: "2026-10",
    triggeredAt: copy.at,
    receivedAt: new Date(),
    digest: deliveryDigest(copy.topic, copy.eventId, copy.webhookId, body),
    body,
  };
}

// Delivery ids differ between copies of one event, and decided_at says when we knew: everything else has to be equal.
const STATE: Record<string, string> = {
  customers: "id, email, first_name, last_name, created_at, deleted_at, source_updated_at",
  consents: "customer_id, channel, state, consented_at",
  customer_tags: "customer_id, tag_key, tag, present",
  customer_addresses: "customer_id, addresses, source_updated_at",
  customer_locales: "customer_id, locale, source_updated_at",
  customer_merges: "deleted_id, kept_id",
  purchasing_summaries: "customer_id, orders_count, spent_minor",
  products: "id, title, tags, deleted_at",
  product_variants: "product_id, variants",
  collections: "id, title, deleted_at",
  inventory_levels: "item_id, location_id, available",
  deletions: "kind, id, deleted_at",
  orders:
    "id, customer_id, gross_minor, ordered_at, cancelled_at, deleted_at, test, cart_token, app_id, location_id, tags, discount_codes, source_updated_at, guest_of, guest_clues, guest_pending",
  order_lines: "order_id, id, title, quantity, price_minor",
  refund_transactions: "id, order_id, amount_minor, refunded_at",
  refund_lines: "id, order_id, quantity",
  checkouts: "token, cart_token, customer_id, items, deleted_at, source_updated_at",
  carts: "token, items, lines, source_updated_at",
  profiles:
    "customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, first_order_at, last_order_at, last_seen_at",
  timers: "customer_id, due_at",
};

/** The end states of shops, by shop: one statement a table, however many shops there are. */
async function readStates(shops: readonly number[]): Promise<Map<number, Record<string, unknown[]>>> {
  const states = new Map(shops.map((shop) => [shop, {} as Record<string, unknown[]>]));
  const read = async (table: string, text: string): Promise<void> => {
    const { rows } = await db.query<{ shop_id: number }>(text, [shops]);
    for (const { shop_id, ...row } of rows) {
      const state = states.get(shop_id);
      if (state) (state[table] ??= []).push(row);
    }
  };
  for (const [table, columns] of Object.entries(STATE)) {
    await read(
      table,
      `SELECT shop_id, ${columns} FROM ${table} WHERE shop_id = ANY($1::int[]) ORDER BY shop_id, ${columns}`,
    );
  }
  await read("shops", "SELECT id AS shop_id, name, told_at FROM shops WHERE id = ANY($1::int[])");
  await read(
    "memberships",
    `SELECT m.shop_id, s.key, m.customer_id, m.entered_at, m.left_at FROM memberships m JOIN segments s ON s.id = m.segment_id
     WHERE m.shop_id = ANY($1::int[]) ORDER BY 1, 2, 3, 4`,
  );
  return states;
}

/** One shop's deliveries, the order they come in and how many come between two looks of the workers. */
const history = fc.record({
  sent: fc.array(fc.oneof({ weight: 3, arbitrary: action }, { weight: 2, arbitrary: remark }), {
    minLength: 1,
    maxLength: 40,
    // By default most would be of a few deliveries, among which hardly two meet.
    size: "max",
  }),
  seed: fc.integer(),
  batch: fc.integer({ min: 20, max: 80 }),
});

let shops = 0;

/** In order with one worker, and shuffled, repeated and late with two where the database can have two. */
async function bothWays({ sent, seed, batch }: typeof history extends fc.Arbitrary<infer H> ? H : never) {
  // Two deliveries of one trigger time are told apart by their ids, so equal times are spread out by milliseconds.
  const once = sent.map((item, index) => ({
    ...item,
    at: new Date(item.at.getTime() + index),
    index,
    webhookId: `w${index}`,
    eventId: `e${index}`,
  }));
  const again = once.map((item, index) => (index % 2 ? item : { ...item, webhookId: `again-${index}` }));
  const shop = (shops += 1);
  return {
    ordered: await play(`ordered-${shop}.myshopify.com`, once, 80, 1),
    scrambled: await play(`scrambled-${shop}.myshopify.com`, shuffle([...once, ...again], seed), batch, WORKERS),
  };
}

it(
  "ends in the same state whatever the order, the repetition, the batches and the workers of its deliveries",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: TOGETHER, maxLength: TOGETHER }), async (histories) => {
        const played = await Promise.all(histories.map(bothWays));
        const states = await readStates(played.flatMap(({ ordered, scrambled }) => [ordered, scrambled]));
        for (const { ordered, scrambled } of played) expect(states.get(scrambled)).toEqual(states.get(ordered));
      }),
      // Shrinking eight shops at once takes hours; the seed and the difference say enough.
      { endOnFailure: true, numRuns: HISTORIES / TOGETHER },
    );
    expect(shops).toBeGreaterThanOrEqual(HISTORIES);
  },
  process.env["MUSTER_LONG"] ? 6 * 3_600_000 : 300_000,
);

function shuffle<T>(items: T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return items
    .map((item) => [random(), item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item);
}
