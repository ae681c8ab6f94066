import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db, Sql } from "../../app/platform/db.server.ts";
import { migrate } from "../../app/platform/migrate.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { postgresUrl } from "../support/services.ts";

let folder: string;
let db: Db;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-migrate-"));
  db = await openAnyDatabase();
});

afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

/** Migrates with what is in the folder `<set>/`, to which `scripts` are added or written anew. */
async function migrateWith(set: string, scripts: Record<string, string>): Promise<void> {
  for (const [name, script] of Object.entries(scripts)) {
    await mkdir(join(folder, set, name), { recursive: true });
    await writeFile(join(folder, set, name, "migration.sql"), script);
  }
  await migrate((work) => db.tx(work), pathToFileURL(`${join(folder, set)}/`));
}

const exists = async (table: string): Promise<boolean> =>
  (await db.query("SELECT 1 FROM pg_tables WHERE tablename = $1", [table])).rows.length === 1;

it("applies each migration once, in order of name", async () => {
  const first = { "9002_once_fill": "INSERT INTO m_once VALUES (1)", "9001_once_make": "CREATE TABLE m_once (n int)" };
  await migrateWith("once", first);
  await migrateWith("once", { "9003_once_fill": "INSERT INTO m_once VALUES (2); INSERT INTO m_once VALUES (3)" });
  await migrateWith("once", {});
  expect((await db.query("SELECT n FROM m_once ORDER BY n")).rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

const url = await postgresUrl("migrations on PostgreSQL by two processes at once");

it.skipIf(url === undefined)("applies each once when two processes start together", async () => {
  const pools = [0, 1].map(() => new pg.Pool({ connectionString: url, max: 1 }));
  const names = Array.from({ length: 8 }, (_, index) => `9001_together_${process.pid}_${index}`);
  for (const name of names) {
    await mkdir(join(folder, "together", name), { recursive: true });
    await writeFile(join(folder, "together", name, "migration.sql"), `CREATE TABLE m_${name} (n int)`);
  }
  const books = "SELECT migration_name AS name FROM _prisma_migrations WHERE migration_name = ANY($1) ORDER BY name";
  try {
    await Promise.all(
      pools.map((pool) => migrate(transactionsOf(pool), pathToFileURL(`${join(folder, "together")}/`))),
    );
    expect((await pools[0]?.query<{ name: string }>(books, [names]))?.rows.map(({ name }) => name)).toEqual(names);
  } finally {
    for (const name of names) await pools[0]?.query(`DROP TABLE IF EXISTS m_${name}`);
    await pools[0]?.query("DELETE FROM _prisma_migrations WHERE migration_name = ANY($1)", [names]);
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

function transactionsOf(pool: pg.Pool) {
  return async (work: (tx: Sql) => Promise<void>): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await work(client);
      await client.query("COMMIT");
    } finally {
      client.release(true);
    }
  };
}

it("leaves nothing of a migration that fails, and goes on with it once it is mended", async () => {
  const broken = "CREATE TABLE m_half (n int); SELECT 1 / 0";
  await expect(migrateWith("half", { "9001_half": broken })).rejects.toThrow("division by zero");
  expect(await exists("m_half")).toBe(false);
  await migrateWith("half", { "9001_half": "CREATE TABLE m_half (n int)" });
  expect(await exists("m_half")).toBe(true);
});

it("refuses a migration that was edited after it was applied", async () => {
  await migrateWith("edited", { "9001_edited": "CREATE TABLE m_edited (n int)" });
  await expect(migrateWith("edited", { "9001_edited": "CREATE TABLE m_edited (n bigint)" })).rejects.toThrow(
    "The migration 9001_edited was applied to this database and has been edited since.",
  );
});
