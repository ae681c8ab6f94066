import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import type { PoolConfig } from "pg";
import { lockDirectory } from "./directory-lock.server.ts";

export interface Embedded {
  connection: PoolConfig;
  close(): Promise<void>;
}

/**
 * Starts PGlite in a thread of its own, so that a long query never blocks the event loop, with its files in
 * `<dataDir>/postgres`, listening on a socket that only this user can open.
 * @throws when another live process holds the directory.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const lock = await lockDirectory(dataDir);
  const folder = join(dataDir, "postgres");
  try {
    if (!existsSync(join(folder, "PG_VERSION"))) await create(folder);
  } catch (error) {
    await lock.release();
    throw error;
  }
  const socketDir = await mkdtemp(join(tmpdir(), "muster-"));
  const socket =
    process.platform === "win32" ? { host: "127.0.0.1", port: 0 } : { path: join(socketDir, ".s.PGSQL.5432") };
  const worker = new Worker(new URL("./embedded-postgres-thread.server.ts", import.meta.url), {
    workerData: { dataDir: folder, socket },
  });
  const release = async (): Promise<void> => {
    await rm(socketDir, { recursive: true, force: true });
    await lock.release();
  };
  try {
    const address = await started(worker);
    const connection = {
      ...("path" in socket ? { host: socketDir, port: 5432 } : splitAddress(address)),
      user: "postgres",
      database: "postgres",
      ssl: false,
    };
    return {
      connection,
      async close() {
        worker.postMessage("close");
        await new Promise((resolve) => worker.once("exit", resolve));
        await release();
      },
    };
  } catch (error) {
    await worker.terminate();
    await release();
    throw error;
  }
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

function started(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once("message", (message: { address: string } | { error: string }) =>
      "address" in message ? resolve(message.address) : reject(new Error(message.error)),
    );
    worker.once("error", reject);
  });
}

function splitAddress(address: string): { host: string; port: number } {
  const [host, port] = address.split(":");
  return { host: host ?? "127.0.0.1", port: Number(port) };
}
