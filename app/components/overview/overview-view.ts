import type { Overview, Waiting } from "../../jobs/overview.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ArmSums, Lift } from "../../recommendation/holdout/lift.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import { type AudiencesView, audiencesView } from "./audiences-view.ts";
import { type GuideView, guideView } from "./guide-view.ts";
import { type HistoryView, historyView } from "./history-view.ts";
import { type RevenueView, revenueView } from "./revenue-view.ts";

/** The overview in words: what the page shows and nothing it would have to compute. */
export interface OverviewView {
  shopName: string;
  /** Nothing has come from this shop yet. */
  fresh: boolean;
  /** When the figures were read. */
  readAt: string;
  health: HealthView;
  /** Null where nothing was asked of Shopify yet. */
  history: HistoryView | null;
  /** Permissions that are missing, and what is lost without each. */
  lost: { scope: string; lost: string }[];
  figures: { profiles: string; orders: string; deliveries: string; waiting: string };
  lastDelivery: (ShownInstant & { topic: string }) | null;
  /** How many deliveries were put aside because they could not be understood. */
  waitingDetail: string;
  segments: {
    id: number;
    name: string;
    members: string;
    entered: string;
    left: string;
    /** It is not decided for everybody yet. */
    building: boolean;
  }[];
  audiences: AudiencesView[];
  speed: { label: string; meaning: string; typical: string | null; slowest: string | null; count: string }[];
  duplicates: string;
  guide: GuideView;
  /** Null: no currency is known yet, or nothing is worked out. */
  revenue: RevenueView | null;
}

export interface HealthView {
  tone: "success" | "warning" | "critical";
  title: string;
  /** One sentence where all is well, one for each matter otherwise. */
  matters: Matter[];
}

export interface Matter {
  sentence: string;
  /** Where it is mended; null: Muster is working on it. */
  url: string | null;
}

/** What waits less long than this is being worked on, and nothing to speak of. */
const BEHIND_AFTER_MS = 30_000;
/** Dead letters stay until somebody looks at them, but a warning that never goes away is not read. */
const DEAD_LETTERS_ARE_NEWS_MS = 24 * 3_600_000;

/** @param liftOf how the arms compare @param apiKey the app's, by which the theme editor knows its blocks */
export function overviewView(
  overview: Overview,
  format: Format,
  { liftOf, apiKey }: { liftOf(treated: ArmSums, heldOut: ArmSums): Lift; apiKey: string },
): OverviewView {
  const { shop, counts, work, deadLetters, realNow, lastDelivery, process } = overview;
  const audiences = audiencesView(overview.audiences, format, realNow);
  const history = overview.history && historyView(overview.history, format, realNow);
  return {
    shopName: shop.name ?? shop.domain,
    fresh: counts.profiles === 0 && counts.deliveries === 0,
    readAt: format.clockTime(realNow),
    health: healthView(overview, audiences, format),
    lost: overview.lost,
    history,
    guide: guideView(overview.guide, history?.percent ?? 0, { domain: shop.domain, apiKey }),
    revenue: revenueView(overview, format, liftOf),
    figures: {
      profiles: format.number(counts.profiles),
      orders: format.number(counts.orders),
      deliveries: format.number(counts.deliveries),
      waiting: format.number(work.deliveries.waiting + work.profiles.waiting),
    },
    lastDelivery: lastDelivery && { ...showInstant(format, lastDelivery.at, realNow), topic: lastDelivery.topic },
    waitingDetail: deadLetters.count === 0 ? "None put aside" : `${format.number(deadLetters.count)} put aside`,
    segments: overview.segments.map(({ id, name, members, entered, left, building }) => ({
      id,
      name,
      members: format.number(members),
      entered: signed(format, "+", entered),
      left: signed(format, "−", left),
      building,
    })),
    audiences,
    speed: SPEEDS.map(({ key, label, meaning }) => {
      const measured = process.latency[key];
      return {
        label,
        meaning,
        typical: measured && format.duration(measured.p50),
        slowest: measured && format.duration(measured.p99),
        count: format.number(measured?.count ?? 0),
      };
    }),
    duplicates:
      process.duplicates === 0
        ? "No delivery came twice so far."
        : `${counted(format, process.duplicates, "duplicate delivery was", "duplicate deliveries were")} recognised and ignored.`,
  };
}

const SPEEDS = [
  { key: "ack", label: "Acknowledged", meaning: "delivery to answer" },
  { key: "membership", label: "Segments decided", meaning: "delivery to decision" },
  { key: "audience", label: "Audience changed", meaning: "delivery to the destination\u2019s answer" },
] as const;

