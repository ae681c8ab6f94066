import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import { localeSchema, readWith } from "../recommendation/proxy-request.ts";
import type { Recommender } from "../recommendation/recommender.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readShop, type Shop } from "../shopify/shop-store.server.ts";
import { languageOf } from "../texts/text.ts";
import { contentData } from "./content-data.ts";
import { readFeedToken } from "./feed-token.server.ts";
import { useFeed } from "./feeds-store.server.ts";
import { popularOf, type ServeBlock } from "./serve-block.server.ts";
import { NOBODY, readContentSubject } from "./subject-store.server.ts";

export interface FeedDoorOptions {
  sql: Sql;
  crypto: Pick<Crypto, "marks">;
  recommender: Pick<Recommender, "listsOf">;
  serve: ServeBlock;
  log: Log;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

const languageSchema = z.object({ locale: localeSchema.optional() });

/** An answer is made once in so long, however often a mailing asks for it. */
const KEEP_MS = 60_000;
const MOST_KEPT = 5_000;
/** Nothing about a person is kept by anybody between the tool and this process. */
const CACHE = `private, max-age=${KEEP_MS / 1000}`;

/**
 * For tools that fetch while they send: `/feed/recommendations` (JSON) and `/feed/content/<handle>` (HTML), both with `?token=`. The token
 * of a customer is for that customer alone; with the shop's, `&customer=` says whose. `&locale=` says in which language reasons are told,
 * the shop's own where it is not there. Revoking a feed ends its tokens at once; answers are
 * kept a minute. An unknown customer gets what is popular.
 */
export function createFeedDoor({
  sql,
  crypto,
  recommender,
  serve,
  log,
}: FeedDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const kept = new Map<string, { until: number; answer: Answer }>();

  const make = async (shop: Shop, path: string, customerId: string | null, locale?: string): Promise<Answer> => {
    const handle = /^\/feed\/content\/([a-z0-9][a-z0-9-]{0,62})$/.exec(path)?.[1];
    if (handle !== undefined) {
      const served = await serve(shop, handle, customerId, locale);
      if (served.outcome === "unknown_block") return plain(404, "There is no published block with this handle.");
      if (served.outcome === "not_rendered") return plain(503, "The block did not come to its end.");
      return { status: 200, type: "text/html; charset=utf-8", body: served.html };
    }
    if (path !== "/feed/recommendations") return plain(404, "There is no such feed.");
    const subject = customerId === null ? NOBODY : await readContentSubject(sql, shop.id, customerId);
    const data = contentData(
      { ...subject, popular: await popularOf(sql, recommender, shop, subject.profile), locale: locale ?? null },
      shop,
      "email",
    );
    const body = JSON.stringify({ personal: data.personal, currency: shop.currency, products: data.products });
    return { status: 200, type: "application/json", body };
  };

  const take = async (url: string): Promise<Answer> => {
    const { pathname, searchParams } = new URL(url, "http://feed.invalid");
    const holder = readFeedToken(crypto, (searchParams.get("token") ?? "").slice(0, 200));
    if (!holder || !(await useFeed(sql, holder.shopId as ShopId, holder.feedId, new Date()))) {
      return plain(401, "The token is missing, mistyped or revoked.");
    }
    const asked = searchParams.get("customer");
    if (holder.customerId !== null && asked !== null && asked !== holder.customerId) {
      return plain(403, "This token is for another customer.");
    }
    const customerId = holder.customerId ?? (asked === null || asked === "" ? null : readShopifyId(asked));
    if (asked !== null && asked !== "" && customerId === null) {
      return plain(400, "customer is the number of a customer in Shopify, as in customer=7001.");
    }
    // A tool that knows no language of somebody leaves it empty.
    const read = readWith({ locale: searchParams.getAll("locale").join() || undefined }, languageSchema);
    if (read.outcome === "refused") return plain(400, `${read.field} ${read.message}.`);
    const { locale } = read.value;
    const shop = await readShop(sql, holder.shopId as ShopId);
    if (!shop || isUninstalled(shop)) return plain(401, "The shop does not use Muster any more.");
    const key = `${shop.id} ${pathname} ${customerId ?? ""} ${locale === undefined ? "" : languageOf(locale)}`;
    const known = kept.get(key);
    if (known && known.until > Date.now()) return known.answer;
    const answer = await make(shop, pathname, customerId, locale);
    if (answer.status === 200) {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, { until: Date.now() + KEEP_MS, answer });
    }
    return answer;
  };

  return (request, response) => {
    void take(request.url ?? "/")
      .catch((error: unknown) => {
        log.warn({ err: error }, "a feed was not answered");
        return plain(503, "Try again in a moment.");
      })
      .then(({ status, type, body }) => {
        if (response.destroyed) return;
        const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
        const unchanged = status === 200 && request.headers["if-none-match"] === tag;
        response
          .writeHead(unchanged ? 304 : status, {
            "content-type": type,
            "cache-control": status === 200 ? CACHE : "no-store",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            ...(status === 200 && { etag: tag }),
          })
          .end(unchanged ? undefined : body);
      });
  };
}

function isUninstalled({ installedAt, uninstalledAt }: Shop): boolean {
  return uninstalledAt !== null && (installedAt === null || uninstalledAt >= installedAt);
}

function plain(status: number, body: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body };
}
