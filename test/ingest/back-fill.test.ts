import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { advanceBackFill, beginBackFill, restartBackFill } from "../../app/ingest/back-fill/back-fill.server.ts";
import { readBackFill } from "../../app/ingest/back-fill/back-fill-store.server.ts";
import { lookForDrift } from "../../app/ingest/back-fill/drift.server.ts";
import { beginLooks, readLooks, shopsToLookAt } from "../../app/ingest/back-fill/drift-store.server.ts";
import { computeProfile } from "../../app/profile/compute-profile.ts";
import { loadHistories } from "../../app/profile/history-store.server.ts";
import { readOpeningBalances } from "../../app/ingest/back-fill/opening-balance-store.server.ts";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db, Sql } from "../../app/platform/db.server.ts";
import { createShopify } from "../../app/shopify.server.ts";
import { type AskAdmin, createAskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { CUSTOMERS_UPDATED, ORDERS_UPDATED } from "../../app/shopify/operations.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { readVocabulary } from "../../app/segment/vocabulary-store.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { compareWithSource } from "../bench/back-fill/compare.ts";
import { type Admin, type AdminOptions, createAdmin } from "../sandbox/admin/create-admin.ts";
import { signIdToken } from "../sandbox/admin/id-token.ts";
import { redirectShopify } from "../sandbox/admin/redirect-shopify.ts";
import { inventPast } from "../sandbox/shopify/invent-past.ts";
import { type PastCustomer, recordsIn, type StorePast } from "../sandbox/shopify/past.ts";
import { orderPayload } from "../sandbox/shopify/payloads/order.ts";
import type { OrderFacts } from "../sandbox/shopify/shop-facts.ts";
import { createMemorySessions } from "../shopify/memory-sessions.ts";
import { openTestDatabase } from "../support/database.ts";

const DAY = 86_400_000;
const APP_URL = "https://app.example";

const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
let db: Db;
const open: Installed[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
});
afterEach(async () => {
  for (const installed of open.splice(0)) await installed.close();
});
afterAll(async () => {
  await db.close();
});

interface Installed {
  admin: Admin;
  shop: ShopId;
  past: StorePast;
  /** The orders the app may see. */
  visible: readonly OrderFacts[];
  ask: AskAdmin;
  /** Customers whose facts were said to have changed. */
  changed: Set<string>;
  fill(signal?: AbortSignal): ReturnType<typeof advanceBackFill>;
  /** Runs to the end, as the job does, but waits for Shopify no longer than it has to. */
  finish(): Promise<{ kind: string; reason: string }[]>;
  look(): ReturnType<typeof lookForDrift>;
  differences(): Promise<string[]>;
  close(): Promise<void>;
}

/** A shop of its own with a past, on which the app was just installed. */
async function install(options: Partial<AdminOptions> & { past?: StorePast } = {}): Promise<Installed> {
  const app = { shop: `past-${randomUUID()}.myshopify.com`, apiKey: "an-api-key", apiSecret: "an-api-secret" };
  const past = options.past ?? smallPast();
  const admin = await createAdmin({ ...app, appUrl: "http://localhost:1", port: 0, ...options, past });
  const restore = redirectShopify(admin.url);
  const shopify = createShopify({
    apiKey: app.apiKey,
    apiSecret: app.apiSecret,
    appUrl: APP_URL,
    scopes: ["read_orders"],
    sessionStorage: createMemorySessions(),
    onInstalled: async () => {},
    log: () => {},
  });
  const headers = { Authorization: `Bearer ${signIdToken(app)}` };
  await shopify.authenticate.admin(new Request(`${APP_URL}/app.data`, { headers }));
  const { id: shop } = await ensureShop(db, app.shop);
  await beginBackFill(db, shop, new Date(0), new Date());
  const ask = createAskAdmin(() => shopify.adminOf(app.shop));
  const changed = new Set<string>();
  const onChanged = async (_tx: Sql, customers: readonly string[] | ReadonlyMap<string, number>): Promise<void> => {
    for (const customer of "size" in customers ? customers.keys() : customers) changed.add(customer);
  };
  const now = (): Date => new Date();
  const fill = (signal = new AbortController().signal) =>
    advanceBackFill({ db, shop, ask, marks, signal, now, onChanged });
  const isVisible = ({ createdAt }: OrderFacts): boolean =>
    options.scopes?.includes("read_all_orders") === true || createdAt.getTime() >= Date.now() - 60 * DAY;
  const visible = Array.from({ length: past.orders.length }, (_, place) => past.orders.at(place)).filter(isVisible);
  const installed: Installed = {
    admin,
    shop,
    past,
    visible,
    ask,
    changed,
    fill,
    async finish() {
      for (;;) {
        const step = await fill();
        if (step.outcome === "finished") return step.failed;
        await new Promise((resolve) => setTimeout(resolve, Math.min(step.afterMs, 50)));
      }
    },
    look: () => lookForDrift({ db, shop, ask, marks, signal: new AbortController().signal, now, onChanged }),
    differences: async () => (await compareWithSource(db, shop, past, isVisible)).differences,
    async close() {
      restore();
      await admin.close();
    },
  };
  open.push(installed);
  return installed;
}

