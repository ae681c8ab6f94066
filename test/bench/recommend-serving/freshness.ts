import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createMuster, type Muster } from "../../../app/muster.server.ts";
import { systemClock } from "../../../app/platform/clock.ts";
import { readSettings } from "../../../app/platform/env.server.ts";
import { ensureShop, readPixel, type Shop } from "../../../app/shopify/shop-store.server.ts";
import { signedAsByProxy } from "../../support/app-proxy.ts";
import { createOnServer } from "../../support/database.ts";
import { databaseServer } from "../database-server.ts";

const DOMAIN = "fresh.myshopify.com";
const SECRET = "a-secret-of-the-bench";
const PRODUCTS = 2_000;
const ORDERS = 20_000;
/** Apart from each other, so that each round meets the app at another moment of its sweeps. */
const BETWEEN_MS = 700;
const GIVEN_UP_MS = 60_000;

/** A shop with a past of three lines an order; $1 the shop. The products above 1,900 are in no order. */
const PAST = `
WITH product AS (
  INSERT INTO products (shop_id, id, title, handle, status, tags, price, created_at, published_at, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, n, 'Product ' || n, 'product-' || n, 'active', '{}', 10, now() - interval '1 year', now() - interval '1 year', now(), now(), ''
  FROM generate_series(1, ${PRODUCTS}) n
), customer AS (
  INSERT INTO customers (shop_id, id, email, created_at, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, n, 'c' || n || '@example.com', now() - interval '1 year', now(), now(), '' FROM generate_series(1, ${ORDERS / 4}) n
), ordered AS (
  INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, n, 1 + n % ${ORDERS / 4}, 'EUR', 3000, now() - interval '1 day' - n * interval '10 minutes', false, now(), now(), ''
  FROM generate_series(1, ${ORDERS}) n
), line AS (
  INSERT INTO order_lines (shop_id, order_id, id, product_id, quantity, price_minor)
  SELECT $1, n, k, 1 + (n * 7 + k * (1 + n % 5)) % 1900, 1, 1000 FROM generate_series(1, ${ORDERS}) n, generate_series(1, 3) k
)
INSERT INTO profile_queue (shop_id, customer_id, received_at) SELECT $1, n, now() FROM generate_series(1, ${ORDERS / 4}) n`;

/** Seconds from the answer to an event until the lists have it, the slowest last. */
export interface Freshness {
  orders: number[];
  views: number[];
}

/**
 * The whole way, through the doors of one process on PostgreSQL: three orders of two products until one stands in the stored list
 * beside the other; three sessions that looked at two products until a visitor of the one is shown the other.
 */
export async function measureFreshness(rounds: number): Promise<Freshness> {
  const { url, drop } = await createOnServer(await databaseServer());
  const muster = await createMuster(
    readSettings({
      SHOPIFY_API_KEY: "a-key",
      SHOPIFY_API_SECRET: SECRET,
      SHOPIFY_APP_URL: "https://app.example",
      DATABASE_URL: url,
      MUSTER_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
      LOG_LEVEL: "error",
    }),
    systemClock,
  );
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/webhooks") return muster.door(request, response);
    return pathname === "/pixel" ? muster.pixelDoor(request, response) : muster.proxyDoor(request, response);
  });
  try {
    const shop = await ensureShop(muster.db, DOMAIN);
    await muster.db.query("UPDATE shops SET currency = 'EUR', time_zone = 'UTC', installed_at = now() WHERE id = $1", [
      shop.id,
    ]);
    await muster.db.query(PAST, [shop.id]);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    muster.startWork();
    // Not until everybody's list is made again after the training: that is when most is to be done.
    await until(async () => (await waiting(muster, shop)) === 0, 10 * GIVEN_UP_MS);
    const key = (await readPixel(muster.db, shop.id)).key ?? "";
    const found: Freshness = { orders: [], views: [] };
    for (let round = 0; round < rounds; round++) {
      const [a, b] = [1_901 + ((2 * round) % 40), 1_902 + ((2 * round) % 40)];
      found.orders.push(await secondsOfOrders(muster, shop, origin, round, [a, b]));
      await wait(BETWEEN_MS);
      const [c, d] = [1_941 + ((2 * round) % 40), 1_942 + ((2 * round) % 40)];
      found.views.push(await secondsOfViews(origin, key, [c, d]));
      await wait(BETWEEN_MS);
    }
    for (const seconds of Object.values(found)) seconds.sort((left: number, right: number) => left - right);
    return found;
  } finally {
    server.close();
    server.closeAllConnections();
    await muster.close();
    await drop();
  }
}

