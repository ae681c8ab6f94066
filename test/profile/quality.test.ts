import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { checkEmail } from "../../app/profile/quality/check-email.ts";
import { checkProfiles, sweepProfiles } from "../../app/profile/quality/check-profiles.server.ts";
import { editDistance } from "../../app/profile/quality/edit-distance.ts";
import { findingsOf, shopsToCheck, summariseFindings } from "../../app/profile/quality/findings-store.server.ts";
import { type QualityRecord, validateRecord } from "../../app/profile/quality/validate-record.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const malformed = { code: "malformed_email" };
const disposable = { code: "disposable_email" };
const meant = (suggestion: string) => ({ code: "mistyped_email", suggestion });

describe("an e-mail address", () => {
  it.each([
    ["anna@example.com", null],
    [" Anna.Schmidt+shop@Example.CO.UK ", null],
    ["jürgen@müller.de", null],
    ["anna@xn--mller-kva.de", null],
    ["用户@例子.公司", null],
    ["anna", malformed],
    ["anna@", malformed],
    ["@example.com", malformed],
    ["anna@example", malformed],
    ["anna@@example.com", malformed],
    ["anna schmidt@example.com", malformed],
    ["anna@example..com", malformed],
    [".anna@example.com", malformed],
    ["anna.@example.com", malformed],
    ["anna@-example.com", malformed],
    ["anna@example.c", malformed],
    ["anna@example.com, otto@example.com", malformed],
    ["anna@192.168.0.1", malformed],
    [`${"a".repeat(65)}@example.com`, malformed],
    ["x@mailinator.com", disposable],
    ["x@eu.Mailinator.com", disposable],
    ["x@notmailinator.com", null],
    ["anna@gmial.com", meant("anna@gmail.com")],
    ["anna@gmai.com", meant("anna@gmail.com")],
    ["anna@gmail.con", meant("anna@gmail.com")],
    ["anna@gmail.co", meant("anna@gmail.com")],
    ["anna@gamil.con", meant("anna@gmail.com")],
    ["Anna@hotmial.co.uk", meant("Anna@hotmail.co.uk")],
    ["anna@yahooo.de", meant("anna@yahoo.de")],
    ["anna@outlok.com", meant("anna@outlook.com")],
    ["anna@protnmial.com", meant("anna@protonmail.com")],
    ["anna@gmail.com", null],
    ["anna@hotmail.se", null],
    ["anna@mail.com", null],
    ["anna@ymail.com", null],
    ["anna@gmx.net", null],
    ["anna@gail.org", null],
    ["anna@yahoo.com.mx", null],
  ])("%s", (address, problem) => {
    expect(checkEmail(address)).toEqual(problem);
  });

  it("is suggested what is fine itself, whatever letters were swapped", () => {
    const slip = fc.tuple(fc.constantFrom("gmail", "hotmail", "outlook", "yahoo", "icloud"), fc.nat(), fc.nat(25));
    fc.assert(
      fc.property(slip, ([name, place, letter]) => {
        const at = place % name.length;
        const typed = `${name.slice(0, at)}${String.fromCharCode(97 + letter)}${name.slice(at + 1)}`;
        const problem = checkEmail(`anna@${typed}.com`);
        const fine = problem?.code === "mistyped_email" ? problem.suggestion : "anna@example.com";
        expect(checkEmail(fine)).toBeNull();
      }),
    );
  });

  it.each([
    ["", "", 0],
    ["gmail", "gmail", 0],
    ["gmial", "gmail", 1],
    ["gmil", "gmail", 1],
    ["gmaill", "gmail", 1],
    ["gnail", "gmail", 1],
    ["gmlai", "gmail", 2],
    ["", "abc", 3],
  ])("%s is %s with slips: %i", (left, right, slips) => {
    expect(editDistance(left, right)).toBe(slips);
    expect(editDistance(right, left)).toBe(slips);
  });
});

const order = {
  earliestAt: new Date("2026-01-01T00:00:00Z"),
  latestAt: new Date("2026-11-01T00:00:00Z"),
  leastMinor: 100n,
  greatestMinor: 9_900n,
  currencies: ["EUR"],
  overRefunded: 0,
};
const good: QualityRecord = {
  customerId: "1",
  email: "anna@example.com",
  phone: "+447700900123",
  createdAt: new Date("2025-01-01T00:00:00Z"),
  orders: order,
  totals: null,
};
const totals = {
  told: { orders: 2, spentMinor: 4_000n },
  held: { orders: 2, spentMinor: 4_000n },
  currency: "EUR",
};

