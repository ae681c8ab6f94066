import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import type { Language } from "../texts/text.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import type { Arm } from "./holdout/arm.ts";
import type { ArmOf } from "./holdout/enter-holdout.server.ts";
import type { CustomerList, ShownProduct } from "./list.ts";
import { type ListRequest, listRequestSchema, readParameters } from "./proxy-request.ts";
import { isProxySigned } from "./proxy-signature.server.ts";
import { reasonText } from "./reason.ts";
import type { Recommender } from "./recommender.server.ts";
import { type RecommendationSettings, settingsSchema } from "./settings.ts";
import type { SettingsOf } from "./settings-of.server.ts";
import { renderLiquid, renderList } from "./render-list.ts";
import { createWrittenLists } from "./written-lists.server.ts";

export interface ProxyDoorOptions {
  sql: Sql;
  /** The app's secret, and the one before it while it is being rotated. */
  secrets: readonly string[];
  recommender: Pick<Recommender, "listsOf">;
  armOf: ArmOf;
  settingsOf: SettingsOf;
  log: Log;
}

/** What is answered. */
interface Answer {
  /** What the list was made from, by which feedback names it. */
  list: string;
  /** Made for this customer. */
  personal: boolean;
  confidence: number | null;
  /** Of the comparison with the fallback; null: not compared. */
  arm: Arm | null;
  items: ShownProduct[];
}

type Strategies = RecommendationSettings["strategies"];
type Chosen = Omit<Answer, "arm">;

interface Reply {
  status: number;
  type: string;
  body: string;
  cache: string;
}

/** Shopify puts in the prices and the stock of the shopper's country: another shopper's browser may not be given them. */
const IN_THE_BROWSER = "private, max-age=60";
/** A shop's currency is another one at the latest after this time, too. */
const SHOP_KNOWN_MS = 60_000;
const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Recommendations for the storefront, behind Shopify's app proxy: from memory where this process has the shop's lists open, else as
 * they were last written. An unknown shop or product gets an empty list, so that a block renders nothing and never breaks.
 */
