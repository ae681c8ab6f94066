import { connectAndBuild } from "../../app/jobs/connect-destination.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Muster } from "../../app/muster.server.ts";
import { createMovableClock, type MovableClock } from "../../app/platform/clock.ts";
import type { Sql } from "../../app/platform/db.server.ts";
import { readSettings } from "../../app/platform/env.server.ts";
import { startServer } from "../../app/server.ts";
import { readPixel, recordInstall, type Shop } from "../../app/shopify/shop-store.server.ts";
import { redirectShopify } from "../sandbox/admin/redirect-shopify.ts";
import type { Sandbox } from "./sandbox-process.ts";
import type { Workspace } from "./workspace.ts";

export interface DemoApp {
  muster: Muster;
  clock: MovableClock;
  shop: Shop;
  /** The name under which the shop's web pixel sends. */
  pixelKey: string | null;
  close(): Promise<void>;
}

export interface DemoAppOptions {
  workspace: Workspace;
  sandbox: Sandbox;
  port: number;
  apiKey: string;
  /** The shop's own facts, as the sandbox store's Admin API would tell them. */
  store: { name: string; currency: string; timeZone: string };
  /** Whether Klaviyo hears of entries and exits as events. */
  segmentEvents?: boolean;
}

/** Starts the app in this process, with its clock at the beginning of time, and connects it to the sandbox vendors. */
export async function startApp({
  workspace,
  sandbox,
  port,
  apiKey,
  store,
  segmentEvents = false,
}: DemoAppOptions): Promise<DemoApp> {
  const settings = readSettings({
    SHOPIFY_API_KEY: apiKey,
    SHOPIFY_API_SECRET: workspace.apiSecret,
    SHOPIFY_APP_URL: sandbox.urls.proxy,
    DATABASE_URL: process.env["DATABASE_URL"],
    REDIS_URL: process.env["REDIS_URL"],
    MUSTER_DATA_DIR: workspace.dataDir,
    MUSTER_ENCRYPTION_KEY: workspace.encryptionKey,
    PORT: String(port),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
    APP_BRIDGE_URL: sandbox.urls.appBridge,
    KLAVIYO_API_URL: process.env["KLAVIYO_API_URL"] ?? sandbox.urls.klaviyo,
    MAILCHIMP_API_URL: process.env["MAILCHIMP_API_URL"] ?? sandbox.urls.mailchimp,
  });
  const restoreFetch = redirectShopify(sandbox.urls.admin);
  const clock = createMovableClock(new Date(0));
  const running = await startServer(settings, clock);
  const { muster } = running;
  const shop = await openShop(muster.db, workspace.shop, new Date());
  clock.advance(await latestTrigger(muster.db, shop.domain));
  await recordInstall(muster.db, shop.id, { ...store, country: "GB", locale: "en" }, new Date());
  for (const connection of [
    { kind: "klaviyo" as const, credentials: { apiKey: sandbox.keys.klaviyo }, settings: {} },
    {
      kind: "mailchimp" as const,
      credentials: { apiKey: sandbox.keys.mailchimp },
      settings: { listId: sandbox.mailchimpAudience.id },
    },
  ]) {
    const connected = await connectAndBuild(muster, shop.id, connection);
    if (connected.outcome === "refused") throw new Error(`The sandbox ${connection.kind} refused: ${connected.reason}`);
  }
  // The history is played after the connection: what it tells of is news to the platforms.
  await muster.db.query(
    "UPDATE destinations SET created_at = least(created_at, $2), segment_events = $3 AND kind = 'klaviyo' WHERE shop_id = $1",
    [shop.id, clock.now(), segmentEvents],
  );
  return {
    muster,
    clock,
    shop,
    pixelKey: (await readPixel(muster.db, shop.id)).key,
    async close() {
      await running.close();
      restoreFetch();
    },
  };
}

/** Where an earlier run left the clock: at the latest time it was told of. */
async function latestTrigger(sql: Sql, shopDomain: string): Promise<Date> {
  const { rows } = await sql.query<{ at: Date | null }>("SELECT max(triggered_at) AS at FROM inbox WHERE shop = $1", [
    shopDomain,
  ]);
  return rows[0]?.at ?? new Date(0);
}
