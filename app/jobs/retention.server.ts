import { beginErasure } from "../ingest/erased/erased-store.server.ts";
import { countBodiesBefore, emptyBodiesBefore } from "../ingest/inbox-store.server.ts";
import {
  countViewsBefore,
  dropViewsBefore,
  markViewsFrom,
  type ViewPosition,
} from "../ingest/pixel/old-views-store.server.ts";
import { STOREFRONT_KINDS } from "../ingest/pixel/pixel-event.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { DAYS_TO_FETCH as DATA_EXPORTS } from "../privacy/exports-store.server.ts";
import { type KeptKind, keptSince, type Retention } from "../privacy/retention.ts";
import { countFeedbackBefore, dropFeedbackBefore } from "../recommendation/feedback/feedback-store.server.ts";
import { dropArmsBefore } from "../recommendation/holdout/arms-store.server.ts";
import { countRunsBefore, dropRunsBefore } from "../segment/automations/runs-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import type { Segment } from "../segment/segment.ts";
import { DAYS_KEPT as RUNS_OVER_THE_PAST } from "../segment/backtests-store.server.ts";
import { KEPT_DAYS as FIGURES } from "../segment/watch/figures-store.server.ts";
import { countChangesBefore, dropChangesBefore } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { countComparisonsBefore, dropComparisonsBefore } from "../sync/comparisons-store.server.ts";
import { DAYS_TO_FETCH as SEGMENT_FILES } from "../sync/csv/exports-store.server.ts";
import { countPassesBefore, dropPassesBefore } from "../sync/log-store.server.ts";
import type { Text } from "../texts/text.ts";

/** What is forgotten by itself after so many days in every shop. */
export const ALWAYS_FORGOTTEN: readonly { what: Text; days: number }[] = [
  { what: "Files of a segment", days: SEGMENT_FILES },
  { what: "Exports of a customer’s data", days: DATA_EXPORTS },
  { what: "Daily figures of segments", days: FIGURES },
  { what: "Runs of a rule over the past", days: RUNS_OVER_THE_PAST },
];

const ROWS_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

interface SweptShop {
  id: ShopId;
  domain: string;
}

/** Goes on with `drop` until there is less than was asked for. */
async function inBatches(drop: (limit: number) => Promise<number>): Promise<void> {
  while ((await drop(ROWS_AT_ONCE)) === ROWS_AT_ONCE);
}

/** Forgets what of one kind is older than `before`, a little at a time. @param now business time, as of which rules are asked what they need */
export async function dropOlder(
  db: Db,
  shop: SweptShop,
  kind: KeptKind,
  { before, now }: { before: Date; now: Date },
): Promise<void> {
  switch (kind) {
    case "views":
      return dropViews(db, shop.id, before, now);
    case "deliveries":
      return inBatches((limit) => emptyBodiesBefore(db, shop.domain, before, limit));
    case "sync_log":
      return inBatches((limit) => dropPassesBefore(db, shop.id, before, limit));
    case "comparisons":
      return inBatches((limit) => dropComparisonsBefore(db, shop.id, before, limit));
    case "automation_runs":
      return inBatches((limit) => dropRunsBefore(db, shop.id, before, limit));
    case "feedback":
      await inBatches((limit) => dropFeedbackBefore(db, shop.id, before, limit));
      return inBatches((limit) => dropArmsBefore(db, shop.id, before, limit));
    case "changes":
      return inBatches((limit) => dropChangesBefore(db, shop.id, before, limit));
  }
}

/** How much of one kind is older than `before`; counting ends at `most`. */
export function countOlder(sql: Sql, shop: SweptShop, kind: KeptKind, before: Date, most: number): Promise<number> {
  switch (kind) {
    case "views":
      return countViewsBefore(sql, shop.id, { kinds: STOREFRONT_KINDS, before, most });
    case "deliveries":
      return countBodiesBefore(sql, shop.domain, before, most);
    case "sync_log":
      return countPassesBefore(sql, shop.id, before, most);
    case "comparisons":
      return countComparisonsBefore(sql, shop.id, before, most);
    case "automation_runs":
      return countRunsBefore(sql, shop.id, before, most);
    case "feedback":
      return countFeedbackBefore(sql, shop.id, before, most);
    case "changes":
      return countChangesBefore(sql, shop.id, before, most);
  }
}

/**
 * What a live rule still counts stays, however old it is. Decisions are held off until they know from when on there is everything: what they
 * have decided of the time before stands.
 */
async function dropViews(db: Db, shop: ShopId, asked: Date, now: Date): Promise<void> {
  const before = await db.tx(async (tx) => {
    await beginErasure(tx, shop);
    const segments = await listSegments(tx, shop);
    const needed = Math.min(asked.getTime(), ...segments.map((segment) => segment.viewsBackTo(now)));
    if (!Number.isFinite(needed)) return null;
    await markViewsFrom(tx, shop, new Date(needed));
    return new Date(needed);
  });
  if (before === null) return;
  for (const kind of STOREFRONT_KINDS) {
    let after: ViewPosition | null = null;
    do after = await dropViewsBefore(db, shop, { kind, before, after, limit: ROWS_AT_ONCE });
    while (after !== null);
  }
}

/** A live segment whose rule counts what visitors looked at. `days`: so far back; null: whatever there ever was. */
export interface ReadsViews {
  name: string;
  days: number | null;
}

/** The live segments that need what visitors looked at for longer than so many days, who need most first. */
function readingFurther(segments: readonly Segment[], days: number, now: Date): ReadsViews[] {
  const since = keptSince(days, now).getTime();
  return segments
    .map(({ name, viewsBackTo }) => ({ name, back: viewsBackTo(now) }))
    .filter(({ back }) => back < since)
    .sort((one, other) => one.back - other.back)
    .map(({ name, back }) => ({
      name,
      days: Number.isFinite(back) ? Math.ceil((now.getTime() - back) / DAY_MS) : null,
    }));
}

/** Which segments hold the views of a shop for longer than it chose; none where they are kept without end. */
export async function holdingViews(sql: Sql, shop: ShopId, { views }: Retention, now: Date): Promise<ReadsViews[]> {
  return views === null ? [] : readingFurther(await listSegments(sql, shop), views, now);
}
