import pg from "pg";

/**
 * A PostgreSQL server whose user may create databases: MUSTER_TEST_DATABASE_URL, or else one on this machine.
 * @throws a sentence that says how to name one.
 */
export async function databaseServer(): Promise<string> {
  const named = process.env["MUSTER_TEST_DATABASE_URL"];
  const candidates = named
    ? [named]
    : ["postgres:postgres", "postgres"].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`);
  for (const url of candidates) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return url;
    } catch {
      // The next one may answer.
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error("This benchmark needs a PostgreSQL server: name one in MUSTER_TEST_DATABASE_URL.");
}
