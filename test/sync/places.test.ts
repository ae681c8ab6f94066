import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { placesOf } from "../../app/sync/errands/errands-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
let shop: ShopId;

/**
 * Segment 1 is kept at Klaviyo and asked for at Mailchimp, where its list is not made yet; segment 2 nowhere. All who are told of here have
 * left them, as whoever is deleted in the shop has by the time that Shopify asks for their erasure.
 */
beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await ensureShop(db, "places.myshopify.com")).id;
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop]);
  await insert(`destinations (id, shop_id, kind, credentials, settings, state, created_at)
    VALUES (1, $1, 'klaviyo', '', '{}', 'live', now()), (2, $1, 'mailchimp', '', '{}', 'live', now())`);
  await insert(`segments (id, shop_id, key, name, definition, version, published_at, created_at)
    VALUES (1, $1, 'one', 'One', '{}', 1, now(), now()), (2, $1, 'two', 'Two', '{}', 1, now(), now())`);
  await insert(`audiences (id, shop_id, destination_id, segment_id, remote_id, state)
    VALUES (1, $1, 1, 1, 'k1', 'live'), (2, $1, 2, 1, NULL, 'ready')`);
  await insert(`memberships (shop_id, segment_id, customer_id, entered_at, left_at, decided_at)
    SELECT $1, segment, customer, now() - interval '2 days', now() - interval '1 day', now()
    FROM (VALUES (1, 11), (1, 12), (2, 13), (1, 14)) AS given (segment, customer)`);
  await insert(`consents (shop_id, customer_id, channel, state, source_updated_at, source_triggered_at, source_delivery)
    SELECT $1, customer, 'email', 'subscribed', now(), now(), 'd' FROM unnest(ARRAY[11, 13]) AS customer`);
  await insert(`consent_evidence (shop_id, channel, address, source, state, told, at, heard_at)
    VALUES ($1, 'email', '14@home.example', 'shop', 'subscribed', false, now(), now())`);
});
afterAll(() => db.close());

const places = async (id: string) =>
  (await db.tx((tx) => placesOf(tx, shop, [id], [`${id}@home.example`]))).map(({ kind, address }) => [kind, address]);

it("has the platforms forget who left their audiences before being erased, wherever they may have been", async () => {
  expect(await places("11")).toEqual([["klaviyo", "11@home.example"]]);
  // Subscribed once, and not any more.
  expect(await places("14")).toEqual([["klaviyo", "14@home.example"]]);
});

it("leaves contacts alone whom we cannot have put there: who never said yes, or was in no segment that is kept there", async () => {
  expect(await places("12")).toEqual([]);
  expect(await places("13")).toEqual([]);
});
