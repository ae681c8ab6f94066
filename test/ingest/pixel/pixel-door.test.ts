import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CustomerEvent, EVENTS, seenIn } from "../../../extensions/web-pixel/src/message.ts";
import { createPixelDoor, type PixelOutcome } from "../../../app/ingest/pixel/pixel-door.server.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import { createLog } from "../../../app/platform/log.server.ts";
import { ensureShop, readPixel, type Shop } from "../../../app/shopify/shop-store.server.ts";
import { openAnyDatabase } from "../../support/database.ts";
let db: Db;
let broken = false;
let server: Server;
let url: string;
let shop: Shop;
let key: string;
const outcomes: PixelOutcome[] = [];
const NOW = new Date("2026-11-01T12:00:00Z");

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = await ensureShop(db, "pixel.myshopify.com");
  key = (await readPixel(db, shop.id)).key ?? "";
  const door = createPixelDoor({
    db: { ...db, tx: (work) => (broken ? Promise.reject(new Error("away")) : db.tx(work)) },
    marks: createCrypto([randomBytes(32).toString("base64")]).marks,
    clock: { now: () => NOW },
    log: createLog("silent"),
    proxies: 1,
    ticks: () => neighbourhood * 60_000,
    onRecorded: () => {},
    counted: (outcome) => outcomes.push(outcome),
  });
  server = createServer(door).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pixel`;
});
beforeEach(() => {
  broken = false;
  outcomes.length = 0;
});
afterAll(async () => {
  server.close();
  await db.close();
});

const seen = (more: object = {}) => ({
  id: randomUUID(),
  name: "product_viewed",
  at: "2026-11-01T11:59:00.000Z",
  client: "client-1",
  product: "77",
  ...more,
});

/** Each test is a neighbourhood of its own, so that none uses up another's share. */
let neighbourhood = 0;
async function send(body: unknown, address = `10.0.${neighbourhood}.1`): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "text/plain", "x-forwarded-for": `6.6.6.6, ${address}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}
beforeEach(() => (neighbourhood += 1));

const rows = async (where = "true") =>
  (
    await db.query(
      `SELECT kind, client_id, customer_id, product_id, properties FROM events WHERE shop_id = $1 AND ${where}`,
      [shop.id],
    )
  ).rows;

