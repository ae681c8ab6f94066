import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { noPast, type StorePast } from "../shopify/past.ts";
import { createAdminApi, type StoreWrites } from "./admin-graphql.ts";
import { adminSchema } from "./admin-schema.ts";
import { createBudget, type Budget, type BudgetOptions } from "./budget.ts";
import { createBulkDesk, type BulkDesk } from "./bulk-desk.ts";
import { type IdTokenFlaws, type InstalledApp, signIdToken } from "./id-token.ts";
import { renderAdminPage } from "./page/render-admin-page.ts";
import { createReverseProxy } from "./reverse-proxy.ts";
import { storeRecords } from "./store-records.ts";
import { createTokenDesk, type TokenDesk } from "./token-desk.ts";

export interface AdminOptions extends InstalledApp {
  /** Where the app itself listens, behind the outer server that is started here. */
  appUrl: string;
  /** Of the stand-in admin; 0 takes any free one. */
  port: number;
  /** Of the outer server; any free one unless given. */
  proxyPort?: number;
  /** Scopes the merchant has granted, separated by commas. */
  scopes?: string;
  /** Lifetime of access tokens. Shopify's is 3,600. */
  accessTokenSeconds?: number;
  /** What the Admin API tells of the store; a store in London that is named after its address unless given. */
  store?: StoreFacts;
  /** What the store holds when the app comes to it; nothing unless given. Deliveries are not told apart from it. */
  past?: StorePast;
  /** Of the Admin API; a standard shop's unless given. */
  budget?: BudgetOptions;
  /** The published theme: names of the app's blocks that are in it. */
  theme?: ReadonlySet<string>;
}

/** An app writes these over what it knew of the shop whenever it is opened, so they have to be the store's own. */
export interface StoreFacts {
  name: string;
  /** ISO 4217 */
  currency: string;
  /** IANA name */
  timeZone: string;
}

export interface Admin {
  /** Origin of the stand-in admin, which is also the sandbox's `….myshopify.com`. */
  url: string;
  /** The page that shows the app. */
  appPage: string;
  /** The app's public address: what `SHOPIFY_APP_URL` has to be. */
  proxyUrl: string;
  /** What `APP_BRIDGE_URL` has to be. */
  appBridgeUrl: string;
  tokens: TokenDesk;
  bulk: BulkDesk;
  /** What the app wrote, by `metafieldName`: what the storefront's theme reads. */
  metafields: ReadonlyMap<string, string>;
  budget: Budget;
  /** What apps wrote to customers and to Flow. */
  writes: StoreWrites;
  /** From now on links to the theme editor lead there; before, they say that there is none. */
  showThemeEditorAt(url: string): void;
  /** The next session token will have these flaws, the one after it none. */
  spoilNextIdToken(flaws: IdTokenFlaws): void;
  close(): Promise<void>;
}

const APP_HANDLE = "muster";
const APP_NAME = "Muster";
const API_VERSION = "2026-10";
const DEFAULT_SCOPES =
  "read_customers,read_customer_merge,read_inventory,read_orders,read_products,read_customer_events,write_pixels,write_products,write_app_proxy";

/**
 * A Shopify store's admin on this machine: the page that embeds the app, App Bridge, the token endpoint, the Admin API, and the
 * outer server through which the browser reaches the app. Everything is on `localhost`, so that page and app are one site.
 */
/** Shopify has it from the account of whoever looks; here it is that one's browser's. */
function languageOf(req: IncomingMessage): string {
  return /^[a-z]{2}\b/i.exec(req.headers["accept-language"] ?? "")?.[0].toLowerCase() ?? "en";
}

