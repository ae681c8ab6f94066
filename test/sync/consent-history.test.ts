import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTombstones } from "../../app/ingest/erased/erased-store.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { learnConsents } from "../../app/sync/consent/consent-store.server.ts";
import { consentHistory, keepShopConsents } from "../../app/sync/consent/history-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

const crypto = createCrypto([randomBytes(32).toString("base64")]);
const at = (day: number): Date => new Date(Date.UTC(2026, 4, day, 12));

test("what was said of a customer's consent is kept for each channel, by whom and how, and shown newest first", async () => {
  const { rows } = await db.query<{ id: ShopId }>("INSERT INTO shops (domain) VALUES ($1) RETURNING id", [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const shop = rows[0]?.id ?? (0 as ShopId);
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, phone, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     VALUES ($1, 1, ' Ada@Example.com', '+49 30 123456', 'subscribed', 0, 0, 0, now()), ($1, 2, 'bo@example.com', NULL, 'not_subscribed', 0, 0, 0, now())`,
    [shop],
  );
  const inShop = async (channel: string, state: string, level: string | null, day: number, customer = 1) => {
    await db.query(
      `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
       VALUES ($1, $6, $2, $3, $4, $5, $5, $5, '') ON CONFLICT (shop_id, customer_id, channel) DO UPDATE SET
         state = excluded.state, opt_in_level = excluded.opt_in_level, consented_at = excluded.consented_at`,
      [shop, channel, state, level, at(day), customer],
    );
    await db.tx((tx) => keepShopConsents(tx, shop, ["1", "2"]));
  };
  await inShop("email", "subscribed", "single_opt_in", 1);
  await inShop("email", "not_subscribed", null, 1, 2);
  await inShop("sms", "subscribed", "confirmed_opt_in", 2);
  // Recomputed again, the same statement is no second one.
  await db.tx((tx) => keepShopConsents(tx, shop, ["1"]));
  const news = { email: "ada@example.com", state: "unsubscribed", lasting: true, reason: "bounce" } as const;
  const { marks } = crypto;
  await learnConsents(db, shop, { marks, source: "klaviyo", news: [{ ...news, at: at(3) }], now: at(3) });
  const told = { ...news, lasting: false, reason: "told", at: at(4) } as const;
  await learnConsents(db, shop, { marks, source: "mailchimp", news: [told], now: at(4), told: true });
  await inShop("email", "unsubscribed", null, 5);

  const history = (customer: string) => consentHistory(db, shop, customer, 10);
  expect(await history("1")).toEqual([
    {
      channel: "email",
      source: "shop",
      account: null,
      state: "unsubscribed",
      optInLevel: null,
      reason: null,
      told: false,
      at: at(5),
    },
    {
      channel: "email",
      source: "mailchimp",
      account: null,
      state: "unsubscribed",
      optInLevel: null,
      reason: "told",
      told: true,
      at: at(4),
    },
    {
      channel: "email",
      source: "klaviyo",
      account: null,
      state: "unsubscribed",
      optInLevel: null,
      reason: "bounce",
      told: false,
      at: at(3),
    },
    {
      channel: "sms",
      source: "shop",
      account: null,
      state: "subscribed",
      optInLevel: "confirmed_opt_in",
      reason: null,
      told: false,
      at: at(2),
    },
    {
      channel: "email",
      source: "shop",
      account: null,
      state: "subscribed",
      optInLevel: "single_opt_in",
      reason: null,
      told: false,
      at: at(1),
    },
  ]);
  expect(await history("2")).toMatchObject([{ state: "not_subscribed", source: "shop" }]);
});

test("of somebody who was erased a platform's word is not kept, until a customer of the shop has the address again", async () => {
  const { rows } = await db.query<{ id: ShopId }>("INSERT INTO shops (domain) VALUES ($1) RETURNING id", [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const shop = rows[0]?.id ?? (0 as ShopId);
  const gone = [
    { kind: "email", value: "ada@example.com", alone: false },
    { kind: "phone", value: "49301234567", alone: false },
  ] as const;
  await db.tx((tx) => writeTombstones(tx, shop, crypto.marks, gone, at(2)));
  const ended = { state: "unsubscribed", lasting: false, at: at(3) } as const;
  const hear = () =>
    learnConsents(db, shop, {
      marks: crypto.marks,
      source: "klaviyo",
      // Its own deletion makes a platform say so, after the erasure.
      news: [
        { ...ended, email: " Ada@Example.com" },
        { ...ended, channel: "sms", email: "49301234567" },
        { ...ended, email: "bo@example.com" },
      ],
      now: at(3),
    });
  const kept = async (): Promise<string[]> =>
    (
      await db.query<{ address: string }>(
        `SELECT address FROM platform_consents WHERE shop_id = $1 INTERSECT SELECT address FROM consent_evidence WHERE shop_id = $1
         ORDER BY address`,
        [shop],
      )
    ).rows.map(({ address }) => address);
  await hear();
  expect(await kept()).toEqual(["bo@example.com"]);
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, phone, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     VALUES ($1, 1, 'ADA@example.com ', '+49 30 1234567', 'subscribed', 0, 0, 0, now())`,
    [shop],
  );
  await hear();
  expect(await kept()).toEqual(["49301234567", "ada@example.com", "bo@example.com"]);
});
