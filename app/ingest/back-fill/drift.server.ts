import { z } from "zod";
import type { AdminAnswer, AskAdmin } from "../../shopify/ask-admin.server.ts";
import {
  CUSTOMERS,
  CUSTOMERS_AT_ONCE,
  CUSTOMERS_UPDATED,
  MORE_LINES,
  ORDERS,
  ORDERS_AT_ONCE,
  ORDERS_UPDATED,
  REFUNDS_AT_ONCE,
} from "../../shopify/operations.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import { foldCase } from "../../platform/fold-case.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Marks } from "../erased/erased-store.server.ts";
import { siftFacts } from "../erased/sift-facts.server.ts";
import { type ConsentFact, type Facts, noFacts } from "../facts.ts";
import { mergeFacts } from "../facts-store.server.ts";
import {
  beginLooks,
  countRepairs,
  customersBehind,
  type DriftKind,
  moveLook,
  ordersBehind,
  readLooks,
  recordLook,
  type StatedConsent,
} from "./drift-store.server.ts";
import {
  consentFacts,
  consentState,
  customerFact,
  customerNode,
  lineNode,
  localeFacts,
  numericId,
  orderFact,
  orderNode,
  type Reading,
  tagFacts,
} from "./node-facts.ts";
import { removedTags } from "./held-tags-store.server.ts";
import { labelList, optionalLocale } from "../payload.ts";
import { changedMetafields, heldMetafields, keepDefinitions } from "./metafield-definitions-store.server.ts";
import { askDefinitions, askMetafields } from "./metafields.server.ts";
import { type PageInfo, pageOf } from "./page.ts";
import { askRefunds } from "./refunds.server.ts";

export interface LookForDrift {
  db: Db;
  shop: ShopId;
  ask: AskAdmin;
  /** Knows again who was erased. */
  marks: Marks;
  signal: AbortSignal;
  now(): Date;
  /** Called in the transaction in which facts of these customers changed. */
  onChanged(tx: Sql, customers: ReadonlyMap<string, number>): Promise<void>;
}

type Refusal = Extract<AdminAnswer<never>, { outcome: "refused" }>;
type Interrupted = Extract<AdminAnswer<never>, { outcome: "later" }> | Refusal;

export type Looked =
  /** `refused`: why one of the two could not be compared, a sentence. */
  | { outcome: "looked"; repaired: Record<DriftKind, number>; refused?: string }
  /** Interrupted by Shopify; the next look goes on from where this one had come to, and what was repaired stays so. */
  | Extract<AdminAnswer<never>, { outcome: "later" }>;

/** What changed just now may be on its way as a delivery, and Shopify's search lags a little. */
const GRACE_MS = 5 * 60_000;
/** Looks overlap by this, for records that the search did not show in time. */
const OVERLAP_MS = 10 * 60_000;

/**
 * Compares what Shopify updated since the last look with what is held, by version, and reads again what is missing or behind:
 * deliveries are not guaranteed. The cost follows the drift, since of everything else only ids are read.
 */
export async function lookForDrift(look: LookForDrift): Promise<Looked> {
  const repaired: Record<DriftKind, number> = { customers: 0, orders: 0 };
  let refused: string | undefined;
  const kinds = await beginLooks(look.db, look.shop);
  const looks = await readLooks(look.db, look.shop);
  const at = look.now();
  const until = new Date(at.getTime() - GRACE_MS);
  for (const { kind, lookedUntil } of looks.filter((known) => kinds.includes(known.kind))) {
    const window = { from: new Date(lookedUntil.getTime() - OVERLAP_MS), until };
    const result = await (kind === "orders" ? lookAtOrders(look, window) : lookAtCustomers(look, window));
    if (result.outcome === "later") return result;
    if (result.outcome === "refused") {
      // A permission that is missing for one says nothing of the other.
      refused ??= result.reason;
      continue;
    }
    repaired[kind] = result.repaired;
    await recordLook(look.db, look.shop, kind, { until, at, seen: result.seen, repaired: result.repaired });
  }
  return { outcome: "looked", repaired, ...(refused !== undefined && { refused }) };
}

type Compared = { outcome: "compared"; seen: number; repaired: number } | Interrupted;
type Window = { from: Date; until: Date };

interface Listing<Listed extends { updatedAt: Date }> {
  kind: DriftKind;
  operation: string;
  page: z.ZodType<{ listed: Listed[]; pageInfo: PageInfo }>;
  behind(listed: readonly Listed[]): Promise<string[]>;
  repair(ids: readonly string[]): Promise<Repaired>;
  /** What else is read of everybody on a page. */
  readMore?(listed: readonly Listed[]): Promise<Interrupted | null>;
  atOnce: number;
}

