import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { PoolConfig } from "pg";
import type { Listening, Said } from "./embedded-postgres-process.server.ts";

export interface Embedded {
  connection: PoolConfig;
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("./embedded-postgres-process.server.ts", import.meta.url));
/**
 * V8 optimises PostgreSQL's largest function as soon as it is used, which takes 600 MB for a second; without its second compiler the
 * process begins with 170 MB and is no slower here, where a query is mostly reading and writing. Nor can V8 then abort for freeing code
 * that it replaced (https://github.com/nodejs/node/issues/64500). Its own heap only carries messages: it is kept small.
 */
const ENGINE = ["--liftoff-only", "--max-semi-space-size=4", "--heap-growing-percent=60"];
const AGAIN_AFTER_MS = 1_000;

/**
 * Starts PGlite in a process of its own, so that a long query never blocks the event loop and its memory is not the app's, with its
 * files in `<dataDir>/postgres`, listening on a socket that only this user can open. Should it end, it is started again.
 * @throws when another live process holds the directory.
 */
export async function startEmbedded(dataDir: string, onError: (error: Error) => void): Promise<Embedded> {
  const socketDir = await mkdtemp(join(tmpdir(), "muster-"));
  let listening: Listening =
    process.platform === "win32" ? { host: "127.0.0.1", port: 0 } : { path: join(socketDir, ".s.PGSQL.5432") };
  let child: ChildProcess | undefined;
  let closing = false;

  const launch = async (): Promise<void> => {
    if ("path" in listening) await rm(listening.path, { force: true });
    const started = fork(PROGRAM, [dataDir, JSON.stringify(listening)], { execArgv: ENGINE });
    child = started;
    const said = await firstWord(started);
    if ("error" in said) throw new Error(said.error);
    if ("port" in listening) listening = { ...listening, port: said.port };
    started.once("exit", (code, signal) => {
      if (closing) return;
      onError(new Error(`The embedded database ended (${signal ?? code}) and is started again.`));
      again();
    });
  };
  const again = (): void => {
    launch().catch((error: Error) => {
      onError(error);
      if (!closing) setTimeout(again, AGAIN_AFTER_MS);
    });
  };
  const release = (): Promise<void> => rm(socketDir, { recursive: true, force: true });

  try {
    await launch();
  } catch (error) {
    await release();
    throw error;
  }
  return {
    connection: {
      ...("path" in listening ? { host: socketDir, port: 5432 } : listening),
      user: "postgres",
      database: "postgres",
      ssl: false,
    },
    async close() {
      closing = true;
      if (child?.connected) {
        child.send("close");
        await once(child, "exit");
      }
      await release();
    },
  };
}

function firstWord(child: ChildProcess): Promise<Said> {
  return new Promise((resolve, reject) => {
    child.once("message", (said) => resolve(said as Said));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`The embedded database did not start (${signal ?? code}).`)));
  });
}
