import type { Overview, Waiting } from "../../jobs/overview.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ArmSums, Lift } from "../../recommendation/holdout/lift.ts";
import { t, type Text, tn, told } from "../../texts/text.ts";
import { storedWords } from "../automations/automation-words.ts";
import { deadLetterReason } from "../dead-letter-words.ts";
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
    lost: overview.lost.map(({ scope, lost }) => ({ scope, lost: told(lost) })),
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
    waitingDetail:
      deadLetters.count === 0
        ? t("None put aside")
        : t("{count} put aside", { count: format.number(deadLetters.count) }),
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
        label: t(label),
        meaning: t(meaning),
        typical: measured && format.duration(measured.p50),
        slowest: measured && format.duration(measured.p99),
        count: format.number(measured?.count ?? 0),
      };
    }),
    duplicates:
      process.duplicates === 0
        ? t("No delivery came twice so far.")
        : tn(
            process.duplicates,
            "{count} duplicate delivery was recognised and ignored.",
            "{count} duplicate deliveries were recognised and ignored.",
            { count: format.number(process.duplicates) },
          ),
  };
}

const SPEEDS = [
  { key: "ack", label: "Acknowledged", meaning: "delivery to answer" },
  { key: "membership", label: "Segments decided", meaning: "delivery to decision" },
  { key: "audience", label: "Audience changed", meaning: "delivery to the destination’s answer" },
] as const;

function healthView(overview: Overview, audiences: readonly AudiencesView[], format: Format): HealthView {
  const critical = [
    ...audiences.flatMap(({ paused, url }) => paused.map((sentence) => ({ sentence, url }))),
    ...overview.automations.flatMap(stoppedAutomation),
  ];
  const yours = [
    ...audiences.flatMap(({ waiting, uncompared, url }) =>
      [...waiting, ...uncompared].map((sentence) => ({ sentence, url })),
    ),
    ...overview.automations.flatMap((automation) => failedRuns(automation, format)),
    ...privacyDue(overview, format),
    ...overview.stopped.map((schedule) => notPublished(schedule, format)),
    ...overview.segments.flatMap((segment) => toReview(segment, format)),
  ];
  const late = [
    ...behind(overview.work.deliveries, LATE_DELIVERIES, overview.realNow, format),
    ...behind(overview.work.profiles, LATE_PROFILES, overview.realNow, format),
  ].map((sentence) => ({ sentence, url: null }));
  const recent = overview.deadLetters.reasons.filter(
    ({ lastAt }) => overview.realNow.getTime() - lastAt.getTime() < DEAD_LETTERS_ARE_NEWS_MS,
  );
  const dead = recent.map(({ topic, reason, count }) => ({
    sentence: tn(
      count,
      "{count} delivery of {topic} could not be understood and is kept: {reason}",
      "{count} deliveries of {topic} could not be understood and are kept: {reason}",
      { count: format.number(count), topic, reason: deadLetterReason(reason) },
    ),
    url: "/app/data/dead-letters",
  }));
  const matters = [...critical, ...yours, ...late, ...dead];
  if (matters.length === 0) {
    return {
      tone: "success",
      title: t("Everything is up to date"),
      matters: [{ sentence: calmSentence(overview, format), url: null }],
    };
  }
  return {
    tone: critical.length > 0 ? "critical" : "warning",
    title:
      critical.length + yours.length > 0
        ? t("Something needs your attention")
        : late.length > 0
          ? t("Muster is behind")
          : t("Some deliveries were put aside"),
    matters,
  };
}

type Failing = Overview["automations"][number];

const automationUrl = ({ id, segmentId }: Failing): string => `/app/segments/${segmentId}/automations/${id}`;

function stoppedAutomation(automation: Failing): Matter[] {
  const { name, paused } = automation;
  if (paused === null) return [];
  const sentence = t("The automation {name} is paused. {reason}", { name, reason: storedWords(paused) });
  return [{ sentence, url: automationUrl(automation) }];
}

function failedRuns(automation: Failing, format: Format): Matter[] {
  const { name, paused, failed } = automation;
  if (paused !== null || failed === 0) return [];
  const sentence = tn(
    failed,
    "The automation {name} gave up {count} run in the last 24 hours.",
    "The automation {name} gave up {count} runs in the last 24 hours.",
    { name, count: format.number(failed) },
  );
  return [{ sentence, url: automationUrl(automation) }];
}

function privacyDue({ privacy: { count, firstAt }, realNow }: Overview, format: Format): Matter[] {
  if (count === 0 || firstAt === null) return [];
  const values = { count: format.number(count), when: format.relative(firstAt, realNow) };
  const sentence =
    firstAt < realNow
      ? tn(count, "A privacy request was due {when}.", "The first of {count} privacy requests was due {when}.", values)
      : tn(count, "A privacy request is due {when}.", "The first of {count} privacy requests is due {when}.", values);
  return [{ sentence, url: "/app/privacy" }];
}

function toReview({ id, name, findings }: Overview["segments"][number], format: Format): Matter[] {
  if (findings === 0) return [];
  const sentence = tn(
    findings,
    "In {name} there is one thing worth a second look.",
    "In {name} there are {count} things worth a second look.",
    { name, count: format.number(findings) },
  );
  return [{ sentence, url: `/app/segments/${id}` }];
}

function notPublished({ segmentId, name, at, stopped }: Overview["stopped"][number], format: Format): Matter {
  const said = { name, at: format.instant(at) };
  const sentence = stopped
    ? t("{name} was to have another rule from {at} and does not.", said)
    : t("{name} is to have another rule from {at} and will not as things are.", said);
  return { sentence, url: `/app/segments/${segmentId}` };
}

function calmSentence({ work, lastDelivery, realNow }: Overview, format: Format): string {
  const busy = work.deliveries.waiting + work.profiles.waiting;
  const last = lastDelivery
    ? t("The last delivery came {when}", { when: format.relative(lastDelivery.at, realNow) })
    : t("No delivery has come yet");
  return busy === 0
    ? t("{last}; nothing is waiting.", { last })
    : tn(busy, "{last}; {count} change is being worked on.", "{last}; {count} changes are being worked on.", {
        last,
        count: format.number(busy),
      });
}

const LATE_DELIVERIES = [
  "{count} delivery is waiting to be read, the oldest for {age}.",
  "{count} deliveries are waiting to be read, the oldest for {age}.",
] as const;
const LATE_PROFILES = [
  "{count} profile is waiting to be updated, the oldest for {age}.",
  "{count} profiles are waiting to be updated, the oldest for {age}.",
] as const;

function behind(
  { waiting, oldestAt }: Waiting,
  [one, many]: readonly [Text, Text],
  now: Date,
  format: Format,
): string[] {
  const age = oldestAt ? now.getTime() - oldestAt.getTime() : 0;
  if (waiting === 0 || age < BEHIND_AFTER_MS) return [];
  return [tn(waiting, one, many, { count: format.number(waiting), age: format.duration(age) })];
}

function signed(format: Format, sign: string, value: number): string {
  return value === 0 ? "0" : `${sign}${format.number(value)}`;
}