const lookAtOrders = (look: LookForDrift, window: Window): Promise<Compared> =>
  compare(look, window, {
    kind: "orders",
    operation: ORDERS_UPDATED,
    page: orderListing,
    behind: (listed) => ordersBehind(look.db, look.shop, listed),
    repair: (ids) => repairOrders(look, ids),
    atOnce: ORDERS_AT_ONCE,
  });

async function lookAtCustomers(look: LookForDrift, window: Window): Promise<Compared> {
  const defined = await askDefinitions(look.ask);
  if (defined.outcome !== "answered") return defined;
  await look.db.tx((tx) => keepDefinitions(tx, look.shop, defined.definitions));
  const names = await heldMetafields(look.db, look.shop);
  return compare(look, window, {
    kind: "customers",
    operation: CUSTOMERS_UPDATED,
    page: customerListing,
    behind: (listed) => customersBehind(look.db, look.shop, listed, window.until),
    repair: (ids) => repairCustomers(look, ids),
    readMore: (listed) =>
      readMetafields(
        look,
        listed.map(({ id }) => id),
        names,
      ),
    atOnce: CUSTOMERS_AT_ONCE,
  });
}

/** No delivery tells of metafields, so those of every customer who was updated are read. */
async function readMetafields(
  look: LookForDrift,
  customers: readonly string[],
  names: readonly string[],
): Promise<Interrupted | null> {
  if (names.length === 0 || customers.length === 0) return null;
  const reading = readingNow(look);
  const answer = await askMetafields(look.ask, customers, names, reading);
  if (answer.outcome !== "answered") return answer;
  await look.db.tx(async (tx) => {
    const facts = { ...noFacts(), metafields: await changedMetafields(tx, look.shop, answer.facts) };
    const changed = await mergeFacts(tx, look.shop, await siftFacts(tx, look.shop, look.marks, facts));
    await look.onChanged(tx, changed);
  });
  return null;
}

const orderListing = z
  .object({ orders: pageOf(z.object({ id: z.string(), updatedAt: z.coerce.date() })) })
  .transform(({ orders: { nodes, pageInfo } }) => ({
    listed: nodes.map(({ id, updatedAt }) => ({ id: numericId(id), updatedAt })),
    pageInfo,
  }));

const statedConsent = z.object({ state: z.string(), updatedAt: z.coerce.date().nullish() }).nullish();
const listedCustomer = z.object({
  id: z.string(),
  updatedAt: z.coerce.date(),
  tags: z.array(z.string()).transform((tags) => labelList.parse(tags.join(","))),
  locale: optionalLocale,
  defaultEmailAddress: z
    .object({ marketingState: z.string(), marketingUpdatedAt: z.coerce.date().nullish() })
    .nullish(),
  defaultPhoneNumber: z
    .object({ smsMarketingConsent: statedConsent, whatsAppMarketingConsent: statedConsent })
    .nullish(),
});
const customerListing = z
  .object({ customers: pageOf(listedCustomer) })
  .transform(({ customers: { nodes, pageInfo } }) => ({
    listed: nodes.map(({ id, updatedAt, tags, locale, defaultEmailAddress: email, defaultPhoneNumber: phone }) => ({
      id: numericId(id),
      updatedAt,
      tagKeys: tags.map(foldCase),
      locale,
      consents: [
        ...stated("email", email && { state: email.marketingState, updatedAt: email.marketingUpdatedAt }),
        ...stated("sms", phone?.smsMarketingConsent),
        ...stated("whatsapp", phone?.whatsAppMarketingConsent),
      ],
    })),
    pageInfo,
  }));

/** A consent without a time of its own is behind any other and shows no drift. */
function stated(channel: ConsentFact["channel"], consent: z.infer<typeof statedConsent>): StatedConsent[] {
  return consent?.updatedAt ? [{ channel, state: consentState(consent.state), at: consent.updatedAt }] : [];
}

