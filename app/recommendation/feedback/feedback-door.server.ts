import type { IncomingMessage, ServerResponse } from "node:http";
import { findErased, holdOffErasures, type Marks } from "../../ingest/erased/erased-store.server.ts";
import { type Mention, mentionKey } from "../../ingest/erased/mentions.ts";
import { createGroupCommit } from "../../ingest/group-commit.ts";
import { createTokenBuckets } from "../../ingest/pixel/token-buckets.ts";
import { readBody } from "../../ingest/read-body.server.ts";
import { readPersons } from "../../profile/identity/persons-store.server.ts";
import { type Db, isAboutValues } from "../../platform/db.server.ts";
import type { Log } from "../../platform/log.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { findShop, isInstalled, type Shop } from "../../shopify/shop-store.server.ts";
import { fromShopSchema, readParameters, readWith } from "../proxy-request.ts";
import { enqueueRecommendations } from "../lists-store.server.ts";
import { isProxySigned } from "../proxy-signature.server.ts";
import { feedbackMessageSchema, happenedAt } from "./feedback-message.ts";
import { type CartClaim, type Feedback, insertCartClaims, insertFeedback } from "./feedback-store.server.ts";

const MAX_BODY_BYTES = 16 * 1024;
/** Events of one shop, and of one browser or customer: a page shows some ten products. */
const OF_SHOP = { perSecond: 200, burst: 2_000 };
const OF_VISITOR = { perSecond: 2, burst: 200 };
const KNOWN_FOR_MS = 60_000;

export interface FeedbackDoorOptions {
  db: Db;
  /** The app's secret, and the one before it while it is being rotated. */
  secrets: readonly string[];
  /** Knows again who was erased. */
  marks: Marks;
  log: Log;
}

type Outcome =
  | { status: 204 | 401 | 404 | 405 | 413 | 429 | 503 }
  /** `field` and what is wrong with it. */
  | { status: 400; field: string; message: string };

/**
 * Where the storefront's script tells what was shown, clicked, added and not wanted, behind Shopify's app proxy. Who the customer is
 * comes from the signed parameter alone; the rest is a browser's word, kept apart in a table of its own and limited in pace.
 */
export function createFeedbackDoor(
  options: FeedbackDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { db, secrets, log } = options;
  const ofShop = createTokenBuckets(OF_SHOP);
  const ofVisitor = createTokenBuckets(OF_VISITOR);
  const shopOf = createShopCache((domain) => findShop(db, domain));
  const messages = createGroupCommit({
    commit: (given: Given[]) => db.tx((tx) => recordAll(tx, options.marks, given)),
    isOutage: (error) => !isAboutValues(error),
    sizeOf: () => 1,
    maxItems: 100,
    maxBytes: 1_000,
    maxWaiting: 2_000,
    maxWaitingBytes: 2_000,
  });

  const take = async (request: IncomingMessage): Promise<Outcome> => {
    if (request.method !== "POST") return { status: 405 };
    const { searchParams } = new URL(request.url ?? "/", "http://proxy.invalid");
    if (!isProxySigned(searchParams, secrets, new Date())) return { status: 401 };
    const from = readParameters(searchParams, fromShopSchema);
    if (from.outcome === "refused") return { status: 400, ...from };
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too_large") return { status: 413 };
    const message = readWith(parse(body), feedbackMessageSchema);
    if (message.outcome === "refused") return { status: 400, ...message };
    const shop = await shopOf(from.value.shop);
    if (!shop || !isInstalled(shop)) return { status: 404 };
    const { client = null, cart = null, events } = message.value;
    const customerId = from.value.logged_in_customer_id || null;
    const visitor = `${shop.id} ${client ?? customerId ?? ""}`;
    if (!ofVisitor.take(visitor, events.length) || !ofShop.take(String(shop.id), events.length)) return { status: 429 };
    const now = new Date();
    const feedback = events.map(({ id, at, list, product, arm = null, explored = false, ...rest }): Feedback => ({
      ...rest,
      eventId: id,
      at: happenedAt(at, now),
      listKey: list,
      productId: product,
      customerId,
      clientId: client,
      arm,
      explored,
    }));
    await messages.add({ shop: shop.id, feedback, claim: client && cart ? { clientId: client, token: cart } : null });
    return { status: 204 };
  };

  return (request, response) => {
    void take(request)
      .catch((error: unknown): Outcome => {
        log.warn({ err: error }, "feedback not recorded");
        return { status: 503 };
      })
      .then((outcome) => {
        if (response.destroyed) return;
        const { status } = outcome;
        response.setHeader("cache-control", "no-store");
        if (status === 405) response.setHeader("allow", "POST");
        if (status === 413) response.setHeader("connection", "close");
        if (status === 429 || status === 503) response.setHeader("retry-after", "30");
        if (outcome.status !== 400) {
          response.writeHead(status).end();
          return;
        }
        const { field, message } = outcome;
        const words = { error: "bad_request", field, message: `${field} ${message}.` };
        response.writeHead(400, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(words));
      });
  };
}

