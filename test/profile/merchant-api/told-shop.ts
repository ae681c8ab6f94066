import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { noFacts } from "../../../app/ingest/facts.ts";
import { mergeFacts } from "../../../app/ingest/facts-store.server.ts";
import { topics } from "../../../app/ingest/topics.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import { createLog } from "../../../app/platform/log.server.ts";
import { newApiKey, type Scope, SCOPES } from "../../../app/profile/merchant-api/api-key.server.ts";
import { addApiKey } from "../../../app/profile/merchant-api/api-keys-store.server.ts";
import { attributeNames } from "../../../app/profile/merchant-api/attribute-names.server.ts";
import { createMerchantApi } from "../../../app/profile/merchant-api/door.server.ts";
import { touchCustomers } from "../../../app/profile/touch-customers.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { ensureShop } from "../../../app/shopify/shop-store.server.ts";
import { openAnyDatabase } from "../../support/database.ts";

/** Business time. */
export const NOW = new Date("2026-11-01T12:00:00.000Z");

/** The merchant's door over a database of its own. */
export async function startToldShop() {
  const db = await openAnyDatabase();
  const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
  const logged: string[] = [];
  const rung: (readonly string[])[] = [];
  let ticks = 0;
  let stopped = false;
  const api = createMerchantApi({
    db,
    marks,
    log: createLog("trace", { write: (line) => logged.push(line) }),
    appUrl: "https://app.example",
    now: () => NOW,
    // Nobody waits for a key's bucket to fill again, unless time is stopped.
    ticks: () => (stopped ? ticks : (ticks += 1_000)),
    onRecorded: (_shop, customers) => rung.push(customers),
  });
  const server = createServer(api).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shop = await openShop("told.myshopify.com");

  async function openShop(domain: string): Promise<ShopId> {
    const { id } = await ensureShop(db, domain);
    await db.query("UPDATE shops SET country = 'GB' WHERE id = $1", [id]);
    return id;
  }

  return {
    db,
    marks,
    url,
    shop,
    logged,
    rung,
    openShop,
    async newKey(scopes: readonly Scope[] = SCOPES, of = shop): Promise<string> {
      const { key, hash, hint } = newApiKey();
      await addApiKey(db, of, { name: "a pipeline", scopes, hash, hint, createdAt: new Date() });
      return key;
    },
    /** What Shopify told, as a delivery of the topic would. */
    tell: (topic: string, body: object, day: number, of = shop) => tell(db, of, topic, body, day),
    lookUp: (of = shop) => lookUp(db, of),
    stopTime: () => (stopped = true),
    goOn(afterMs: number): void {
      ticks += afterMs;
      stopped = false;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await db.close();
    },
  };
}

export const at = (day: number): string => `2026-10-${String(day).padStart(2, "0")}T00:00:00Z`;

/** @param day of October: when it happened */
async function tell(db: Db, shop: ShopId, topic: string, body: object, day: number): Promise<void> {
  const triggeredAt = new Date(at(day));
  const version = { updatedAt: triggeredAt, triggeredAt, delivery: `${topic} ${day}` };
  const facts = { ...noFacts(), ...topics[topic]?.(body, version) };
  await db.tx(async (tx) => touchCustomers(tx, shop, await mergeFacts(tx, shop, facts), NOW));
}

/** Looks names up until none waits. */
async function lookUp(db: Db, shop: ShopId): Promise<void> {
  while ((await attributeNames(db, shop, { limit: 3, now: new Date() })).taken === 3);
}
