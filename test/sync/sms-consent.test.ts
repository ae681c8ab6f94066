import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { bookConsent, saveConsentSync } from "../../app/sync/errands/errands-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createSides, email, expectNobodyRaised, phone, type Sides } from "./sides.ts";

let db: Db;
let sides: Sides;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());
beforeEach(async () => {
  sides = await createSides(db);
});
afterEach(async () => {
  await sides.close();
  expectNobodyRaised(sides);
});

const everywhere = { shop: "subscribed", klaviyo: "subscribed", mailchimp: "subscribed" };

test("text messages that somebody ends at Klaviyo end in the shop, and their mails go on", async () => {
  await sides.control("klaviyo", "unsubscribe", { phone: phone(1) });
  await sides.hear();
  await sides.settle();
  expect(await sides.consents(1)).toEqual({ ...everywhere, texts: "unsubscribed", textsFromShop: "unsubscribed" });
  expect(await sides.consents(2)).toEqual({ ...everywhere, texts: "subscribed", textsFromShop: "subscribed" });
  expect(await sides.mayMail(1)).toBe(true);

  // Whoever begins again there says nothing for the shop; and mails that are ended end no texts.
  await setTimeout(1_100);
  await sides.control("klaviyo", "subscribe", { phone: phone(1) });
  await sides.control("klaviyo", "unsubscribe", { email: email(2) });
  await sides.hear();
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ texts: "subscribed", textsFromShop: "unsubscribed" });
  expect(await sides.consents(2)).toMatchObject({
    shop: "unsubscribed",
    texts: "subscribed",
    textsFromShop: "subscribed",
  });
});

test("text messages that somebody ends in the shop, as its webhook tells, end at Klaviyo whatever fails, and mails go on", async () => {
  const { shop } = sides;
  await db.query(
    `INSERT INTO customers (shop_id, id, email, phone, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, $2, $3, now() - interval '1 day', now() - interval '1 day', '' FROM generate_series(1, 1) AS id`,
    [shop, email(1), phone(1)],
  );
  const triggeredAt = new Date();
  const version = { updatedAt: triggeredAt, triggeredAt, delivery: "d-1" };
  const body = {
    id: 1,
    phone: phone(1),
    sms_marketing_consent: {
      state: "unsubscribed",
      opt_in_level: "single_opt_in",
      consent_updated_at: triggeredAt.toISOString(),
      consent_collected_from: "OTHER",
    },
  };
  const facts = { ...noFacts(), ...topics["customers_marketing_consent/update"]?.(body, version) };
  await db.tx(async (tx) => enqueueProfiles(tx, shop, await mergeFacts(tx, shop, facts), triggeredAt));
  await recompute(db, shop, { limit: 100, now: triggeredAt, coalesceMs: 0 });

  await sides.control("klaviyo", "faults", { rate429: 0.2, rate500: 0.2, badBody: 0.1, truncated: 0.1, seed: 11 });
  await sides.settle();
  await sides.control("klaviyo", "faults", {});
  expect(await sides.consents(1)).toMatchObject({
    klaviyo: "subscribed",
    mailchimp: "subscribed",
    texts: "unsubscribed",
  });
  expect(await sides.consents(2)).toMatchObject({ texts: "subscribed" });
});

test("nobody is sent texts again by the consent sync, which is agreed to for mails", async () => {
  await saveConsentSync(db, sides.shop, true);
  await sides.control("klaviyo", "unsubscribe", { phone: phone(1) });
  await sides.hear();
  await sides.settle();
  await setTimeout(1_100);
  await sides.inShop(1, "subscribed", "single_opt_in", "sms");
  await sides.inShop(2, "unsubscribed", "single_opt_in", "sms");
  await sides.settle();
  await setTimeout(1_100);
  await sides.control("klaviyo", "subscribe", { phone: phone(2) });
  await sides.hear();
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ texts: "unsubscribed" });
  expect(await sides.consents(2)).toMatchObject({ texts: "subscribed", textsFromShop: "subscribed" });
  expect(sides.book.written()).toBe(1);
});

test("WhatsApp that somebody ends in the shop ends at Klaviyo, and nothing else does anywhere", async () => {
  await db.query(
    `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
     SELECT shop_id, customer_id, 'whatsapp', state, opt_in_level, consented_at, source_updated_at, source_triggered_at, ''
     FROM consents WHERE shop_id = $1 AND channel = 'sms'`,
    [sides.shop],
  );
  for (const id of [1, 2]) await sides.control("klaviyo", "subscribe", { whatsApp: phone(id) });
  await sides.inShop(1, "unsubscribed", "single_opt_in", "whatsapp");
  // Klaviyo never asked the third, who is not made known there by it.
  await sides.inShop(3, "unsubscribed", "single_opt_in", "whatsapp");
  await sides.settle();
  const others = { ...everywhere, texts: "subscribed", textsFromShop: "subscribed" };
  expect(await sides.consents(1)).toEqual({ ...others, whatsApp: "unsubscribed" });
  expect(await sides.consents(2)).toEqual({ ...others, whatsApp: "subscribed" });
  expect(await sides.consents(3)).toEqual(others);
  expect(await sides.mayMail(1)).toBe(true);

  // Somebody else has the same number: Shopify takes no consent to WhatsApp, and their texts are another matter.
  const numbered = (number: string) =>
    db.query("UPDATE profiles SET phone = $2 WHERE shop_id = $1 AND customer_id = 2", [sides.shop, number]);
  await numbered(phone(1));
  await db.tx((tx) => bookConsent(tx, sides.shop, ["2"], sides.now()));
  await sides.settle();
  expect(sides.book.written()).toBe(0);
  await numbered(phone(2));

  // Who begins again there, after that, is not ended by what is older; and texts that end say nothing of WhatsApp.
  await setTimeout(1_100);
  await sides.control("klaviyo", "subscribe", { whatsApp: phone(1) });
  await sides.control("klaviyo", "unsubscribe", { phone: phone(2) });
  await db.query("UPDATE errands SET due_at = now(), outcome = NULL WHERE shop_id = $1 AND channel = 'whatsapp'", [
    sides.shop,
  ]);
  await sides.hear();
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ whatsApp: "subscribed" });
  expect(await sides.consents(2)).toMatchObject({ whatsApp: "subscribed", texts: "unsubscribed" });
});
