import type { ListedSegment, SegmentListing } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { destinationName } from "../audience-words.ts";
import type { Status } from "../status-badge.tsx";

export interface SegmentsView {
  rows: SegmentRowView[];
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
  audiences: Status[];
}

export function segmentsView({ segments }: Pick<SegmentListing, "segments">, format: Format): SegmentsView {
  return { rows: segments.map((segment) => segmentRow(segment, format)) };
}

export function segmentRow(segment: ListedSegment, format: Format): SegmentRowView {
  return {
    id: segment.id,
    url: `/app/segments/${segment.id}`,
    name: segment.name,
    text: segment.text,
    members: format.number(segment.members),
    entered: format.number(segment.entered),
    left: format.number(segment.left),
    state: stateOf(segment, format),
    audiences: segment.audiences.map(({ kind, state, due }) => ({
      tone: state === "paused" ? "critical" : due > 0 ? "attention" : "success",
      text: `${destinationName(kind)}${state === "paused" ? ": paused" : due > 0 ? `: ${format.number(due)} to send` : ""}`,
    })),
  };
}

function stateOf({ build }: ListedSegment, format: Format): Status {
  if (!build) return { tone: "success", text: "Exact now" };
  const share = build.total === 0 ? 0 : Math.min(0.99, build.done / build.total);
  return { tone: "attention", text: `Being decided: ${format.number(Math.floor(share * 100))} %` };
}
