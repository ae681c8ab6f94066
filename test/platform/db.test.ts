import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../../app/platform/db.server.ts";
import { emptyDataDir, openTestDatabase } from "../support/database.ts";
import { postgresUrl } from "../support/services.ts";

async function exercise(url: string | undefined): Promise<void> {
  const db = await openTestDatabase(url);
  try {
    const domain = `db-test-${process.pid}.myshopify.com`;
    const failed = db.tx(async (tx) => {
      await tx.query("INSERT INTO shops (domain) VALUES ($1)", [domain]);
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
    expect((await db.query("SELECT id FROM shops WHERE domain = $1", [domain])).rows).toEqual([]);
    const { rows } = await db.query(
      `SELECT 9007199254740993::bigint AS id, '2026-01-31 16:05:07.0896+00'::timestamptz AS at, '0044-03-15 00:00+00'::timestamptz AS long_ago,
         ARRAY['epoch'::timestamptz, '2026-12-31 23:59:59.9999+00'] AS ats, ARRAY['epoch'::timestamptz, NULL] AS gaps, ARRAY[3, -12] AS numbers`,
    );
    expect(rows).toEqual([
      {
        id: "9007199254740993",
        at: new Date("2026-01-31T16:05:07.089Z"),
        long_ago: new Date("0044-03-15T00:00:00Z"),
        ats: [new Date(0), new Date("2026-12-31T23:59:59.999Z")],
        gaps: [new Date(0), null],
        numbers: [3, -12],
      },
    ]);
    expect(await db.prisma.shop.findMany({ where: { domain } })).toEqual([]);
  } finally {
    await db.close();
  }
}

it("the embedded database rolls back, keeps long ids and serves Prisma", async () => {
  await expect(exercise(undefined)).resolves.toBeUndefined();
});

it("an embedded database that dies is started again, with what was committed; another one is kept away from its files", async () => {
  const dataDir = await emptyDataDir();
  const complaints: string[] = [];
  const db = await openDatabase({ dataDir, onError: ({ message }) => complaints.push(message) });
  try {
    await db.query("INSERT INTO shops (domain) VALUES ('kept.myshopify.com')");
    process.kill(Number(await readFile(join(dataDir, "muster.pid"), "utf8")), "SIGKILL");
    const domains = async (): Promise<unknown> => (await db.query("SELECT domain FROM shops")).rows;
    await expect.poll(() => domains().catch(String), { timeout: 15_000 }).toEqual([{ domain: "kept.myshopify.com" }]);
    expect(complaints.join()).toContain("The embedded database ended (SIGKILL) and is started again.");
    await expect(openDatabase({ dataDir, onError() {} })).rejects.toThrow(/in use by another Muster/);
    expect(await domains()).toEqual([{ domain: "kept.myshopify.com" }]);
  } finally {
    await db.close();
    await rm(dataDir, { recursive: true });
  }
});

const url = await postgresUrl("the database on PostgreSQL");

it.skipIf(url === undefined)("so does PostgreSQL", async () => {
  await expect(exercise(url)).resolves.toBeUndefined();
});
