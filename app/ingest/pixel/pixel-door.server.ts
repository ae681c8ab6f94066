import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../platform/clock.ts";
import { type Db, isAboutValues, type Sql } from "../../platform/db.server.ts";
import type { Log } from "../../platform/log.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Erased } from "../erased/erased.ts";
import { findErased, holdOffErasures, type Marks } from "../erased/erased-store.server.ts";
import { type Mention, mentionKey } from "../erased/mentions.ts";
import { createGroupCommit } from "../group-commit.ts";
import { readBody } from "../read-body.server.ts";
import { readPixelMessage } from "./pixel-event.ts";
import { insertPixelEvents, type PixelArrival, type PixelShop, shopOfPixel } from "./pixel-store.server.ts";
import { addressPrefix, createTokenBuckets } from "./token-buckets.ts";

const MAX_BODY_BYTES = 16 * 1024;
/** Of one shop and of one neighbourhood of addresses, in events; a page view is one. */
const OF_SHOP = { perSecond: 200, burst: 2_000 };
const OF_PREFIX = { perSecond: 20, burst: 200 };
/** A shop that is installed is known to its pixels after this time at the latest. */
const UNKNOWN_FOR_MS = 10_000;
const KNOWN_FOR_MS = 60_000;
const MOST_KEYS = 10_000;

export interface PixelDoorOptions {
  db: Db;
  /** Knows again who was erased. */
  marks: Marks;
  clock: Pick<Clock, "now">;
  log: Log;
  /** How many of our own proxies stand between the browser and this process: each has added one address to X-Forwarded-For. */
  proxies: number;
  /** Something came that may be a customer's. */
  onRecorded(shop: PixelShop["id"]): void;
  counted(outcome: PixelOutcome): void;
  /** Milliseconds that never go back, by which the buckets fill. */
  ticks?: () => number;
}

/** What happens to a request, with the status it is answered with. */
export type PixelOutcome =
  | "recorded" // 204, of events that are known already too
  | "preflight" // 204
  | "bad_request" // 400: says which field
  | "unknown_key" // 404
  | "not_post" // 405
  | "too_large" // 413
  | "too_many" // 429
  | "unavailable"; // 503

const statuses: Record<PixelOutcome, number> = {
  recorded: 204,
  preflight: 204,
  bad_request: 400,
  unknown_key: 404,
  not_post: 405,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
};

/**
 * Where web pixels send what happens in browsers. Anybody can send anything here, so nothing that comes in sets an identity, a consent
 * or an amount: events are kept under the browser's own id, and whose browser it is only orders and checkouts say that Shopify signed.
 */
