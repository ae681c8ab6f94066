import { expect, it } from "vitest";
import { openTestDatabase } from "../support/database.ts";
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
    const { rows } = await db.query("SELECT 9007199254740993::bigint AS id, 'epoch'::timestamptz AS at");
    expect(rows).toEqual([{ id: "9007199254740993", at: new Date(0) }]);
    expect(await db.prisma.shop.findMany({ where: { domain } })).toEqual([]);
  } finally {
    await db.close();
  }
}

it("the embedded database rolls back, keeps long ids and serves Prisma", async () => {
  await expect(exercise(undefined)).resolves.toBeUndefined();
});

const url = await postgresUrl("the database on PostgreSQL");

it.skipIf(url === undefined)("so does PostgreSQL", async () => {
  await expect(exercise(url)).resolves.toBeUndefined();
});