describe("the collector", () => {
  it("keeps an event once, with the price and vendor that the shop says", async () => {
    await db.query(
      `INSERT INTO products (shop_id, id, title, vendor, price, status, tags, source_updated_at, source_triggered_at, source_delivery)
       VALUES ($1, 77, 'Mug', 'Fern', 12.5, 'active', '{}', now(), now(), 'd')`,
      [shop.id],
    );
    const once = seen({ client: "buyer", variant: "5", quantity: 2 });
    expect(await send({ key, events: [once, once] })).toMatchObject({ status: 204 });
    expect(await send({ key, events: [once] })).toMatchObject({ status: 204 });
    expect(await rows("client_id = 'buyer'")).toEqual([
      {
        kind: "storefront.product_viewed",
        client_id: "buyer",
        customer_id: null,
        product_id: "77",
        properties: { variant_id: "5", quantity: 2, vendor: "Fern", price: "1250" },
      },
    ]);
  });

  it("drops what a browser says of who it is, what it agreed to and what was paid", async () => {
    const claims = {
      customer: "1",
      customer_id: 1,
      email: "a@example.com",
      consent: true,
      price: 1,
      amount: "9",
      source: "shop",
    };
    await send({ key, events: [seen({ client: "liar", ...claims })], customer_id: 1, email: "a@example.com" });
    const [row] = await rows("client_id = 'liar'");
    expect(row).toMatchObject({ customer_id: null });
    expect(JSON.stringify(row)).not.toMatch(/example\.com|"amount"|"consent"/);
  });

  it.each([
    ["no JSON", "{", /body/],
    ["an unknown event", { events: [seen({ name: "customer_logged_in" })] }, /events\.0\.name/],
    ["a day too old", { events: [seen({ at: "2026-10-31T11:00:00Z" })] }, /events\.0\.at: not within/],
    ["from the future", { events: [seen({ at: "2026-11-01T12:06:00Z" })] }, /events\.0\.at: not within/],
    ["no browser", { events: [seen({ client: "" })] }, /events\.0\.client/],
    ["an id that is none", { events: [seen({ product: "7; DROP TABLE events" })] }, /events\.0\.product/],
    ["nothing", { events: [] }, /events/],
    ["too many", { events: Array.from({ length: 21 }, () => seen()) }, /events/],
  ])("refuses %s with 400 and says which field", async (_, body, reason) => {
    const { status, text } = await send(typeof body === "string" ? body : { key, ...body });
    expect(status).toBe(400);
    expect(text).toMatch(reason);
    expect(text).not.toContain("DROP");
  });

  it("answers 404 for a key nobody has, 405 for a GET, 413 above 16 KB, 503 when the database is away", async () => {
    expect(await send({ key: "0".repeat(32), events: [seen()] })).toMatchObject({ status: 404 });
    expect((await fetch(url)).status).toBe(405);
    expect(await send(JSON.stringify({ key, events: [seen()], pad: "x".repeat(16_384) }))).toMatchObject({
      status: 413,
    });
    broken = true;
    expect(await send({ key, events: [seen()] })).toMatchObject({ status: 503 });
  });

  it("lets every origin in, as a strict sandbox has none", async () => {
    const preflight = await fetch(url, { method: "OPTIONS", headers: { origin: "null" } });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  });

  it("answers a flood from one neighbourhood with 429, and its neighbours as ever", async () => {
    const flood = await Promise.all(
      Array.from({ length: 260 }, (_, at) => send({ key, events: [seen()] }, `9.9.9.${at % 250}`)),
    );
    const refused = flood.filter(({ status }) => status === 429).length;
    expect(refused).toBe(60);
    expect(flood.filter(({ status }) => status === 204).length).toBe(260 - refused);
    expect(await send({ key, events: [seen()] }, "9.9.8.1")).toMatchObject({ status: 204 });
    // Twenty at once count as twenty.
    const batches = await Promise.all(
      Array.from({ length: 12 }, () => send({ key, events: Array.from({ length: 20 }, () => seen()) }, "9.9.7.1")),
    );
    expect(batches.filter(({ status }) => status === 204)).toHaveLength(10);
    // The header's other entries are anybody's claim.
    expect(
      (await fetch(url, { method: "POST", headers: { "x-forwarded-for": "1.2.3.4, 9.9.9.9" }, body: "{}" })).status,
    ).toBe(429);
  });
});

describe("what the web pixel makes of Shopify's events", () => {
  const base = { id: "e-1", timestamp: "2026-11-01T11:59:00.000Z", clientId: "c-1" };
  const variant = { id: "gid://shopify/ProductVariant/5", product: { id: "gid://shopify/Product/77" } };
  const cases: Record<(typeof EVENTS)[number], Partial<CustomerEvent>> = {
    page_viewed: { context: { document: { location: { pathname: "/products/mug" } } } },
    product_viewed: { data: { productVariant: variant } },
    collection_viewed: { data: { collection: { id: "9" } } },
    search_submitted: { data: { searchResult: { query: "mug" } } },
    product_added_to_cart: { data: { cartLine: { merchandise: variant, quantity: 2 } } },
    product_removed_from_cart: { data: { cartLine: { merchandise: variant, quantity: 1 } } },
    cart_viewed: { data: { cart: { id: "gid://shopify/Cart/abc123?key=secret" } } },
    checkout_started: { data: { checkout: { token: "tok123" } } },
    checkout_completed: { data: { checkout: { token: "tok123" } } },
  };

  it.each(EVENTS)("%s is taken by the collector", async (name) => {
    const event = seenIn({ ...base, id: `e-${name}`, name, clientId: `shopify-${name}`, ...cases[name] });
    expect(await send({ key, events: [event] })).toMatchObject({ status: 204, text: "" });
    expect(await rows(`client_id = 'shopify-${name}'`)).toMatchObject([{ kind: `storefront.${name}` }]);
  });

  it("names a cart as webhooks do, and no key of it", async () => {
    const { rows: claims } = await db.query("SELECT token FROM visitor_claims WHERE client_id = 'shopify-cart_viewed'");
    expect(claims).toEqual([{ token: "abc123" }]);
  });
});
