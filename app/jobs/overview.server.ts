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
import { requestsDueBefore } from "../privacy/privacy-requests-store.server.ts";
import { countOrders, countProfiles, waitingProfiles } from "../profile/profile-pages-store.server.ts";
import { readOutcomes } from "../recommendation/holdout/outcomes-store.server.ts";
import { readSettings } from "../recommendation/settings-store.server.ts";
import { type FailingAutomation, failingAutomations } from "../segment/automations/runs-store.server.ts";
import { readBuilds } from "../segment/builds-store.server.ts";
import { revenueOfMembers } from "../segment/revenue-store.server.ts";
import { type StoppedSchedule, stoppedSchedules } from "../segment/schedule-store.server.ts";
import { openFindings } from "../segment/watch/findings-store.server.ts";
import { segmentMovements, segmentSizes, type SegmentSize } from "../segment/segment-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readScopes, type Shop } from "../shopify/shop-store.server.ts";
import { countWithoutScope } from "../sync/errands/errands-store.server.ts";
import { tn } from "../texts/text.ts";
import { type AudienceOverview, audienceStates } from "../sync/sync-store.server.ts";
import type { Figures } from "./figures.ts";
import { type Guide, readGuide } from "./guide.server.ts";
import type { RecommendationReport } from "./recommendation-admin.server.ts";

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
  segments: (SegmentSize & {
    entered: number;
    left: number;
    /** Of the last 7 days; null while it is worked out. */
    bought: { orders: number; revenueMinor: bigint } | null;
    /** It is not decided for everybody yet. */
    building: boolean;
    /** What is worth a second look in it and nobody reviewed yet. */
    findings: number;
  })[];
  /** Scheduled rules that were not published, or will not be as things are. */
  stopped: StoppedSchedule[];
  guide: Guide;
  /** Null while it is worked out. */
  recommendations: Pick<RecommendationReport, "outcomes" | "settings" | "holdoutSince"> | null;
  automations: FailingAutomation[];
  /** Privacy requests that have to be done soon. */
  privacy: { count: number; firstAt: Date | null };
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
const REVENUE_DAYS = 7;
/** What is due within this time is spoken of. */
const PRIVACY_DAYS = 7;
/** A figure that takes longer is shown with a later look. */
const WAIT_MS = 100;
const DEAD_LETTER_REASONS = 3;

/** Where a shop stands: what came in, what it led to, what is waiting and what went wrong. */
export async function readOverview({ sql, clock, metrics, figures }: OverviewSources, shop: Shop): Promise<Overview> {
  const now = clock.now();
  const realNow = new Date();
  // Only the first look waits for a count over a whole table; a later one shows the count of before while it is made anew.
  const figure = <T>(name: string, compute: () => Promise<T>): Promise<T> =>
    figures.kept(`${shop.id}|${name}`, WAIT_MS, compute);
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const weekAgo = new Date(now.getTime() - REVENUE_DAYS * DAY_MS);
  const [sizes, movements, profiles, orders, deliveries, bought, recommendations] = await Promise.all([
    figure("segments", () => segmentSizes(sql, shop.id)),
    figure("movements", () => segmentMovements(sql, shop.id, dayAgo, now)),
    figure("profiles", () => countProfiles(sql, shop.id)),
    figure("orders", () => countOrders(sql, shop.id)),
    figure("deliveries", () => countDeliveries(sql, shop.domain)),
    figures.soon(`${shop.id}|bought`, WAIT_MS, () => revenueOfMembers(sql, shop.id, weekAgo, now)),
    figures.soon(`${shop.id}|recommendations`, WAIT_MS, async () => {
      const { settings, holdoutSince } = await readSettings(sql, shop.id);
      return { settings, holdoutSince, outcomes: await readOutcomes(sql, shop.id, holdoutSince ?? new Date(0)) };
    }),
  ]);
  const building = new Set(
    (await readBuilds(sql, shop.id)).filter(({ finishedAt }) => finishedAt === null).map(({ segmentId }) => segmentId),
  );
  const findings = Map.groupBy(await openFindings(sql, shop.id), ({ segmentId }) => segmentId);
  const rows = await readBackFill(sql, shop.id);
  const granted = await readScopes(sql, shop.id);
  return {
    shop,
    now,
    counts: { profiles, orders, deliveries },
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
      const own = bought?.find(({ segmentId }) => segmentId === size.id) ?? { orders: 0, revenueMinor: 0n };
      return {
        ...size,
        entered,
        left,
        bought: bought && { orders: own.orders, revenueMinor: own.revenueMinor },
        building: building.has(size.id),
        findings: findings.get(size.id)?.length ?? 0,
      };
    }),
    stopped: await stoppedSchedules(sql, shop.id),
    guide: await readGuide(sql, shop.id, realNow),
    recommendations,
    automations: await failingAutomations(sql, shop.id, new Date(realNow.getTime() - DAY_MS)),
    privacy: await requestsDueBefore(sql, shop.id, new Date(realNow.getTime() + PRIVACY_DAYS * DAY_MS)),
    audiences: await figure("audiences", () => audienceStates(sql, shop.id)),
    process: { latency: await metrics.latency(), duplicates: await duplicatesIn(metrics) },
    // Read last, so that nothing was in a second.
    realNow: new Date(),
  };
}

/** Only said once somebody unsubscribed at a platform: until then nothing is lost without the permission. */
async function untoldConsents(sql: Sql, shop: ShopId): Promise<LostWithoutScope[]> {
  const waiting = await countWithoutScope(sql, shop);
  if (waiting === 0) return [];
  return [
    {
      scope: "write_customers",
      lost: tn(
        waiting,
        "Writing to Shopify who unsubscribed at an e-mail platform: one customer still counts as subscribed there. They are in none of your audiences.",
        "Writing to Shopify who unsubscribed at an e-mail platform: {count} customers still count as subscribed there. They are in none of your audiences.",
      ),
    },
  ];
}

async function duplicatesIn({ deliveries }: Pick<Metrics, "deliveries">): Promise<number> {
  const { values } = await deliveries.get();
  return values.find(({ labels }) => labels.outcome === "duplicate")?.value ?? 0;
}
