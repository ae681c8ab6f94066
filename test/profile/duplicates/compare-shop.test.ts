import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openShop } from "../../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import { erasePersonStep } from "../../../app/privacy/erase-person.server.ts";
import { openRequests, recordMerchantRequest } from "../../../app/privacy/privacy-requests-store.server.ts";
import { compareShop } from "../../../app/profile/duplicates/compare-shop.server.ts";
import { decidePair, setAutomatic, suspectedSince } from "../../../app/profile/duplicates/pairs-store.server.ts";
import { decideAboutPair } from "../../../app/profile/duplicates/decide-pair.server.ts";
import { listReviewed, type ReviewView } from "../../../app/profile/duplicates/review-store.server.ts";
import { duplicatesUrl, readPairWindow } from "../../../app/components/duplicates/duplicates-url.ts";
import { loadHistories } from "../../../app/profile/history-store.server.ts";
import { compileRule } from "../../../app/segment/evaluation/compile.ts";
import { evaluate } from "../../../app/segment/evaluation/evaluate.ts";
import { loadCustomerHistories } from "../../../app/segment/history-store.server.ts";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { linkProfiles, unlinkProfiles } from "../../../app/profile/identity/link-profiles.server.ts";
import type { Shop } from "../../../app/shopify/shop-store.server.ts";
import { DIRTY, inventPeople } from "./people.ts";
import { openAnyDatabase } from "../../support/database.ts";

const NOW = new Date("2026-11-01T00:00:00Z");
let db: Db;
let shop: Shop;
let shops = 0;
let now = NOW;

beforeAll(async () => {
  db = await openAnyDatabase();
});

beforeEach(async () => {
  now = NOW;
  shop = await openShop(db, `pairs-${(shops += 1)}.myshopify.com`, NOW);
  await db.query("UPDATE shops SET country = 'GB' WHERE id = $1", [shop.id]);
  shop = { ...shop, country: "GB" };
});

afterAll(async () => {
  await db.close();
});

