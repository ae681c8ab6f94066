import type { Sql } from "../platform/db.server.ts";
import { recordUninstall } from "../shopify/shop-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Facts, noFacts, type PrivacyRequestFact } from "./facts.ts";
import { mergeFacts } from "./facts-store.server.ts";
import { finishArrivals, takeArrivals, type InboxRow } from "./inbox-store.server.ts";
import { understand } from "./understand.ts";

export interface Consumed {
  taken: number;
  dead: number;
  /** Customers whose facts may have changed. */
  customers: string[];
  /** When the oldest of the deliveries arrived, in real time. */
  receivedAt: Date | null;
  privacyRequests: (PrivacyRequestFact & { inboxId: string; receivedAt: Date })[];
  /** The app was removed from the shop, at this instant. */
  uninstalledAt: Date | null;
}

/** Reads the oldest deliveries of a shop and merges them into its facts: one batch, in the caller's transaction. */
export async function consume(
  tx: Sql,
  shop: { id: ShopId; domain: string },
  batch: { limit: number; now: Date },
): Promise<Consumed> {
  const rows = await takeArrivals(tx, shop.domain, batch.limit);
  const facts = noFacts();
  const consumed: Consumed = {
    taken: rows.length,
    dead: 0,
    customers: [],
    receivedAt: rows[0]?.receivedAt ?? null,
    privacyRequests: [],
    uninstalledAt: null,
  };
  if (rows.length === 0) return consumed;
  const dead = collect(rows, facts, consumed);
  consumed.dead = dead.length;
  consumed.customers = await mergeFacts(tx, shop.id, facts);
  for (const at of facts.uninstalls) {
    await recordUninstall(tx, shop.id, at);
    if (!consumed.uninstalledAt || at > consumed.uninstalledAt) consumed.uninstalledAt = at;
  }
  await finishArrivals(
    tx,
    shop.domain,
    rows.map(({ id }) => id),
    dead,
    batch.now,
  );
  return consumed;
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
  await finishArrivals(
    tx,
    shop.domain,
    dead.map(({ id }) => id),
    dead,
    now,
  );
  return {
    taken: rows.length,
    dead: dead.length,
    customers: [],
    receivedAt: null,
    privacyRequests: [],
    uninstalledAt: null,
  };
}
