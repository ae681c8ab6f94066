import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { bookConsent } from "../../app/sync/errands/errands-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
let shop: ShopId;
beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await ensureShop(db, "person.myshopify.com")).id;
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop]);
  await db.query("UPDATE shops SET consent_sync = true WHERE id = $1", [shop]);
  await insert(`destinations (id, shop_id, kind, credentials, settings, state, created_at)
    VALUES (1, $1, 'klaviyo', '', '{}', 'live', now() - interval '9 days')`);
  // Both unsubscribed at Klaviyo once, and said yes in the shop after that; of the second, another of the same person said no since.
  for (const [id, consent] of [
    [1, "subscribed"],
    [2, "unsubscribed"],
  ]) {
    await insert(`profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at, exists_from)
      VALUES ($1, ${id}, '${id}@home.example', '${consent}', 0, 0, 0, now(), now())`);
    await insert(`consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
      VALUES ($1, ${id}, 'email', 'subscribed', 'single_opt_in', now() - interval '2 days', now(), now(), 'd')`);
    await insert(`platform_consents (shop_id, channel, address, source, unsubscribed_at, lasting)
      SELECT $1, 'email', '${id}@home.example', consent_source, now() - interval '5 days', false FROM destinations`);
  }
});
afterAll(() => db.close());

it("subscribes nobody anywhere whose profile says no because another of the person did", async () => {
  await db.tx((tx) => bookConsent(tx, shop, ["1", "2"], new Date()));
  const { rows } = await db.query("SELECT kind, address FROM errands WHERE shop_id = $1", [shop]);
  expect(rows).toEqual([{ kind: "subscribe", address: "1@home.example" }]);
});