/** Customers 1, 2, … in the order of the rows (shop columns of people.ts), each with a profile. */
async function add(rows: readonly string[][], from = 1): Promise<void> {
  for (const [at, [first, last, email, phone, line1, city, zip]] of rows.entries()) {
    const address = JSON.stringify([{ line1, line2: null, city, zip, region: null, country: "GB" }]);
    const values = [shop.id, from + at, first || null, last || null, email || null, phone || null];
    await db.query(
      `INSERT INTO customers (shop_id, id, first_name, last_name, email, phone, addresses, source_updated_at, source_triggered_at, source_delivery)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now(), now(), 'd')`,
      [...values, address],
    );
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, first_name, last_name, email, phone, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'unknown', 0, 0, 0, now())`,
      values,
    );
  }
}

const compare = (): Promise<string[]> =>
  compareShop(db, shop, { signal: AbortSignal.timeout(60_000), now: () => now, real: () => now });

async function pairs(): Promise<{ low: number; high: number; probability: number; state: string }[]> {
  const { rows } = await db.query<{ low: number; high: number; probability: number; state: string }>(
    `SELECT low_id::int AS low, high_id::int AS high, probability, state FROM duplicate_pairs WHERE shop_id = $1 ORDER BY 1, 2`,
    [shop.id],
  );
  return rows;
}

const people = inventPeople(250, "shop", { ...DIRTY, records: 1.4 }, 9);

describe("likely duplicates of a shop", () => {
  it("are found among all customers, kept with their reasons, and suspected of both", async () => {
    await add(people.rows);
    const changed = await compare();
    const found = await pairs();
    const truth = people.truth;
    const right = found.filter(({ low, high }) => truth[low - 1] === truth[high - 1]).length;
    const all = truth.flatMap((one, at) => truth.slice(at + 1).filter((other) => other === one)).length;
    expect(right / found.length).toBeGreaterThan(0.9);
    expect(right / all).toBeGreaterThan(0.75);
    expect(new Set(changed)).toEqual(new Set(found.flatMap(({ low, high }) => [String(low), String(high)])));
    const { rows } = await db.query<{ agreement: string }>(
      "SELECT DISTINCT reasons->>'last_name' AS agreement FROM duplicate_pairs WHERE shop_id = $1",
      [shop.id],
    );
    expect(rows.map(({ agreement }) => agreement)).toEqual(expect.arrayContaining(["exact", "near"]));
    const [first] = found;
    const ids = [String(first?.low), String(first?.high), "9999"];
    expect([...(await suspectedSince(db, shop.id, ids)).keys()].sort()).toEqual(ids.slice(0, 2).sort());
    expect(await compare()).toEqual([]);
  });

  it("are told apart by their day of birth where a metafield holds it", async () => {
    await add(people.rows);
    const born = async (id: number, day: string): Promise<void> => {
      await db.query(
        `INSERT INTO customer_metafields (shop_id, customer_id, name, value, folded, changed_at, source_updated_at, source_triggered_at, source_delivery)
         VALUES ($1, $2, 'facts.birth_date', $3, $3, now(), now(), now(), 'd'), ($1, $2, 'custom.birth_place', '"Ulm"', '"ulm"', now(), now(), now(), 'd')`,
        [shop.id, id, JSON.stringify({ day })],
      );
    };
    const dayOf = (person: number): string =>
      new Date(Date.UTC(1950, 0, 1) + ((person * 7_919) % 18_000) * 86_400_000).toISOString().slice(0, 10);
    for (const [at, person] of people.truth.entries()) if (at % 5 !== 0) await born(at + 1, dayOf(Number(person)));
    // Twice two of one name at one address: one person, and a father and his son.
    const ottokar = ["Ottokar", "Umbertide", "", "", "9 Quarry Bottom", "Ely", "CB7 4AA"];
    const leander = ["Leander", "Vossberg", "", "", "31 Tanner Walk", "Truro", "TR1 2JA"];
    await add([ottokar, ottokar, leander, leander], 5_001);
    await born(5_001, "1961-04-12");
    await born(5_002, "1961-04-12");
    await born(5_003, "1972-01-02");
    await born(5_004, "1993-11-28");
    await compare();
    const { rows } = await db.query<{ low: number; likely: boolean; birth: string }>(
      `SELECT low_id::int AS low, probability > 0.99 AS likely, reasons->>'birth_date' AS birth FROM duplicate_pairs
       WHERE shop_id = $1 AND low_id > 5000 AND high_id > 5000 ORDER BY 1`,
      [shop.id],
    );
    expect(rows).toEqual([
      { low: 5_001, likely: true, birth: "exact" },
      { low: 5_003, likely: false, birth: "different" },
    ]);
  });

  it("are found for a customer who comes later, by what was learned, and forgotten once they differ", async () => {
    await add(people.rows);
    await compare();
    const before = await pairs();
    const at = people.rows.findIndex(([first, last, email, phone]) => first && last && email && phone);
    const original = people.rows[at] ?? [];
    await add([original], 5_000);
    expect((await compare()).sort()).toContain("5000");
    const [fresh] = (await pairs()).filter(({ low, high }) => low === at + 1 && high === 5_000);
    expect(fresh?.probability).toBeGreaterThan(0.9);

    await db.query(
      `UPDATE customers SET first_name = 'Quentin', last_name = 'Zuckerkandl', email = 'qz@elsewhere.example', phone = '+447700900999',
         addresses = '[]' WHERE shop_id = $1 AND id = 5000`,
      [shop.id],
    );
    await db.query("UPDATE profiles SET to_compare = true WHERE shop_id = $1 AND customer_id = 5000", [shop.id]);
    expect(await compare()).toContain("5000");
    expect(await pairs()).toEqual(before);
  });

  it("are merged by themselves only where that was switched on, from there on, and never again once undone", async () => {
    await add(people.rows);
    await compare();
    const links = async (): Promise<number> =>
      (await db.query("SELECT FROM profile_links WHERE shop_id = $1", [shop.id])).rows.length;
    expect(await links()).toBe(0);
    await setAutomatic(db, shop.id, 0.99);
    await compare();
    const merged = await db.query<{ low_id: string; high_id: string; automatic: boolean; probability: number }>(
      `SELECT low_id, high_id, automatic, probability FROM profile_links JOIN duplicate_pairs USING (shop_id, low_id, high_id)
       WHERE shop_id = $1`,
      [shop.id],
    );
    expect(merged.rows.length).toBeGreaterThan(10);
    expect(merged.rows.every(({ automatic, probability }) => automatic && probability >= 0.99)).toBe(true);
    const [{ low_id, high_id } = { low_id: "", high_id: "" }] = merged.rows;
    await db.tx((tx) => unlinkProfiles(tx, shop.id, [low_id, high_id], now));
    await db.tx((tx) => decidePair(tx, shop.id, [low_id, high_id], "open", now));
    const left = await links();
    now = new Date(now.getTime() + 25 * 3_600_000);
    await compare();
    expect(await links()).toBe(left);
  });

  it("keep what was decided about them when everything is learned anew", async () => {
    await add(people.rows);
    await compare();
    const [first] = await pairs();
    const pair = [String(first?.low), String(first?.high)] as const;
    await db.tx((tx) => decidePair(tx, shop.id, pair, "not_same", now));
    now = new Date(now.getTime() + 25 * 3_600_000);
    await db.query(
      "UPDATE customers SET first_name = 'Somebody', email = NULL, phone = NULL WHERE shop_id = $1 AND id = $2",
      [shop.id, pair[0]],
    );
    await compare();
    expect((await pairs())[0]).toMatchObject({ low: first?.low, high: first?.high, state: "not_same" });
    expect((await suspectedSince(db, shop.id, [pair[0]])).size).toBe(0);
  });

  it("go with the link and the pair when one of them is erased, and the other is computed again", async () => {
    await add(people.rows);
    await compare();
    const [first] = await pairs();
    const pair = [String(first?.low), String(first?.high)] as const;
    await db.tx((tx) => linkProfiles(tx, shop.id, pair, { automatic: false, now }));
    await db.query("DELETE FROM profile_queue WHERE shop_id = $1", [shop.id]);
    await recordMerchantRequest(db, shop.id, "customer_redact", pair[0], now);
    const { marks } = createCrypto([randomBytes(32).toString("base64")]);
    for (const request of await openRequests(db, shop.id)) {
      expect(await erasePersonStep({ db, shop, marks, now: () => now }, request)).toEqual({ outcome: "done" });
    }
    expect((await pairs()).filter(({ low, high }) => [low, high].includes(Number(pair[0])))).toEqual([]);
    const rows = async (table: string): Promise<unknown[]> =>
      (await db.query(`SELECT * FROM ${table} WHERE shop_id = $1`, [shop.id])).rows;
    expect(await rows("profile_links")).toEqual([]);
    expect(await rows("profile_queue")).toMatchObject([{ customer_id: pair[1] }]);
  });

  it("are gone through a page at a time, there and back, while pairs are decided", async () => {
    await add(people.rows.slice(0, 26));
    // Customers 1 and 2, 3 and 4, … of whom several are just as likely.
    await db.query(
      `INSERT INTO duplicate_pairs (shop_id, low_id, high_id, probability, reasons, found_at)
       SELECT $1, 2 * at - 1, 2 * at, 0.9 + (at % 4) / 100.0, '{}', now() FROM generate_series(1, 13) AS at`,
      [shop.id],
    );
    const turn = async (
      url: string | null,
    ): Promise<{ pairs: string; next: string | null; previous: string | null }> => {
      if (url === null) throw new Error("There is no such page.");
      const search = new URL(url, "https://muster.example").searchParams;
      const view = (search.get("view") ?? "open") as ReviewView;
      const window = readPairWindow(search, view);
      const { pairs, before, after } = await listReviewed(db, shop.id, { view, customerId: null, window, limit: 4 });
      return {
        pairs: pairs.map(({ low }) => (Number(low.customerId) + 1) / 2).join(" "),
        next: after && duplicatesUrl({ view, customerId: null }, { side: "after", position: after }),
        previous: before && duplicatesUrl({ view, customerId: null }, { side: "before", position: before }),
      };
    };
    const decide = (at: number, decision: "not_same" | "merge"): Promise<unknown> =>
      decideAboutPair(db, shop.id, [String(2 * at - 1), String(2 * at)], decision, new Date(NOW.getTime() + at));

    const first = await turn(duplicatesUrl({ view: "open", customerId: null }));
    expect([first.pairs, first.previous]).toEqual(["11 7 3 10", null]);
    await decide(7, "not_same");
    await decide(11, "merge");
    const second = await turn(first.next);
    expect(second.pairs).toBe("6 2 13 9");
    await decide(13, "not_same");
    const third = await turn(second.next);
    expect([third.pairs, third.next]).toEqual(["5 1 12 8", expect.any(String)]);
    const last = await turn(third.next);
    expect([last.pairs, last.next]).toEqual(["4", null]);
    await decide(4, "not_same");
    // Who decided about the last of a page is shown the way back; who comes back to less than a page sees the first.
    const empty = await turn(third.next);
    expect([empty.pairs, empty.next]).toEqual(["", null]);
    expect((await turn(third.previous)).pairs).toBe("10 6 2 9");
    expect((await turn(second.previous)).pairs).toBe("3 10 6 2");
    expect((await turn(empty.previous)).pairs).toBe("9 5 1 12");

    const apart = await turn(duplicatesUrl({ view: "not_same", customerId: null }));
    expect([apart.pairs, apart.next, apart.previous]).toEqual(["13 7 4", null, null]);
    expect((await turn(duplicatesUrl({ view: "merged", customerId: null }))).pairs).toBe("11");
  });

  it("are what a rule asks for by suspected_duplicate, until somebody decides", async () => {
    await add(people.rows);
    await compare();
    const [first] = await pairs();
    const pair = [String(first?.low), String(first?.high)] as const;
    const dictionary = createDictionary();
    const reading = parseText("suspected_duplicate = true", dictionary);
    if (reading.outcome !== "read") throw new Error("The rule was refused.");
    const compiled = compileRule(reading.rule, { timeZone: "UTC", currency: "GBP" }, dictionary);
    const holds = async (id: string): Promise<boolean | undefined> => {
      const profiles = await loadHistories(db, shop.id, [id]);
      const histories = await loadCustomerHistories(db, shop.id, [compiled.reads], profiles, dictionary);
      const history = histories.get(id);
      return history && evaluate(compiled, history, now).matches;
    };
    expect(await holds(pair[0])).toBe(true);
    for (const { low, high } of await pairs()) {
      await decideAboutPair(db, shop.id, [String(low), String(high)], "not_same", now);
    }
    expect(await holds(pair[0])).toBe(false);
    await decideAboutPair(db, shop.id, pair, "undo", now);
    expect(await holds(pair[1])).toBe(true);
  });
});