export function createPixelDoor(
  options: PixelDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { db, clock, log } = options;
  const ticks = options.ticks && { now: options.ticks };
  const ofShop = createTokenBuckets({ ...OF_SHOP, ...ticks });
  const ofPrefix = createTokenBuckets({ ...OF_PREFIX, ...ticks });
  const shopOf = createKeyCache((key) => shopOfPixel(db, key));
  const events = createGroupCommit({
    commit: (arrivals: PixelArrival[]) => db.tx((tx) => recordEvents(tx, options.marks, arrivals)),
    isOutage: (error) => !isAboutValues(error),
    sizeOf: () => 500,
    maxItems: 500,
    maxBytes: 1024 * 1024,
    maxWaiting: 2_000,
    maxWaitingBytes: 2_000 * 500,
  });

  const take = async (request: IncomingMessage): Promise<{ outcome: PixelOutcome; words?: string }> => {
    if (request.method === "OPTIONS") return { outcome: "preflight" };
    if (request.method !== "POST") return { outcome: "not_post" };
    const prefix = addressPrefix(addressOf(request, options.proxies));
    if (!ofPrefix.take(prefix, 1)) return { outcome: "too_many" };
    const receivedAt = new Date();
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too_large") return { outcome: "too_large" };
    const message = readPixelMessage(parse(body), clock.now());
    if (message.outcome === "refused") return { outcome: "bad_request", words: message.reason };
    const shop = await shopOf(message.key);
    if (!shop) return { outcome: "unknown_key" };
    // Before the shop's, so that one neighbourhood does not use up what belongs to all of the shop's visitors.
    if (!ofPrefix.take(prefix, message.events.length - 1)) return { outcome: "too_many" };
    if (!ofShop.take(message.key, message.events.length)) return { outcome: "too_many" };
    const recorded = await Promise.all(message.events.map((event) => events.add({ shop, event, receivedAt })));
    if (recorded.includes("recorded")) options.onRecorded(shop.id);
    return { outcome: "recorded" };
  };

  return (request, response) => {
    void take(request)
      .catch((error: unknown): { outcome: PixelOutcome; words?: string } => {
        log.warn({ err: error }, "pixel events not recorded");
        return { outcome: "unavailable" };
      })
      .then(({ outcome, words = outcome }) => {
        options.counted(outcome);
        if (response.destroyed) return;
        // A strict sandbox sends from the origin "null", so every origin is let in; nothing here depends on who asks.
        response.setHeader("access-control-allow-origin", "*");
        if (outcome === "preflight") {
          response.setHeader("access-control-allow-methods", "POST");
          response.setHeader("access-control-allow-headers", "content-type");
          response.setHeader("access-control-max-age", "86400");
        }
        if (outcome === "too_many" || outcome === "unavailable") response.setHeader("retry-after", "5");
        if (outcome === "not_post") response.setHeader("allow", "POST, OPTIONS");
        if (outcome === "too_large") response.setHeader("connection", "close");
        const status = statuses[outcome];
        response.writeHead(status, { "content-type": "text/plain" }).end(status === 204 ? undefined : words);
      });
  };
}

/** What was seen in a browser before its person was erased does not come back, however late it arrives. */
async function recordEvents(
  tx: Sql,
  marks: Marks,
  arrivals: readonly PixelArrival[],
): Promise<("recorded" | "duplicate")[]> {
  const erased = new Map<ShopId, Erased>();
  const byShop = [...Map.groupBy(arrivals, ({ shop }) => shop.id)].toSorted(([a], [b]) => a - b);
  for (const [shop, its] of byShop) {
    await holdOffErasures(tx, shop);
    erased.set(shop, await findErased(tx, shop, marks, its.map(mentionOf)));
  }
  const kept = arrivals.filter((arrival) => {
    const tombstone = erased.get(arrival.shop.id)?.get(mentionKey(mentionOf(arrival)));
    return !tombstone || arrival.event.occurredAt > tombstone.erasedAt;
  });
  const outcomes = new Map((await insertPixelEvents(tx, kept)).map((outcome, index) => [kept[index], outcome]));
  return arrivals.map((arrival) => outcomes.get(arrival) ?? "duplicate");
}

function mentionOf({ event }: PixelArrival): Mention {
  return { kind: "token", value: event.clientId };
}

/** The address the last proxy that is not ours saw; what stands further left in the header is anybody's claim. */
function addressOf(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  if (proxies === 0) return direct;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
  return forwarded.at(-proxies)?.trim() || direct;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Looks keys up once in a while; a key that nobody has costs no query either while it is repeated. */
function createKeyCache(find: (key: string) => Promise<PixelShop | null>) {
  const known = new Map<string, { shop: Promise<PixelShop | null>; until: number }>();
  return async (key: string): Promise<PixelShop | null> => {
    const now = performance.now();
    const held = known.get(key);
    if (held && held.until > now) return held.shop;
    if (known.size >= MOST_KEYS) known.clear();
    const entry = { shop: find(key), until: now + UNKNOWN_FOR_MS };
    known.set(key, entry);
    try {
      const shop = await entry.shop;
      if (shop) entry.until = now + KNOWN_FOR_MS;
      return shop;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  };
}
