import { type BackFillRow, readBackFill } from "../ingest/back-fill/back-fill-store.server.ts";
import { type DriftLook, readLooks } from "../ingest/back-fill/drift-store.server.ts";
import {
  countDeliveries,
  deadLetters,
  type DeadLetters,
  lastDelivery,
  waitingDeliveries,
} from "../ingest/inbox-pages-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/db.server.ts";
import type { Metrics } from "../platform/metrics.server.ts";
import { type LostWithoutScope, lostWithout } from "../ingest/topic-scopes.ts";
import { countOrders, countProfiles, waitingProfiles } from "../profile/profile-pages-store.server.ts";
import { segmentMovements, segmentSizes, type SegmentSize } from "../segment/segment-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readScopes, type Shop } from "../shopify/shop-store.server.ts";
import { countWithoutScope } from "../sync/errands/errands-store.server.ts";
import { type AudienceOverview, audienceStates } from "../sync/sync-store.server.ts";
import type { Figures } from "./figures.ts";

export interface Waiting {
  waiting: number;
  /** When the oldest arrived, in real time. */
  oldestAt: Date | null;
}

/** What was read of the time before the installation, and what comparisons with Shopify found since. */
export interface ShopHistory {
  rows: BackFillRow[];
  looks: DriftLook[];
}

export interface Overview {
  shop: Shop;
  /** Business time, for what rules count. */
  now: Date;
  /** Real time, for deliveries and what waits. */
  realNow: Date;
  counts: { profiles: number; orders: number; deliveries: number };
  lastDelivery: { at: Date; topic: string } | null;
  work: { deliveries: Waiting; profiles: Waiting };
  deadLetters: DeadLetters;
  /** Null where nothing was asked of Shopify yet. */
  history: ShopHistory | null;
  /** What Muster does not hear of for want of a permission. */
  lost: LostWithoutScope[];
  segments: (SegmentSize & { entered: number; left: number })[];
  audiences: AudienceOverview[];
  /** Of this process since it started, over all of its shops. */
  process: { latency: Awaited<ReturnType<Metrics["latency"]>>; duplicates: number };
}

export interface OverviewSources {
  sql: Sql;
  clock: Pick<Clock, "now">;
  metrics: Pick<Metrics, "latency" | "deliveries">;
  figures: Figures;
}

const DAY_MS = 86_400_000;
const DEAD_LETTER_REASONS = 3;

/** Where a shop stands: what came in, what it led to, what is waiting and what went wrong. */
export async function readOverview({ sql, clock, metrics, figures }: OverviewSources, shop: Shop): Promise<Overview> {
  const now = clock.now();
  const realNow = new Date();
  const figure = <T>(name: string, compute: () => Promise<T>): Promise<T> =>
    figures.read(`${shop.id}|${name}`, compute);
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const sizes = await figure("segments", () => segmentSizes(sql, shop.id));
  const movements = await figure("movements", () => segmentMovements(sql, shop.id, dayAgo, now));
  const rows = await readBackFill(sql, shop.id);
  const granted = await readScopes(sql, shop.id);
  return {
    shop,
    now,
    realNow,
    counts: {
      profiles: await figure("profiles", () => countProfiles(sql, shop.id)),
      orders: await figure("orders", () => countOrders(sql, shop.id)),
      deliveries: await figure("deliveries", () => countDeliveries(sql, shop.domain)),
    },
    lastDelivery: await figure("last delivery", () => lastDelivery(sql, shop.domain)),
    work: {
      deliveries: await waitingDeliveries(sql, shop.domain),
      profiles: await waitingProfiles(sql, shop.id),
    },
    deadLetters: await figure("dead letters", () => deadLetters(sql, shop.domain, DEAD_LETTER_REASONS)),
    history: rows.length === 0 ? null : { rows, looks: await readLooks(sql, shop.id) },
    lost: [...(granted === null ? [] : lostWithout(granted)), ...(await untoldConsents(sql, shop.id))],
    segments: sizes.map((size) => {
      const { entered, left } = movements.find(({ segmentId }) => segmentId === size.id) ?? { entered: 0, left: 0 };
      return { ...size, entered, left };
    }),
    audiences: await figure("audiences", () => audienceStates(sql, shop.id)),
    process: { latency: await metrics.latency(), duplicates: await duplicatesIn(metrics) },
  };
}

/** Only said once somebody unsubscribed at a platform: until then nothing is lost without the permission. */
async function untoldConsents(sql: Sql, shop: ShopId): Promise<LostWithoutScope[]> {
  const waiting = await countWithoutScope(sql, shop);
  if (waiting === 0) return [];
  const people = waiting === 1 ? "one customer" : `${waiting} customers`;
  return [
    {
      scope: "write_customers",
      lost: `Writing to Shopify who unsubscribed at an e-mail platform: ${people} still count as subscribed there. They are in none of your audiences.`,
    },
  ];
}

async function duplicatesIn({ deliveries }: Pick<Metrics, "deliveries">): Promise<number> {
  const { values } = await deliveries.get();
  return values.find(({ labels }) => labels.outcome === "duplicate")?.value ?? 0;
}
