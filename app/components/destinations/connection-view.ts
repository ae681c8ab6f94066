import type { DestinationDetails, SegmentChoice } from "../../jobs/destination-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { destinationName, exceptionWords } from "../audience-words.ts";
import type { Status } from "../status-badge.tsx";
import { reasonSentence } from "../../sync/reason-words.ts";
import { t } from "../../texts/text.ts";
import { comparisonFigures } from "./comparisons-view.ts";

export interface ConnectionView {
  id: number;
  kind: string;
  title: string;
  /** What sentences call it: the platform, or where the merchant's own system is. */
  name: string;
  /** The account at the platform. */
  account: string;
  status: Status;
  /** Why it is paused, as a sentence. */
  paused: string | null;
  leaving: boolean;
  /** How soon an unsubscribe there is known here, as a sentence. */
  hears: string;
  /** What becomes of consent to be written to by other ways than mail; null: the platform has nothing to do with it. */
  hearsTexts: string | null;
  /** It is a system of the merchant's own, and messages to it are signed. */
  isReceiver: boolean;
  everySegment: boolean;
  /** Entries and exits as events; null where the platform takes none. */
  events: null | { on: boolean; waiting: string; forbidden: boolean };
  /** Newer consent subscribes people again, wherever their unsubscribe stands. */
  consentSync: boolean;
  segments: SegmentView[];
  traits: DestinationDetails["traits"];
}

export interface SegmentView {
  segmentId: number;
  name: string;
  audience: null | {
    id: number;
    status: Status;
    /** How many are in, and every reason why others are not. */
    figures: string[];
    /** What would be sent, while somebody is to look at it. */
    review: string[] | null;
    held: string | null;
    /** What the last comparison with the platform found; null: there was none. */
    compared: string[] | null;
    /** Somebody asked for another one. */
    comparing: boolean;
    /** Whether one can be asked for. */
    canCompare: boolean;
    /** The file of who is in the segment and not in the audience; null: there is nobody. */
    exceptionsPath: string | null;
    /** It was deleted by hand, with what happened. */
    broken: string | null;
    leaving: boolean;
    remoteId: string | null;
    adopted: boolean;
    nonSubscribed: boolean;
    /** In per cent; empty: off. */
    guard: string;
    traits: { trait: string; field: string }[];
  };
}

export function connectionView(details: DestinationDetails, format: Format): ConnectionView {
  const { destination, segments, traits } = details;
  const paused = destination.state === "paused";
  return {
    id: destination.id,
    kind: destination.kind,
    title: [destinationName(destination.kind), ...(destination.accountName ? [destination.accountName] : [])].join(
      ": ",
    ),
    name: details.isReceiver ? (destination.accountName ?? t("your system")) : destinationName(destination.kind),
    account: destination.accountName ?? "",
    status: destination.leaving
      ? { tone: "attention", text: t("Being disconnected") }
      : paused
        ? { tone: "critical", text: t("Paused") }
        : { tone: "success", text: t("Connected") },
    paused: paused ? reasonSentence(destination.stateReason) : null,
    leaving: destination.leaving,
    isReceiver: details.isReceiver,
    hears: details.isReceiver
      ? t("It hears of everybody who unsubscribes anywhere.")
      : t(
          details.calls
            ? "Who unsubscribes at {name} is out of every audience within seconds."
            : "Who unsubscribes at {name} is out of every audience within five minutes.",
          { name: destinationName(destination.kind) },
        ),
    hearsTexts: details.hearsTexts
      ? t(
          "Text messages and WhatsApp that somebody ends in your shop end at {name} too. Text messages that they end there end in your shop; of WhatsApp, {name} does not tell.",
          { name: destinationName(destination.kind) },
        )
      : null,
    everySegment: destination.everySegment,
    consentSync: details.consentSync,
    events: details.events && {
      on: destination.segmentEvents,
      waiting:
        details.events.waiting === 0
          ? t("All are sent.")
          : t("{count} wait to be sent.", { count: format.number(details.events.waiting) }),
      forbidden: details.events.forbidden > 0,
    },
    segments: segments.map((segment) => segmentView(segment, { paused, now: details.now }, format)),
    traits,
  };
}

function segmentView(
  { segmentId, segmentName, audience }: SegmentChoice,
  { paused, now }: { paused: boolean; now: Date },
  format: Format,
): SegmentView {
  if (audience === null) return { segmentId, name: segmentName, audience: null };
  const { state, choice, held, report } = audience;
  const exceptions = Object.entries(audience.exceptions)
    .filter(([name]) => state !== "review" || name !== "pending")
    .map(([name, count]) => `${format.number(count)} ${exceptionWords(name)}`);
  const inIt = t("{acked} of {members} in the audience", {
    acked: format.number(audience.acked),
    members: format.number(audience.members),
  });
  return {
    segmentId,
    name: segmentName,
    audience: {
      id: audience.audienceId,
      status: statusOf(audience, format),
      figures: state === "review" ? [] : [inIt, ...exceptions],
      review:
        state === "review"
          ? [
              t("{count} would be added", {
                count: format.number(report ? audience.wanted - (report.audience - report.strangers) : audience.wanted),
              }),
              ...(choice.adopted
                ? [
                    report
                      ? t("{count} would be removed: in the list now and not in the segment", {
                          count: format.number(report.strangers),
                        })
                      : t("Reading who is in the list now"),
                  ]
                : []),
              ...exceptions.map((words) => t("{count} would be left out", { count: words })),
            ]
          : null,
      held:
        held === null
          ? null
          : t(
              "{count} people left the segment and would leave the audience: more than you allowed within a day. They stay until you agree. Withdrawn consent is never held up.",
              { count: format.number(held) },
            ),
      compared: state === "review" ? null : comparedWords(audience, now, format),
      comparing: audience.comparing,
      canCompare: state === "live" && !paused && !audience.leaving,
      exceptionsPath: state !== "review" && exceptions.length > 0 ? audience.exceptionsPath : null,
      broken: state === "paused" && !paused ? reasonSentence(audience.stateReason ?? "It cannot be kept") : null,
      leaving: audience.leaving,
      remoteId: choice.remoteId,
      adopted: choice.adopted,
      nonSubscribed: choice.nonSubscribed,
      guard: choice.guardShare === null ? "" : String(Math.round(choice.guardShare * 100)),
      traits: choice.traits,
    },
  };
}

function comparedWords(
  { report, reconciledAt }: NonNullable<SegmentChoice["audience"]>,
  now: Date,
  format: Format,
): string[] | null {
  if (report === null || reconciledAt === null) return null;
  return [t("Compared {when}", { when: format.relative(reconciledAt, now) }), ...comparisonFigures(report, format)];
}

function statusOf(
  { state, due, leaving, held, warmingUp }: NonNullable<SegmentChoice["audience"]>,
  format: Format,
): Status {
  if (leaving) return { tone: "attention", text: t("Being given up") };
  if (state === "paused") return { tone: "critical", text: t("Paused") };
  if (state === "building") return { tone: "attention", text: t("Being counted") };
  if (state === "review") return { tone: "attention", text: t("Waits for you") };
  if (held !== null) return { tone: "warning", text: t("Removals held") };
  if (warmingUp) return { tone: "info", text: t("Warming up, {count} to send", { count: format.number(due) }) };
  return due === 0
    ? { tone: "success", text: t("In step") }
    : { tone: "info", text: t("{count} to send", { count: format.number(due) }) };
}
