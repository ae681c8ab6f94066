import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../app/platform/db.server.ts";
import { openAnyDatabase } from "./support/database.ts";
import { tablesOfDatabase, tablesOfSchema } from "./support/schema-tables.ts";

const schemaFile = join(import.meta.dirname, "../prisma/schema.prisma");
let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

it("says in schema.prisma what the migrations make", async () => {
  const schema = tablesOfSchema(readFileSync(schemaFile, "utf8"));
  expect(Object.keys(schema).length).toBeGreaterThan(10);
  expect(schema).toEqual(await tablesOfDatabase(db));
});

const SCHEMA = `
datasource db {
  provider = "postgresql"
}

model Shop {
  id    Int    @id @default(autoincrement())
  visits Visit[]

  @@map("shops")
}

model Visit {
  shopId Int       @map("shop_id")
  shop   Shop      @relation(fields: [shopId], references: [id], onDelete: Cascade)
  key    String    @unique // by its own name
  tags   String[]  @default([])
  zone   String    @default("UTC")
  at     DateTime? @default(now()) @db.Timestamptz(3)

  @@id([shopId, key])
  @@unique([zone, shopId])
  @@index([shopId, at(sort: Desc)], map: "visits_at")
  @@map("visits")
}
`;

const SQL = `
CREATE TABLE shops (id serial PRIMARY KEY);
CREATE TABLE visits (
  shop_id int NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL UNIQUE,
  tags text[] NOT NULL DEFAULT '{}',
  zone text NOT NULL DEFAULT 'UTC',
  at timestamptz(3) DEFAULT now(),
  PRIMARY KEY (shop_id, key),
  UNIQUE (zone, shop_id)
);
CREATE INDEX visits_at ON visits (shop_id, at DESC);
CREATE INDEX visits_recent ON visits (at) WHERE at IS NOT NULL;
`;

describe("the comparison", () => {
  it("reads both languages alike, and leaves out only what Prisma cannot say", async () => {
    const expected = {
      shops: {
        columns: { id: { type: "integer", nullable: false, default: "autoincrement()" } },
        primaryKey: ["id"],
        uniques: [],
        indexes: [],
        foreignKeys: [],
      },
      visits: {
        columns: {
          shop_id: { type: "integer", nullable: false, default: null },
          key: { type: "text", nullable: false, default: null },
          tags: { type: "text[]", nullable: false, default: "[]" },
          zone: { type: "text", nullable: false, default: "UTC" },
          at: { type: "timestamp(3) with time zone", nullable: true, default: "now()" },
        },
        primaryKey: ["shop_id", "key"],
        uniques: ["key", "zone, shop_id"],
        indexes: ["visits_at: shop_id, at DESC"],
        foreignKeys: ["shop_id -> shops (id) on delete Cascade"],
      },
    };
    expect(tablesOfSchema(SCHEMA)).toEqual(expected);
    expect(await tablesAfter("")).toEqual(expected);
  });

  it.each([
    "ALTER TABLE visits ADD COLUMN more text",
    "ALTER TABLE visits DROP COLUMN tags",
    "ALTER TABLE visits ALTER COLUMN zone TYPE varchar(9)",
    "ALTER TABLE visits ALTER COLUMN at TYPE timestamptz",
    "ALTER TABLE visits ALTER COLUMN tags DROP NOT NULL",
    "ALTER TABLE visits ALTER COLUMN zone SET DEFAULT 'CET'",
    "ALTER TABLE visits DROP CONSTRAINT visits_pkey",
    "ALTER TABLE visits DROP CONSTRAINT visits_key_key",
    "ALTER TABLE visits DROP CONSTRAINT visits_shop_id_fkey",
    "DROP INDEX visits_at",
    "CREATE INDEX visits_zone ON visits (zone)",
    "CREATE TABLE more (id int)",
  ])("sees the difference after %s", async (change) => {
    expect(await tablesAfter(change)).not.toEqual(tablesOfSchema(SCHEMA));
  });

  it.each([
    "view Visit {\n}",
    "model Shop {\n  id Money\n}",
    "model Shop {\n  id Int @ignore\n}",
    "model Shop {\n  @@fulltext([id])\n}",
  ])("refuses what it cannot read: %j", (schema) => {
    expect(() => tablesOfSchema(schema)).toThrow(/unknown/);
  });
});

/** The tables of a database that has only what SQL makes, and then changes. */
async function tablesAfter(change: string) {
  let tables: Awaited<ReturnType<typeof tablesOfDatabase>> = {};
  const leave = new Error("leave everything as it was");
  const trying = db.tx(async (tx) => {
    await tx.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${SQL}; ${change}`);
    tables = await tablesOfDatabase(tx);
    throw leave;
  });
  await expect(trying).rejects.toBe(leave);
  return tables;
}
