import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { createCallOut } from "../../app/platform/call-out.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { learnConsents } from "../../app/sync/consent/consent-store.server.ts";
import { MAILABLE } from "../../app/sync/projection-store.server.ts";
import { credentialsPlace } from "../../app/sync/credentials-place.ts";
import { connectDestination, listDestinations } from "../../app/sync/destination-store.server.ts";
import { createDestinations, type NewConnection, serializeCredentials } from "../../app/sync/destinations.ts";
import { bookConsent } from "../../app/sync/errands/errands-store.server.ts";
import { runErrands } from "../../app/sync/errands/run-errands.server.ts";
import { createAdminApi } from "../sandbox/admin/admin-graphql.ts";
import { createBudget } from "../sandbox/admin/budget.ts";
import { createConsentBook } from "../sandbox/admin/consent-book.ts";
import { listen } from "../sandbox/http.ts";
import { createKlaviyo, type Klaviyo } from "../sandbox/klaviyo/klaviyo.ts";
import { createMailchimp, type Mailchimp } from "../sandbox/mailchimp/mailchimp.ts";
import { watchWire } from "./wire.ts";

const LIST = "5a4db0c5e1";
const crypto = createCrypto([randomBytes(32).toString("base64")]);
const gid = (id: number): string => `gid://shopify/Customer/${id}`;
export const email = (id: number): string => `person-${id}@example.com`;

export const phone = (id: number): string => `+4917000000${id}`;

export type Sides = Awaited<ReturnType<typeof createSides>>;
type Side = "klaviyo" | "mailchimp";

/**
 * A shop with three customers who are subscribed everywhere, to text messages too, a Klaviyo and a Mailchimp. The account OTHER at Klaviyo is
 * there and not connected.
 */