/** Ends half an order's distance ago: Shopify's limit of 60 days then falls between two orders, however long a test takes. */
function smallPast(days = 80): StorePast {
  const orders = 400;
  return inventPast({
    seed: "small",
    settings: { domain: "past.myshopify.com", currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
    customers: 60,
    orders,
    end: new Date(Date.now() - (days * DAY) / orders / 2),
    days,
  });
}

const states = async ({ shop }: Installed): Promise<Record<string, string>> =>
  Object.fromEntries((await readBackFill(db, shop)).map(({ kind, state }) => [kind, state]));

describe("a back-fill", () => {
  it("takes in all there is, in the shop's own facts, with opening balances for what it may not see", async () => {
    const installed = await install();
    expect(await installed.finish()).toEqual([]);
    expect(await installed.differences()).toEqual([]);
    const orders = installed.visible.length;
    const refunds = installed.visible.flatMap((order) => order.refunds).length;
    expect(orders).toBeGreaterThan(290);
    expect(orders).toBeLessThan(310);
    expect(refunds).toBeGreaterThan(2);
    const rows = await readBackFill(db, installed.shop);
    expect(rows.map(({ kind, state, objects, objectsOf }) => [kind, state, objects, objectsOf])).toEqual([
      ["products", "done", 200, 200],
      ["customers", "done", 60, 60],
      ["orders", "done", orders, orders],
      ["refunds", "done", refunds, refunds],
      ["totals", "done", 60, 60],
    ]);
    expect(rows.find(({ kind }) => kind === "orders")?.allOrders).toBe(false);
    // Everyone's profile is computed once, at the end.
    expect(installed.changed.size).toBe(60);
    const ids = [...installed.changed];
    const openings = await readOpeningBalances(db, installed.shop, ids);
    const profiles = (await loadHistories(db, installed.shop, ids)).map(computeProfile);
    const held = await db.query<{ customer_id: string; count: number; cancelled: number; spent: string }>(
      `SELECT customer_id, count(*)::int AS count, count(cancelled_at)::int AS cancelled, sum(CASE WHEN cancelled_at IS NULL THEN gross_minor - coalesce(
         (SELECT sum(amount_minor) FROM refund_transactions r WHERE r.shop_id = o.shop_id AND r.order_id = o.id), 0) ELSE 0 END) AS spent
       FROM orders o WHERE shop_id = $1 AND NOT test AND customer_id IS NOT NULL GROUP BY customer_id`,
      [installed.shop],
    );
    for (let place = 0; place < installed.past.customers.length; place += 1) {
      const { customer, numberOfOrders, amountSpent } = installed.past.customers.at(place);
      const opening = openings.find(({ customerId }) => customerId === String(customer.id));
      const facts = held.rows.find(({ customer_id: id }) => id === String(customer.id));
      expect((opening?.orders ?? 0) + (facts?.count ?? 0)).toBe(numberOfOrders);
      expect(Number(opening?.spentMinor ?? 0n) + Number(facts?.spent ?? 0)).toBe(amountSpent);
      // The profile says what Shopify says, save that it leaves cancelled orders out where it holds them.
      const profile = profiles.find(({ customerId }) => customerId === String(customer.id));
      expect(profile?.ordersCount).toBe(numberOfOrders - (facts?.cancelled ?? 0));
      expect(Number((profile?.grossMinor ?? 0n) - (profile?.refundedMinor ?? 0n))).toBe(amountSpent);
      expect(profile?.currency ?? null).toBe(numberOfOrders === 0 ? null : "EUR");
    }
  });

  it("opens with nothing where all orders may be read", async () => {
    const installed = await install({ scopes: "read_customers,read_orders,read_all_orders,read_products" });
    expect(await installed.finish()).toEqual([]);
    expect(await installed.differences()).toEqual([]);
    const rows = await readBackFill(db, installed.shop);
    expect(rows.find(({ kind }) => kind === "orders")).toMatchObject({ objects: 400, allOrders: true });
    expect(await readOpeningBalances(db, installed.shop, [...installed.changed])).toEqual([]);
  });

  it("keeps a delivery that is newer, lines included, and replaces one that is older", async () => {
    const installed = await install();
    const { past, shop } = installed;
    const places = [398, 399] as const;
    const [older, newer] = places.map((place) => past.orders.at(place)) as [OrderFacts, OrderFacts];
    const merge = async (order: OrderFacts, updatedAt: Date, delivery: string): Promise<void> => {
      const changed = {
        ...order,
        updatedAt,
        lines: order.lines.map((line) => ({ ...line, id: line.id + 7, quantity: 9 })),
      };
      const version = { updatedAt, triggeredAt: updatedAt, delivery };
      const facts = topics["orders/updated"]?.(
        JSON.parse(JSON.stringify(orderPayload(past.settings, changed))),
        version,
      );
      await db.tx((tx) => mergeFacts(tx, shop, { ...noFacts(), orders: facts?.orders ?? [] }));
    };
    await merge(older, new Date(older.updatedAt.getTime() - 1_000), "an older delivery");
    await merge(newer, new Date(newer.updatedAt.getTime() + 1_000), "a newer delivery");
    expect(await installed.finish()).toEqual([]);
    const { rows } = await db.query<{ order_id: string; ids: string[]; quantity: number }>(
      `SELECT order_id, array_agg(id ORDER BY id) AS ids, max(quantity) AS quantity FROM order_lines
       WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) GROUP BY order_id ORDER BY order_id`,
      [shop, [older.id, newer.id]],
    );
    expect(rows.map(({ ids }) => ids)).toEqual([
      older.lines.map(({ id }) => String(id)),
      newer.lines.map(({ id }) => String(id + 7)),
    ]);
    expect(rows[1]?.quantity).toBe(9);
    // The sandbox tells a total of the unchanged order, so that the newer delivery is missing from its customer's balance too.
    const [first, ...others] = await installed.differences();
    expect(first).toContain(`${newer.id}|`);
    expect(others.filter((line) => !line.startsWith(`${newer.customer?.id}|`))).toEqual([]);
  });

  it("goes on from the byte where it was stopped, and passes over what it has where a server knows no ranges", async () => {
    const installed = await install({ past: smallPast(59) });
    for (;;) {
      const stop = new AbortController();
      const step = installed.fill(stop.signal);
      // One look at a time, or on a busy machine they would crowd out what they look at.
      let looking = false;
      const rows = setInterval(() => {
        if (looking) return;
        looking = true;
        void readBackFill(db, installed.shop).then((found) => {
          looking = false;
          if (found.some(({ kind, position }) => kind === "orders" && position > 0n)) stop.abort(new Error("killed"));
        });
      }, 1);
      const result = await step.catch((error: Error) => error.message);
      clearInterval(rows);
      if (typeof result !== "object") break;
      expect(result.outcome).toBe("waiting");
    }
    const [orders] = (await readBackFill(db, installed.shop)).filter(({ kind }) => kind === "orders");
    expect(orders?.position).toBeGreaterThan(0n);
    expect(orders?.position).toBeLessThan(orders?.positionOf ?? 0n);
    installed.admin.bulk.expireAddresses();
    installed.admin.bulk.ranges = false;
    expect(await installed.finish()).toEqual([]);
    expect(await installed.differences()).toEqual([]);
    expect(installed.admin.bulk.books.started).toEqual(["products", "customers", "orders"]);
  });

  it("asks for another operation when one fails, and takes what the third had collected", async () => {
    const installed = await install();
    for (const code of ["TIMEOUT", "INTERNAL_SERVER_ERROR"] as const) {
      installed.admin.bulk.spoilNext("customers", { errorCode: code, afterLines: 10 });
    }
    for (let count = 0; count < 3; count += 1) {
      installed.admin.bulk.spoilNext("orders", { errorCode: "TIMEOUT", afterLines: 120 });
    }
    const sentence = "Shopify gave the export up because it took too long. What it had collected by then was taken in.";
    expect(await installed.finish()).toEqual([]);
    const rows = await readBackFill(db, installed.shop);
    expect(rows.map(({ kind, state, attempts, error }) => [kind, state, attempts, error])).toEqual([
      ["products", "done", 1, null],
      ["customers", "done", 3, null],
      ["orders", "failed", 3, sentence],
      ["refunds", "done", 0, null],
      ["totals", "done", 0, null],
    ]);
    const { rows: held } = await db.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM orders WHERE shop_id = $1",
      [installed.shop],
    );
    expect(held[0]?.count).toBeGreaterThan(40);
    expect(held[0]?.count).toBeLessThan(120);

    // Started again, only what failed is read, and what follows from it.
    expect(await restartBackFill(db, installed.shop, new Date())).toBe(true);
    expect(await installed.finish()).toEqual([]);
    expect(await installed.differences()).toEqual([]);
    expect(installed.admin.bulk.books.started.filter((kind) => kind === "products")).toHaveLength(1);
    expect(await restartBackFill(db, installed.shop, new Date())).toBe(false);
  });

  it("says which permission is missing, and reads the rest", async () => {
    const installed = await install({ scopes: "read_customers,read_products" });
    const reason = "Muster was not granted the permission read_orders, so orders cannot be read.";
    const failed = await installed.finish();
    expect(failed).toContainEqual({ kind: "orders", reason });
  });

  it("waits when the shop's points are used up, and asks for no more than they allow", async () => {
    const installed = await install({ budget: { maximumAvailable: 1_000, restoreRate: 2_000 }, past: smallPast(59) });
    expect(await installed.finish()).toEqual([]);
    expect(await installed.differences()).toEqual([]);
  });

  it("is done once by two workers at it at the same time", async () => {
    const installed = await install();
    const [first, second] = await Promise.all([installed.finish(), installed.finish()]);
    expect([...first, ...second]).toEqual([]);
    expect(await installed.differences()).toEqual([]);
    const rows = await readBackFill(db, installed.shop);
    expect(rows.find(({ kind }) => kind === "orders")?.objects).toBe(installed.visible.length);
  });

  it("stops with a sentence when the app's access is gone", async () => {
    const installed = await install();
    installed.admin.tokens.revokeAll();
    const reason = "Muster has no access to this shop any more. Open it once in the Shopify admin to renew it.";
    expect(await installed.finish()).toContainEqual({ kind: "orders", reason });
  });

  it("begins once for an installation, and again for the next one", async () => {
    const installed = await install();
    await installed.finish();
    const began = (await readBackFill(db, installed.shop))[0]?.startedAt ?? new Date();
    await beginBackFill(db, installed.shop, new Date(began.getTime() - 1), new Date());
    expect(Object.values(await states(installed))).toEqual(["done", "done", "done", "done", "done"]);
    await beginBackFill(db, installed.shop, new Date(began.getTime() + 1), new Date());
    expect(Object.values(await states(installed))).toEqual(["waiting", "waiting", "waiting", "waiting", "waiting"]);
  });
});

