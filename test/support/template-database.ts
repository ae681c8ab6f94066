import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { openDatabase } from "../../app/platform/db.server.ts";
import { createOnServer, EMBEDDED_TEMPLATE, SERVER_TEMPLATE } from "./database.ts";
import { findServer } from "./services.ts";

const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/muster");

/**
 * Before any test: makes a database with all migrations, which takes seconds, so that tests can copy it. The embedded one is
 * kept until a migration or PGlite changes, the one on the server until the tests are over.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const name = `database-${hashOfSchema()}`;
  const template = join(cache, name);
  if (!existsSync(template)) await make(template);
  for (const other of readdirSync(cache)) {
    if (/^database-[0-9a-f]+$/.test(other) && other !== name) rmSync(join(cache, other), { recursive: true });
  }
  process.env[EMBEDDED_TEMPLATE] = template;

  const server = await findServer();
  // Both projects of the configuration ask for it.
  if (server === undefined || process.env[SERVER_TEMPLATE] !== undefined) return () => Promise.resolve();
  const onServer = await createOnServer(server);
  await (await openDatabase({ url: onServer.url, dataDir: "", onError: () => {} })).close();
  process.env[SERVER_TEMPLATE] = onServer.name;
  return () => onServer.drop();
}

async function make(template: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "making-"));
  const db = await openDatabase({ dataDir: folder, onError: () => {} });
  await db.close();
  await rename(folder, template).catch(async (error: NodeJS.ErrnoException) => {
    // Another run was quicker.
    await rm(folder, { recursive: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

function hashOfSchema(): string {
  const hash = createHash("sha256");
  const migrations = join(root, "prisma/migrations");
  for (const name of readdirSync(migrations).toSorted()) {
    const script = join(migrations, name, "migration.sql");
    if (existsSync(script)) hash.update(name).update(readFileSync(script));
  }
  hash.update(readFileSync(join(root, "node_modules/@electric-sql/pglite/package.json")));
  return hash.digest("hex").slice(0, 16);
}
