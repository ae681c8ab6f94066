import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { fromShopSchema, localeSchema, readParameters } from "../recommendation/proxy-request.ts";
import { isProxySigned } from "../recommendation/proxy-signature.server.ts";
import { findShop } from "../shopify/shop-store.server.ts";
import type { ServeBlock } from "./serve-block.server.ts";

export interface ContentDoorOptions {
  sql: Sql;
  /** The app's secret, and the one before it while it is being rotated. */
  secrets: readonly string[];
  serve: ServeBlock;
  log: Log;
}

interface Answer {
  status: number;
  type: string;
  body: string;
  cache: string;
}

/** `locale`: of the page that the block stands in. */
const requestSchema = fromShopSchema.extend({ locale: localeSchema.optional() });

/**
 * A block for the storefront, behind Shopify's app proxy: `/proxy/content/<handle>`, and `?locale=` of the page. A block that is not
 * there, or does not come to its end, is nothing at all, so that the page around it never breaks.
 */
export function createContentDoor({
  sql,
  secrets,
  serve,
  log,
}: ContentDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const take = async (url: string): Promise<Answer> => {
    const { pathname, searchParams } = new URL(url, "http://proxy.invalid");
    const refused = (status: number, body: string): Answer => ({ status, body, type: "text/plain", cache: "no-store" });
    if (!isProxySigned(searchParams, secrets, new Date())) return refused(401, "bad_signature");
    const handle = /^\/proxy\/content\/([a-z0-9][a-z0-9-]{0,62})$/.exec(pathname)?.[1];
    const query = readParameters(searchParams, requestSchema);
    if (query.outcome === "refused") return refused(400, `bad_request: ${query.field} ${query.message}.`);
    if (handle === undefined) return refused(400, "bad_request: this is no handle of a block.");
    const customerId = query.value.logged_in_customer_id || null;
    const shop = await findShop(sql, query.value.shop);
    const html = (body: string, cache: string): Answer => ({
      status: 200,
      body,
      cache,
      type: "text/html; charset=utf-8",
    });
    if (!shop) return html("", "no-store");
    const served = await serve(shop, handle, customerId, query.value.locale);
    if (served.outcome === "not_rendered") {
      log.warn({ shop: shop.id, block: handle, reason: served.reason }, "a block was not rendered");
    }
    if (served.outcome !== "served") return html("", "no-store");
    // What is the same for everybody who is nobody may be kept by everybody.
    return html(served.html, customerId === null ? "public, max-age=60" : "private, no-store");
  };

  return (request, response) => {
    void take(request.url ?? "/")
      .catch((error: unknown): Answer => {
        log.warn({ err: error }, "a block was not answered");
        return { status: 503, body: "unavailable", type: "text/plain", cache: "no-store" };
      })
      .then(({ status, body, type, cache }) => {
        if (response.destroyed) return;
        response
          .writeHead(status, { "content-type": type, "cache-control": cache, "x-content-type-options": "nosniff" })
          .end(body);
      });
  };
}
