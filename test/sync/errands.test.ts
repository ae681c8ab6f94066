import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createCallOut } from "../../app/platform/call-out.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { learnConsents } from "../../app/sync/consent/consent-store.server.ts";
import { reconsiderConsents } from "../../app/sync/consent/reconsider-consents.server.ts";
import { credentialsPlace } from "../../app/sync/credentials-place.ts";
import { connectDestination, listDestinations } from "../../app/sync/destination-store.server.ts";
import { createDestinations, type NewConnection, serializeCredentials } from "../../app/sync/destinations.ts";
import {
  bookConsent,
  countWithoutScope,
  saveConsentSync,
  shopsWithErrands,
} from "../../app/sync/errands/errands-store.server.ts";
import { runErrands } from "../../app/sync/errands/run-errands.server.ts";
import { createAdminApi } from "../sandbox/admin/admin-graphql.ts";
import { createBudget } from "../sandbox/admin/budget.ts";
import { createConsentBook } from "../sandbox/admin/consent-book.ts";
import { listen } from "../sandbox/http.ts";
import { createKlaviyo, type Klaviyo } from "../sandbox/klaviyo/klaviyo.ts";
import { createMailchimp, type Mailchimp } from "../sandbox/mailchimp/mailchimp.ts";
import { openAnyDatabase } from "../support/database.ts";

const LIST = "5a4db0c5e1";
const crypto = createCrypto([randomBytes(32).toString("base64")]);
const gid = (id: number): string => `gid://shopify/Customer/${id}`;
const email = (id: number): string => `person-${id}@example.com`;

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

