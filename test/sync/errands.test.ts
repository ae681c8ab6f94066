import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { reconsiderConsents } from "../../app/sync/consent/reconsider-consents.server.ts";
import { countWithoutScope, saveConsentSync, shopsWithErrands } from "../../app/sync/errands/errands-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createSides, email, expectNobodyRaised, type Sides } from "./sides.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

let sides: Sides;
beforeEach(async () => {
  sides = await createSides(db);
});
afterEach(() => sides.close());

const nobodyRaised = () => expectNobodyRaised(sides);

test("an unsubscribe at one platform reaches the shop and the other platform, whatever fails on the way", async () => {
  await sides.decide("klaviyo", "unsubscribe", 1);
  await sides.decide("mailchimp", "unsubscribe", 2);
  await sides.hear();
  for (const side of ["klaviyo", "mailchimp"] as const)
    await sides.control(side, "faults", { rate429: 0.2, rate500: 0.2, badBody: 0.1, truncated: 0.1, seed: 7 });
  await sides.settle();
  for (const side of ["klaviyo", "mailchimp"] as const) await sides.control(side, "faults", {});
  const gone = { shop: "unsubscribed", klaviyo: "unsubscribed", mailchimp: "unsubscribed" };
  expect(await sides.consents(1)).toMatchObject(gone);
  expect(await sides.consents(2)).toMatchObject(gone);
  expect(await sides.consents(3)).toMatchObject({ shop: "subscribed", klaviyo: "subscribed", mailchimp: "subscribed" });
  nobodyRaised();

  // What was told comes back as news and is told nobody again.
  const written = sides.book.written();
  await sides.hear();
  await sides.settle();
  expect(sides.book.written()).toBe(written);
  nobodyRaised();
});

test("an unsubscribe in the shop reaches both platforms; a person who came back there later is left alone", async () => {
  await sides.inShop(1, "unsubscribed");
  await sides.inShop(2, "unsubscribed");
  await setTimeout(1_100);
  await sides.decide("mailchimp", "unsubscribe", 2);
  await sides.decide("mailchimp", "subscribe", 2);
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ klaviyo: "unsubscribed", mailchimp: "unsubscribed" });
  expect(await sides.consents(2)).toMatchObject({ klaviyo: "unsubscribed", mailchimp: "subscribed" });
  nobodyRaised();
});

test("without the consent sync nobody is subscribed again; with it, on proven and newer evidence alone", async () => {
  await sides.decide("klaviyo", "unsubscribe", 1);
  await sides.decide("klaviyo", "unsubscribe", 2);
  await sides.hear();
  await sides.settle();
  await setTimeout(1_100);
  await sides.inShop(1, "subscribed");
  await sides.inShop(2, "subscribed", "unknown");
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ klaviyo: "unsubscribed", mailchimp: "unsubscribed" });
  nobodyRaised();

  // Switched on, what was said before is looked through, once.
  await saveConsentSync(db, sides.shop, true);
  expect(await shopsWithErrands(db, sides.now())).toContain(sides.shop);
  expect(await reconsiderConsents(db, sides.shop, sides.now())).toMatchObject({ more: true });
  expect(await reconsiderConsents(db, sides.shop, sides.now())).toMatchObject({ more: false });
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ klaviyo: "subscribed", mailchimp: "subscribed" });
  // How the second consent was given nobody knows.
  expect(await sides.consents(2)).toMatchObject({ klaviyo: "unsubscribed", mailchimp: "unsubscribed" });
  const raised = [sides.klaviyo, sides.mailchimp].flatMap(({ ledger }) => ledger.report().entries.consentRaised);
  expect(new Set(raised.map((entry) => entry.email))).toEqual(new Set([email(1)]));
});

test("switched off again before an errand is done, the consent sync subscribes nobody", async () => {
  await sides.decide("klaviyo", "unsubscribe", 1);
  await sides.hear();
  await sides.settle();
  await setTimeout(1_100);
  await sides.inShop(1, "subscribed");
  await saveConsentSync(db, sides.shop, true);
  await reconsiderConsents(db, sides.shop, sides.now());
  await saveConsentSync(db, sides.shop, false);
  await reconsiderConsents(db, sides.shop, sides.now());
  await sides.settle();
  expect(await sides.consents(1)).toMatchObject({ klaviyo: "unsubscribed", mailchimp: "unsubscribed" });
  nobodyRaised();
});

test("without the permission the shop is not told, says so, and is told once it is granted", async () => {
  await sides.decide("klaviyo", "unsubscribe", 1);
  await sides.hear();
  await sides.settle(["read_customers"]);
  expect(await sides.consents(1)).toMatchObject({
    shop: "subscribed",
    klaviyo: "unsubscribed",
    mailchimp: "unsubscribed",
  });
  expect(await countWithoutScope(db, sides.shop)).toBe(1);
  await db.query(
    "UPDATE errands SET due_at = now() - interval '1 second' WHERE shop_id = $1 AND outcome = 'no_scope'",
    [sides.shop],
  );
  await sides.settle();
  expect((await sides.consents(1)).shop).toBe("unsubscribed");
  expect(await countWithoutScope(db, sides.shop)).toBe(0);
});