export async function createSides(db: Db) {
  const klaviyo: Klaviyo = createKlaviyo({
    privateKeys: { pk_test: { accountId: "ACC" }, pk_other: { accountId: "OTHER" } },
    jobMillis: 10,
  });
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
    `INSERT INTO profiles (shop_id, customer_id, email, phone, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     SELECT $1, id, 'person-' || id || '@example.com', '+4917000000' || id, 'subscribed', 0, 0, 0, now() FROM generate_series(1, 3) AS id`,
    [shop],
  );
  await db.query(
    `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, channel, 'subscribed', 'single_opt_in', $2, $2, $2, ''
     FROM generate_series(1, 3) AS id, unnest(ARRAY['email', 'sms']) AS channel`,
    [shop, consentedAt],
  );
  const connections: NewConnection[] = [
    { kind: "klaviyo", credentials: { apiKey: "pk_test" }, settings: {} },
    { kind: "mailchimp", credentials: { apiKey: "test-us1" }, settings: { listId: LIST } },
  ];
  const connect = async (connection: NewConnection, id: string): Promise<number> => {
    const { kind, settings } = connection;
    const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, kind));
    const account = { id, name: `Account ${id}` };
    // A second earlier: what happens from now on is news to both.
    return connectDestination(db, shop, { kind, sealed, settings, account }, new Date(Date.now() - 1_000));
  };
  for (const connection of connections) await connect(connection, "ACC");
  const wire = watchWire();
  const destinations = createDestinations({
    callOut: createCallOut(),
    crypto,
    klaviyoUrl: servers.klaviyo.url,
    mailchimpUrl: servers.mailchimp.url,
    fetch: wire.fetch,
    sleep: (ms) => setTimeout(Math.min(ms, 60)),
  });
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const control = async (side: Side, name: string, body: object) =>
    fetch(`${servers[side].url}/__sandbox/${name}`, { method: "POST", body: JSON.stringify(body) });
  /** As somebody else with the key could do it: `ACC` is the account that is connected. */
  const atKlaviyo = async (path: string, data: object, key = "pk_test") =>
    fetch(`${servers.klaviyo.url}/api/${path}`, {
      method: "POST",
      headers: {
        authorization: `Klaviyo-API-Key ${key}`,
        revision: "2026-07-15",
        "content-type": "application/json",
      },
      body: JSON.stringify({ data }),
    });
  const atMailchimp = async (body: object) =>
    fetch(`${servers.mailchimp.url}/3.0/lists/${LIST}/members`, {
      method: "POST",
      headers: { authorization: "Bearer test-us1", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const batchAtMailchimp = async (members: object[]) =>
    fetch(`${servers.mailchimp.url}/3.0/lists/${LIST}`, {
      method: "POST",
      headers: { authorization: "Bearer test-us1", "content-type": "application/json" },
      body: JSON.stringify({ members, update_existing: false }),
    });
  /** Both know all three as subscribed, by their own doing. */
  for (const id of [1, 2, 3]) {
    await atKlaviyo("profile-import", { type: "profile", attributes: { email: email(id), phone_number: phone(id) } });
    await atMailchimp({ email_address: email(id), status: "transactional" });
    for (const side of ["klaviyo", "mailchimp"] as const) await control(side, "subscribe", { email: email(id) });
    await control("klaviyo", "subscribe", { phone: phone(id) });
  }
  await setTimeout(1_100);

  const sides = {
    shop,
    book,
    klaviyo,
    mailchimp,
    now,
    marks: crypto.marks,
    control,
    connect,
    atKlaviyo,
    atMailchimp,
    batchAtMailchimp,
    destinations,
    wire,
    decide: (side: Side, decision: "subscribe" | "unsubscribe", id: number) =>
      control(side, decision, { email: email(id) }),
    /** The customer says it in the shop, and a webhook told us. */
    async inShop(id: number, state: string, optInLevel = "single_opt_in", channel = "email") {
      await db.query(
        `UPDATE consents SET state = $3, opt_in_level = $4, consented_at = $5, source_updated_at = $5
         WHERE shop_id = $1 AND customer_id = $2 AND channel = $6`,
        [shop, id, state, optInLevel, now(), channel],
      );
      if (channel === "email")
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
        const since = new Date(Date.now() - 600_000);
        const destination = destinations.open(shop, row);
        for await (const news of destination.readConsents(since))
          await learnConsents(db, shop, { marks: crypto.marks, source: row.consentSource, news: [news], now: now() });
        for await (const { consents } of destination.readEngagement(since))
          await learnConsents(db, shop, { marks: crypto.marks, source: row.consentSource, news: consents, now: now() });
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
        await runErrands({ db, shop, marks: crypto.marks, destinations, ask, scopes, now });
        const { rows: left } = await db.query<{ at: Date }>(
          "SELECT min(due_at) AS at FROM errands WHERE shop_id = $1 AND due_at IS NOT NULL AND coalesce(outcome, '') <> 'no_scope'",
          [shop],
        );
        if (!left[0]?.at) return;
        ahead += Math.max(0, left[0].at.getTime() - now().getTime());
      }
      throw new Error("it does not settle");
    },
    /** Whether audiences may hold somebody, as the database has it. */
    async mayMail(id: number): Promise<boolean> {
      const { rows } = await db.query(
        `SELECT FROM profiles p WHERE p.shop_id = $1 AND p.customer_id = $2 AND ${MAILABLE}`,
        [shop, id],
      );
      return rows.length > 0;
    },
    async consents(id: number, account = "ACC") {
      await setTimeout(30);
      const state = async (side: Side): Promise<{ accounts: Record<string, unknown> }> =>
        (await fetch(`${servers[side].url}/__sandbox/state`)).json() as Promise<{ accounts: Record<string, unknown> }>;
      const all = JSON.stringify([(await state("klaviyo")).accounts[account], await state("mailchimp")]);
      const of = (pattern: RegExp): string => pattern.exec(all)?.[1]?.toLowerCase() ?? "unknown";
      const whatsApp = of(new RegExp(`"reachedAt":"\\${phone(id)}","whatsApp":"(\\w+)"`));
      return {
        ...(whatsApp !== "unknown" && { whatsApp }),
        shop: book.stateOf(gid(id), "email")?.toLowerCase(),
        klaviyo: of(new RegExp(`"email":"${email(id)}","consent":"(\\w+)"`)),
        texts: of(new RegExp(`"phone":"\\${phone(id)}","sms":"(\\w+)"`)),
        textsFromShop: book.stateOf(gid(id), "sms")?.toLowerCase(),
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

/** By the books of all sides, and nothing left for Klaviyo that its contract does not allow. */
export function expectNobodyRaised({ klaviyo, mailchimp, book, wire }: Sides): void {
  expect(klaviyo.ledger.report().consentRaised).toBe(0);
  expect(mailchimp.ledger.report().consentRaised).toBe(0);
  expect(book.raised()).toBe(0);
  expect(wire.complaints()).toEqual([]);
}
