import type { ListedSegment, SegmentListing } from "../../jobs/segment-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { t, type Text, tn } from "../../texts/text.ts";
import { destinationName } from "../audience-words.ts";
import { authorWords } from "../author-words.ts";
import { ruleWords } from "../rule/rule-words.ts";
import { scheduleStatus } from "./schedule-view.ts";
import type { Status } from "../status-badge.tsx";
import type { SizeView } from "./size-line.tsx";

export interface SegmentsView {
  rows: SegmentRowView[];
  removed: RemovedView[];
}

export interface RemovedView {
  id: number;
  name: string;
  when: string;
  /** What is still going on, and what became of its lists. */
  lines: string[];
}

export interface SegmentRowView {
  id: number;
  url: string;
  name: string;
  /** Who is in it, in words; null: only the rule itself says it. */
  words: string | null;
  text: string;
  members: string;
  /** Its members on the last days and now; null: too few days were counted. */
  line: SizeView | null;
  entered: string;
  left: string;
  /** How far the rule is decided, and whether it is exact now. */
  state: Status;
  /** What is recorded and may still change who is in, in words; empty: nothing. */
  behind: string[];
  /** How much of it is worth a second look, in words; null: nothing. */
  review: Status | null;
  /** What is to be published by itself, or was not; null: nothing. */
  schedule: Status | null;
  audiences: Status[];
}

export function segmentsView(
  { segments, removed, now }: Pick<SegmentListing, "segments" | "removed" | "now">,
  format: Format,
): SegmentsView {
  return {
    rows: segments.map((segment) => segmentRow(segment, now, format)),
    removed: removed.map((segment) => removedView(segment, now, format)),
  };
}

function removedView(segment: SegmentListing["removed"][number], now: Date, format: Format): RemovedView {
  const { id, name, removedAt, removedBy, leaving, lists, automations, waitingRuns } = segment;
  return {
    id,
    name,
    when: t("By {author}, {when}", { author: authorWords(removedBy), when: format.relative(removedAt, now) }),
    lines: [
      ...(leaving > 0
        ? [
            tn(leaving, "{count} person still to leave", "{count} people still to leave", {
              count: format.number(leaving),
            }),
          ]
        : []),
      ...lists.map((list) => {
        const destination = destinationName(list.kind);
        const kept = list.people - list.leaving;
        const values = { destination, count: format.number(kept), leaving: format.number(list.leaving) };
        if (list.leaving > 0) {
          return kept === 0
            ? t("{destination}: the list is empty, {leaving} still to be taken off", values)
            : tn(
                kept,
                "{destination}: the list keeps {count} person, {leaving} still to be taken off",
                "{destination}: the list keeps {count} people, {leaving} still to be taken off",
                values,
              );
        }
        return kept === 0
          ? t("{destination}: the list is empty", values)
          : tn(
              kept,
              "{destination}: the list keeps {count} person",
              "{destination}: the list keeps {count} people",
              values,
            );
      }),
      ...(automations > 0 ? [automationsBack(automations, waitingRuns, format)] : []),
    ],
  };
}

function automationsBack(automations: number, waiting: number, format: Format): string {
  const values = { count: format.number(automations), waiting: format.number(waiting) };
  return waiting > 0
    ? tn(
        automations,
        "Its automation comes back with it, and run for nobody who is only back; {waiting} still to be sent",
        "Its {count} automations come back with it, and run for nobody who is only back; {waiting} still to be sent",
        values,
      )
    : tn(
        automations,
        "Its automation comes back with it, and run for nobody who is only back",
        "Its {count} automations come back with it, and run for nobody who is only back",
        values,
      );
}

export function segmentRow(segment: ListedSegment, now: Date, format: Format): SegmentRowView {
  return {
    id: segment.id,
    url: `/app/segments/${segment.id}`,
    name: segment.name,
    words: ruleWords(segment.rule),
    text: segment.text,
    members: format.number(segment.members),
    line: lineOf(segment, now, format),
    entered: format.number(segment.entered),
    left: format.number(segment.left),
    state: stateOf(segment, now, format),
    behind: behindOf(segment, format),
    review:
      segment.findings.length > 0
        ? { tone: "warning", text: t("Review: {count}", { count: format.number(segment.findings.length) }) }
        : null,
    schedule: segment.schedule && scheduleStatus(segment.schedule, segment.version, format),
    audiences: segment.audiences.map(({ kind, state, due }) => ({
      tone: state === "paused" ? "critical" : due > 0 ? "attention" : "success",
      text: audienceText(destinationName(kind), state, due, format),
    })),
  };
}

function lineOf({ past, members }: ListedSegment, now: Date, format: Format): SegmentRowView["line"] {
  const [first] = past;
  if (first === undefined) return null;
  const values = { first: format.number(first.members), last: format.number(members) };
  return {
    days: [
      ...past.map(({ at, members: size }) => ({
        at: at.toISOString(),
        day: format.day(at),
        short: format.shortDay(at),
        size,
        shown: format.number(size),
      })),
      { at: now.toISOString(), day: t("Now"), short: t("Now"), size: members, shown: format.number(members) },
    ],
    words: tn(
      past.length,
      "From {first} to {last} members in {count} day",
      "From {first} to {last} members in {count} days",
      values,
    ),
  };
}

function audienceText(
  destination: string,
  state: ListedSegment["audiences"][number]["state"],
  due: number,
  format: Format,
): string {
  if (state === "paused") return t("{destination}: paused", { destination });
  return due > 0 ? t("{destination}: {count} to send", { destination, count: format.number(due) }) : destination;
}

/** Below this a shop is busy and not behind. */
const SOON_MS = 60_000;

function stateOf({ build, freshness }: ListedSegment, now: Date, format: Format): Status {
  const { asOf, ...waiting } = freshness;
  if (asOf === null) {
    if (!build || build.finishedAt) return { tone: "attention", text: t("Being decided") };
    const share = build.total === 0 ? 0 : Math.min(0.99, build.done / build.total);
    return {
      tone: "attention",
      text: t("Being decided: {share}%", { share: format.number(Math.floor(share * 100)) }),
    };
  }
  if (Object.values(waiting).every((count) => count === 0)) return { tone: "success", text: t("Exact now") };
  const lag = now.getTime() - asOf.getTime();
  const at = lag < DAY_MS ? format.clockTime(asOf) : format.instant(asOf);
  return { tone: lag < SOON_MS ? "info" : "attention", text: t("Exact as of {at}", { at }) };
}

const DAY_MS = 86_400_000;

function behindOf({ build, freshness }: ListedSegment, format: Format): string[] {
  const { asOf, deliveries, unattributed, customers, timers } = freshness;
  const counted = (count: number, one: Text, many: Text): string[] =>
    count === 0 ? [] : [tn(count, one, many, { count: format.number(count) })];
  return [
    ...(asOf !== null
      ? []
      : build && !build.finishedAt
        ? [
            t("Its rule is being decided for everybody: {done} of {total} customers so far", {
              done: format.number(build.done),
              total: format.number(build.total),
            }),
          ]
        : [t("A segment its rule asks for is being decided for everybody")]),
    ...counted(
      deliveries,
      "{count} message from your shop is still to be read",
      "{count} messages from your shop are still to be read",
    ),
    ...counted(
      unattributed,
      "{count} browser or name is being looked up: whose it is",
      "{count} browsers and names are being looked up: whose they are",
    ),
    ...counted(customers, "{count} customer waits to be decided anew", "{count} customers wait to be decided anew"),
    ...counted(
      timers,
      "{count} customer is late in changing by time",
      "{count} customers are late in changing by time",
    ),
  ];
}
