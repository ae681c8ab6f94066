import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertArrivals } from "../../app/ingest/inbox-store.server.ts";
import { buildSegments } from "../../app/jobs/build.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop, takeIn } from "../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { shopsToBuild } from "../../app/segment/builds-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import { findShop, type Shop } from "../../app/shopify/shop-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const DOMAIN = "moves.myshopify.com";
const NOW = new Date("2026-11-10T00:00:00Z");
const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
let db: Db;
let shop: Shop;

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = await openShop(db, DOMAIN, NOW);
}, 60_000);
afterAll(() => db.close());

let deliveries = 0;
async function hear(triggeredAt: string, body: object): Promise<{ shopChanged: boolean; dead: number }> {
  const id = String(deliveries++);
  await insertArrivals(db, [
    {
      shop: DOMAIN,
      topic: "shop/update",
      webhookId: id,
      eventId: id,
      apiVersion: "2026-10",
      triggeredAt: new Date(triggeredAt),
      receivedAt: new Date(),
      digest: createHash("sha256").update(id).digest(),
      body: Buffer.from(JSON.stringify(body)),
    },
  ]);
  return takeIn(db, shop, 10, marks);
}
const told = (timeZone: string, more = {}) => ({
  id: 548380009,
  name: "Fern & Fjord",
  currency: "EUR",
  iana_timezone: timeZone,
  country_code: "DE",
  primary_locale: "de",
  ...more,
});
const known = async () => (await findShop(db, DOMAIN)) ?? undefined;

it("a shop that moves to another clock has the days of that clock, and its rules that know days are decided anew", async () => {
  await hear("2026-11-01T00:00:00Z", told("Europe/Berlin"));
  expect(await known()).toMatchObject({ name: "Fern & Fjord", currency: "EUR", country: "DE", locale: "de" });
  // In Berlin it was the first of November still, in Tokyo the second.
  await db.query(
    `INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, 1, 7, 'EUR', 100, '2026-11-01T20:00:00Z', false, now(), now(), 'd'`,
    [shop.id],
  );
  await db.query(
    `INSERT INTO customers (shop_id, id, email, created_at, source_updated_at, source_triggered_at, source_delivery)
     VALUES ($1, 7, 'anna@example.com', '2026-01-01', now(), now(), 'd')`,
    [shop.id],
  );
  const parsed = parseText("last_order_date >= 2026-11-02", dictionary);
  if (parsed.outcome === "refused") throw new Error(parsed.problems[0].message);
  await db.tx((tx) =>
    createSegment(tx, shop.id, {
      key: "late",
      name: "Late",
      rule: parsed.rule,
      author: "Ada",
      message: "",
      now: NOW,
    }),
  );
  const settle = async (): Promise<void> => {
    while ((await recompute(db, shop.id, { limit: 10, now: NOW, coalesceMs: 0 })).more);
    while ((await buildSegments(db, shop.id, { limit: 10, now: NOW, coalesceMs: 0 })).more);
  };
  const members = async () => {
    const { rows } = await db.query(
      `SELECT customer_id FROM memberships JOIN segments ON segments.id = segment_id
       WHERE segments.shop_id = $1 AND key = 'late' AND left_at IS NULL`,
      [shop.id],
    );
    return rows;
  };
  await enqueueProfiles(db, shop.id, ["7"], NOW);
  await settle();
  expect(await members()).toEqual([]);

  expect(await hear("2026-11-05T00:00:00Z", told("Asia/Tokyo", { name: "Farn" }))).toMatchObject({ shopChanged: true });
  expect(await shopsToBuild(db)).toEqual([shop.id]);
  await settle();
  expect(await members()).toEqual([{ customer_id: "7" }]);

  // What comes late, or says not all of it, changes nothing; what is no clock is set aside.
  await hear("2026-11-04T00:00:00Z", told("Europe/Berlin"));
  await hear("2026-11-06T00:00:00Z", told("Europe/Berlin", { currency: null }));
  expect(await hear("2026-11-07T00:00:00Z", told("Middle/Earth"))).toMatchObject({ dead: 1 });
  expect(await known()).toMatchObject({ name: "Farn", timeZone: "Asia/Tokyo" });
});
