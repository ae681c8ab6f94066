import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { lockDirectory } from "./directory-lock.server.ts";

/** Where the database listens: a socket in the file system, or a port (0: any that is free). */
export type Listening = { path: string } | { host: string; port: number };

/** The first thing the process says, and the only one: that it listens, or why it doesn't. */
export type Said = { port: number } | { error: string };

/**
 * The process of an embedded database: its arguments are the data directory and where to listen, as JSON. It ends when it is sent a
 * message, and with its parent. What ends the parent (Ctrl+C goes to both) is no reason by itself: the parent still has to write.
 */
async function main([dataDir = "", listening = ""]: string[]): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.on("disconnect", () => process.exit());
  const lock = await lockDirectory(dataDir);
  const folder = join(dataDir, "postgres");
  if (!existsSync(join(folder, "PG_VERSION"))) await create(folder);
  const db = await PGlite.create({
    dataDir: folder,
    relaxedDurability: false,
    extensions: { pg_trgm },
    // Of the 128 MB that are usual, what the operating system keeps of the files anyway would take up most.
    startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=32MB"],
  });
  const server = new PGLiteSocketServer({ db, ...(JSON.parse(listening) as Listening), maxConnections: 4 });
  server.addEventListener("listening", (event) => {
    const { port = 0 } = (event as CustomEvent<{ port?: number }>).detail ?? {};
    say({ port });
  });
  await server.start();
  process.on("message", () => {
    void (async () => {
      await server.stop();
      await db.close();
      await lock.release();
      process.exit();
    })();
  });
}

/**
 * Making the files takes a gigabyte for a few seconds, hence a process of its own, which gives it back. They get their name when
 * they are complete.
 */
async function create(folder: string): Promise<void> {
  const making = `${folder}-making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const program = fileURLToPath(new URL("./create-embedded-postgres.server.ts", import.meta.url));
  await promisify(execFile)(process.execPath, [program, making]);
  await rename(making, folder);
}

function say(said: Said): void {
  process.send?.(said);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}
