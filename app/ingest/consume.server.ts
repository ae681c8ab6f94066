import type { Sql } from "../platform/db.server.ts";
import { recordScopes, recordShopChange, recordUninstall } from "../shopify/shop-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { speaksOfErased } from "./erased/erased.ts";
import { findErased, hasErased, holdOffErasures, isShopErased, type Marks } from "./erased/erased-store.server.ts";
import { mentionsOf } from "./erased/mentions.ts";
import { siftFacts } from "./erased/sift-facts.server.ts";
import { type Facts, noFacts, type PrivacyRequestFact } from "./facts.ts";
import { mergeFacts } from "./facts-store.server.ts";
import { dropArrivals, finishArrivals, forgetBodies, takeArrivals, type InboxRow } from "./inbox-store.server.ts";
import { understand } from "./understand.ts";

export interface Consumed {
  taken: number;
  dead: number;
  /** Customers whose facts may have changed, and which parts of them. */
  customers: ReadonlyMap<string, number>;
  /** When the oldest of the deliveries arrived, in real time; those that are read again do not count. */
  receivedAt: Date | null;
  privacyRequests: (PrivacyRequestFact & { inboxId: string; receivedAt: Date })[];
  /** The app was removed from the shop, at this instant. */
  uninstalledAt: Date | null;
  /** The shop may keep another clock or currency now. */
  shopChanged: boolean;
  /** A bulk operation is at its end: the back-fill need not wait to ask. */
  bulkFinished: boolean;
}

/** Reads the oldest deliveries of a shop and merges them into its facts: one batch, in the caller's transaction. */
export async function consume(
  tx: Sql,
  shop: { id: ShopId; domain: string },
  batch: { limit: number; now: Date; marks: Marks },
): Promise<Consumed> {
  await holdOffErasures(tx, shop.id);
  if (await isShopErased(tx, shop.domain, batch.marks)) {
    await dropArrivals(tx, shop.domain);
    return nothing();
  }
  const rows = await takeArrivals(tx, shop.domain, batch.limit);
  const facts = noFacts();
  const consumed: Consumed = { ...nothing(), taken: rows.length, receivedAt: oldestOf(rows) };
  if (rows.length === 0) return consumed;
  const dead = collect(rows, facts, consumed);
  const sifted = await siftFacts(tx, shop.id, batch.marks, facts);
  const forgotten = await forgetErased(tx, shop, rows, batch);
  consumed.customers = await mergeFacts(tx, shop.id, sifted);
  for (const at of facts.uninstalls) {
    await recordUninstall(tx, shop.id, at);
    if (!consumed.uninstalledAt || at > consumed.uninstalledAt) consumed.uninstalledAt = at;
  }
  for (const { scopes, at } of facts.grantedScopes) await recordScopes(tx, shop.id, scopes, at);
  for (const change of facts.shopChanges) await recordShopChange(tx, shop.id, change);
  consumed.shopChanged = facts.shopChanges.length > 0;
  consumed.bulkFinished = facts.finishedBulkOperations.length > 0;
  const kept = dead.filter(({ id }) => !forgotten.has(id));
  consumed.dead = kept.length;
  await finishArrivals(tx, shop.domain, rows, kept, batch.now);
  return consumed;
}

/** Empties the bodies that speak of somebody who was erased. A request about a person keeps its own until it is done. */
async function forgetErased(
  tx: Sql,
  shop: { id: ShopId; domain: string },
  rows: readonly InboxRow[],
  { marks, now }: { marks: Marks; now: Date },
): Promise<Set<string>> {
  if (!(await hasErased(tx, shop.id))) return new Set();
  const spoken = rows
    .filter(({ topic }) => !/^customers\/(redact|data_request)$/.test(topic))
    .map((row) => ({ row, mentions: mentionsOf(row) }));
  const mentioned = spoken.flatMap(({ mentions }) => mentions);
  const erased = await findErased(tx, shop.id, marks, mentioned);
  const ids = spoken
    .filter(({ row, mentions }) => speaksOfErased(mentions, row.triggeredAt, erased))
    .map(({ row }) => row.id);
  await forgetBodies(tx, shop.domain, ids, now);
  return new Set(ids);
}

function oldestOf(rows: readonly InboxRow[]): Date | null {
  return rows.find(({ replayed }) => !replayed)?.receivedAt ?? null;
}

function collect(
  rows: readonly InboxRow[],
  into: Facts,
  consumed: Consumed,
): { id: string; topic: string; reason: string }[] {
  const dead: { id: string; topic: string; reason: string }[] = [];
  for (const row of rows) {
    const understood = understand(row);
    if (understood.outcome === "dead") {
      dead.push({ id: row.id, topic: row.topic, reason: understood.reason });
      continue;
    }
    append(into, understood.facts);
    for (const request of understood.facts.privacyRequests ?? []) {
      consumed.privacyRequests.push({ ...request, inboxId: row.id, receivedAt: row.receivedAt });
    }
  }
  return dead;
}

function append(into: Facts, facts: Partial<Facts>): void {
  for (const [name, values] of Object.entries(facts)) (into[name as keyof Facts] as unknown[]).push(...values);
}

/** Puts the shop's oldest delivery aside as a dead letter without reading it. */
export async function setAside(tx: Sql, shop: { domain: string }, reason: string, now: Date): Promise<Consumed> {
  const rows = await takeArrivals(tx, shop.domain, 1);
  const dead = rows.map(({ id, topic }) => ({ id, topic, reason }));
  await finishArrivals(tx, shop.domain, rows, dead, now);
  return { ...nothing(), taken: rows.length, dead: dead.length };
}

function nothing(): Consumed {
  return {
    taken: 0,
    dead: 0,
    customers: new Map(),
    receivedAt: null,
    privacyRequests: [],
    uninstalledAt: null,
    shopChanged: false,
    bulkFinished: false,
  };
}
