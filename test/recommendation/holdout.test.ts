import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { type Arm, drawArm, type KnownArm, type Person, settleArm } from "../../app/recommendation/holdout/arm.ts";
import { dropArmsBefore, readCustomerArms } from "../../app/recommendation/holdout/arms-store.server.ts";
import { createArmOf } from "../../app/recommendation/holdout/enter-holdout.server.ts";
import { readMeasuredKinds, readOutcomes } from "../../app/recommendation/holdout/outcomes-store.server.ts";
import { settingsSchema } from "../../app/recommendation/settings.ts";
import { createSettingsOf } from "../../app/recommendation/settings-of.server.ts";
import { readSettings, writeSettings } from "../../app/recommendation/settings-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const SHOP = 7 as ShopId;
/** A process in which no shop's lists are open. */
const unopened = { listsOf: () => undefined };

describe("the draw of an arm", () => {
  it("holds out the share that was set, of any names and in any shop", () => {
    for (const [shop, share] of [
      [1, 0.05],
      [2, 0.05],
      [2, 0.3],
    ] as const) {
      const names = Array.from({ length: 40_000 }, (_, k) => `customer:${7_000_000_000_000 + 32 * k}`);
      const heldOut = names.filter((name) => drawArm(shop as ShopId, name, share) === "held_out").length / names.length;
      // Five standard errors.
      expect(Math.abs(heldOut - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / names.length));
    }
  });

  it("is another one in another shop", () => {
    const names = Array.from({ length: 5_000 }, (_, k) => `client:${k}`);
    const both = names.filter(
      (n) => drawArm(1 as ShopId, n, 0.2) === "held_out" && drawArm(2 as ShopId, n, 0.2) === "held_out",
    );
    expect(both.length / names.length).toBeGreaterThan(0.025);
    expect(both.length / names.length).toBeLessThan(0.055);
  });

  it("holds nobody out at 0, and whoever is out at a small share at a larger one too", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (name, a, b) => {
          expect(drawArm(SHOP, name, 0)).toBe("treated");
          const [small, large] = [Math.min(a, b), Math.max(a, b)];
          if (drawArm(SHOP, name, small) === "held_out") expect(drawArm(SHOP, name, large)).toBe("held_out");
        },
      ),
    );
  });
});

/** Three browsers and three customers, in any order of visits, some without consent; the share may change between them. */
const visits = fc.array(
  fc.record({
    customerId: fc.constantFrom(null, "1", "2", "3"),
    clientId: fc.constantFrom(null, "browser-a", "browser-b", "browser-c"),
    share: fc.constantFrom(0.05, 0.2, 0.5),
  }),
  { minLength: 1, maxLength: 30 },
);

function play(all: readonly (Person & { share: number })[]): { person: Person; arm: Arm | null; known: KnownArm[] }[] {
  const known = new Map<string, KnownArm>();
  return all.map(({ share, ...person }, turn) => {
    const settled = settleArm(SHOP, person, share, [...known.values()]);
    const record = settled?.record;
    if (record) {
      const enteredAt = known.get(record.subject)?.enteredAt ?? new Date(turn);
      known.set(record.subject, { ...record, enteredAt });
    }
    return { person, arm: settled?.arm ?? null, known: [...known.values()] };
  });
}

describe("the arm of somebody", () => {
  it("is the same at every visit: of a customer once recorded, of a browser until another one's customer signs in", () => {
    fc.assert(
      fc.property(visits, (all) => {
        const first = new Map<string, Arm>();
        for (const { person, arm, known } of play(all)) {
          const { customerId } = person;
          if (customerId === null || !known.some((one) => one.customerId === customerId)) continue;
          expect(arm).toBe(first.get(customerId) ?? arm);
          if (arm) first.set(customerId, arm);
        }
      }),
    );
  });

  it("stays when a visitor signs in for the first time", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1 }).map(String), (clientId, customerId) => {
        const [visitor, customer, elsewhere] = play([
          { customerId: null, clientId, share: 0.5 },
          { customerId, clientId, share: 0.5 },
          { customerId, clientId: "another-browser", share: 0.5 },
        ]);
        expect([customer?.arm, elsewhere?.arm]).toEqual([visitor?.arm, visitor?.arm]);
      }),
    );
  });

  it("is recorded with consent alone, and never moves a browser from one customer to another", () => {
    fc.assert(
      fc.property(visits, (all) => {
        let before: KnownArm[] = [];
        for (const { person, arm, known } of play(all)) {
          if (person.clientId === null) {
            expect(known).toEqual(before);
            expect(arm === null).toBe(person.customerId === null);
          }
          for (const one of before) {
            const after = known.find(({ subject }) => subject === one.subject);
            if (one.customerId !== null) expect(after).toEqual(one);
          }
          before = known;
        }
      }),
    );
  });
});

