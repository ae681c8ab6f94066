import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { erasePerson, readPerson } from "../../app/privacy/personal-rows-store.server.ts";
import { type TableEntry, TABLES } from "../../app/privacy/personal-tables.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
});

afterAll(async () => {
  await db.close();
});

type Columns = Readonly<Record<string, readonly string[]>>;

/** Columns by which a person is named or can be found. */
const PERSONAL = /^(customer_id|.*_customer_id|client_id|visitor_id|.*email|.*phone|first_name|last_name|address)$/;

/** What is missing from the registry, each as a sentence that says what to add. */
function missingFrom(tables: readonly TableEntry[], columns: Columns): string[] {
  const known = new Map(tables.map((entry) => [entry.table, entry]));
  const missing = Object.entries(columns).flatMap(([table, names]) => {
    const entry = known.get(table);
    const personal = names.filter((name) => PERSONAL.test(name));
    const shop = names.includes("shop_id") ? '"shop_id"' : names.includes("shop") ? '"shop"' : "null";
    const person = personal.includes("customer_id")
      ? 'ofCustomer("title in an export")'
      : personal.length > 0
        ? `[how rows are found by ${personal.join(", ")}]`
        : '"why there is nobody in it"';
    if (!entry) {
      return [
        `${table} is in no entry: add { table: "${table}", shop: ${shop}, person: ${person} } to app/privacy/personal-tables.ts`,
      ];
    }
    return [
      ...(names.includes("shop_id") && entry.shop !== "shop_id"
        ? [`${table}: its entry has to say shop: "shop_id"`]
        : []),
      ...(personal.length > 0 && typeof entry.person === "string"
        ? [`${table} has ${personal.join(", ")}: its entry has to say person: ${person}`]
        : []),
    ];
  });
  const gone = tables.filter(({ table }) => !columns[table]);
  return [...missing, ...gone.map(({ table }) => `${table} is no table any more: take its entry out`)];
}

async function columnsOfDatabase(): Promise<Columns> {
  const { rows } = await db.query<{ table_name: string; columns: string[] }>(
    `SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name`,
  );
  return Object.fromEntries(rows.map((row) => [row.table_name, row.columns]));
}

describe("the registry of personal data", () => {
  it("says of every table how a person is found in it and erased", async () => {
    const columns = await columnsOfDatabase();
    expect(Object.keys(columns).length).toBeGreaterThan(20);
    expect(missingFrom(TABLES, columns)).toEqual([]);
  });

  it("names what a new table lacks", () => {
    const columns = { visits: ["shop_id", "customer_id", "at"], goods: ["shop_id"], letters: ["shop_id", "to_email"] };
    const goods: TableEntry = { table: "goods", shop: null, person: "things" };
    const letters: TableEntry = { table: "letters", shop: "shop_id", person: "nobody" };
    const old: TableEntry = { table: "old", shop: null, person: "nobody" };
    expect(missingFrom([goods, letters, old], columns)).toEqual([
      'visits is in no entry: add { table: "visits", shop: "shop_id", person: ofCustomer("title in an export") } to app/privacy/personal-tables.ts',
      'goods: its entry has to say shop: "shop_id"',
      "letters has to_email: its entry has to say person: [how rows are found by to_email]",
      "old is no table any more: take its entry out",
    ]);
  });

  it("holds conditions that the database understands", async () => {
    const nobody = {
      customers: ["1"],
      orders: [],
      emails: [],
      phones: [],
      tokens: [],
      clients: [],
      externals: [],
      alone: false,
    };
    const shop = 1 as ShopId;
    const titles = (await readPerson(db, shop, nobody)).map(({ title }) => title);
    expect(titles).toContain("customer");
    const counts = await db.tx((tx) => erasePerson(tx, shop, nobody));
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});
