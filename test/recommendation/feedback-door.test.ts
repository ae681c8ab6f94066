import { randomBytes, randomUUID } from "node:crypto";
import { addLink } from "../../app/profile/identity/persons-store.server.ts";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { writeTombstones } from "../../app/ingest/erased/erased-store.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createFeedbackDoor } from "../../app/recommendation/feedback/feedback-door.server.ts";
import {
  dropFeedbackBefore,
  readTrials,
  readUnwanted,
  readUnwantedOf,
} from "../../app/recommendation/feedback/feedback-store.server.ts";
import { waitingCustomers } from "../../app/recommendation/lists-store.server.ts";
import { ensureShop, recordInstall, type Shop } from "../../app/shopify/shop-store.server.ts";
import { signedAsByProxy } from "../support/app-proxy.ts";
import { openAnyDatabase } from "../support/database.ts";

const SECRET = "hush";
const { marks } = createCrypto([randomBytes(32).toString("base64")]);
let db: Db;
let shop: Shop;
let other: Shop;
let server: Server;

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = await ensureShop(db, "one.myshopify.com");
  other = await ensureShop(db, "two.myshopify.com");
  for (const { id } of [shop, other]) {
    await recordInstall(
      db,
      id,
      { name: "A", currency: "EUR", timeZone: "UTC", country: null, locale: null },
      new Date(),
    );
  }
  const version = { updatedAt: new Date(), triggeredAt: new Date(), delivery: "1" };
  const facts = { title: "Mug", handle: "mug", vendor: null, productType: null, status: "active", tags: [] };
  const rest = { imageUrl: null, price: "10.00", category: null, createdAt: null, publishedAt: new Date() };
  await mergeFacts(db, shop.id, { ...noFacts(), products: [{ id: "7", ...facts, ...rest, version }] });
  const door = createFeedbackDoor({ db, secrets: [SECRET], marks, log: createLog("silent") });
  server = createServer(door).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});
beforeEach(() => db.query("DELETE FROM recommendation_feedback"));
afterAll(async () => {
  server.close();
  await db.close();
});

const event = (more: object = {}) => ({
  id: randomUUID(),
  kind: "shown",
  placement: "product",
  list: "product:5",
  product: "7",
  ...more,
});

