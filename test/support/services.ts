import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import { Client } from "pg";
import { nameOptionalSkip, nameSkip } from "./skips.ts";

const PROBE_MS = 2_000;

/**
 * A PostgreSQL server whose user may create databases: MUSTER_TEST_DATABASE_URL, or else one on this machine. Undefined,
 * with the skip named, if there is none.
 *
 * @param what the tests that need it
 */
export async function postgresUrl(what: string): Promise<string | undefined> {
  return findServer((reason) => nameSkip(what, `no PostgreSQL answers (MUSTER_TEST_DATABASE_URL): ${reason}`));
}

/** The same for tests that do without. @param missing is told why there is none. */
export async function findServer(missing: (reason: string) => void = () => {}): Promise<string | undefined> {
  const url = process.env["MUSTER_TEST_DATABASE_URL"] ?? "postgres://postgres:postgres@127.0.0.1:5432/postgres";
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PROBE_MS });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return url;
  } catch (error) {
    missing(messageOf(error));
    return undefined;
  } finally {
    await client.end();
  }
}

/**
 * A Redis server: MUSTER_TEST_REDIS_URL, or else one on this machine. Undefined, with the skip named, if there is none.
 * Tests use a key prefix of their own and remove it.
 *
 * @param what the tests that need it
 */
export async function redisUrl(what: string): Promise<string | undefined> {
  const url = process.env["MUSTER_TEST_REDIS_URL"] ?? "redis://127.0.0.1:6379";
  try {
    await probeRedis(new URL(url));
    return url;
  } catch (error) {
    nameSkip(what, `no Redis answers (MUSTER_TEST_REDIS_URL): ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * The folder of reference data and captured payloads that lies beside the repository: MUSTER_SHARED, or else ../shared.
 * Undefined, with the skip named, if there is none; a folder that MUSTER_SHARED names has to exist.
 *
 * @param what the tests that need it
 */
export function sharedDir(what: string): string | undefined {
  const named = process.env["MUSTER_SHARED"];
  const path = resolve(named ?? join(import.meta.dirname, "../../../shared"));
  if (existsSync(path)) return path;
  if (named === undefined) nameOptionalSkip(what, "there is no ../shared beside the repository (MUSTER_SHARED)");
  else nameSkip(what, `MUSTER_SHARED names ${path}, which does not exist`);
  return undefined;
}

function probeRedis(url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 6379), timeout: PROBE_MS });
    const password = decodeURIComponent(url.password);
    const user = decodeURIComponent(url.username);
    if (password !== "") socket.write(`AUTH ${user === "" ? "" : `${user} `}${password}\r\n`);
    socket.write("PING\r\n");
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString();
      if (/^[+]PONG/m.test(answer)) finish();
      else if (/^-/m.test(answer)) finish(new Error(answer.trim()));
    });
    socket.on("timeout", () => finish(new Error("no answer")));
    socket.on("error", finish);

    function finish(error?: Error): void {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
