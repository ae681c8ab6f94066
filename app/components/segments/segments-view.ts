import type { ListedSegment, SegmentListing } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { destinationName } from "../audience-words.ts";
import type { Status } from "../status-badge.tsx";

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
  text: string;
  members: string;
  entered: string;
  left: string;
  /** How far the rule is decided, and whether it is exact now. */
  state: Status;
  /** What is recorded and may still change who is in, in words; empty: nothing. */
  behind: string[];
  /** How much of it is worth a second look, in words; null: nothing. */
  review: Status | null;
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
  const people = (count: number): string => `${format.number(count)} ${count === 1 ? "person" : "people"}`;
  return {
    id,
    name,
    when: `By ${removedBy}, ${format.relative(removedAt, now)}`,
    lines: [
      ...(leaving > 0 ? [`${people(leaving)} still to leave`] : []),
      ...lists.map((list) => {
        const destination = destinationName(list.kind);
        const left = list.leaving > 0 ? `, ${format.number(list.leaving)} still to be taken off` : "";
        if (list.people === list.leaving) return `${destination}: the list is empty${left}`;
        return `${destination}: the list keeps ${people(list.people - list.leaving)}${left}`;
      }),
      ...(automations > 0
        ? [
            `${automations === 1 ? "Its automation comes" : `Its ${format.number(automations)} automations come`} back with it, and run for nobody who is only back${waitingRuns > 0 ? `; ${format.number(waitingRuns)} still to be sent` : ""}`,
          ]
        : []),
    ],
  };
}

export function segmentRow(segment: ListedSegment, now: Date, format: Format): SegmentRowView {
  return {
    id: segment.id,
    url: `/app/segments/${segment.id}`,
    name: segment.name,
    text: segment.text,
    members: format.number(segment.members),
    entered: format.number(segment.entered),
    left: format.number(segment.left),
    state: stateOf(segment, now, format),
    behind: behindOf(segment, format),
    review:
      segment.findings.length > 0
        ? { tone: "warning", text: `Review: ${format.number(segment.findings.length)}` }
        : null,
    audiences: segment.audiences.map(({ kind, state, due }) => ({
      tone: state === "paused" ? "critical" : due > 0 ? "attention" : "success",
      text: `${destinationName(kind)}${state === "paused" ? ": paused" : due > 0 ? `: ${format.number(due)} to send` : ""}`,
    })),
  };
}

/** Below this a shop is busy and not behind. */
const SOON_MS = 60_000;

function stateOf({ build, freshness }: ListedSegment, now: Date, format: Format): Status {
  const { asOf, ...waiting } = freshness;
  if (asOf === null) {
    if (!build || build.finishedAt) return { tone: "attention", text: "Being decided" };
    const share = build.total === 0 ? 0 : Math.min(0.99, build.done / build.total);
    return { tone: "attention", text: `Being decided: ${format.number(Math.floor(share * 100))} %` };
  }
  if (Object.values(waiting).every((count) => count === 0)) return { tone: "success", text: "Exact now" };
  const lag = now.getTime() - asOf.getTime();
  const at = lag < DAY_MS ? format.clockTime(asOf) : format.instant(asOf);
  return { tone: lag < SOON_MS ? "info" : "attention", text: `Exact as of ${at}` };
}

const DAY_MS = 86_400_000;

function behindOf({ build, freshness }: ListedSegment, format: Format): string[] {
  const { asOf, deliveries, unattributed, customers, timers } = freshness;
  const counted = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${format.number(count)} ${count === 1 ? one : many}`];
  return [
    ...(asOf !== null
      ? []
      : build && !build.finishedAt
        ? [
            `Its rule is being decided for everybody: ${format.number(build.done)} of ${format.number(build.total)} customers so far`,
          ]
        : ["A segment its rule asks for is being decided for everybody"]),
    ...counted(
      deliveries,
      "message from your shop is still to be read",
      "messages from your shop are still to be read",
    ),
    ...counted(
      unattributed,
      "browser or name is being looked up: whose it is",
      "browsers and names are being looked up: whose they are",
    ),
    ...counted(customers, "customer waits to be decided anew", "customers wait to be decided anew"),
    ...counted(timers, "customer is late in changing by time", "customers are late in changing by time"),
  ];
}
