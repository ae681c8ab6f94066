import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../../prisma/client/client.ts";
import { startEmbedded } from "./embedded-postgres.server.ts";
import { rowTypes } from "./row-types.ts";
import { migrate } from "./migrate.server.ts";

/** One connection or transaction that takes SQL. int8 comes back as a string, timestamptz as a Date. */
export interface Sql {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

export interface Db extends Sql {
  /** Runs `work` in one transaction; nothing inside may wait on the network or use another connection. */
  tx<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** The connection of the front door, so that a slow consumer never slows an acknowledgement. */
  door: Sql;
  prisma: PrismaClient;
  /** True for the embedded database: one connection, short transactions. */
  embedded: boolean;
  /** Whether the database answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres:// address; without one the embedded database under `dataDir` is used. */
  url?: string | undefined;
  dataDir: string;
  onError(error: Error): void;
}

const CONNECTION_TIMEOUT_MS = 5_000;
/** The embedded database has one connection, for which everybody waits. */
const EMBEDDED_TIMEOUT_MS = 30_000;

/**
 * Opens PostgreSQL or the embedded database and brings its schema up to date. Both are reached through the same `pg` pool,
 * so that there is one code path.
 * @throws when the data directory is in use by another process, the server cannot be reached or a migration was edited.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Db> {
  const embedded = options.url ? undefined : await startEmbedded(options.dataDir, options.onError);
  const connection: pg.PoolConfig = embedded
    ? { ...embedded.connection, connectionTimeoutMillis: EMBEDDED_TIMEOUT_MS }
    : { connectionString: options.url };
  const pool = openPool({ ...connection, max: embedded ? 1 : 8 }, options.onError);
  // A query that never ends would hold up the deliveries behind it; past this time they are refused and Shopify sends them again.
  const doorPool = embedded ? pool : openPool({ ...connection, max: 2, query_timeout: 10_000 }, options.onError);
  try {
    await migrate((work) => transaction(pool, work), new URL("../../prisma/migrations/", import.meta.url));
  } catch (error) {
    await pool.end();
    await embedded?.close();
    throw error;
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    query: (text, values) => pool.query(text, values),
    tx: (work) => transaction(pool, work),
    door: doorPool,
    prisma,
    embedded: embedded !== undefined,
    ping: () =>
      doorPool.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
      if (!doorPool.ended) await doorPool.end();
      await embedded?.close();
    },
  };
}

/**
 * SQLSTATE classes 22 and 23, and a value too large for an index (54000): a value is at fault, and not the database, so the same
 * statement without it would work.
 */
export function isAboutValues(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(2[23]|54000$)/.test(String(error.code));
}

function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: CONNECTION_TIMEOUT_MS, types: rowTypes(), ...config });
  pool.on("error", onError);
  return pool;
}

async function transaction<T>(pool: pg.Pool, work: (tx: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