describe("a record", () => {
  it.each<[string, Partial<QualityRecord>, string[]]>([
    ["is fine", {}, []],
    ["is fine without orders", { orders: null, createdAt: null }, []],
    ["has a phone alone", { email: null }, ["missing_email"]],
    ["has a blank address", { email: "  " }, ["missing_email"]],
    ["has nothing to reach it by", { email: null, phone: null }, ["missing_email", "unreachable"]],
    ["has a broken address and no phone", { email: "anna", phone: "12" }, ["malformed_email", "unreachable"]],
    ["was created in the future", { createdAt: new Date("2026-11-26T00:00:00Z") }, ["impossible_date"]],
    ["was created in the shop's tomorrow", { createdAt: new Date("2026-11-25T08:00:00Z") }, []],
    ["was created before web shops", { createdAt: new Date("1970-01-01T00:00:00Z") }, ["impossible_date"]],
    [
      "ordered in the future",
      { orders: { ...order, latestAt: new Date("2062-01-01T00:00:00Z") } },
      ["impossible_date"],
    ],
    ["paid less than nothing", { orders: { ...order, leastMinor: -1n } }, ["impossible_amount"]],
    ["paid beyond measure", { orders: { ...order, greatestMinor: 1_000_000_001n } }, ["impossible_amount"]],
    [
      "paid as much in a small currency",
      { orders: { ...order, greatestMinor: 1_000_000_001n, currencies: ["IDR"] } },
      [],
    ],
    ["got more back than was paid", { orders: { ...order, overRefunded: 1 } }, ["impossible_amount"]],
    ["has the totals Shopify counts", { totals }, []],
    ["has fewer orders", { totals: { ...totals, held: { orders: 1, spentMinor: 4_000n } } }, ["totals_differ"]],
    ["spent another amount", { totals: { ...totals, held: { orders: 2, spentMinor: 3_999n } } }, ["totals_differ"]],
    [
      "cannot be compared in another currency",
      { totals: { ...totals, currency: "USD", held: { orders: 1, spentMinor: 1n } } },
      [],
    ],
    ["paid in no currency", { orders: { ...order, currencies: ["EUR", "ZZQ"] } }, ["unknown_currency"]],
  ])("%s", (_name, changes, codes) => {
    expect(validateRecord({ ...good, ...changes }, NOW).map(({ code }) => code)).toEqual(codes);
  });
});

