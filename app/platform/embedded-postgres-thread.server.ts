import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

interface ThreadData {
  dataDir: string;
  socket: { path: string } | { host: string; port: number };
}

// V8 can abort the process when it frees WebAssembly code that it has replaced by faster code
// (https://github.com/nodejs/node/issues/64500); a few MB of it are kept instead.
setFlagsFromString("--no-wasm-code-gc");

const { dataDir, socket } = workerData as ThreadData;

try {
  const db = await PGlite.create({
    dataDir,
    relaxedDurability: false,
    // Of the 128 MB that are usual, what the operating system keeps of the files anyway would take up most.
    startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=32MB"],
  });
  const server = new PGLiteSocketServer({ db, ...socket, maxConnections: 4 });
  server.addEventListener("listening", (event) => {
    const detail = (event as CustomEvent<{ host?: string; port?: number; path?: string }>).detail;
    parentPort?.postMessage({ address: `${detail?.host ?? "127.0.0.1"}:${detail?.port ?? 0}` });
  });
  await server.start();
  parentPort?.on("message", () => {
    void (async () => {
      await server.stop();
      await db.close();
      parentPort?.close();
    })();
  });
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
}
