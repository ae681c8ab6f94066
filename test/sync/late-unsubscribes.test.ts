import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { learnConsents } from "../../app/sync/consent/consent-store.server.ts";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { saveConsentSync } from "../../app/sync/errands/errands-store.server.ts";
import { ensureAudiences } from "../../app/sync/projection-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { createSides, email, type Sides } from "./sides.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

/** A shop for one test: the tests run at once, for they wait for clocks that tell times to the second. */
async function withSides(work: (sides: Sides) => Promise<void>): Promise<void> {
  const sides = await createSides(db);
  try {
    await work(sides);
  } finally {
    await sides.close();
  }
}

const NOBODY_KNOWS_YET = 9;

/** Customer 9 is on the way into Mailchimp: claimed for a call that has not gone out. */
async function beingAdded(sides: Sides): Promise<void> {
  const { shop, now } = sides;
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     VALUES ($1, 9, $2, 'subscribed', 0, 0, 0, now())`,
    [shop, email(NOBODY_KNOWS_YET)],
  );
  await db.query(
    `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
     VALUES ($1, 9, 'email', 'subscribed', 'single_opt_in', now() - interval '1 hour', now(), now(), '')`,
    [shop],
  );
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at) VALUES ($1, 's', 'Loyal', '{}', now(), now()) RETURNING id`,
    [shop],
  );
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at) VALUES ($1, $2, 9, now(), now())`,
    [shop, rows[0]?.id],
  );
  await ensureAudiences(db, shop, { now: now(), receivedAt: null, dueAfterMs: 0 });
  await db.query(
    `UPDATE audience_members SET acked_email = email, due_at = now() + interval '1 minute' WHERE shop_id = $1`,
    [shop],
  );
}

test.concurrent(
  "an unsubscribe is told again to a platform that does not know somebody yet, while they are on their way there",
  async () =>
    withSides(async (sides) => {
      await beingAdded(sides);
      await sides.inShop(NOBODY_KNOWS_YET, "unsubscribed");
      await expect(sides.settle()).rejects.toThrow("it does not settle");
      // The call that was under way arrives now, with the consent of when it began; then they are taken out again.
      await sides.atMailchimp({
        email_address: email(NOBODY_KNOWS_YET),
        status: "subscribed",
        timestamp_opt: "2026-01-01T00:00:00Z",
      });
      await db.query("DELETE FROM audience_members WHERE shop_id = $1", [sides.shop]);
      await sides.settle();
      expect((await sides.consents(NOBODY_KNOWS_YET)).mailchimp).toBe("unsubscribed");
    }),
);

test.concurrent(
  "the consent sync leaves whoever unsubscribed at Klaviyo since, although nobody has heard of it yet",
  async () =>
    withSides(async (sides) => {
      await saveConsentSync(db, sides.shop, true);
      await sides.decide("klaviyo", "unsubscribe", 1);
      await sides.decide("klaviyo", "unsubscribe", 2);
      await sides.hear();
      await sides.settle();
      await setTimeout(1_100);
      await sides.inShop(1, "subscribed");
      await sides.inShop(2, "subscribed");
      await setTimeout(1_100);
      // At Klaviyo the first of them says no once more.
      await sides.decide("klaviyo", "subscribe", 1);
      await sides.decide("klaviyo", "unsubscribe", 1);
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({ klaviyo: "unsubscribed" });
      expect(await sides.consents(2)).toMatchObject({ klaviyo: "subscribed" });
      await sides.hear();
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({
        shop: "unsubscribed",
        klaviyo: "unsubscribed",
        mailchimp: "unsubscribed",
      });
      expect(await sides.mayMail(1)).toBe(false);
    }),
);

test.concurrent(
  "what Klaviyo tells of a subscription that came from us outranks no unsubscribe that was given in between",
  async () =>
    withSides(async (sides) => {
      await saveConsentSync(db, sides.shop, true);
      await sides.decide("klaviyo", "unsubscribe", 1);
      await sides.hear();
      await sides.settle();
      await setTimeout(1_100);
      await sides.inShop(1, "subscribed");
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({ klaviyo: "subscribed" });
      await sides.inShop(1, "unsubscribed");
      await setTimeout(50);
      const [klaviyo] = await listDestinations(db, sides.shop);
      const echo = { email: email(1), state: "subscribed", at: sides.now(), lasting: false, proven: true } as const;
      const source = klaviyo?.consentSource ?? "";
      await learnConsents(db, sides.shop, { marks: sides.marks, source, news: [echo], now: sides.now() });
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({
        shop: "unsubscribed",
        klaviyo: "unsubscribed",
        mailchimp: "unsubscribed",
      });
      expect(sides.book.raised()).toBe(0);
      expect(await sides.mayMail(1)).toBe(false);
    }),
);

describe("a subscription that is on its way to Klaviyo", () => {
  const SUBSCRIBE = "/api/profile-subscription-bulk-create-jobs";
  const UNSUBSCRIBE = "/api/profile-subscription-bulk-delete-jobs";
  const everywhere = { shop: "unsubscribed", klaviyo: "unsubscribed", mailchimp: "unsubscribed" };

  /** Customer 1 ended it at Klaviyo and then subscribes in the shop, which Klaviyo is about to be told. */
  const subscribing = (work: (sides: Sides) => Promise<void>): Promise<void> =>
    withSides(async (sides) => {
      await saveConsentSync(db, sides.shop, true);
      await sides.decide("klaviyo", "unsubscribe", 1);
      await sides.hear();
      await sides.settle();
      await setTimeout(1_100);
      await sides.inShop(1, "subscribed");
      await setTimeout(1_100);
      await work(sides);
    });

  async function expectTheEndEverywhere(sides: Sides): Promise<void> {
    expect(await sides.consents(1)).toMatchObject(everywhere);
    expect(await sides.mayMail(1)).toBe(false);
    // What that did comes back as news, and makes nothing more to do.
    let calls = 0;
    sides.wire.intercept(async ({ method, pass }) => {
      if (method !== "GET") calls += 1;
      return pass();
    });
    await sides.hear();
    await sides.settle();
    expect(await sides.consents(1)).toMatchObject(everywhere);
    expect(calls).toBe(0);
    expect(sides.wire.complaints()).toEqual([]);
  }

  test.concurrent("is ended again where it lifts a no that was given after our look", async () =>
    subscribing(async (sides) => {
      sides.wire.intercept(async ({ path, pass }) => {
        if (path === SUBSCRIBE) await sides.decide("klaviyo", "unsubscribe", 1);
        return pass();
      });
      await sides.settle();
      sides.wire.intercept(null);
      expect(await sides.consents(1)).toMatchObject({ klaviyo: "subscribed" });
      await sides.hear();
      await sides.settle();
      await expectTheEndEverywhere(sides);
    }),
  );

  test.concurrent.each([
    { tried: "at once", failures: 0, forMs: 0 },
    { tried: "for an hour", failures: 12, forMs: 3_600_000 },
  ])("is ended also where Klaviyo takes it only after our look for a later no, tried $tried", async (one) =>
    subscribing(async (sides) => {
      const begun = sides.now().getTime();
      let failed = 0;
      let take: (() => Promise<Response>) | null = null;
      let looks = 0;
      let ends = 0;
      sides.wire.intercept(async ({ method, path, pass }) => {
        if (path === SUBSCRIBE && (failed += 1) <= one.failures) return new Response("", { status: 503 });
        if (path === SUBSCRIBE) {
          expect(sides.now().getTime() - begun).toBeGreaterThanOrEqual(one.forMs);
          take = pass;
          await sides.inShop(1, "unsubscribed");
          return new Response(null, { status: 202 });
        }
        if (path === UNSUBSCRIBE) ends += 1;
        const answer = await pass();
        if (take && method === "GET" && path === "/api/profiles") {
          looks += 1;
          await take();
          take = null;
          await setTimeout(30);
        }
        return answer;
      });
      await sides.settle();
      expect({ looks, ends }).toEqual({ looks: 1, ends: 1 });
      await expectTheEndEverywhere(sides);
    }),
  );

  test.concurrent("leaves a person be who came back to Klaviyo by themselves long after", async () =>
    subscribing(async (sides) => {
      sides.wire.intercept(async ({ path, pass }) => {
        if (path === SUBSCRIBE) await sides.decide("klaviyo", "unsubscribe", 1);
        return pass();
      });
      await sides.settle();
      sides.wire.intercept(null);
      await db.query(
        "UPDATE consent_evidence SET heard_at = heard_at - interval '2 hours' WHERE shop_id = $1 AND told",
        [sides.shop],
      );
      await setTimeout(1_100);
      await sides.decide("klaviyo", "unsubscribe", 1);
      await setTimeout(1_100);
      await sides.decide("klaviyo", "subscribe", 1);
      await sides.hear();
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({ klaviyo: "subscribed" });
    }),
  );
});

test.concurrent(
  "a no that the shop's people enter at Mailchimp while a subscription is on its way there is not lifted by it",
  async () =>
    withSides(async (sides) => {
      await saveConsentSync(db, sides.shop, true);
      await sides.inShop(1, "unsubscribed");
      await sides.settle();
      await setTimeout(1_100);
      await sides.inShop(1, "subscribed");
      await setTimeout(1_100);
      // Mailchimp lets a request undo what a request did; what the person did themselves it does not.
      const mailchimp = (await listDestinations(db, sides.shop)).find(({ kind }) => kind === "mailchimp");
      const at = sides.now();
      await setTimeout(1_100);
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({ mailchimp: "subscribed" });
      // Its webhook tells of it after our own call was answered.
      const news = [{ email: email(1), state: "unsubscribed", at, lasting: false, reason: "unsubscribed" }] as const;
      const source = mailchimp?.consentSource ?? "";
      await learnConsents(db, sides.shop, { marks: sides.marks, source, news, now: sides.now() });
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({
        shop: "unsubscribed",
        klaviyo: "unsubscribed",
        mailchimp: "unsubscribed",
      });
      expect(await sides.mayMail(1)).toBe(false);
    }),
);

describe("somebody who has another address in the shop now", () => {
  /** As the webhook tells. */
  async function moves(sides: Sides, id: number, to: string): Promise<void> {
    const { shop } = sides;
    const body = { id, email: to, created_at: "2026-01-01T00:00:00Z", updated_at: new Date().toISOString() };
    const version = { updatedAt: new Date(), triggeredAt: new Date(), delivery: `d-${id}` };
    const facts = { ...noFacts(), ...topics["customers/update"]?.(body, version) };
    await db.tx(async (tx) => enqueueProfiles(tx, shop, await mergeFacts(tx, shop, facts), new Date()));
    await recompute(db, shop, { limit: 100, now: new Date(), coalesceMs: 0 });
  }

  test.concurrent("stays unsubscribed under it, although the shop could not be told", async () =>
    withSides(async (sides) => {
      await sides.decide("klaviyo", "unsubscribe", 1);
      await sides.hear();
      await moves(sides, 1, "Moved@example.com");
      await moves(sides, 2, "other@example.com");
      expect(await sides.mayMail(1)).toBe(false);
      expect(await sides.mayMail(2)).toBe(true);
      await sides.settle();
      expect(await sides.consents(1)).toMatchObject({ shop: "unsubscribed" });
      expect(await sides.consents(2)).toMatchObject({ shop: "subscribed" });
    }),
  );

  test.concurrent("gets mails again where the old mailbox bounced", async () =>
    withSides(async (sides) => {
      await sides.control("klaviyo", "engage", { email: email(1), action: "bounce" });
      await sides.hear();
      expect(await sides.mayMail(1)).toBe(false);
      await moves(sides, 1, "moved@example.com");
      expect(await sides.mayMail(1)).toBe(true);
    }),
  );
});

test.concurrent(
  "nobody who unsubscribed at Mailchimp is passed over because somebody subscribes again while the pages are read",
  async () =>
    withSides(async (sides) => {
      const many = Array.from({ length: 1_300 }, (_, number) => `many-${number}@example.com`);
      for (let from = 0; from < many.length; from += 500)
        await sides.batchAtMailchimp(
          many.slice(from, from + 500).map((address) => ({ email_address: address, status: "unsubscribed" })),
        );
      const mailchimp = (await listDestinations(db, sides.shop)).find(({ kind }) => kind === "mailchimp");
      if (!mailchimp) throw new Error("it is not connected");
      const told = new Set<string>();
      for await (const { email: address } of sides.destinations.open(sides.shop, mailchimp).readConsents(null)) {
        // The first page has been read now, and the second has not.
        if (told.size === 0)
          for (const again of many.slice(0, 40)) await sides.control("mailchimp", "subscribe", { email: again });
        told.add(address);
      }
      expect(many.filter((address) => !told.has(address))).toEqual([]);
    }),
);
