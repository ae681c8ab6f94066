import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Client } from "pg";
import { type Db, openDatabase, type Sql } from "../../app/platform/db.server.ts";
import { findServer, postgresUrl } from "./services.ts";

/** Names the folder of an embedded database with all migrations, made before the tests. */
export const EMBEDDED_TEMPLATE = "MUSTER_TEST_TEMPLATE";
/** Names such a database on the server. */
export const SERVER_TEMPLATE = "MUSTER_TEST_SERVER_TEMPLATE";

/** A data directory of its own with an empty database in it, for a process that opens it; whoever asks removes it. */
export async function emptyDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-data-"));
  const template = process.env[EMBEDDED_TEMPLATE];
  if (template !== undefined) cpSync(template, dataDir, { recursive: true });
  return dataDir;
}

/** The same on the server, if there is one; whoever asks drops it. */
export async function emptyOnServer(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  const server = await findServer();
  return server === undefined ? undefined : createOnServer(server, process.env[SERVER_TEMPLATE]);
}

/** An empty database that is gone once it is closed: on the server at `server`, else the embedded one. */
export async function openTestDatabase(server?: string): Promise<Db> {
  return server === undefined ? openEmbedded() : openOnServer(server);
}

/** An empty database for tests that ask the same of either: on a server if there is one, which is several times quicker. */
export async function openAnyDatabase(): Promise<Db> {
  return openTestDatabase(await findServer());
}

/**
 * The same database for a test that sends the same statements thousands of times: a connection reads each once, and the server plans it
 * a few times instead of every time.
 */
export function preparing(db: Db): Db {
  const names = new Map<string, string>();
  const prepare = (sql: Sql): Sql => ({
    query(text, values) {
      if (values === undefined) return sql.query(text);
      const name = names.get(text) ?? `prepared_${names.size}`;
      names.set(text, name);
      return (sql as unknown as Preparing).query({ name, text, values }) as ReturnType<typeof sql.query<never>>;
    },
  });
  return { ...db, ...prepare(db), tx: (work) => db.tx((tx) => work(prepare(tx))) };
}

/** What takes SQL is of pg, which takes a named statement too. */
interface Preparing {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<unknown>;
}

/** The databases a store has to work on alike, for `describe.each`; a server that is not there is named as skipped. */
export async function everyDatabase(what: string): Promise<{ kind: string; server: string | undefined }[]> {
  const server = await postgresUrl(`${what} on PostgreSQL`);
  return [{ kind: "PGlite", server: undefined }, ...(server === undefined ? [] : [{ kind: "PostgreSQL", server }])];
}

async function openEmbedded(): Promise<Db> {
  const dataDir = await emptyDataDir();
  const db = await openDatabase({ dataDir, onError });
  return {
    ...db,
    async close() {
      await db.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function openOnServer(server: string): Promise<Db> {
  const { url, drop } = await createOnServer(server, process.env[SERVER_TEMPLATE]);
  const db = await openDatabase({ url, dataDir: "", onError });
  return {
    ...db,
    async close() {
      await db.close();
      await drop();
    },
  };
}

/** @param template an existing database whose copy it is to be */
export async function createOnServer(
  server: string,
  template?: string,
): Promise<{ name: string; url: string; drop(): Promise<void> }> {
  const name = `muster_test_${randomBytes(6).toString("hex")}`;
  await runOn(server, `CREATE DATABASE ${name}${template === undefined ? "" : ` TEMPLATE ${template}`}`);
  // What survives a crash of the server is not tested here, so nothing has to be on disk; and nothing here is so large that
  // compiling its query would pay.
  await runOn(server, `ALTER DATABASE ${name} SET synchronous_commit = off`);
  await runOn(server, `ALTER DATABASE ${name} SET jit = off`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  return { name, url, drop: () => runOn(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOn(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A connection that breaks shows in the query that used it. */
function onError(): void {}