export async function createAdmin(options: AdminOptions): Promise<Admin> {
  const tokens = createTokenDesk(options, {
    scopes: options.scopes ?? DEFAULT_SCOPES,
    accessTokenSeconds: options.accessTokenSeconds ?? 3_600,
  });
  const store = options.store ?? storeNamedAfter(options.shop);
  const scopes = (options.scopes ?? DEFAULT_SCOPES).split(",");
  const past = options.past ?? noPast({ domain: options.shop, currency: store.currency, zone: "UTC", taxRate: 0 });
  const records = storeRecords(past, () => scopes.includes("read_all_orders"));
  const bulk = createBulkDesk(
    () => adminSchema().schema,
    records,
    () => url,
  );
  const metafields = new Map<string, string>();
  const budget = createBudget(options.budget ?? STANDARD_BUDGET);
  const writes: StoreWrites = { tags: new Map(), triggers: [] };
  const answerGraphql = createAdminApi({
    shop: shopRecord(options.shop, store),
    scopes,
    records,
    bulk,
    budget,
    pixels: new Map(),
    metafields,
    writes,
  });
  let flaws: IdTokenFlaws = {};
  let proxyUrl = "";
  let themeEditor = "";

  function issueIdToken(): string {
    const token = signIdToken(options, flaws);
    flaws = {};
    return token;
  }

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://localhost");
    switch (`${req.method} ${url.pathname}`) {
      case "POST /admin/oauth/access_token": {
        if (!isFor(options.shop, req)) return sendJson(res, 404, { errors: "Not Found" });
        const { status, body } = tokens.answer(await readJson(req));
        return sendJson(res, status, body);
      }
      case `POST /admin/api/${API_VERSION}/graphql.json`:
        if (!isFor(options.shop, req)) return sendJson(res, 404, { errors: "Not Found" });
        return answerApi(req, res);
      case "POST /sandbox/id-token":
        return sendJson(res, 200, { token: issueIdToken() });
      case "GET /sandbox/extensions":
        return sendJson(res, 200, extensionsIn(options.theme ?? new Set()));
      case "GET /app-bridge.js":
        return sendFile(res, "text/javascript", "app-bridge.js");
      case "GET /admin-page.js":
        return sendFile(res, "text/javascript", "admin-page.js");
      case "GET /admin-page.css":
        return sendFile(res, "text/css", "admin-page.css");
      default:
        return sendPage(req, res, url);
    }
  }

  async function answerApi(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const token = req.headers["x-shopify-access-token"];
    if (!tokens.accepts(typeof token === "string" ? token : undefined)) {
      const errors = "[API] Invalid API key or access token (unrecognized login or wrong password)";
      return sendJson(res, 401, { errors });
    }
    const { query, variables } = await readJson(req);
    const given = typeof variables === "object" && variables !== null ? variables : {};
    sendJson(res, 200, await answerGraphql(String(query), given as Record<string, unknown>));
  }

  function sendPage(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const handle = handleOf(options.shop);
    const base = `/store/${handle}/apps/${APP_HANDLE}`;
    // Links that the app makes to itself name it by its key.
    const byKey = `/store/${handle}/apps/${options.apiKey}`;
    if (url.pathname === byKey || url.pathname.startsWith(`${byKey}/`)) {
      return redirect(res, base + url.pathname.slice(byKey.length) + url.search);
    }
    if (url.pathname.startsWith("/sandbox/bulk/")) return bulk.serve(req, res, url);
    if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) {
      return url.pathname === "/" || url.pathname.startsWith("/store/")
        ? redirect(res, base)
        : sendJson(res, 404, { errors: "Not Found" });
    }
    const page = renderAdminPage({
      storeName: store.name,
      appName: APP_NAME,
      base,
      appOrigin: proxyUrl,
      shop: options.shop,
      themeEditor,
      frame: frameAddress(url.pathname.slice(base.length), url.searchParams, languageOf(req)),
    });
    res.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
    res.end(req.method === "HEAD" ? undefined : page);
  }

  function frameAddress(path: string, parameters: URLSearchParams, locale: string): string {
    const address = new URL(proxyUrl + (path || "/"));
    for (const [name, value] of parameters) address.searchParams.append(name, value);
    const added = {
      embedded: "1",
      host: Buffer.from(`admin.shopify.com/store/${handleOf(options.shop)}`).toString("base64"),
      id_token: issueIdToken(),
      locale,
      session: createHmac("sha256", options.apiSecret).update("session").digest("hex"),
      shop: options.shop,
      timestamp: String(Math.floor(Date.now() / 1000)),
    };
    for (const [name, value] of Object.entries(added)) address.searchParams.set(name, value);
    address.searchParams.set("hmac", hmacOf(address.searchParams, options.apiSecret));
    return address.href;
  }

  const server = createServer((req, res) => {
    respond(req, res).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (res.headersSent) res.destroy();
      else sendJson(res, 400, { errors: message });
    });
  });
  const url = await listen(server, options.port);
  const proxy = createReverseProxy({ appUrl: options.appUrl, adminUrl: url });
  proxyUrl = await listen(proxy, options.proxyPort ?? 0);

  return {
    url,
    appPage: `${url}/store/${handleOf(options.shop)}/apps/${APP_HANDLE}`,
    proxyUrl,
    appBridgeUrl: `${url}/app-bridge.js`,
    tokens,
    bulk,
    metafields,
    budget,
    writes,
    showThemeEditorAt(address) {
      themeEditor = address;
    },
    spoilNextIdToken(next) {
      flaws = next;
    },
    async close() {
      await Promise.all([shut(server), shut(proxy)]);
      await bulk.close();
    },
  };
}

