import { fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Admin, createAdmin } from "../../sandbox/admin/create-admin.ts";
import { freePort } from "../../support/free-port.ts";
import { buildShell } from "./build-shell.ts";

export const SHOP = "demo.myshopify.com";
export const API_KEY = "0123456789abcdef0123456789abcdef";
export const API_SECRET = "shpss_a-secret-of-the-tests";

export interface Shell {
  admin: Admin;
  /** What the app reported: installations, and everything it logged. */
  installed: { shop: string; name: string }[];
  logged: string[];
  close(): Promise<void>;
}

/** The built shell in a process of its own, as in production, with a stand-in admin around it. */
export async function startShell(): Promise<Shell> {
  const build = await buildShell();
  const port = await freePort();
  const admin = await createAdmin({
    shop: SHOP,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: `http://localhost:${port}`,
    port: 0,
  });
  const settings = {
    port,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: admin.proxyUrl,
    appBridgeUrl: admin.appBridgeUrl,
    shopifyUrl: admin.url,
    serverBuild: join(build, "server/index.js"),
    clientDirectory: join(build, "client"),
  };
  const shell: Shell = { admin, installed: [], logged: [], close };
  const child = fork(fileURLToPath(new URL("./shell-process.ts", import.meta.url)), [JSON.stringify(settings)], {
    execArgv: [],
    env: { ...process.env, NODE_ENV: "production", APP_BRIDGE_URL: admin.appBridgeUrl },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the shell's process ended with ${code}`)));
    child.on("message", (message: { ready?: true; installed?: { shop: string; name: string }; logged?: string }) => {
      if (message.installed) shell.installed.push(message.installed);
      if (message.logged !== undefined) shell.logged.push(message.logged);
      if (message.ready) resolve();
    });
  });

  async function close(): Promise<void> {
    child.kill();
    await Promise.all([exited, admin.close()]);
  }
  return shell;
}
