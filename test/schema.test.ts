import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "../app/platform/db.server.ts";
import { tablesOfDatabase, tablesOfSchema } from "./support/schema-tables.ts";

const schemaFile = join(import.meta.dirname, "../prisma/schema.prisma");
const databases: PGlite[] = [];

afterAll(() => Promise.all(databases.map((db) => db.close())));

async function migrated(statements: readonly string[]): Promise<PGlite> {
  const db = new PGlite();
  databases.push(db);
  for (const statement of statements) await db.exec(statement);
  return db;
}

it("says in schema.prisma what the migrations make", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-schema-"));
  const db = await openDatabase({ dataDir, onError: () => {} });
  try {
    const schema = tablesOfSchema(readFileSync(schemaFile, "utf8"));
    expect(Object.keys(schema).length).toBeGreaterThan(10);
    expect(schema).toEqual(await tablesOfDatabase(db));
  } finally {
    await db.close();
    await rm(dataDir, { recursive: true });
  }
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
    expect(await tablesOfDatabase(await migrated([SQL]))).toEqual(expected);
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
    const db = await migratedOnce();
    await db.exec(`BEGIN; ${change}`);
    const tables = await tablesOfDatabase(db);
    await db.exec("ROLLBACK");
    expect(tables).not.toEqual(tablesOfSchema(SCHEMA));
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

let once: Promise<PGlite> | undefined;

function migratedOnce(): Promise<PGlite> {
  once ??= migrated([SQL]);
  return once;
}