/** Goes through all pages of a listing, the least lately updated first, and repairs what is behind on each. */
async function compare<Listed extends { updatedAt: Date }>(
  look: LookForDrift,
  window: Window,
  listing: Listing<Listed>,
): Promise<Compared> {
  const total = { seen: 0, repaired: 0 };
  const query = updatedIn(window);
  let place: PageInfo = { hasNextPage: true };
  while (place.hasNextPage) {
    look.signal.throwIfAborted();
    const answer = await look.ask(listing.operation, { query, after: place.endCursor ?? null }, listing.page);
    if (answer.outcome !== "answered") return answer;
    const { listed, pageInfo } = answer.data;
    for (const ids of chunks(await listing.behind(listed), listing.atOnce)) {
      const repaired = await listing.repair(ids);
      if (repaired.outcome !== "repaired") return repaired;
      total.repaired += repaired.count;
    }
    const interrupted = await listing.readMore?.(listed);
    if (interrupted) return interrupted;
    total.seen += listed.length;
    place = pageInfo;
    const last = listed.at(-1);
    if (last && place.hasNextPage) await moveLook(look.db, look.shop, listing.kind, last.updatedAt);
    await rest(answer.restMs, look.signal);
  }
  return { outcome: "compared", ...total };
}

type Repaired = { outcome: "repaired"; count: number } | Interrupted;

const ordersShape = z.object({
  nodes: z.array(orderNode.extend({ lineItems: pageOf(lineNode) }).nullish()),
});
const moreLinesShape = z.object({ order: z.object({ lineItems: pageOf(lineNode) }).nullish() });
const customersShape = z.object({ nodes: z.array(customerNode.nullish()) });

async function repairOrders(look: LookForDrift, ids: readonly string[]): Promise<Repaired> {
  const reading = readingNow(look);
  const answer = await look.ask(ORDERS, { ids: ids.map((id) => `gid://shopify/Order/${id}`) }, ordersShape);
  if (answer.outcome !== "answered") return answer;
  const facts = noFacts();
  for (const node of answer.data.nodes) {
    if (!node) continue;
    const lines = [...node.lineItems.nodes];
    let { pageInfo } = node.lineItems;
    while (pageInfo.hasNextPage) {
      const id = `gid://shopify/Order/${node.id}`;
      const more = await look.ask(MORE_LINES, { id, after: pageInfo.endCursor }, moreLinesShape);
      if (more.outcome !== "answered") return more;
      if (!more.data.order) break;
      lines.push(...more.data.order.lineItems.nodes);
      ({ pageInfo } = more.data.order.lineItems);
    }
    facts.orders.push(orderFact(node, lines, reading));
    for (const refunds of chunks(node.refunds ?? [], REFUNDS_AT_ONCE)) {
      const given = await askRefunds(
        look.ask,
        refunds.map(({ id }) => id),
        reading,
      );
      if (given.outcome !== "answered") return given;
      facts.refundTransactions.push(...given.facts.refundTransactions);
      facts.refundLines.push(...given.facts.refundLines);
    }
  }
  await rest(answer.restMs, look.signal);
  return repair(look, "orders", facts, reading);
}

async function repairCustomers(look: LookForDrift, ids: readonly string[]): Promise<Repaired> {
  const reading = readingNow(look);
  const answer = await look.ask(CUSTOMERS, { ids: ids.map((id) => `gid://shopify/Customer/${id}`) }, customersShape);
  if (answer.outcome !== "answered") return answer;
  const facts = noFacts();
  for (const node of answer.data.nodes) {
    if (!node) continue;
    facts.customers.push(customerFact(node, reading));
    facts.consents.push(...consentFacts(node, reading));
    facts.tags.push(...tagFacts(node, reading));
    facts.locales.push(...localeFacts(node, reading));
  }
  await rest(answer.restMs, look.signal);
  return repair(look, "customers", facts, reading);
}

async function repair(look: LookForDrift, kind: DriftKind, facts: Facts, reading: Reading): Promise<Repaired> {
  if (facts[kind].length === 0) return { outcome: "repaired", count: 0 };
  const count = await look.db.tx(async (tx) => {
    const sifted = await siftFacts(tx, look.shop, look.marks, facts);
    // What changed just now may be missing from the answer and on its way as a delivery.
    const before = new Date(reading.at.getTime() - GRACE_MS);
    sifted.tags.push(...(await removedTags(tx, look.shop, sifted.customers, sifted.tags, { reading, before })));
    const changed = await mergeFacts(tx, look.shop, sifted);
    // Whoever was erased is not held and never will be.
    await countRepairs(tx, look.shop, kind, sifted[kind].length, look.now());
    await look.onChanged(tx, changed);
    return sifted[kind].length;
  });
  return { outcome: "repaired", count };
}

/** The time before the question: what was triggered later may not be in the answer. */
function readingNow(look: LookForDrift): Reading {
  const at = look.now();
  return { at, name: `read/${at.toISOString()}` };
}

function updatedIn({ from, until }: Window): string {
  return `updated_at:>='${from.toISOString()}' AND updated_at:<='${until.toISOString()}'`;
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), stop()), { once: true });
  });
}
