import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cartMain, collectionMain, HOME_MAIN, type Market, productMain, productPicture, renderPage } from "./page.ts";
import type { ShopWindow, ThemeProduct } from "./shop-window.ts";
import { blockAsked, renderThemeEditor, type Theme } from "./theme-editor.ts";
import { type Block, createThemeLiquid } from "./theme-liquid.ts";

export interface StorefrontOptions {
  /** `….myshopify.com` */
  shop: string;
  /** Where the app listens; `/apps/muster/x` becomes `/proxy/x` there. */
  appUrl: string;
  apiSecret: string;
  window: ShopWindow;
  /** Folder of the theme app extension. */
  extension: string;
  /** Over the defaults of the blocks' settings. */
  settings?: Record<string, unknown>;
  /** What the theme has of the extension, and where its editor leads back to; absent: everything, and there is no editor. */
  theme?: { blocks: Theme; exit: string };
}

type Edited = NonNullable<StorefrontOptions["theme"]>;
type Template = "product" | "cart" | "home" | "collection";

/**
 * The storefront of the sandbox store: pages of a plain theme with the extension's blocks, and the app proxy. What a visitor is like
 * stands in the address and stays in a cookie: `?customer=ID` signs in, `?consent=no` allows nothing and `?consent=preferences` no
 * analytics, `?locale=de` reads German, `?country=CH` pays in another currency. `?blocks=no` shows the page as it is without the app.
 */
export function createStorefront(options: StorefrontOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const { window, extension, theme: edited } = options;

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", `http://${req.headers.host ?? "localhost"}`);
    const visitor = visitorOf(req, url);
    const [, first = "", second = ""] = url.pathname.split("/").map(decodeURIComponent);
    if (url.pathname.startsWith("/apps/muster/")) return forward(req, res, url, visitor);
    if (first === "assets") return send(req, res, 200, typeOf(second), asset(second), "public, max-age=31536000");
    if (first === "images") return sendPicture(req, res, second);
    if (first === "theme-editor" && edited) return editTheme(req, res, url, edited);
    if (first === "cart" && second.startsWith("add")) return addToCart(req, res, visitor, second);
    const page = pageAt(first, second, visitor);
    if (!page) return send(req, res, 404, "text/plain", "Not Found");
    for (const [name, value] of Object.entries(visitor)) res.appendHeader("set-cookie", `${name}=${value}; Path=/`);
    const html = render(page, visitor, url.searchParams.get("blocks") !== "no");
    return send(req, res, 200, "text/html; charset=utf-8", html);
  }

  function pageAt(first: string, second: string, visitor: Visitor) {
    if (first === "") return { template: "home" as const, title: "Home", main: HOME_MAIN, here: {} };
    if (first === "cart") {
      return { template: "cart" as const, title: "Your cart", main: cartMain(cartOf(visitor)), here: {} };
    }
    if (first === "collections") {
      const products = window.products.slice(0, 24);
      const here = { collection: { id: 1, title: "All products", products } };
      return { template: "collection" as const, title: "All products", main: collectionMain(products), here };
    }
    const product = first === "products" ? window.byHandle[second] : undefined;
    if (!product) return null;
    const main = productMain(product, moneyFor(visitor)(product.price));
    return { template: "product" as const, title: product.title, main, here: { product } };
  }

  function render(page: NonNullable<ReturnType<typeof pageAt>>, visitor: Visitor, withBlocks: boolean): string {
    const theme = createThemeLiquid(extension, visitor.locale, moneyFor(visitor));
    const context = { ...contextOf(visitor), ...page.here };
    const renderBlock = (name: Template | "feedback"): string => {
      const block: Block = { name, settings: options.settings ?? {} };
      return withBlocks && (edited?.blocks.has(name) ?? true) ? theme.renderBlock(block, context) : "";
    };
    return renderPage({
      store: window.name,
      title: page.title,
      locale: visitor.locale,
      main: page.main,
      blocks: renderBlock(page.template),
      embeds: renderBlock("feedback"),
      allows: { analytics: visitor.consent === "yes", preferences: visitor.consent !== "no" },
      market: marketOf(visitor),
    });
  }

  /** What every page's Liquid knows. */
  function contextOf(visitor: Visitor): Record<string, unknown> {
    const items = cartOf(visitor);
    return {
      app: window.app,
      all_products: window.byHandle,
      cart: { items, item_count: items.length },
      customer: visitor.customer === "" ? null : { id: visitor.customer },
      routes: { root_url: "/", cart_add_url: "/cart/add" },
      request: { locale: { iso_code: visitor.locale }, design_mode: false },
    };
  }

  function cartOf({ cart }: Visitor): { product: ThemeProduct; product_id: number }[] {
    return cart.split(".").flatMap((variant) => {
      const product = window.byVariant.get(variant);
      return product ? [{ product, product_id: product.id }] : [];
    });
  }

  function marketOf({ country }: Visitor): Market {
    return MARKETS[country] ?? { country, currency: window.currency, rate: 1 };
  }

  function moneyFor(visitor: Visitor): (minor: number) => string {
    const { currency, rate } = marketOf(visitor);
    const { format } = new Intl.NumberFormat(visitor.locale, { style: "currency", currency });
    return (minor) => format((minor * rate) / 100);
  }

  /** As Shopify does: its own parameters are added, everything is signed, cookies stay behind, Liquid is rendered. */
  async function forward(req: IncomingMessage, res: ServerResponse, url: URL, visitor: Visitor): Promise<void> {
    const query = new URLSearchParams(url.searchParams);
    query.append("shop", options.shop);
    query.append("logged_in_customer_id", visitor.customer);
    query.append("path_prefix", "/apps/muster");
    query.append("timestamp", String(Math.floor(Date.now() / 1000)));
    query.append("signature", sign(query, options.apiSecret));
    const target = new URL(url.pathname.replace("/apps/muster", "/proxy"), options.appUrl);
    const body = req.method === "POST" ? await readBody(req) : undefined;
    const answer = await fetch(`${target.href}?${query}`, {
      method: req.method ?? "GET",
      ...(body && { body: new Uint8Array(body) }),
    });
    const type = answer.headers.get("content-type") ?? "text/plain";
    const text = await answer.text();
    const isLiquid = type.startsWith("application/liquid");
    const theme = createThemeLiquid(extension, visitor.locale, moneyFor(visitor));
    const cache = answer.headers.get("cache-control") ?? "no-store";
    const words = isLiquid ? theme.renderAnswer(text, contextOf(visitor)) : text;
    send(req, res, answer.status, isLiquid ? "text/html; charset=utf-8" : type, words, cache);
  }

  function editTheme(req: IncomingMessage, res: ServerResponse, url: URL, { blocks, exit }: Edited): void {
    const asked = blockAsked(url.searchParams);
    if (req.method === "POST") {
      if (asked !== null) blocks.add(asked);
      return void res.writeHead(303, { location: url.pathname + url.search }).end();
    }
    const visit = { store: window.name, theme: blocks, query: url.searchParams, exit };
    send(req, res, 200, "text/html; charset=utf-8", renderThemeEditor(visit));
  }

  async function addToCart(req: IncomingMessage, res: ServerResponse, visitor: Visitor, path: string): Promise<void> {
    const text = (await readBody(req)).toString("utf8");
    const variant = /name="id"\s+(\d+)/.exec(text)?.[1] ?? new URLSearchParams(text).get("id") ?? "";
    if (!window.byVariant.has(variant)) return send(req, res, 422, "application/json", `{"status":422}`);
    const cart = [visitor.cart, variant].filter(Boolean).join(".");
    res.appendHeader("set-cookie", `cart=${cart}; Path=/`);
    if (path === "add.js") return send(req, res, 200, "application/json", JSON.stringify({ id: Number(variant) }));
    res.writeHead(302, { location: "/cart" }).end();
  }

  const asset = (name: string): Buffer => readFileSync(join(extension, "assets", name.replaceAll("/", "")));

  function sendPicture(req: IncomingMessage, res: ServerResponse, file: string): void {
    const product = window.products.find(({ id }) => file === `${id}.svg`);
    if (!product) return send(req, res, 404, "text/plain", "Not Found");
    return send(req, res, 200, "image/svg+xml", productPicture(product), "public, max-age=31536000");
  }

  return (req, res) => {
    respond(req, res).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else send(req, res, 500, "text/plain", error instanceof Error ? error.message : String(error));
    });
  };
}

