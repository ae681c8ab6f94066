import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { eraseShopRow } from "../../app/privacy/erasures-store.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createProxyDoor } from "../../app/recommendation/proxy-door.server.ts";
import { settingsSchema } from "../../app/recommendation/settings.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { signedAsByProxy } from "../support/app-proxy.ts";
import { openAnyDatabase } from "../support/database.ts";

const DOMAIN = "back-again.myshopify.com";
const SECRET = "hush";
let db: Db;
let server: Server;
/** Whose lists were asked for. */
const asked: ShopId[] = [];
let isAway = false;

beforeAll(async () => {
  db = await openAnyDatabase();
  const query: Db["query"] = (...given) => (isAway ? Promise.reject(new Error("away")) : db.query(...given));
  const recommender = {
    listsOf: (shop: ShopId) => {
      asked.push(shop);
      return undefined;
    },
  };
  const door = createProxyDoor({
    sql: { query },
    secrets: [SECRET],
    recommender,
    armOf: () => Promise.resolve(null),
    settingsOf: () => Promise.resolve(settingsSchema.parse({})),
    log: createLog("silent"),
  });
  server = createServer(door).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});
afterAll(async () => {
  vi.useRealTimers();
  server?.close();
  await db?.close();
});

async function ask(): Promise<ShopId | undefined> {
  const query = signedAsByProxy({ logged_in_customer_id: "7001" }, { shop: DOMAIN, secret: SECRET });
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}/proxy/recommendations?${query}`);
  return asked.at(-1);
}

it("asks for no list of a shop that was erased, once the app is installed there again, and knows a shop while the database is away", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const before = (await ensureShop(db, DOMAIN)).id;
  expect(await ask()).toBe(before);
  await db.tx((tx) => eraseShopRow(tx, before));
  const after = (await ensureShop(db, DOMAIN)).id;
  expect(after).not.toBe(before);
  vi.advanceTimersByTime(60_001);
  expect(await ask()).toBe(after);

  vi.advanceTimersByTime(60_001);
  asked.length = 0;
  isAway = true;
  expect(await ask()).toBe(after);
});