describe("findings", () => {
  const shop = 1 as ShopId;
  let db: Db;

  beforeAll(async () => {
    db = await openAnyDatabase();
    await db.query("INSERT INTO shops (id, domain) VALUES (1, 'one.myshopify.com'), (2, 'two.myshopify.com')");
    await people(1, [
      [1, "anna@gmial.com"],
      [2, "same@example.com"],
      [3, "SAME@example.com"],
      [4, null],
    ]);
    await people(2, [[1, "same@example.com"]]);
  });
  afterAll(async () => {
    await db.close();
  });

  async function people(of: number, given: readonly [number, string | null][]): Promise<void> {
    for (const [id, email] of given) {
      await db.query(
        `INSERT INTO customers (shop_id, id, email, source_updated_at, source_triggered_at, source_delivery)
         VALUES ($1, $2, $3, now(), now(), 'd') ON CONFLICT (shop_id, id) DO UPDATE SET email = excluded.email`,
        [of, id, email],
      );
      await db.query(
        `INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
         VALUES ($1, $2, $3, 'unknown', 0, 0, 0, now()) ON CONFLICT (shop_id, customer_id) DO UPDATE SET email = excluded.email`,
        [of, id, email],
      );
    }
  }
  const sweep = () =>
    sweepProfiles(db, shop, {
      signal: new AbortController().signal,
      times: () => ({ now: NOW, real: new Date() }),
    });
  const codes = async () => Object.fromEntries(await findingsOf(db, shop, ["1", "2", "3", "4"]));

  it("are kept when a profile changes, and all of them once a day", async () => {
    await db.tx((tx) => checkProfiles(tx, shop, ["1"], NOW));
    expect(await codes()).toEqual({ 1: ["mistyped_email"] });
    expect((await shopsToCheck(db, new Date(Date.now() - 1_000))).sort()).toEqual([1, 2]);
    expect((await sweep()).sort()).toEqual(["2", "3", "4"]);
    expect(await codes()).toEqual({
      1: ["mistyped_email"],
      2: ["duplicate_email"],
      3: ["duplicate_email"],
      4: ["missing_email", "unreachable"],
    });
    expect(await shopsToCheck(db, new Date(Date.now() - 60_000))).toEqual([2]);
  });

  it("say where Shopify's totals differ from ours, until the missing order or another count comes", async () => {
    const check = async (): Promise<string | null> => {
      await db.tx((tx) => checkProfiles(tx, shop, ["1"], NOW));
      const { rows } = await db.query<{ detail: string }>(
        "SELECT detail FROM quality_findings WHERE shop_id = 1 AND customer_id = 1 AND code = 'totals_differ'",
      );
      return rows[0]?.detail ?? null;
    };
    const order = (id: number, customer: number | null, more = "false, NULL") =>
      db.query(
        `INSERT INTO orders (shop_id, id, customer_id, guest_of, currency, gross_minor, ordered_at, test, cancelled_at,
           source_updated_at, source_triggered_at, source_delivery)
         VALUES (1, $1, $2, CASE WHEN $2::bigint IS NULL THEN 1 END, 'EUR', 2000, '2026-11-01', ${more}, now(), now(), 'd')`,
        [id, customer],
      );
    await order(1, 1);
    // Neither a test nor what Shopify gives to nobody is in its count.
    await order(2, 1, "true, NULL");
    await order(3, null);
    await db.query(
      `INSERT INTO purchasing_summaries (shop_id, customer_id, orders_count, spent_minor, currency, last_order_id,
         source_updated_at, source_triggered_at, source_delivery) VALUES (1, 1, 3, 4500, 'EUR', 9, '2026-11-02', now(), 'd')`,
    );
    expect(await check()).toBe("Shopify counts 3 orders, 45.00 EUR; held are 1 order, 20.00 EUR");
    await db.query(
      `INSERT INTO opening_balances (shop_id, customer_id, told_orders, told_spent_minor, currency, read_at, orders_count, spent_minor)
       VALUES (1, 1, 1, 1000, 'EUR', '2026-10-01', NULL, NULL)`,
    );
    expect(await check(), "while what was before is not settled").toBeNull();
    await db.query("UPDATE opening_balances SET orders_count = 1, spent_minor = 1000");
    expect(await check()).toBe("Shopify counts 3 orders, 45.00 EUR; held are 2 orders, 30.00 EUR");
    await order(9, 1);
    expect(await check()).toBe("Shopify counts 3 orders, 45.00 EUR; held are 3 orders, 50.00 EUR");
    await db.query(
      `INSERT INTO refund_transactions (shop_id, id, refund_id, order_id, amount_minor, currency, refunded_at)
       VALUES (1, 1, 1, 9, 500, 'EUR', '2026-11-02'), (1, 2, 2, 9, 700, 'EUR', '2026-11-03')`,
    );
    await order(10, 1);
    expect(await check(), "what came after the count is not in it").toBeNull();
  });

  it("are counted with samples, each of its own profile", async () => {
    const [first, ...rest] = await summariseFindings(db, shop, 1);
    expect(first).toEqual({
      code: "duplicate_email",
      count: 2,
      samples: [
        { customerId: "3", email: "SAME@example.com", phone: null, firstName: null, lastName: null, detail: null },
      ],
    });
    expect(rest.map(({ code, count }) => [code, count])).toEqual([
      ["missing_email", 1],
      ["mistyped_email", 1],
      ["unreachable", 1],
    ]);
    expect(rest[1]?.samples[0]?.detail).toBe("anna@gmail.com");
  });

  it("go when the data is mended", async () => {
    await people(1, [
      [1, "anna@gmail.com"],
      [3, "other@example.com"],
    ]);
    await db.tx((tx) => checkProfiles(tx, shop, ["1", "3"], NOW));
    expect((await sweep()).sort()).toEqual(["2", "3"]);
    expect(await codes()).toEqual({ 4: ["missing_email", "unreachable"] });
  });
});
