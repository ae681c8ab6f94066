import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import type { ShownProduct } from "./list.ts";
import { readCustomerList, readProductList } from "./lists-store.server.ts";
import { isProxySigned } from "./proxy-signature.server.ts";
import type { Recommender } from "./recommender.server.ts";
import { renderList } from "./render-list.ts";

export interface ProxyDoorOptions {
  sql: Sql;
  /** The app's secret, and the one before it while it is being rotated. */
  secrets: readonly string[];
  recommender: Pick<Recommender, "listsOf">;
  log: Log;
}

const ids = z
  .string()
  .regex(/^(\d{1,20}(,\d{1,20}){0,49})?$/)
  .default("")
  .transform((list) => (list === "" ? [] : list.split(",")));

const querySchema = z.object({
  shop: z
    .string()
    .max(255)
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/),
  /** From Shopify alone, so that a list is only ever shown to the customer it is about. Empty for a visitor. */
  logged_in_customer_id: z
    .string()
    .regex(/^\d{0,20}$/)
    .default(""),
  /** The product that is looked at. */
  product: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  /** Product ids: looked at in this session, the newest last; in the cart. */
  viewed: ids,
  cart: ids,
  format: z.enum(["json", "html"]).default("json"),
  heading: z.string().max(100).default(""),
});
type Query = z.infer<typeof querySchema>;

/** What is answered; `personal` lists are for one browser only. */
interface Answer {
  personal: boolean;
  confidence: number | null;
  items: ShownProduct[];
}

/**
 * Recommendations for the storefront, behind Shopify's app proxy: from memory where this process has the shop's lists open, else as
 * they were last written. An unknown shop or product gets an empty list, so that a block renders nothing and never breaks.
 */
export function createProxyDoor(
  options: ProxyDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { sql, secrets, log } = options;
  const shops = new Map<string, Shop>();

  const shopOf = async (domain: string): Promise<Shop | null> => {
    const known = shops.get(domain) ?? (await findShop(sql, domain));
    if (known) shops.set(domain, known);
    return known;
  };

  const answer = async (query: Query): Promise<Answer> => {
    const shop = await shopOf(query.shop);
    if (!shop) return { personal: false, confidence: null, items: [] };
    const lists = options.recommender.listsOf(shop.id);
    const customerId = query.logged_in_customer_id;
    const forAnybody = (items: readonly ShownProduct[]): Answer => ({
      personal: false,
      confidence: null,
      items: items.filter(({ id }) => !query.cart.includes(id) && id !== query.product),
    });
    if (query.product !== undefined) {
      return forAnybody(
        lists?.forProduct(query.product, query.cart) ?? (await readProductList(sql, shop.id, query.product)) ?? [],
      );
    }
    if (customerId !== "") {
      const list = lists?.forCustomer(customerId, query.cart) ?? (await readCustomerList(sql, shop.id, customerId));
      if (list) return { ...list, items: list.items.filter(({ id }) => !query.cart.includes(id)) };
    }
    const last = query.viewed.at(-1);
    return forAnybody(
      lists?.forVisitor(query.viewed, query.cart) ?? (last ? await readProductList(sql, shop.id, last) : null) ?? [],
    );
  };

  const take = async (url: string): Promise<{ status: number; type: string; body: string; cache: string }> => {
    const { searchParams } = new URL(url, "http://proxy.invalid");
    const refused = (status: number, body: string) => ({ status, body, type: "text/plain", cache: "no-store" });
    if (!isProxySigned(searchParams, secrets, new Date())) return refused(401, "bad_signature");
    const query = querySchema.safeParse(Object.fromEntries(searchParams));
    if (!query.success) return refused(400, "bad_request");
    const answered = await answer(query.data);
    // What does not depend on who asks may be kept by everybody; the address names all that it depends on.
    const cache = query.data.logged_in_customer_id === "" ? "public, max-age=60" : "private, no-store";
    return query.data.format === "html"
      ? { status: 200, body: renderList(answered.items, query.data.heading), type: "text/html; charset=utf-8", cache }
      : { status: 200, body: JSON.stringify(answered), type: "application/json", cache };
  };

  return (request, response) => {
    void take(request.url ?? "/")
      .catch((error: unknown) => {
        log.warn({ err: error }, "recommendations not answered");
        return { status: 503, body: "unavailable", type: "text/plain", cache: "no-store" };
      })
      .then(({ status, body, type, cache }) => {
        if (response.destroyed) return;
        response.writeHead(status, { "content-type": type, "cache-control": cache }).end(body);
      });
  };
}