describe("a look for drift", () => {
  /** As if the last look had been 70 days ago. */
  const forget = ({ shop }: Installed): Promise<unknown> =>
    db.query(
      `INSERT INTO drift_looks (shop_id, kind, looked_until, looked_at) SELECT $1, kind, $2, $2 FROM unnest(ARRAY['customers', 'orders']) AS t (kind)
       ON CONFLICT (shop_id, kind) DO UPDATE SET looked_until = excluded.looked_until`,
      [shop, new Date(Date.now() - 1_000 * DAY)],
    );

  it("repairs exactly what no delivery told of, says how much, and finds nothing the next time", async () => {
    const installed = await install({
      past: withLongOrder(smallPast(59)),
      // So many that a look is never put off: what it repaired is counted to the record.
      budget: { maximumAvailable: 100_000, restoreRate: 10_000 },
    });
    const { shop } = installed;
    await installed.finish();
    await forget(installed);
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 0, orders: 0 } });

    const lost = [5_000_000_000_003, 5_000_000_000_093, 5_000_000_000_400];
    await db.query("DELETE FROM order_lines WHERE shop_id = $1 AND order_id = ANY($2::bigint[])", [shop, lost]);
    await db.query("DELETE FROM orders WHERE shop_id = $1 AND id = ANY($2::bigint[])", [shop, lost.slice(0, 2)]);
    await db.query("DELETE FROM refund_transactions WHERE shop_id = $1 AND order_id = ANY($2::bigint[])", [shop, lost]);
    await db.query("DELETE FROM refund_lines WHERE shop_id = $1 AND order_id = ANY($2::bigint[])", [shop, lost]);
    const early = new Date(0);
    await db.query("UPDATE orders SET source_updated_at = $2, gross_minor = 1 WHERE shop_id = $1 AND id = $3", [
      shop,
      early,
      lost[2],
    ]);
    await db.query("DELETE FROM customers WHERE shop_id = $1 AND id = 7000000000005", [shop]);
    const consent =
      "UPDATE consents SET state = 'pending', source_updated_at = $2 WHERE shop_id = $1 AND customer_id = $3 AND channel = 'email'";
    const asked = consentedCustomer(installed.past);
    await db.query(consent, [shop, early, asked]);
    expect((await installed.differences()).length).toBeGreaterThan(4);

    installed.changed.clear();
    await forget(installed);
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 2, orders: 3 } });
    expect(await installed.differences()).toEqual([]);
    expect([...installed.changed]).toEqual(expect.arrayContaining(["7000000000005", asked]));
    await forget(installed);
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 0, orders: 0 } });
    expect(
      (await readLooks(db, shop)).map(({ kind, repaired, repairedTotal }) => [kind, repaired, repairedTotal]),
    ).toEqual([
      ["customers", 0, 2],
      ["orders", 0, 3],
    ]);
  });

  it("takes away tags that are gone and adds those that came, unless a later word was delivered", async () => {
    const plain = smallPast(59);
    const people = Array.from({ length: plain.customers.length }, (_, place) => plain.customers.at(place));
    const [first, second, third, ...rest] = people as [PastCustomer, PastCustomer, PastCustomer, ...PastCustomer[]];
    const tagged = [
      { ...first, tags: ["VIP", "Wholesale"] },
      { ...second, tags: ["vip"] },
      { ...third, tags: [] as string[] },
    ];
    const past = { ...plain, customers: recordsIn([...tagged, ...rest], ({ customer }) => customer.id) };
    const installed = await install({ past, budget: { maximumAvailable: 100_000, restoreRate: 10_000 } });
    const { shop } = installed;
    const ids = tagged.map(({ customer }) => String(customer.id)) as [string, string, string];
    const told = async (customerId: string, topic: "added" | "removed", tag: string, at: Date): Promise<void> => {
      const body = { customerId: `gid://shopify/Customer/${customerId}`, tags: [tag], occurredAt: at.toISOString() };
      const version = { updatedAt: at, triggeredAt: at, delivery: `${topic} ${tag}` };
      const { tags = [] } = topics[`customer.tags_${topic}`]?.(body, version) ?? {};
      await db.tx((tx) => mergeFacts(tx, shop, { ...noFacts(), tags }));
    };
    const held = async (): Promise<unknown[]> =>
      (
        await db.query<{ held: string[] }>(
          `SELECT array_agg(tag ORDER BY tag_key) FILTER (WHERE present) AS held FROM unnest($2::bigint[]) WITH ORDINALITY AS c (id, place)
           LEFT JOIN customer_tags t ON t.shop_id = $1 AND t.customer_id = c.id GROUP BY place ORDER BY place`,
          [shop, ids],
        )
      ).rows.map((row) => row.held);
    // Known from an earlier installation, and gone since.
    await told(ids[1], "added", "Prospect", new Date(Date.now() - 90 * DAY));
    await installed.finish();
    expect(await held()).toEqual([["VIP", "Wholesale"], ["vip"], null]);

    // Changed at Shopify without a message; a day has passed since the back-fill.
    await db.query(
      "UPDATE customer_tags SET source_updated_at = source_updated_at - interval '1 day' WHERE shop_id = $1",
      [shop],
    );
    if (tagged[0]) tagged[0].tags = ["Wholesale", "tea"];
    await told(ids[1], "added", "Just now", new Date());
    await told(ids[2], "removed", "Gone", new Date());
    if (tagged[2]) tagged[2].tags = ["Gone"];
    await forget(installed);
    installed.changed.clear();
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 1, orders: 0 } });
    expect(await held()).toEqual([["tea", "Wholesale"], ["Just now", "vip"], null]);
    expect([...installed.changed]).toEqual([ids[0]]);
    await forget(installed);
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 0, orders: 0 } });

    // A message of before that comes late does not bring the tag back, one of after does.
    await told(ids[0], "added", "VIP", new Date(Date.now() - 3_600_000));
    expect((await held())[0]).toEqual(["tea", "Wholesale"]);
    await told(ids[0], "added", "VIP", new Date(Date.now() + 1_000));
    expect((await held())[0]).toEqual(["tea", "VIP", "Wholesale"]);
  });

  it("holds languages and the metafields that are defined, as they are now and in words of their type", async () => {
    const plain = smallPast(59);
    const people = Array.from({ length: plain.customers.length }, (_, place) => plain.customers.at(place));
    const [first, second, ...rest] = people as [PastCustomer, PastCustomer, ...PastCustomer[]];
    const given = (key: string, type: string, value: string, updatedAt = new Date("2026-05-05T05:05:05Z")) => ({
      namespace: "custom",
      key,
      type,
      value,
      updatedAt,
    });
    const told = [
      {
        ...first,
        locale: "pt-BR",
        metafields: [
          given("size", "single_line_text_field", "L"),
          given("points", "number_integer", "12"),
          given("birthday", "date", "1990-05-30"),
          given("interests", "list.single_line_text_field", '["Tea","Straße"]'),
          given("budget", "money", '{"amount":"5.00","currency_code":"EUR"}'),
          given("of_somebody_else", "boolean", "true"),
        ],
      },
      { ...second, metafields: [given("size", "single_line_text_field", "M")] },
    ];
    const metafieldDefinitions = [
      { namespace: "custom", key: "size", name: "Size", type: "single_line_text_field" },
      { namespace: "custom", key: "points", name: "Points", type: "number_integer" },
      { namespace: "custom", key: "birthday", name: "Birthday", type: "date" },
      { namespace: "custom", key: "interests", name: "Interests", type: "list.single_line_text_field" },
      { namespace: "custom", key: "budget", name: "Budget", type: "money" },
    ];
    const customers = recordsIn([...told, ...rest], ({ customer }) => customer.id);
    const installed = await install({
      past: { ...plain, customers, metafieldDefinitions },
      budget: { maximumAvailable: 100_000, restoreRate: 10_000 },
    });
    const { shop } = installed;
    const ids = told.map(({ customer }) => String(customer.id)) as [string, string];
    const held = async (id: string): Promise<Record<string, unknown>> => {
      const { rows } = await db.query<{ name: string; value: unknown }>(
        `SELECT name, value FROM customer_metafields WHERE shop_id = $1 AND customer_id = $2 AND value IS NOT NULL
         UNION ALL SELECT 'language', to_jsonb(locale) FROM customer_locales WHERE shop_id = $1 AND customer_id = $2`,
        [shop, id],
      );
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    };
    expect(await installed.finish()).toEqual([]);
    expect(await held(ids[0])).toEqual({
      "custom.size": "L",
      "custom.points": 12,
      "custom.birthday": { day: "1990-05-30" },
      "custom.interests": ["Tea", "Straße"],
      language: "pt-BR",
    });
    const folded = await db.query("SELECT folded, changed_at FROM customer_metafields WHERE name = 'custom.interests'");
    expect(folded.rows).toEqual([{ folded: ["tea", "strasse"], changed_at: new Date("2026-05-05T05:05:05Z") }]);
    expect(await held(ids[1])).toEqual({ "custom.size": "M", language: "en" });
    expect(await readVocabulary(db, shop)).toEqual({
      traits: {},
      metafields: {
        "custom.birthday": "date",
        "custom.budget": null,
        "custom.interests": "text_list",
        "custom.points": "integer",
        "custom.size": "text",
      },
    });

    // Changed at Shopify; no delivery tells of either.
    await db.query(
      "UPDATE customer_locales SET source_updated_at = source_updated_at - interval '1 day' WHERE shop_id = $1",
      [shop],
    );
    if (told[0]) told[0].locale = "fr";
    told[0]?.metafields.splice(0, 2, given("size", "single_line_text_field", "XL", new Date()));
    await forget(installed);
    installed.changed.clear();
    expect(await installed.look()).toMatchObject({ outcome: "looked" });
    expect(await held(ids[0])).toEqual({
      "custom.size": "XL",
      "custom.birthday": { day: "1990-05-30" },
      "custom.interests": ["Tea", "Straße"],
      language: "fr",
    });
    expect([...installed.changed]).toEqual([ids[0]]);
    installed.changed.clear();
    await forget(installed);
    expect(await installed.look()).toMatchObject({ outcome: "looked", repaired: { customers: 0 } });
    expect([...installed.changed]).toEqual([]);
  });

  it("hears of a refusal of WhatsApp that no delivery told", async () => {
    const plain = smallPast(59);
    const people = Array.from({ length: plain.customers.length }, (_, place) => plain.customers.at(place));
    const asked = people.find(({ customer }) => customer.phone !== null);
    if (!asked) throw new Error("nobody has a phone");
    const dayAgo = new Date(Math.floor((Date.now() - DAY) / 1_000) * 1_000);
    asked.whatsApp = { state: "subscribed", updatedAt: new Date(dayAgo.getTime() - DAY) };
    const past = { ...plain, customers: recordsIn(people, ({ customer }) => customer.id) };
    const installed = await install({ past, budget: { maximumAvailable: 100_000, restoreRate: 10_000 } });
    const state = async (): Promise<unknown> =>
      (
        await db.query(
          "SELECT state, consented_at FROM consents WHERE shop_id = $1 AND customer_id = $2 AND channel = 'whatsapp'",
          [installed.shop, asked.customer.id],
        )
      ).rows[0];
    await installed.finish();
    expect(await state()).toMatchObject({ state: "subscribed" });
    await db.query(
      "UPDATE consents SET source_updated_at = source_updated_at - interval '2 days' WHERE shop_id = $1 AND channel = 'whatsapp'",
      [installed.shop],
    );
    asked.whatsApp = { state: "unsubscribed", updatedAt: dayAgo };
    await forget(installed);
    expect(await installed.look()).toEqual({ outcome: "looked", repaired: { customers: 1, orders: 0 } });
    expect(await state()).toEqual({ state: "unsubscribed", consented_at: dayAgo });
  });

  it("does not begin before all of the past is read, and then from the installation on", async () => {
    const installed = await install();
    const { shop } = installed;
    const nothing = { outcome: "looked", repaired: { customers: 0, orders: 0 } };
    expect(await installed.look()).toEqual(nothing);
    // Customers are in, orders are still on their way, and every one of them would be called missing.
    await db.query("UPDATE back_fills SET state = 'done' WHERE shop_id = $1 AND kind IN ('products', 'customers')", [
      shop,
    ]);
    const later = new Date(Date.now() + DAY);
    expect(await installed.look()).toEqual(nothing);
    expect(await shopsToLookAt(db, later)).not.toContain(shop);
    expect(await readLooks(db, shop)).toEqual([]);

    await db.query("UPDATE back_fills SET state = 'waiting' WHERE shop_id = $1", [shop]);
    await installed.finish();
    const [began] = await readBackFill(db, shop);
    expect(await shopsToLookAt(db, later)).toContain(shop);
    expect(await beginLooks(db, shop)).toEqual(["customers", "orders"]);
    const begin = { lookedUntil: began?.startedAt, lookedAt: began?.startedAt };
    expect(await readLooks(db, shop)).toMatchObject([begin, begin]);

    // Installed again, everything there is by then is read anew.
    const again = new Date(Date.now() + DAY);
    await beginBackFill(db, shop, again, again);
    expect(await beginLooks(db, shop)).toEqual([]);
    expect(await readLooks(db, shop)).toMatchObject([{ lookedUntil: again }, { lookedUntil: again }]);
  });

  it("goes on from where it was interrupted, and looks at orders where customers are refused", async () => {
    const installed = await install({
      past: smallPast(59),
      budget: { maximumAvailable: 100_000, restoreRate: 10_000 },
    });
    const { shop, ask } = installed;
    await installed.finish();
    await forget(installed);
    const asked: string[] = [];
    const answers: Record<string, { outcome: "refused"; reason: string } | { outcome: "later"; afterMs: number }> = {
      [CUSTOMERS_UPDATED]: { outcome: "refused", reason: "A permission is missing." },
    };
    const look = () =>
      lookForDrift({
        db,
        shop,
        marks,
        signal: new AbortController().signal,
        now: () => new Date(),
        onChanged: async () => {},
        ask: async (operation, variables, shape) => {
          if (operation === ORDERS_UPDATED) asked.push(String(variables["query"]));
          if (operation === ORDERS_UPDATED && asked.length === 2) return { outcome: "later", afterMs: 1 };
          return answers[operation] ?? ask(operation, variables, shape);
        },
      });
    expect(await look()).toEqual({ outcome: "later", afterMs: 1 });
    const [, orders] = await readLooks(db, shop);
    const updates = Array.from({ length: installed.past.orders.length }, (_, place) => installed.past.orders.at(place))
      .map(({ updatedAt }) => updatedAt)
      .sort((one, other) => one.getTime() - other.getTime());
    expect(orders?.lookedUntil).toEqual(updates[249]);

    const refused = "A permission is missing.";
    expect(await look()).toEqual({ outcome: "looked", repaired: { customers: 0, orders: 0 }, refused });
    expect(asked).toHaveLength(3);
    const from = new Date((updates[249]?.getTime() ?? 0) - 10 * 60_000).toISOString();
    expect(asked[2]).toContain(`updated_at:>='${from}'`);
    const [customers, ordersNow] = await readLooks(db, shop);
    expect(customers?.lookedUntil.getTime()).toBeLessThan(Date.now() - 900 * DAY);
    expect(ordersNow?.lookedUntil.getTime()).toBeGreaterThan(Date.now() - DAY);
  });
});

