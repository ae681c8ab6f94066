import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { consentHistory } from "../../app/sync/consent/history-store.server.ts";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createSides, email, expectNobodyRaised, type Sides } from "./sides.ts";

let db: Db;
let sides: Sides;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

/** A second account at Klaviyo, connected too, which knows the first two customers as subscribed by their own doing. */
beforeEach(async () => {
  sides = await createSides(db);
  for (const id of [1, 2])
    await sides.atKlaviyo("profile-import", { type: "profile", attributes: { email: email(id) } }, "pk_other");
  for (const id of [1, 2]) await sides.decide("klaviyo", "subscribe", id);
  await setTimeout(1_100);
  await sides.connect({ kind: "klaviyo", credentials: { apiKey: "pk_other" }, settings: {} }, "OTHER");
});
afterEach(async () => {
  await sides.close();
  expectNobodyRaised(sides);
});

/** The person does it in one of the accounts alone. */
async function decideIn(account: "ACC" | "OTHER", decision: "subscribe" | "unsubscribe", id: number): Promise<void> {
  const other = account === "ACC" ? "OTHER" : "ACC";
  const state = sides.klaviyo.snapshot();
  const kept = structuredClone(state.accounts.find((each) => each.id === other));
  await sides.decide("klaviyo", decision, id);
  const after = sides.klaviyo.snapshot();
  sides.klaviyo.restore({
    ...after,
    accounts: after.accounts.map((each) => (each.id === other && kept ? kept : each)),
  });
}

test("an unsubscribe in one of two accounts of a platform reaches the other one, the shop and the other platform", async () => {
  await decideIn("ACC", "unsubscribe", 1);
  expect(await sides.consents(1, "OTHER")).toMatchObject({ klaviyo: "subscribed" });
  await sides.hear();
  await sides.settle();
  const gone = { shop: "unsubscribed", klaviyo: "unsubscribed", mailchimp: "unsubscribed" };
  expect(await sides.consents(1, "ACC")).toMatchObject(gone);
  expect(await sides.consents(1, "OTHER")).toMatchObject(gone);
  expect(await sides.consents(2, "OTHER")).toMatchObject({ shop: "subscribed", klaviyo: "subscribed" });

  const said = await consentHistory(db, sides.shop, "1", 20);
  expect(said.filter(({ state, told }) => state === "unsubscribed" && !told)).toMatchObject([
    { account: "Account ACC" },
  ]);
});

test("who subscribes in one account again stays out for what they ended in the other, until they undo that there", async () => {
  await decideIn("ACC", "unsubscribe", 1);
  await sides.hear();
  await sides.settle();
  await setTimeout(1_100);
  await decideIn("OTHER", "subscribe", 1);
  await sides.decide("mailchimp", "subscribe", 1);
  await sides.inShop(1, "subscribed");
  await sides.hear();
  await sides.settle();
  expect(await sides.mayMail(1)).toBe(false);
  expect(await sides.consents(1, "ACC")).toMatchObject({ klaviyo: "unsubscribed" });
  expect(await sides.consents(1, "OTHER")).toMatchObject({ klaviyo: "subscribed" });

  await decideIn("ACC", "subscribe", 1);
  await sides.hear();
  expect(await sides.mayMail(1)).toBe(true);
});

test("an account that is connected anew is the one it was", async () => {
  const before = (await listDestinations(db, sides.shop)).map(({ consentSource }) => consentSource);
  expect(new Set(before).size).toBe(3);
  await decideIn("OTHER", "unsubscribe", 2);
  await sides.hear();
  const [, other] = await listDestinations(db, sides.shop);
  await db.query("DELETE FROM destinations WHERE id = $1", [other?.id]);
  expect(await sides.mayMail(2)).toBe(false);
  await sides.connect({ kind: "klaviyo", credentials: { apiKey: "pk_other" }, settings: {} }, "OTHER");
  expect((await listDestinations(db, sides.shop)).map(({ consentSource }) => consentSource)).toEqual(before);
  await setTimeout(1_100);
  await sides.settle();
  await sides.inShop(2, "subscribed");
  for (const side of ["klaviyo", "mailchimp"] as const) await sides.decide(side, "subscribe", 2);
  await sides.hear();
  expect(await sides.mayMail(2)).toBe(true);
});