/** What one message brought. */
interface Given {
  shop: ShopId;
  feedback: Feedback[];
  /** The cart that the browser says is its own. */
  claim: CartClaim | null;
}

/** What a customer did before being erased does not come back, however late it arrives. */
async function recordAll(tx: Parameters<typeof insertFeedback>[0], marks: Marks, given: Given[]): Promise<null[]> {
  const byShop = [...Map.groupBy(given, ({ shop }) => shop)].toSorted(([a], [b]) => a - b);
  for (const [shop, messages] of byShop) {
    await holdOffErasures(tx, shop);
    const all = messages.flatMap(({ feedback }) => feedback);
    const claims = messages.flatMap(({ claim }) => claim ?? []);
    const mention = (kind: "customer" | "token", value: string | null): Mention[] =>
      value === null ? [] : [{ kind, value }];
    const ofFeedback = ({ customerId, clientId }: Feedback) => [
      ...mention("customer", customerId),
      ...mention("token", clientId),
    ];
    const ofClaim = ({ token, clientId }: CartClaim) => [...mention("token", token), ...mention("token", clientId)];
    const mentioned = [...all.flatMap(ofFeedback), ...claims.flatMap(ofClaim)];
    const unique = new Map(mentioned.map((one) => [mentionKey(one), one]));
    const erased = await findErased(tx, shop, marks, [...unique.values()]);
    const tombstones = (mentions: Mention[]) => mentions.flatMap((one) => erased.get(mentionKey(one)) ?? []);
    const kept = all.filter((one) => tombstones(ofFeedback(one)).every(({ erasedAt }) => one.at > erasedAt));
    await insertFeedback(tx, shop, kept);
    // What somebody does not want leaves their list at once, and with it the e-mails.
    const refusing = kept.flatMap(({ kind, customerId }) => (kind === "not_for_me" && customerId ? [customerId] : []));
    const persons = await readPersons(tx, shop, [...new Set(refusing)]);
    const heads = refusing.map((id) => persons.get(id)?.head ?? id);
    await enqueueRecommendations(tx, shop, [...new Set(heads)], new Date());
    await insertCartClaims(
      tx,
      shop,
      claims.filter((one) => tombstones(ofClaim(one)).length === 0),
      new Date(),
    );
  }
  return given.map(() => null);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Asked at most once a minute whether a shop is there and has the app. Only signed names come here. */
function createShopCache(find: (domain: string) => Promise<Shop | null>) {
  const known = new Map<string, { shop: Shop | null; until: number }>();
  return async (domain: string): Promise<Shop | null> => {
    const held = known.get(domain);
    if (held && held.until > performance.now()) return held.shop;
    const shop = await find(domain);
    known.set(domain, { shop, until: performance.now() + KNOWN_FOR_MS });
    return shop;
  };
}