/** Countries with prices of their own; everywhere else they are the shop's. */
const MARKETS: Readonly<Record<string, Market>> = { CH: { country: "CH", currency: "CHF", rate: 1.1 } };

interface Visitor {
  customer: string;
  consent: string;
  locale: string;
  country: string;
  /** Variant ids, separated by dots. */
  cart: string;
}

function visitorOf(req: IncomingMessage, { searchParams, pathname }: URL): Visitor {
  const cookies = new Map(
    (req.headers.cookie ?? "").split(/; */).map((pair) => pair.split("=", 2) as [string, string | undefined]),
  );
  // What the script asks through the proxy has parameters of the same names, which say nothing about the visitor.
  const isPage = !pathname.startsWith("/apps/");
  const get = (name: string, usual: string, shape: RegExp): string => {
    const value = (isPage ? searchParams.get(name) : null) ?? cookies.get(name) ?? usual;
    return shape.test(value) ? value : usual;
  };
  return {
    customer: get("customer", "", /^\d*$/),
    consent: get("consent", "yes", /^(yes|no|preferences)$/),
    locale: get("locale", "en", /^(en|de)$/),
    country: get("country", "DE", /^[A-Z]{2}$/),
    cart: get("cart", "", /^[\d.]*$/),
  };
}

/** https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies */
function sign(query: URLSearchParams, secret: string): string {
  const message = [...new Set(query.keys())]
    .sort()
    .map((name) => `${name}=${query.getAll(name).join(",")}`)
    .join("");
  return createHmac("sha256", secret).update(message).digest("hex");
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function typeOf(name: string): string {
  return name.endsWith(".js") ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
}

/** Compressed, as Shopify's servers send it. */
function send(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  cache = "no-store",
): void {
  const packed = /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? "")) && body.length > 500;
  if (status === 204 || status === 304) return void res.writeHead(status).end();
  res.writeHead(status, {
    "content-type": type,
    "cache-control": cache,
    ...(packed && { "content-encoding": "gzip" }),
  });
  res.end(packed ? gzipSync(body) : body);
}