function healthView(overview: Overview, audiences: readonly AudiencesView[], format: Format): HealthView {
  const critical = [
    ...audiences.flatMap(({ paused, url }) => paused.map((sentence) => ({ sentence, url }))),
    ...overview.automations.flatMap(stoppedAutomation),
  ];
  const yours = [
    ...audiences.flatMap(({ waiting, url }) => waiting.map((sentence) => ({ sentence, url }))),
    ...overview.automations.flatMap((automation) => failedRuns(automation, format)),
    ...privacyDue(overview, format),
    ...overview.segments.flatMap((segment) => toReview(segment, format)),
  ];
  const late = [
    ...behind(
      overview.work.deliveries,
      "delivery is",
      "deliveries are",
      "waiting to be read",
      overview.realNow,
      format,
    ),
    ...behind(overview.work.profiles, "profile is", "profiles are", "waiting to be updated", overview.realNow, format),
  ].map((sentence) => ({ sentence, url: null }));
  const recent = overview.deadLetters.reasons.filter(
    ({ lastAt }) => overview.realNow.getTime() - lastAt.getTime() < DEAD_LETTERS_ARE_NEWS_MS,
  );
  const dead = recent.map(({ topic, reason, count }) => ({
    sentence: `${counted(format, count, "delivery", "deliveries")} of ${topic} could not be understood and ${count === 1 ? "is" : "are"} kept: ${reason}`,
    url: "/app/data/dead-letters",
  }));
  const matters = [...critical, ...yours, ...late, ...dead];
  if (matters.length === 0) {
    return {
      tone: "success",
      title: "Everything is up to date",
      matters: [{ sentence: calmSentence(overview, format), url: null }],
    };
  }
  return {
    tone: critical.length > 0 ? "critical" : "warning",
    title:
      critical.length + yours.length > 0
        ? "Something needs your attention"
        : late.length > 0
          ? "Muster is behind"
          : "Some deliveries were put aside",
    matters,
  };
}

type Failing = Overview["automations"][number];

const automationUrl = ({ id, segmentId }: Failing): string => `/app/segments/${segmentId}/automations/${id}`;

function stoppedAutomation(automation: Failing): Matter[] {
  const { name, paused } = automation;
  return paused === null
    ? []
    : [{ sentence: `The automation ${name} is paused. ${paused}`, url: automationUrl(automation) }];
}

function failedRuns(automation: Failing, format: Format): Matter[] {
  const { name, paused, failed } = automation;
  if (paused !== null || failed === 0) return [];
  const runs = counted(format, failed, "run", "runs");
  return [
    {
      sentence: `The automation ${name} gave up ${runs} in the last 24 hours.`,
      url: automationUrl(automation),
    },
  ];
}

function privacyDue({ privacy: { count, firstAt }, realNow }: Overview, format: Format): Matter[] {
  if (count === 0 || firstAt === null) return [];
  const due = firstAt < realNow ? "was due" : "is due";
  const which = count === 1 ? "A privacy request" : `The first of ${format.number(count)} privacy requests`;
  return [{ sentence: `${which} ${due} ${format.relative(firstAt, realNow)}.`, url: "/app/privacy" }];
}

function toReview({ id, name, findings }: Overview["segments"][number], format: Format): Matter[] {
  if (findings === 0) return [];
  const what = findings === 1 ? "is one thing" : `are ${format.number(findings)} things`;
  return [{ sentence: `In ${name} there ${what} worth a second look.`, url: `/app/segments/${id}` }];
}

function calmSentence({ work, lastDelivery, realNow }: Overview, format: Format): string {
  const busy = work.deliveries.waiting + work.profiles.waiting;
  const last = lastDelivery
    ? `The last delivery came ${format.relative(lastDelivery.at, realNow)}`
    : "No delivery has come yet";
  return busy === 0
    ? `${last}; nothing is waiting.`
    : `${last}; ${counted(format, busy, "change is", "changes are")} being worked on.`;
}

function behind(
  { waiting, oldestAt }: Waiting,
  one: string,
  many: string,
  doing: string,
  now: Date,
  format: Format,
): string[] {
  const age = oldestAt ? now.getTime() - oldestAt.getTime() : 0;
  if (waiting === 0 || age < BEHIND_AFTER_MS) return [];
  return [`${counted(format, waiting, one, many)} ${doing}, the oldest for ${format.duration(age)}.`];
}

function counted(format: Format, count: number, one: string, many: string): string {
  return `${format.number(count)} ${count === 1 ? one : many}`;
}

function signed(format: Format, sign: string, value: number): string {
  return value === 0 ? "0" : `${sign}${format.number(value)}`;
}