export function createProxyDoor(
  options: ProxyDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { sql, secrets, log } = options;
  const written = createWrittenLists(sql);
  const shops = new Map<string, { shop: Shop; until: number }>();

  /** One that was erased and has the app again is another shop. While the database is away, as it was last known. */
  const shopOf = async (domain: string): Promise<Shop | null> => {
    const held = shops.get(domain);
    if (held && held.until > performance.now()) return held.shop;
    const shop = await findShop(sql, domain).catch((error: unknown) => {
      if (!held) throw error;
      return held.shop;
    });
    if (shop) shops.set(domain, { shop, until: performance.now() + SHOP_KNOWN_MS });
    else shops.delete(domain);
    return shop;
  };

  /** Somebody held out sees the fallback wherever a list stands, and as many of it. */
  const fallback = async (shop: ShopId, asked: ListRequest): Promise<Chosen> => {
    const lists = options.recommender.listsOf(shop)?.atLeast(asked.limit ?? 0);
    const { product, cart, beside, logged_in_customer_id: customerId } = asked;
    const barred = [...cart, ...beside, ...(product === undefined ? [] : [product])];
    const place = { room: asked.limit, except: barred };
    const own = customerId === "" ? null : lists?.forCustomer(customerId, barred, true);
    const kept = customerId === "" || lists ? null : await written.ofCustomer(shop, customerId, place);
    const { confidence, items } = own ?? {
      confidence: null,
      items:
        lists?.forVisitor([], barred) ??
        (kept?.personal === false ? kept.items : await written.popular(shop, customerId || null, place)),
    };
    return { list: "fallback", personal: false, confidence, items: items.filter(({ id }) => !barred.includes(id)) };
  };

  const choose = async (shop: ShopId, asked: ListRequest, strategies: Strategies): Promise<Chosen> => {
    const lists = options.recommender.listsOf(shop)?.atLeast(asked.limit ?? 0);
    const { product, cart, viewed, placement, logged_in_customer_id: customerId } = asked;
    // A collection's page shows these already.
    const there = placement === "collection" ? [...cart, ...asked.beside] : cart;
    const place = { room: asked.limit, except: there };
    const forAnybody = (list: string, items: readonly ShownProduct[]): Chosen => ({
      list,
      personal: false,
      confidence: null,
      items: items.filter(({ id }) => !there.includes(id) && id !== product),
    });
    // What somebody had already, or does not want, is not shown to them wherever it is known who they are.
    const who = customerId === "" ? null : customerId;
    const besideAll = async (list: string, ids: readonly string[]): Promise<Chosen> =>
      forAnybody(
        list,
        lists?.forVisitor(ids, there, who) ?? (await written.beside(shop, ids.toReversed(), who, place)),
      );

    if (placement === "product" && product !== undefined) {
      const list = lists?.forProduct(product, cart, who) ?? (await written.beside(shop, [product], who, place));
      return forAnybody(`product:${product}`, list);
    }
    if (placement === "cart" && cart.length > 0) return besideAll("cart", cart);
    if (placement === "home" && strategies.home === "popular") return fallback(shop, asked);
    const isPersonal = placement !== "collection" || strategies.collection === "personal";
    const own =
      customerId === "" || !isPersonal
        ? null
        : (lists?.forCustomer(customerId, there) ?? (await written.ofCustomer(shop, customerId, place)));
    const ofOwn = (list: string, { personal, confidence, items }: CustomerList): Chosen => ({
      list,
      personal,
      confidence,
      items: items.filter(({ id }) => !there.includes(id)),
    });
    if (own?.personal && own.items.length > 0) return ofOwn("personal", own);
    if (placement === "collection" && asked.beside.length > 0) {
      return besideAll(`collection:${asked.collection ?? 0}`, asked.beside);
    }
    // Where the customer's past is not enough, what they look at now says more than what is popular.
    if (viewed.length > 0) return besideAll("viewed", viewed);
    if (own) return ofOwn("fallback", own);
    return forAnybody("popular", lists?.forVisitor([], there, who) ?? (await written.popular(shop, who, place)));
  };

  /** Customers who are one person have one history and one list. */
  const headOf = async (shop: ShopId, customerId: string): Promise<string> =>
    customerId === "" ? "" : ((await readPersons(sql, shop, [customerId])).get(customerId)?.head ?? customerId);

  const answer = async (shop: ShopId, given: ListRequest): Promise<Answer> => {
    const own = given.logged_in_customer_id;
    const asked = { ...given, logged_in_customer_id: await headOf(shop, own).catch(() => own) };
    const person = { customerId: own || null, clientId: asked.client ?? null };
    const { strategies } = await options.settingsOf(shop).catch(() => settingsSchema.parse({}));
    // Lists are answered while the database is away; who is in which arm is not known then, and nothing is compared.
    const arm = await options.armOf(shop, person).catch((error: unknown) => {
      log.warn({ err: error, shopId: shop }, "arm of the comparison not known");
      return null;
    });
    return { arm, ...(arm === "held_out" ? await fallback(shop, asked) : await choose(shop, asked, strategies)) };
  };

  const take = async (url: string): Promise<Reply> => {
    const { searchParams } = new URL(url, "http://proxy.invalid");
    if (!isProxySigned(searchParams, secrets, new Date())) {
      return refusal(401, { error: "bad_signature", message: "This address is reached through the shop's app proxy." });
    }
    const read = readParameters(searchParams, listRequestSchema);
    if (read.outcome === "refused") {
      return refusal(400, { error: "bad_request", field: read.field, message: `${read.field} ${read.message}.` });
    }
    const asked = read.value;
    const shop = await shopOf(asked.shop);
    const found = shop && (await answer(shop.id, asked));
    const { items, ...about } = found ?? { list: "none", personal: false, confidence: null, arm: null, items: [] };
    return {
      ...render({ ...about, items: items.slice(0, asked.limit) }, asked, shop?.currency ?? null),
      status: 200,
      cache: !isForAnybody(asked)
        ? "private, no-store"
        : asked.format === "liquid"
          ? IN_THE_BROWSER
          : "public, max-age=60",
    };
  };

  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    void take(request.url ?? "/")
      .catch((error: unknown): Reply => {
        log.warn({ err: error }, "recommendations not answered");
        return refusal(503, { error: "unavailable", message: "Recommendations are away for the moment." });
      })
      .then((reply) => send(request, response, reply));
  };
}

/**
 * What does not depend on who asks may be kept by everybody; the address names all that it depends on. Of a customer, whom only Shopify's
 * address names and the browser's does not, nothing is kept: even beside a product one who is held out sees what is not in their orders.
 */
function isForAnybody({ client, logged_in_customer_id: customerId }: ListRequest): boolean {
  return client === undefined && customerId === "";
}

function render(answer: Answer, { format, heading, locale }: ListRequest, currency: string | null) {
  switch (format) {
    case "json":
      return { type: JSON_TYPE, body: JSON.stringify({ ...answer, items: answer.items.map(toldIn(locale)) }) };
    case "html":
      return {
        type: "text/html; charset=utf-8",
        body: renderList(answer.items, heading, { language: locale, currency }),
      };
    case "liquid": {
      const { list, personal, arm, items } = answer;
      return { type: "application/liquid; charset=utf-8", body: renderLiquid({ list, personal, arm, items }, locale) };
    }
  }
}

/** With why it stands there as a sentence too. */
function toldIn(language: Language): (item: ShownProduct) => ShownProduct & { why: string } {
  return (item) => ({ ...item, why: reasonText(item.reason, language) });
}

function refusal(status: number, body: { error: string; field?: string; message: string }): Reply {
  return { status, type: JSON_TYPE, body: JSON.stringify(body), cache: "no-store" };
}

/** A browser that has the same answer already is told so, unless it may not keep it. */
function send(request: IncomingMessage, response: ServerResponse, { status, type, body, cache }: Reply): void {
  if (response.destroyed) return;
  response.setHeader("cache-control", cache);
  if (cache.startsWith("public")) {
    const tag = `"${createHash("sha1").update(body).digest("base64url")}"`;
    response.setHeader("etag", tag);
    if (request.headers["if-none-match"]?.includes(tag)) {
      response.writeHead(304).end();
      return;
    }
  }
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}
