import { type ChildProcess, fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Admin, createAdmin } from "../../sandbox/admin/create-admin.ts";
import { buildAdmin } from "../../support/admin-build.ts";
import { emptyDataDir, emptyOnServer } from "../../support/database.ts";
import { freePort } from "../../support/free-port.ts";

export interface PagesSettings {
  port: number;
  apiKey: string;
  apiSecret: string;
  appUrl: string;
  appBridgeUrl: string;
  shopifyUrl: string;
  serverBuild: string;
  clientDirectory: string;
  /** On a server, if there is one; else it is embedded in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  now: string;
  /** The origin on this machine that automations may call. */
  receiver?: string | undefined;
}

/** What a test tells the process to do. */
export interface Command {
  /** To be run in its database. */
  sql?: string;
  /** One measurement of each kind, in milliseconds. */
  observe?: Record<"ack" | "membership" | "audience", number>;
  /** So many more deliveries were recognised as duplicates. */
  duplicates?: number;
  /** From now on every read of a page takes this much longer, in milliseconds. */
  slowBy?: number;
  /** Business time goes on to this instant. */
  advanceTo?: string;
  /** From now on every read of a page fails, or works again. */
  failing?: boolean;
}

export type Report = { ready: true } | { done: true } | { refused: string } | { logged: string };

export interface Pages {
  admin: Admin;
  /** Everything the app logged. */
  logged: string[];
  tell(command: Command): Promise<void>;
  close(): Promise<void>;
}

const API_KEY = "0123456789abcdef0123456789abcdef";
const API_SECRET = "shpss_a-secret-of-the-tests";

/**
 * The admin's pages over a database of their own, in a process of its own, inside the stand-in admin of demo.myshopify.com.
 * @param now business time, which stands still.
 */
export async function startPages(now: string, { receiver }: Pick<PagesSettings, "receiver"> = {}): Promise<Pages> {
  const { server, client } = await buildAdmin();
  const database = await emptyOnServer();
  const dataDir = database === undefined ? await emptyDataDir() : "";
  const port = await freePort();
  const admin = await createAdmin({
    shop: "demo.myshopify.com",
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: `http://localhost:${port}`,
    port: 0,
  });
  const settings: PagesSettings = {
    port,
    databaseUrl: database?.url,
    dataDir,
    now,
    receiver,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: admin.proxyUrl,
    appBridgeUrl: admin.appBridgeUrl,
    shopifyUrl: admin.url,
    serverBuild: server,
    clientDirectory: client,
  };
  const child = fork(fileURLToPath(new URL("./pages-process.ts", import.meta.url)), [JSON.stringify(settings)], {
    execArgv: [],
    env: { ...process.env, NODE_ENV: "production", APP_BRIDGE_URL: admin.appBridgeUrl },
  });
  const logged: string[] = [];
  child.on("message", (message: Report) => {
    if ("logged" in message) logged.push(message.logged);
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await reported(child, "ready");
  return {
    admin,
    logged,
    async tell(command) {
      const done = reported(child, "done");
      if (child.connected) child.send(command);
      await done;
    },
    async close() {
      child.kill();
      await Promise.all([exited, admin.close()]);
      if (database) await database.drop();
      else await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function reported(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the process of the pages ended with ${code}`));
    if (child.exitCode !== null) return ended(child.exitCode);
    child.once("exit", ended);
    child.on("message", function listen(message: Report) {
      const refused = "refused" in message;
      if (!refused && !(what in message)) return;
      child.off("message", listen);
      child.off("exit", ended);
      if (refused) reject(new Error(message.refused));
      else resolve();
    });
  });
}
