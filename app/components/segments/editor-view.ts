import type { Vocabulary } from "../../segment/language/dictionary.ts";
import type { SegmentDetails } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ReadySegment } from "../../segment/library.ts";
import { destinationName } from "../audience-words.ts";
import { automationStatus, whatItDoes } from "../automations/automation-words.ts";
import type { Status } from "../status-badge.tsx";
import { type FindingView, findingView } from "./finding-view.ts";
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
  /** What follows when somebody enters or leaves. */
  automations: { id: number; name: string; what: string; status: Status }[];
  versions: VersionView[];
  findings: FindingView[];
  /** What removing it would do; null: it is not there yet. */
  removal: RemovalView | null;
  /** What still has to be filled in of a ready segment, in words. */
  fill: string | null;
  vocabulary: Vocabulary;
}

export interface RemovalView {
  members: string;
  /** "Klaviyo (12 people)" */
  lists: string[];
  usedBy: string[];
  /** Names of its automations. */
  automations: string[];
  /** Those that would run for every member who leaves. */
  exits: string[];
  /** How much its automations have still to send, in words; null: nothing. */
  waiting: string | null;
}

export interface VersionView {
  number: number;
  text: string;
  message: string;
  by: string;
  /** Whom its publication put in and out. */
  moved: string;
  live: boolean;
}

export function editorView(
  found: SegmentDetails | null,
  vocabulary: Vocabulary,
  format: Format,
  from?: Pick<ReadySegment, "name" | "text" | "fill">,
): EditorView {
  if (!found) {
    return {
      id: 0,
      version: 0,
      name: from?.name ?? "",
      text: from?.text ?? "",
      liveText: null,
      draft: null,
      row: null,
      automations: [],
      versions: [],
      removal: null,
      findings: [],
      fill: from?.fill ? Object.values(from.fill).join(", ") : null,
      vocabulary,
    };
  }
  const { segment, draft, versions, automations, waitingRuns, usedBy, currency, now } = found;
  const people = (count: number, one: string, many: string): string =>
    `${format.number(count)} ${count === 1 ? one : many}`;
  return {
    id: segment.id,
    version: segment.version,
    name: segment.name,
    text: draft?.text ?? segment.text,
    liveText: segment.text,
    draft: draft && `Saved by ${draft.author} ${format.relative(draft.at, now)}`,
    row: segmentRow(segment, now, format),
    automations: automations.map((automation) => ({
      id: automation.id,
      name: automation.name,
      what: whatItDoes(automation),
      status: automationStatus(automation),
    })),
    versions: versions.map(({ number, text, author, message, publishedAt, moved }) => ({
      number,
      text,
      message,
      by: `${author}, ${format.relative(publishedAt, now)}`,
      moved:
        moved.entered + moved.left === 0
          ? "Nobody entered or left because of it"
          : `${format.number(moved.entered)} entered and ${format.number(moved.left)} left because of it`,
      live: number === segment.version,
    })),
    findings: segment.findings.map((finding) => findingView(finding, { currency, now }, format)),
    removal: {
      members: people(segment.members, "member", "members"),
      lists: segment.audiences.map(
        ({ kind, acked }) => `${destinationName(kind)} (${people(acked, "person", "people")})`,
      ),
      usedBy,
      automations: automations.map(({ name }) => name),
      exits: automations.flatMap(({ name, state, onExit }) => (onExit && state === "active" ? [name] : [])),
      waiting: waitingRuns === 0 ? null : people(waitingRuns, "message", "messages"),
    },
    fill: null,
    vocabulary,
  };
}
