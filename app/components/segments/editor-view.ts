import type { SegmentDetails } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ReadySegment } from "../../segment/library.ts";
import { type SegmentRowView, segmentRow } from "./segments-view.ts";

export interface EditorView {
  /** 0: not there yet. */
  id: number;
  version: number;
  name: string;
  /** The rule to begin with: the draft where there is one. */
  text: string;
  liveText: string | null;
  /** What the draft is from, in words; null: no draft. */
  draft: string | null;
  row: SegmentRowView | null;
  versions: VersionView[];
  /** What still has to be filled in of a ready segment, in words. */
  fill: string | null;
}

export interface VersionView {
  number: number;
  text: string;
  message: string;
  by: string;
  live: boolean;
}

export function editorView(found: SegmentDetails | null, format: Format, from?: ReadySegment): EditorView {
  if (!found) {
    return {
      id: 0,
      version: 0,
      name: from?.name ?? "",
      text: from?.text ?? "",
      liveText: null,
      draft: null,
      row: null,
      versions: [],
      fill: from?.fill ? Object.values(from.fill).join(", ") : null,
    };
  }
  const { segment, draft, versions, now } = found;
  return {
    id: segment.id,
    version: segment.version,
    name: segment.name,
    text: draft?.text ?? segment.text,
    liveText: segment.text,
    draft: draft && `Saved by ${draft.author} ${format.relative(draft.at, now)}`,
    row: segmentRow(segment, now, format),
    versions: versions.map(({ number, text, author, message, publishedAt }) => ({
      number,
      text,
      message,
      by: `${author}, ${format.relative(publishedAt, now)}`,
      live: number === segment.version,
    })),
    fill: null,
  };
}