async function tell(
  body: unknown,
  query: Record<string, string> = {},
  tamper = "",
): Promise<{ status: number; text: string }> {
  const port = (server.address() as AddressInfo).port;
  const params = signedAsByProxy(query, { shop: shop.domain, secret: SECRET });
  const answer = await fetch(`http://127.0.0.1:${port}/proxy/feedback?${params}${tamper}`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

const kept = async () =>
  (
    await db.query<{ kind: string }>(
      `SELECT shop_id, kind, placement, list_key, product_id, customer_id, client_id, arm FROM recommendation_feedback
       ORDER BY kind, event_id`,
    )
  ).rows;

it("keeps what a visitor saw and did, under the signed customer and the browser's own id", async () => {
  const client = randomUUID();
  const events = [event(), event({ kind: "clicked", arm: "holdout", explored: true })];
  expect(await tell({ client, events }, { logged_in_customer_id: "3" })).toEqual({ status: 204, text: "" });
  const who = { shop_id: shop.id, product_id: "7", list_key: "product:5", customer_id: "3", client_id: client };
  expect(await kept()).toEqual([
    { ...who, kind: "clicked", placement: "product", arm: "holdout" },
    { ...who, kind: "shown", placement: "product", arm: null },
  ]);
  // What new products are judged by is what was told of the place where they are tried out, and nothing else.
  expect(await readTrials(db, shop.id, new Date(0))).toEqual(new Map([["7", { shown: 0, clicked: 1 }]]));
  expect(await readTrials(db, other.id, new Date(0))).toEqual(new Map());
});

it("keeps which cart a browser says is its own, but for a cart and a browser of somebody erased", async () => {
  const [client, gone] = [randomUUID(), randomUUID()];
  const claims = async () => (await db.query("SELECT client_id, token FROM visitor_claims ORDER BY token")).rows;
  await tell({ client, cart: "abcdefgh1234?key=secret", events: [event()] });
  await tell({ client: null, cart: "nobodys-cart-1", events: [event()] });
  expect(await tell({ client, cart: "no cart, but a page's claim", events: [event()] })).toMatchObject({ status: 204 });
  expect(await claims()).toEqual([{ client_id: client, token: "abcdefgh1234" }]);
  expect(await kept()).toHaveLength(3);
  const erased = (value: string) => ({ kind: "token" as const, value, alone: false });
  await writeTombstones(db, shop.id, marks, [erased(gone), erased("erased-cart-1")], new Date());
  await tell({ client, cart: "erased-cart-1", events: [event({ at: new Date(Date.now() - 60_000).toISOString() })] });
  await tell({
    client: gone,
    cart: "another-cart-1",
    events: [event({ at: new Date(Date.now() - 60_000).toISOString() })],
  });
  expect(await claims()).toHaveLength(1);
  expect(await kept()).toHaveLength(4);
  await db.query("DELETE FROM visitor_claims");
});

it("what a customer does not want is known by customer, and their list is made again; of a visitor nothing is", async () => {
  await tell({ client: randomUUID(), events: [event({ kind: "not_for_me" })] });
  await tell({ events: [event({ kind: "clicked" })] }, { logged_in_customer_id: "4" });
  expect(await waitingCustomers(db, shop.id, 10)).toEqual([]);
  await tell({ events: [event({ kind: "not_for_me" })] }, { logged_in_customer_id: "3" });
  expect(await waitingCustomers(db, shop.id, 10)).toMatchObject([{ customerId: "3", again: false }]);
  expect(await readUnwanted(db, shop.id)).toEqual(new Map([["3", new Set(["7"])]]));
  expect(await readUnwantedOf(db, shop.id, ["3", "4"])).toEqual(
    new Map([
      ["3", new Set(["7"])],
      ["4", new Set()],
    ]),
  );
  expect(await readUnwanted(db, other.id)).toEqual(new Map());
  await db.query("DELETE FROM recommendation_queue");
  // Of two who are one person by a link it is the list of the one whose profile it is.
  await db.query(
    `INSERT INTO customers (shop_id, id, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, now(), now(), 'd' FROM generate_series(2, 3) id`,
    [shop.id],
  );
  await addLink(db, shop.id, ["2", "3"], { automatic: false, now: new Date() });
  await tell({ events: [event({ kind: "not_for_me" })] }, { logged_in_customer_id: "3" });
  expect(await waitingCustomers(db, shop.id, 10)).toMatchObject([{ customerId: "2" }]);
  expect(await readUnwantedOf(db, shop.id, ["2"])).toEqual(new Map([["2", new Set(["7"])]]));
  await db.query("DELETE FROM recommendation_queue");
  await db.query("DELETE FROM profile_links");
  await db.query("DELETE FROM customers");
});

it("counts the same word once, in one message and in two", async () => {
  const once = event();
  await tell({ events: [once, once] });
  await tell({ events: [once] });
  expect(await kept()).toHaveLength(1);
});

it("takes no word about a product the shop does not have", async () => {
  expect(await tell({ events: [event({ product: "8" }), event()] })).toMatchObject({ status: 204 });
  expect(await kept()).toHaveLength(1);
  await tell({ events: [event()] }, { shop: other.domain });
  expect(await kept()).toHaveLength(1);
});

it("takes only what Shopify has signed, and a customer from there alone", async () => {
  expect(await tell({ events: [event()] }, {}, "&logged_in_customer_id=9")).toMatchObject({ status: 401 });
  expect(await tell({ events: [event()] }, { timestamp: "1" })).toMatchObject({ status: 401 });
  await tell({ events: [event({ customer: "9" })], customer: "9", logged_in_customer_id: "9" });
  expect(await kept()).toMatchObject([{ customer_id: null, client_id: null }]);
});

it.each([
  ["no JSON", "body"],
  [{ events: [] }, "events"],
  [{ events: Array.from({ length: 51 }, () => event()) }, "events"],
  [{ events: [event({ kind: "bought" })] }, "events.0.kind"],
  [{ events: [event(), event({ id: "1" })] }, "events.1.id"],
  [{ events: [event({ product: "<b>" })] }, "events.0.product"],
  [{ events: [event({ list: "a b" })] }, "events.0.list"],
  [{ events: [event({ at: "yesterday" })] }, "events.0.at"],
  [{ client: "me", events: [event()] }, "client"],
])("says which field of %j is at fault", async (body, field) => {
  const answer = await tell(body);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ error: "bad_request", field });
  expect(await kept()).toEqual([]);
});

it("a browser that never stops talking is not listened to for a while, and no other one pays for it", async () => {
  const client = randomUUID();
  const burst = async () => (await tell({ client, events: Array.from({ length: 50 }, () => event()) })).status;
  expect([await burst(), await burst(), await burst(), await burst(), await burst()]).toEqual([
    204, 204, 204, 204, 429,
  ]);
  expect(await tell({ client: randomUUID(), events: [event()] })).toMatchObject({ status: 204 });
});

it("what an erased customer did before does not come back", async () => {
  await db.tx((tx) =>
    writeTombstones(tx, shop.id, marks, [{ kind: "customer", value: "66", alone: true }], new Date()),
  );
  const before = new Date(Date.now() - 60_000).toISOString();
  const after = new Date(Date.now() + 5_000).toISOString();
  await tell({ events: [event({ at: before }), event({ at: after })] }, { logged_in_customer_id: "66" });
  expect(await kept()).toHaveLength(1);
});

it("is forgotten when its time has come, and nothing younger with it", async () => {
  await tell({ events: [event(), event({ kind: "clicked" })] });
  await db.query("UPDATE recommendation_feedback SET at = at - interval '200 days' WHERE kind = 'shown'");
  const before = new Date(Date.now() - 180 * 86_400_000);
  expect(await dropFeedbackBefore(db, shop.id, before, 100)).toBe(1);
  expect(await kept()).toMatchObject([{ kind: "clicked" }]);
});