async function waiting({ db }: Muster, { id }: Shop): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM profile_queue WHERE shop_id = $1)::int + (SELECT count(*) FROM recommendation_queue WHERE shop_id = $1)::int
       + CASE WHEN EXISTS (SELECT FROM recommendation_models WHERE shop_id = $1) THEN 0 ELSE 1 END AS count`,
    [id],
  );
  return rows[0]?.count ?? 0;
}

async function secondsOfOrders(
  { db }: Muster,
  shop: Shop,
  origin: string,
  round: number,
  pair: readonly [number, number],
): Promise<number> {
  for (let buyer = 0; buyer < 3; buyer++) await sendOrder(origin, 1_000_000 + round * 3 + buyer, pair);
  const acknowledged = performance.now();
  await until(async () => {
    const { rows } = await db.query<{ items: { id: string }[] }>(
      "SELECT items FROM product_recommendations WHERE shop_id = $1 AND product_id = $2",
      [shop.id, pair[0]],
    );
    return rows[0]?.items.some(({ id }) => id === String(pair[1])) ?? false;
  });
  return (performance.now() - acknowledged) / 1_000;
}

async function secondsOfViews(origin: string, key: string, pair: readonly [number, number]): Promise<number> {
  for (let session = 0; session < 3; session++) {
    const client = randomUUID();
    const events = pair.map((product, second) => ({
      id: randomUUID(),
      name: "product_viewed",
      at: new Date(Date.now() - 5_000 + second * 1_000).toISOString(),
      client,
      product: String(product),
    }));
    const { status } = await fetch(`${origin}/pixel`, { method: "POST", body: JSON.stringify({ key, events }) });
    if (status !== 204) throw new Error(`The collector answered ${status}.`);
  }
  const acknowledged = performance.now();
  const query = signedAsByProxy({ viewed: String(pair[0]), placement: "home" }, { shop: DOMAIN, secret: SECRET });
  await until(async () => {
    const answer = await fetch(`${origin}/proxy/recommendations?${query}`);
    return (await answer.text()).includes(`product-${pair[1]}"`);
  });
  return (performance.now() - acknowledged) / 1_000;
}

async function sendOrder(origin: string, id: number, pair: readonly number[]): Promise<void> {
  const at = new Date().toISOString();
  const money = {
    shop_money: { amount: "20.00", currency_code: "EUR" },
    presentment_money: { amount: "20.00", currency_code: "EUR" },
  };
  const body = JSON.stringify({
    id,
    name: `#${id}`,
    created_at: at,
    updated_at: at,
    processed_at: at,
    cancelled_at: null,
    test: false,
    currency: "EUR",
    email: `buyer-${id}@example.com`,
    total_price_set: money,
    source_name: "web",
    line_items: pair.map((product, line) => ({
      id: id * 10 + line,
      product_id: product,
      title: "One",
      quantity: 1,
      price: "10.00",
      price_set: money,
    })),
    refunds: [],
    customer: { id, email: `buyer-${id}@example.com` },
  });
  const { status } = await fetch(`${origin}/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": DOMAIN,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-event-id": randomUUID(),
      "x-shopify-triggered-at": at,
      "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
    },
  });
  if (status !== 200) throw new Error(`The door answered ${status}.`);
}

async function until(holds: () => Promise<boolean>, atMost = GIVEN_UP_MS): Promise<void> {
  const end = performance.now() + atMost;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not in the lists after ${atMost / 1_000} s.`);
    await wait(20);
  }
}
