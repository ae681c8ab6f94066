import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertArrivals } from "../../app/ingest/inbox-store.server.ts";
import { deliveryDigest } from "../../app/ingest/signature.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop, takeIn } from "../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { type Db, openDatabase } from "../../app/platform/db.server.ts";
import { listSegments } from "../../app/segment/segment-store.server.ts";

const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
let dataDir: string;
let db: Db;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-convergence-"));
  db = await openDatabase({ dataDir, onError: () => {} });
});

afterAll(async () => {
  await db.close();
  await rm(dataDir, { recursive: true });
});

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
  email: `person-${id}-${at}@example.com`,
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
        topic: cancelled ? "orders/cancelled" : "orders/updated",
        at: new Date(START + updated * DAY),
        body: {
          id,
          name: `#${id}`,
          created_at: iso(ordered),
          updated_at: iso(updated),
          cancelled_at: cancelled && test ? iso(updated) : null,
          test: test && !cancelled,
          cart_token: `cart-${id}`,
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
    body: customerBody(who, at),
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

type Copy = Sent & { index: number; webhookId: string; eventId: string };

/** Delivers in batches of `batch`, recomputing after each, the clock at the latest time delivered, and reads the end state. */
async function play(shopDomain: string, copies: readonly Copy[], batch: number): Promise<unknown> {
  const shop = await openShop(db, shopDomain, END);
  const segments = await listSegments(db, shop.id);
  let now = new Date(START);
  for (let from = 0; from <= copies.length; from += batch) {
    const part = copies.slice(from, from + batch);
    for (const { at } of part) if (at > now) now = at;
    await insertArrivals(
      db,
      part.map((copy) => toArrival(shopDomain, copy)),
    );
    await takeIn(db, shop, 200, marks);
    await recompute(db, shop.id, segments, { limit: 200, now, coalesceMs: 0 });
  }
  // Time goes on with no event: timers are what makes the rest of the changes.
  for (;;) {
    const { rowCount } = await db.query(
      `WITH due AS (DELETE FROM timers WHERE shop_id = $1 AND due_at <= $2 RETURNING customer_id)
       INSERT INTO profile_queue SELECT $1, customer_id, now() FROM due ON CONFLICT DO NOTHING`,
      [shop.id, END],
    );
    await recompute(db, shop.id, segments, { limit: 200, now: END, coalesceMs: 0 });
    if (rowCount === 0) return readState(shop.id);
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
  orders: "id, customer_id, gross_minor, ordered_at, cancelled_at, test, cart_token, source_updated_at",
  order_lines: "order_id, id, title, quantity, price_minor",
  refund_transactions: "id, order_id, amount_minor, refunded_at",
  refund_lines: "id, order_id, quantity",
  checkouts: "token, cart_token, customer_id, items, source_updated_at",
  carts: "token, items, lines, source_updated_at",
  profiles:
    "customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, first_order_at, last_order_at, last_seen_at",
  timers: "customer_id, due_at",
};

async function readState(shop: number): Promise<unknown> {
  const state: Record<string, unknown> = {};
  for (const [table, columns] of Object.entries(STATE)) {
    state[table] = (
      await db.query(`SELECT ${columns} FROM ${table} WHERE shop_id = $1 ORDER BY ${columns}`, [shop])
    ).rows;
  }
  const memberships = await db.query(
    `SELECT s.key, m.customer_id, m.entered_at, m.left_at FROM memberships m JOIN segments s ON s.id = m.segment_id
     WHERE m.shop_id = $1 ORDER BY 1, 2, 3`,
    [shop],
  );
  return { ...state, memberships: memberships.rows };
}

it("ends in the same state whatever the order, the repetition and the batches of its deliveries", async () => {
  let shops = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 1, maxLength: 40 }),
      fc.integer(),
      fc.integer({ min: 1, max: 15 }),
      async (sent, seed, batch) => {
        // Two deliveries of one trigger time are told apart by their ids, so equal times are spread out by milliseconds.
        const once = sent.map((item, index) => ({
          ...item,
          at: new Date(item.at.getTime() + index),
          index,
          webhookId: `w${index}`,
          eventId: `e${index}`,
        }));
        const again = once.map((item, index) => (index % 2 ? item : { ...item, webhookId: `again-${index}` }));
        const scrambled = shuffle([...once, ...again], seed);
        shops += 1;
        const expected = await play(`ordered-${shops}.myshopify.com`, once, 50);
        expect(await play(`scrambled-${shops}.myshopify.com`, scrambled, batch)).toEqual(expected);
      },
    ),
    { numRuns: process.env["MUSTER_LONG"] ? 3_000 : 60 },
  );
});

function shuffle<T>(items: T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return items
    .map((item) => [random(), item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item);
}