/** A shop with three customers who are subscribed everywhere, a Klaviyo and a Mailchimp. */
async function createSides() {
  const klaviyo: Klaviyo = createKlaviyo({ privateKeys: { pk_test: { accountId: "ACC" } }, jobMillis: 10 });
  const mailchimp: Mailchimp = createMailchimp({
    apiKeys: { "test-us1": { accountId: "ACC" } },
    audiences: [{ id: LIST, name: "Customers" }],
  });
  const servers = { klaviyo: await listen(klaviyo.handle), mailchimp: await listen(mailchimp.handle) };
  const book = createConsentBook(new Map([1, 2, 3].map((id) => [gid(id), "SUBSCRIBED"])));
  const { rows } = await db.query<{ id: ShopId }>("INSERT INTO shops (domain) VALUES ($1) RETURNING id", [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const shop = rows[0]?.id ?? (0 as ShopId);
  const consentedAt = new Date(Date.now() - 3_600_000);
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     SELECT $1, id, 'person-' || id || '@example.com', 'subscribed', 0, 0, 0, now() FROM generate_series(1, 3) AS id`,
    [shop],
  );
  await db.query(
    `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, 'email', 'subscribed', 'single_opt_in', $2, $2, $2, '' FROM generate_series(1, 3) AS id`,
    [shop, consentedAt],
  );
  const connections: NewConnection[] = [
    { kind: "klaviyo", credentials: { apiKey: "pk_test" }, settings: {} },
    { kind: "mailchimp", credentials: { apiKey: "test-us1" }, settings: { listId: LIST } },
  ];
  for (const connection of connections) {
    const { kind, settings } = connection;
    const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, kind));
    // A second earlier: what happens from now on is news to both.
    await connectDestination(db, shop, { kind, sealed, settings }, new Date(Date.now() - 1_000));
  }
  const destinations = createDestinations({
    callOut: createCallOut(),
    crypto,
    klaviyoUrl: servers.klaviyo.url,
    mailchimpUrl: servers.mailchimp.url,
    sleep: (ms) => setTimeout(Math.min(ms, 60)),
  });
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const control = async (side: "klaviyo" | "mailchimp", name: string, body: object) =>
    fetch(`${servers[side].url}/__sandbox/${name}`, { method: "POST", body: JSON.stringify(body) });
  /** Both know all three as subscribed, by their own doing. */
  for (const id of [1, 2, 3]) {
    await fetch(`${servers.klaviyo.url}/api/profile-import`, {
      method: "POST",
      headers: { authorization: "Klaviyo-API-Key pk_test", revision: "2026-07-15", "content-type": "application/json" },
      body: JSON.stringify({ data: { type: "profile", attributes: { email: email(id) } } }),
    });
    await fetch(`${servers.mailchimp.url}/3.0/lists/${LIST}/members`, {
      method: "POST",
      headers: { authorization: "Bearer test-us1", "content-type": "application/json" },
      body: JSON.stringify({ email_address: email(id), status: "transactional" }),
    });
    for (const side of ["klaviyo", "mailchimp"] as const) await control(side, "subscribe", { email: email(id) });
  }
  await setTimeout(1_100);

  const sides = {
    shop,
    book,
    klaviyo,
    mailchimp,
    now,
    control,
    decide: (side: "klaviyo" | "mailchimp", decision: "subscribe" | "unsubscribe", id: number) =>
      control(side, decision, { email: email(id) }),
    /** The customer says it in the shop, and a webhook told us. */
    async inShop(id: number, state: string, optInLevel = "single_opt_in") {
      await db.query(
        `UPDATE consents SET state = $3, opt_in_level = $4, consented_at = $5, source_updated_at = $5 WHERE shop_id = $1 AND customer_id = $2`,
        [shop, id, state, optInLevel, now()],
      );
      await db.query("UPDATE profiles SET email_consent = $3 WHERE shop_id = $1 AND customer_id = $2", [
        shop,
        id,
        state,
      ]);
      await db.tx((tx) => bookConsent(tx, shop, [String(id)], now()));
    },
    /** Every platform is asked what was said there. */
    async hear() {
      for (const row of await listDestinations(db, shop)) {
        for await (const news of destinations.open(shop, row).readConsents(new Date(Date.now() - 600_000)))
          await learnConsents(db, shop, row.kind, [news], now());
      }
    },
    /** Until nothing is left to do, back-off waited out. */
    async settle(scopes: string[] | null = ["write_customers"]) {
      const api = createAdminApi({
        shop: {},
        scopes: [...(scopes ?? []), "read_customers"],
        records: {
          each: function* () {},
          search: () => [] as never,
          find: () => null,
          definitions: () => [] as never,
        },
        bulk: {} as never,
        budget: createBudget({ maximumAvailable: 2_000, restoreRate: 1_000 }),
        pixels: new Map(),
        metafields: new Map(),
        writes: { tags: new Map(), triggers: [] },
        consents: book,
      });
      const ask: AskAdmin = async (operation, variables, shape) => {
        const { data, errors } = await api(operation, variables);
        if (errors) return { outcome: "refused", reason: JSON.stringify(errors) };
        return { outcome: "answered", data: shape.parse(data), restMs: 0 };
      };
      for (let round = 0; round < 60; round += 1) {
        await runErrands({ db, shop, destinations, ask, scopes, now });
        const { rows: left } = await db.query<{ at: Date }>(
          "SELECT min(due_at) AS at FROM errands WHERE shop_id = $1 AND due_at IS NOT NULL AND coalesce(outcome, '') <> 'no_scope'",
          [shop],
        );
        if (!left[0]?.at) return;
        ahead += Math.max(0, left[0].at.getTime() - now().getTime());
      }
      throw new Error("it does not settle");
    },
    async consents(id: number) {
      await setTimeout(30);
      const state = async (side: "klaviyo" | "mailchimp"): Promise<unknown> =>
        (await fetch(`${servers[side].url}/__sandbox/state`)).json();
      const all = JSON.stringify([await state("klaviyo"), await state("mailchimp")]);
      const of = (pattern: RegExp): string => pattern.exec(all)?.[1]?.toLowerCase() ?? "unknown";
      return {
        shop: book.stateOf(gid(id), "email")?.toLowerCase(),
        klaviyo: of(new RegExp(`"email":"${email(id)}","consent":"(\\w+)"`)),
        mailchimp: of(new RegExp(`"email":"${email(id)}","status":"(\\w+)"`)),
      };
    },
    async close() {
      await Promise.all([servers.klaviyo.close(), servers.mailchimp.close()]);
      klaviyo.close();
      mailchimp.close();
    },
  };
  return sides;
}

let sides: Awaited<ReturnType<typeof createSides>>;
beforeEach(async () => {
  sides = await createSides();
});
afterEach(() => sides.close());

const nobodyRaised = () => {
  expect(sides.klaviyo.ledger.report().consentRaised).toBe(0);
  expect(sides.mailchimp.ledger.report().consentRaised).toBe(0);
  expect(sides.book.raised()).toBe(0);
};

test("an unsubscribe at one platform reaches the shop and the other platform, whatever fails on the way", async () => {
  await sides.decide("klaviyo", "unsubscribe", 1);
  await sides.decide("mailchimp", "unsubscribe", 2);
  await sides.hear();
  for (const side of ["klaviyo", "mailchimp"] as const)
    await sides.control(side, "faults", { rate429: 0.2, rate500: 0.2, badBody: 0.1, truncated: 0.1, seed: 7 });
  await sides.settle();
  for (const side of ["klaviyo", "mailchimp"] as const) await sides.control(side, "faults", {});
  const gone = { shop: "unsubscribed", klaviyo: "unsubscribed", mailchimp: "unsubscribed" };
  expect(await sides.consents(1)).toEqual(gone);
  expect(await sides.consents(2)).toEqual(gone);
  expect(await sides.consents(3)).toEqual({ shop: "subscribed", klaviyo: "subscribed", mailchimp: "subscribed" });
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
  expect(await sides.consents(1)).toEqual({ shop: "subscribed", klaviyo: "unsubscribed", mailchimp: "unsubscribed" });
  expect(await countWithoutScope(db, sides.shop)).toBe(1);
  await db.query(
    "UPDATE errands SET due_at = now() - interval '1 second' WHERE shop_id = $1 AND outcome = 'no_scope'",
    [sides.shop],
  );
  await sides.settle();
  expect((await sides.consents(1)).shop).toBe("unsubscribed");
  expect(await countWithoutScope(db, sides.shop)).toBe(0);
});
