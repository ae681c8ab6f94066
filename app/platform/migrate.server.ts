import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Sql } from "./db.server.ts";

type Transaction = (work: (tx: Sql) => Promise<void>) => Promise<void>;

// Any constant will do; it must only be the same in every process of the app.
const LOCK_KEY = 7_318_002_114;

/**
 * Applies `<directory>/<name>/migration.sql` in order of name, each in one transaction, and records them the way Prisma does
 * (https://www.prisma.io/docs/orm/prisma-migrate), so that `prisma migrate deploy` finds its own books.
 * @throws when a migration that was applied has been edited since.
 */
export async function migrate(transaction: Transaction, directory: URL): Promise<void> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  await transaction(createBooks);
  for (const name of names.map((entry) => entry.name).sort()) {
    const script = await readFile(new URL(`${name}/migration.sql`, directory), "utf8");
    await transaction((tx) => applyOnce(tx, name, script));
  }
}

async function createBooks(tx: Sql): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
  await tx.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`);
}

async function applyOnce(tx: Sql, name: string, script: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
  const checksum = createHash("sha256").update(script).digest("hex");
  const applied = await tx.query<{ checksum: string }>(
    "SELECT checksum FROM _prisma_migrations WHERE migration_name = $1 AND rolled_back_at IS NULL",
    [name],
  );
  const [row] = applied.rows;
  if (row && row.checksum !== checksum) {
    throw new Error(
      `The migration ${name} was applied to this database and has been edited since. Put the file back as it was and add a new migration.`,
    );
  }
  if (row) return;
  await tx.query(script);
  await tx.query(
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)`,
    [randomUUID(), checksum, name],
  );
}