/** With an order of 130 lines, refunded in 12 of them by 7 transactions' worth of pages. */
function withLongOrder(past: StorePast): StorePast {
  const orders = Array.from({ length: past.orders.length }, (_, place) => past.orders.at(place));
  const first = orders[0];
  const line = first?.lines[0];
  if (!first || !line) throw new Error("there is no order to stretch");
  const id = 5_000_000_000_400;
  const at = new Date(Math.floor((Date.now() - DAY) / 1_000) * 1_000);
  const lines = Array.from({ length: 130 }, (_, index) => ({ ...line, id: 20_000_000_000_000 + index }));
  const items = lines.slice(0, 112).map((one, index) => ({
    id: 21_000_000_000_000 + index,
    lineId: one.id,
    quantity: 1,
    subtotal: one.unitPrice,
  }));
  const refund = {
    id: 22_000_000_000_000,
    transactionId: 23_000_000_000_000,
    orderId: id,
    at,
    note: null,
    items,
    shipping: 0,
    restock: false,
    test: false,
  };
  const long: OrderFacts = {
    ...first,
    id,
    number: 9_999,
    customer: null,
    createdAt: at,
    updatedAt: at,
    lines,
    refunds: [refund],
  };
  return { ...past, orders: recordsIn([...orders, long], (order) => order.id) };
}

function consentedCustomer(past: StorePast): string {
  for (let place = 10; place < past.customers.length; place += 1) {
    const { customer, consent } = past.customers.at(place);
    if (consent?.state === "unsubscribed") return String(customer.id);
  }
  throw new Error("nobody unsubscribed");
}