/** 100 points a second; the size of the bucket is not documented. */
const STANDARD_BUDGET: BudgetOptions = { maximumAvailable: 2_000, restoreRate: 100 };

/** https://shopify.dev/docs/api/app-home/apis/app: what `shopify.app.extensions()` tells of blocks that are in the theme. */
function extensionsIn(theme: ReadonlySet<string>) {
  const activations = [...theme].map((handle) => ({ handle, name: handle, status: "active", target: "section" }));
  return [{ handle: "storefront", type: "theme_app_extension", activations }];
}

function handleOf(shop: string): string {
  return shop.replace(".myshopify.com", "");
}

function storeNamedAfter(shop: string): StoreFacts {
  const handle = handleOf(shop);
  const name = `${handle.charAt(0).toUpperCase()}${handle.slice(1)} store`;
  return { name, currency: "GBP", timeZone: "Europe/London" };
}

function shopRecord(shop: string, { name, currency, timeZone }: StoreFacts) {
  return {
    id: "gid://shopify/Shop/548380009",
    name,
    myshopifyDomain: shop,
    ianaTimezone: timeZone,
    currencyCode: currency,
    shopAddress: { countryCodeV2: timeZone === "Europe/Berlin" ? "DE" : "GB" },
    primaryDomain: {
      host: shop,
      url: `https://${shop}`,
      localization: { defaultLocale: timeZone === "Europe/Berlin" ? "de" : "en" },
    },
  };
}

/** Calls to the API come with the shop's name as their host, by redirection or by hand. */
function isFor(shop: string, req: IncomingMessage): boolean {
  return req.headers.host === shop;
}

/** https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant#verify-a-request */
function hmacOf(parameters: URLSearchParams, secret: string): string {
  const message = [...parameters]
    .filter(([name]) => name !== "hmac")
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  return createHmac("sha256", secret).update(message).digest("hex");
}

async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (typeof body !== "object" || body === null) throw new TypeError("a JSON object was expected");
  return body as Record<string, unknown>;
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function sendFile(res: ServerResponse, type: string, name: string): void {
  const file = readFileSync(new URL(`./page/${name}`, import.meta.url));
  res.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" }).end(file);
}

function redirect(res: ServerResponse, location: string): void {
  res.writeHead(302, { Location: location }).end();
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", resolve);
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function shut(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
