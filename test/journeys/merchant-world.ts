import { randomBytes, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import process from "node:process";
import type { Muster } from "../../app/muster.server.ts";
import { type Admin, createAdmin } from "../sandbox/admin/create-admin.ts";
import { redirectShopify } from "../sandbox/admin/redirect-shopify.ts";
import { listen } from "../sandbox/http.ts";
import { createKlaviyo } from "../sandbox/klaviyo/klaviyo.ts";
import { type Topic, triggeredAt } from "../sandbox/shopify/delivery.ts";
import type { StorePast } from "../sandbox/shopify/past.ts";
import { createPoster } from "../sandbox/shopify/post-delivery.ts";
import { createShopWindow } from "../sandbox/storefront/shop-window.ts";
import { createStorefront } from "../sandbox/storefront/storefront.ts";
import { buildAdmin } from "../support/admin-build.ts";
import { emptyDataDir, emptyOnServer } from "../support/database.ts";
import { freePort } from "../support/free-port.ts";

/** A store that Muster was not installed in yet, its Klaviyo, its storefront with a plain theme, and Muster itself. */
export interface MerchantWorld {
  muster: Muster;
  admin: Admin;
  storefrontUrl: string;
  /** Private keys of the one account at Klaviyo, each taken as long as it is in here. */
  klaviyoKeys: Record<string, { accountId: string }>;
  /** What Klaviyo's own books say: who is in each list, and everybody it knows, by address, sorted. */
  atKlaviyo(): Promise<{ lists: Record<string, string[]>; people: string[] }>;
  /** What just happened in the store, told as Shopify tells it. */
  deliver(topic: Topic, body: object): Promise<void>;
  close(): Promise<void>;
}

const API_KEY = "muster-journey";
/** At Klaviyo. */
export const ACCOUNT = "FERN";

/** Everything in this process but the database. @param domain `….myshopify.com` */
export async function openMerchantWorld(domain: string, past: StorePast): Promise<MerchantWorld> {
  await buildAdmin();
  const apiSecret = randomBytes(24).toString("hex");
  const port = await freePort();
  const theme = new Set<string>();
  const store = { name: "Fern & Fjord", currency: past.settings.currency, timeZone: past.settings.zone };
  const installed = { shop: domain, apiKey: API_KEY, apiSecret, appUrl: `http://localhost:${port}` };
  const admin = await createAdmin({ ...installed, port: 0, store, past, theme });
  const klaviyoKeys: MerchantWorld["klaviyoKeys"] = { pk_first: { accountId: ACCOUNT } };
  const klaviyo = createKlaviyo({ privateKeys: klaviyoKeys, jobMillis: 50 });
  const klaviyoServer = await listen(klaviyo.handle);
  const goods = Array.from({ length: past.products.length }, (_, place) => past.products.at(place));
  const storefront = await listen(
    createStorefront({
      shop: domain,
      appUrl: installed.appUrl,
      apiSecret,
      window: createShopWindow(store, goods, admin.metafields),
      extension: fileURLToPath(new URL("../../extensions/storefront", import.meta.url)),
      theme: { blocks: theme, exit: admin.appPage },
    }),
  );
  admin.showThemeEditorAt(`${storefront.url}/theme-editor`);
  const restoreFetch = redirectShopify(admin.url);

  // The Shopify library reads its environment when it is imported, hence the late imports.
  process.env["APP_BRIDGE_URL"] = admin.appBridgeUrl;
  const { startServer } = await import("../../app/server.ts");
  const { readSettings } = await import("../../app/platform/env.server.ts");
  const database = await emptyOnServer();
  const dataDir = database === undefined ? await emptyDataDir() : "";
  const running = await startServer(
    readSettings({
      SHOPIFY_API_KEY: API_KEY,
      SHOPIFY_API_SECRET: apiSecret,
      SHOPIFY_APP_URL: admin.proxyUrl,
      DATABASE_URL: database?.url,
      MUSTER_DATA_DIR: dataDir,
      MUSTER_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
      PORT: String(port),
      LOG_LEVEL: "fatal",
      APP_BRIDGE_URL: admin.appBridgeUrl,
      KLAVIYO_API_URL: klaviyoServer.url,
    }),
  );
  const poster = createPoster({
    target: `${installed.appUrl}/webhooks`,
    secret: apiSecret,
    shop: domain,
    connections: 1,
  });
  return {
    muster: running.muster,
    admin,
    storefrontUrl: storefront.url,
    klaviyoKeys,
    async atKlaviyo() {
      const answer = await fetch(`${klaviyoServer.url}/__sandbox/state`);
      const { accounts } = (await answer.json()) as KlaviyoState;
      const { lists = [], profiles = [] } = accounts[ACCOUNT] ?? {};
      return {
        lists: Object.fromEntries(lists.map(({ name, members }) => [name, addresses(members)])),
        people: addresses(profiles.map(({ email }) => email)),
      };
    },
    async deliver(topic, body) {
      const at = new Date();
      const ids = { webhookId: randomUUID(), eventId: randomUUID(), triggeredAt: triggeredAt(at, 0), at };
      const text = JSON.stringify(body);
      if (!(await poster.post({ topic, ...ids, body: () => text }))) throw new Error(`${topic} was not taken`);
    },
    async close() {
      await running.close();
      restoreFetch();
      await Promise.all([admin.close(), klaviyoServer.close(), storefront.close(), poster.close()]);
      klaviyo.close();
      if (database) await database.drop();
      else await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface KlaviyoState {
  accounts: Record<
    string,
    { lists: { name: string; members: (string | null)[] }[]; profiles: { email: string | null }[] }
  >;
}

function addresses(given: readonly (string | null)[]): string[] {
  return given.filter((email) => email !== null).toSorted();
}