describe.each(await everyDatabase("the holdout"))("what is recorded, on $kind", ({ server }) => {
  let db: Db;
  let shop: ShopId;
  let other: ShopId;

  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await ensureShop(db, "one.myshopify.com")).id;
    other = (await ensureShop(db, "two.myshopify.com")).id;
    await db.query("UPDATE shops SET currency = 'EUR'");
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
       SELECT $1, id, 'unknown', 0, 0, 0, now() FROM generate_series(1, 60) id`,
      [shop],
    );
  });
  beforeEach(async () => {
    for (const table of [
      "recommendation_arms",
      "recommendation_settings",
      "recommendation_feedback",
      "recommendation_queue",
    ]) {
      await db.query(`DELETE FROM ${table}`);
    }
  });
  afterAll(() => db?.close());

  const setShare = (holdoutShare: number, at = new Date()) =>
    writeSettings(db, shop, { ...settingsSchema.parse({}), holdoutShare }, at);

  it("follows a browser to its customer, whose list is made again where the draw had said something else", async () => {
    await setShare(0.5);
    const armOf = createArmOf(db, unopened, createSettingsOf(db));
    for (let id = 1; id <= 10; id++) {
      const [clientId, customerId] = [randomUUID(), String(id)];
      const arm = await armOf(shop, { customerId: null, clientId });
      expect(await armOf(shop, { customerId, clientId })).toBe(arm);
      expect((await readCustomerArms(db, shop, [customerId])).get(customerId)).toBe(arm);
      const { rows } = await db.query("SELECT FROM recommendation_queue WHERE shop_id = $1 AND customer_id = $2", [
        shop,
        id,
      ]);
      expect(rows.length).toBe(drawArm(shop, `customer:${id}`, 0.5) === arm ? 0 : 1);
    }
    expect(await readCustomerArms(db, other, ["1"])).toEqual(new Map());
  });

  it("is one arm however many pages of a browser come at once", async () => {
    await setShare(0.5);
    const armOf = createArmOf(db, unopened, createSettingsOf(db));
    for (let round = 0; round < 20; round++) {
      await db.query("DELETE FROM recommendation_arms");
      const clientId = randomUUID();
      const visits = Array.from({ length: 8 }, (_, k) => armOf(shop, { customerId: k % 2 ? "51" : null, clientId }));
      expect(new Set(await Promise.all(visits)).size).toBe(1);
      expect((await db.query("SELECT FROM recommendation_arms")).rows).toHaveLength(1);
    }
  });

  it("says what kind of customer that was when they came in", async () => {
    await setShare(0.5);
    const list = JSON.stringify({ personal: true, confidence: 0.9, kind: { lead: 1.25, entries: 4 }, items: [] });
    await db.query("UPDATE profiles SET recommended = $2 WHERE shop_id = $1 AND customer_id = 52", [shop, list]);
    const [known, unknown] = [randomUUID(), randomUUID()];
    const armOf = createArmOf(db, unopened, createSettingsOf(db));
    await armOf(shop, { customerId: null, clientId: known });
    for (const clientId of [known, unknown])
      await armOf(shop, { customerId: clientId === known ? "52" : "53", clientId });
    const { rows } = await db.query("SELECT customer_id, lead, entries FROM recommendation_arms ORDER BY 1");
    expect(rows).toEqual([
      { customer_id: "52", lead: 1.25, entries: 4 },
      { customer_id: "53", lead: null, entries: null },
    ]);
  });

  it("is nothing where nobody is held out", async () => {
    await setShare(0);
    expect(
      await createArmOf(db, unopened, createSettingsOf(db))(shop, { customerId: "1", clientId: randomUUID() }),
    ).toBeNull();
    expect((await db.query("SELECT FROM recommendation_arms")).rows).toEqual([]);
  });

  it("is compared from the last change of the share, and from the beginning where there was none", async () => {
    expect(await readSettings(db, shop)).toMatchObject({
      settings: { holdoutShare: 0.05, threshold: 0.8 },
      holdoutSince: null,
    });
    const [first, second, third] = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)));
    await setShare(0.1, first);
    await writeSettings(
      db,
      shop,
      { ...settingsSchema.parse({}), holdoutShare: 0.1, threshold: 0.9 },
      second ?? new Date(),
    );
    expect(await readSettings(db, shop)).toMatchObject({ settings: { threshold: 0.9 }, holdoutSince: first });
    await setShare(0.2, third);
    expect((await readSettings(db, shop)).holdoutSince).toEqual(third);
  });

  it("of browsers that never were a customer's is forgotten", async () => {
    await enter("client:old", null, "treated", "2026-01-01");
    await enter("client:known", "5", "treated", "2026-01-01");
    await enter("client:new", null, "treated", "2026-10-01");
    expect(await dropArmsBefore(db, shop, new Date("2026-06-01"), 10)).toBe(1);
    const { rows } = await db.query<{ subject: string }>("SELECT subject FROM recommendation_arms ORDER BY 1");
    expect(rows.map(({ subject }) => subject)).toEqual(["client:known", "client:new"]);
  });

  const enter = (subject: string, customerId: string | null, arm: Arm, at: string, of = shop) =>
    db.query("INSERT INTO recommendation_arms VALUES ($1, $2, $3, $4, $5)", [of, subject, customerId, arm, at]);
  const isOfKind = (subject: string, lead: number, entries: number) =>
    db.query("UPDATE recommendation_arms SET lead = $3, entries = $4 WHERE shop_id = $1 AND subject = $2", [
      shop,
      subject,
      lead,
      entries,
    ]);

  /** An order of three lines: 2 of product 71 at 10.00, 1 of 72 at 30.00. */
  async function order(
    id: number,
    at: string,
    more: {
      customer?: number;
      cart?: string;
      checkout?: string;
      cancelled?: string;
      test?: boolean;
      currency?: string;
    } = {},
    of = shop,
  ): Promise<void> {
    await db.query(
      `INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, cancelled_at, test, cart_token, checkout_token,
         source_updated_at, source_triggered_at, source_delivery) VALUES ($1, $2, $3, $4, 5000, $5, $6, $7, $8, $9, now(), now(), 'd')`,
      [of, id, more.customer, more.currency ?? "EUR", at, more.cancelled, more.test ?? false, more.cart, more.checkout],
    );
    await db.query(
      `INSERT INTO order_lines (shop_id, order_id, id, product_id, quantity, price_minor)
       SELECT $1::int, $2::bigint, $2::bigint * 10 + place, 71 + place, 2 - place, 1000 + place * 2000 FROM generate_series(0, 1) place`,
      [of, id],
    );
  }
  const answer = (
    kind: string,
    product: number,
    at: string,
    who: { customer?: number; client?: string },
    [placement, list] = ["home", "popular"],
  ) =>
    db.query(
      `INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind, customer_id, client_id)
       VALUES ($1, $2, $3, $8, $9, $4, $5, $6, $7)`,
      [shop, randomUUID(), at, product, kind, who.customer, who.client, placement, list],
    );

  it("is told of both arms: net of what was given back, without what does not count, each order and each person once", async () => {
    await db.query("DELETE FROM orders");
    await db.query("DELETE FROM order_lines");
    // A customer on two browsers; a visitor who bought as a guest; a visitor who bought nothing; one held out; one of before.
    await enter("client:phone", "1", "treated", "2026-10-01");
    await enter("client:desk", "1", "treated", "2026-10-05");
    await enter("client:guest", null, "treated", "2026-10-01");
    await enter("client:idle", null, "treated", "2026-10-01");
    await enter("client:out", "3", "held_out", "2026-10-01");
    await enter("client:early", "4", "held_out", "2026-08-01");
    await enter("client:late-again", "4", "held_out", "2026-10-02");
    await enter("client:elsewhere", "1", "held_out", "2026-10-01", other);
    await db.query(
      "INSERT INTO visitor_claims VALUES ($1, 'guest', 'cart-of-guest', now()), ($1, 'phone', 'cart-of-phone', now())",
      [shop],
    );

    await order(1, "2026-10-03", { customer: 1, cart: "cart-of-phone" });
    await order(2, "2026-10-20", { customer: 1 });
    await order(3, "2026-09-30", { customer: 1 });
    await order(4, "2026-11-15", { customer: 1 });
    await order(5, "2026-10-06", { customer: 1, cancelled: "2026-10-07" });
    await order(6, "2026-10-06", { customer: 1, test: true });
    await order(7, "2026-10-06", { customer: 1, currency: "USD" });
    await order(8, "2026-10-04", { checkout: "cart-of-guest" });
    await order(9, "2026-10-04", { customer: 3 });
    await order(10, "2026-10-05", { customer: 4 });
    await order(11, "2026-10-03", { customer: 1 }, other);
    // The guest sent one of the two back, and the one held out everything.
    await db.query(
      "INSERT INTO refund_transactions VALUES ($1, 1, 1, 8, 1000, 'EUR', now()), ($1, 2, 2, 9, 5000, 'EUR', now())",
      [shop],
    );
    await db.query("INSERT INTO refund_lines VALUES ($1, 1, 1, 8, 80, 1), ($1, 2, 2, 9, 90, 2), ($1, 3, 2, 9, 91, 1)", [
      shop,
    ]);

    await answer("clicked", 71, "2026-10-02", { client: "phone", customer: 1 });
    await answer("shown", 72, "2026-10-02", { client: "phone", customer: 1 });
    await answer("added", 71, "2026-10-04T00:00:00Z", { client: "guest" });
    await answer("clicked", 72, "2026-10-19", { client: "out" });
    await answer("shown", 71, "2026-10-01", { customer: 3 });

    const { treated, held_out: heldOut } = await readOutcomes(db, shop, new Date("2026-09-01"));
    expect(treated).toEqual({
      people: 3,
      // Two orders of 50.00, and one of 50.00 less 10.00.
      revenue: { people: 3, buyers: 2, sum: 14_000, squares: 10_000 ** 2 + 4_000 ** 2 },
      // 2 × 10.00 of the first order within a week of the click, not of the second; 1 × 10.00 of what the guest kept.
      attributed: { people: 3, buyers: 2, sum: 3_000, squares: 2_000 ** 2 + 1_000 ** 2 },
      conversion: { people: 3, buyers: 2, sum: 2, squares: 2 },
      ordersWithAttributed: 2,
      shown: 1,
      clicked: 1,
    });
    expect(heldOut).toMatchObject({
      people: 1,
      revenue: { buyers: 0, sum: 0 },
      attributed: { buyers: 0, sum: 0 },
      shown: 1,
      clicked: 1,
    });
    // By kind: of three who are known one bought what the personal list had shown: the first; the guest's kind is not known.
    await isOfKind("client:phone", 0.5, 2);
    await isOfKind("client:idle", 1, 10);
    await isOfKind("client:out", 0.4, 3);
    const kinds = () => readMeasuredKinds(db, shop, new Date("2026-09-01"), [0, 0.5, 2], ["home", "collection"]);
    // Who was not sure enough saw the fallback in both arms, and beside a product stands another list: neither compares the two.
    await answer("shown", 71, "2026-10-02", { client: "phone", customer: 1 }, ["home", "fallback"]);
    await answer("shown", 71, "2026-10-02", { client: "phone", customer: 1 }, ["product", "product:9"]);
    await answer("shown", 71, "2026-10-02", { client: "out", customer: 3 }, ["product", "fallback"]);
    expect(await kinds()).toEqual([]);
    await answer("shown", 71, "2026-10-02", { client: "phone", customer: 1 }, ["home", "personal"]);
    await answer("shown", 73, "2026-10-02", { client: "idle" }, ["collection", "personal"]);
    await answer("shown", 71, "2026-10-02", { client: "out", customer: 3 }, ["home", "fallback"]);
    expect(await kinds()).toEqual([
      { lead: 1, length: 1, personal: { people: 1, hits: 1 }, fallback: { people: 1, hits: 0 } },
      { lead: 2, length: 3, personal: { people: 1, hits: 0 }, fallback: { people: 0, hits: 0 } },
    ]);
    await db.query("UPDATE recommendation_feedback SET explored = true WHERE kind = 'shown'");
    expect((await kinds())[0]?.personal).toEqual({ people: 1, hits: 0 });
    expect(await readMeasuredKinds(db, shop, new Date("2026-09-01"), [0, 0.5, 2], ["collection"])).toHaveLength(1);
    expect(await readOutcomes(db, other, new Date(0))).toMatchObject({
      treated: { people: 0 },
      held_out: { people: 1, revenue: { buyers: 1 } },
    });
  });
});
