import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdmin } from "./admin/create-admin.ts";
import { listen } from "./http.ts";
import { createKlaviyo } from "./klaviyo/klaviyo.ts";
import { createMailchimp } from "./mailchimp/mailchimp.ts";
import { sandboxOptionsSchema, toSandboxSchema } from "./messages.ts";
import type { FromSandbox, ParsedSandboxOptions } from "./messages.ts";
import { createCatalogue } from "./shopify/catalogue.ts";
import { openTrafficDesk } from "./shopify/traffic-desk.ts";
import { createShopWindow } from "./storefront/shop-window.ts";
import { createStorefront } from "./storefront/storefront.ts";

const KEYS = { klaviyo: "pk_sandbox", mailchimp: "sandbox-us1" };
const AUDIENCE = { id: "5a4db0c5e1", name: "Customers" };

/** The sandbox process: a Shopify store, a Klaviyo and a Mailchimp. Forked with its options as JSON; speaks messages.ts. */
async function main(): Promise<void> {
  if (!process.send) throw new Error("the sandbox is started by the demo and speaks to it; it does nothing alone");
  const options = sandboxOptionsSchema.parse(JSON.parse(process.argv[2] ?? "null"));
  mkdirSync(options.dataDir, { recursive: true });
  const desk = await openTrafficDesk(options, say);
  const servers = await startServers(options);
  let ending: Promise<void> | null = null;

  const end = () => {
    ending ??= desk
      .stop()
      .then(servers.close)
      .then(() => process.exit(0));
  };
  process.on("message", (message) => {
    const parsed = toSandboxSchema.safeParse(message);
    if (!parsed.success) return say({ type: "refused", sentence: "that is no message the sandbox knows" });
    if (parsed.data.type === "deliver") desk.deliver(parsed.data.pixelKey);
    else if (parsed.data.type === "live") desk.goLive(parsed.data.ratePerMinute);
    else end();
  });
  process.on("disconnect", end);
  say({ type: "ready", urls: servers.urls, keys: KEYS, mailchimpAudience: AUDIENCE });
}

async function startServers(options: ParsedSandboxOptions) {
  const { dataDir, ports = {}, shop, store, apiKey, apiSecret, appUrl } = options;
  const klaviyo = createKlaviyo({
    privateKeys: { [KEYS.klaviyo]: { accountId: "sandbox" } },
    dataFile: join(dataDir, "klaviyo.json"),
  });
  const mailchimp = createMailchimp({
    apiKeys: { [KEYS.mailchimp]: { accountId: "sandbox" } },
    audiences: [AUDIENCE],
    dataFile: join(dataDir, "mailchimp.json"),
  });
  // The invented shop's theme has everything the app offers.
  const theme = new Set(["product", "cart", "home", "collection", "feedback"]);
  const [klaviyoServer, mailchimpServer, admin] = await Promise.all([
    listen(klaviyo.handle, ports.klaviyo),
    listen(mailchimp.handle, ports.mailchimp),
    createAdmin({
      shop,
      ...(store && { store }),
      apiKey,
      apiSecret,
      appUrl,
      port: ports.admin ?? 0,
      proxyPort: ports.proxy ?? 0,
      theme,
    }),
  ]);
  // An invented shop's goods are known; those of a file of invoices are no more than names.
  const goods = options.source.kind === "generated" ? createCatalogue(() => new Date(0)) : [];
  const storefront = await listen(
    createStorefront({
      shop,
      appUrl,
      apiSecret,
      window: createShopWindow(
        { name: store?.name ?? shop, currency: store?.currency ?? "GBP" },
        goods.map(({ product }) => product),
        admin.metafields,
      ),
      extension: fileURLToPath(new URL("../../extensions/storefront", import.meta.url)),
      theme: { blocks: theme, exit: admin.appPage },
    }),
    ports.storefront,
  );
  admin.showThemeEditorAt(`${storefront.url}/theme-editor`);
  return {
    urls: {
      storefront: storefront.url,
      klaviyo: klaviyoServer.url,
      mailchimp: mailchimpServer.url,
      admin: admin.url,
      appPage: admin.appPage,
      proxy: admin.proxyUrl,
      appBridge: admin.appBridgeUrl,
    },
    async close(): Promise<void> {
      await Promise.all([klaviyoServer.close(), mailchimpServer.close(), admin.close(), storefront.close()]);
      klaviyo.close();
      mailchimp.close();
    },
  };
}

function say(message: FromSandbox): void {
  if (process.connected) process.send?.(message);
}

await main();
