import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { emptyDataDir } from "../support/database.ts";
import { freePort } from "../support/free-port.ts";
import type { SandboxOptions } from "../sandbox/messages.ts";
import type { PosterOptions } from "../sandbox/shopify/post-delivery.ts";
import { type Delivered, type Sandbox, startSandbox } from "./sandbox-process.ts";
import type { DemoApp } from "./start-app.ts";

/** A shop whose history was sent through the app; the app goes on until it is closed. */
export interface PlayedShop {
  app: DemoApp;
  sandbox: Sandbox;
  delivered: Delivered;
  /** performance.now() at the first delivery. */
  startedAt: number;
  /** Address of the app in the stand-in admin. */
  appPage: string;
  /** Where and how Shopify delivers of it. */
  deliverTo: Pick<PosterOptions, "target" | "secret" | "shop">;
  close(): Promise<void>;
}

const API_KEY = "muster-demo";

/** What the demo does, for tests and benchmarks: nothing is printed, and everything is in a folder that goes when the shop is closed. */
export async function playShop(
  domain: string,
  store: { name: string; currency: string; timeZone: string },
  history: Extract<SandboxOptions["source"], { kind: "generated" }>,
): Promise<PlayedShop> {
  const dataDir = await emptyDataDir();
  const leave = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  const ends: (() => Promise<unknown>)[] = [leave];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const port = await freePort();
    const apiSecret = randomBytes(24).toString("hex");
    const appUrl = `http://localhost:${port}`;
    const sandbox = await startSandbox({
      dataDir,
      shop: domain,
      store,
      apiKey: API_KEY,
      apiSecret,
      appUrl,
      source: history,
    });
    ends.push(() => sandbox.close());
    // The Shopify library reads its environment when it is imported, hence the late import.
    process.env["APP_BRIDGE_URL"] = sandbox.urls.appBridge;
    const { startApp } = await import("./start-app.ts");
    const encryptionKey = randomBytes(32).toString("base64");
    const workspace = { dataDir, apiSecret, encryptionKey, shop: domain, sandboxDir: dataDir, resumed: false, leave };
    const app = await startApp({ workspace, sandbox, port, apiKey: API_KEY, store });
    ends.push(() => app.close());
    const startedAt = performance.now();
    const delivered = await sandbox.deliver(
      null,
      (at) => app.clock.advance(at),
      () => {},
    );
    const deliverTo = { target: `${appUrl}/webhooks`, secret: apiSecret, shop: domain };
    return { app, sandbox, delivered, startedAt, appPage: sandbox.urls.appPage, deliverTo, close };
  } catch (error) {
    await close();
    throw error;
  }
}
