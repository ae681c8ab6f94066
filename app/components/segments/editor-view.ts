import type { Vocabulary } from "../../segment/language/dictionary.ts";
import type { Person } from "../../jobs/people.server.ts";
import type { Clocks } from "../../jobs/rule-trials.server.ts";
import type { SegmentDetails } from "../../jobs/segment-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import type { ReadySegment } from "../../segment/library.ts";
import { AWAITED, localMoment } from "../../segment/schedule.ts";
import { STARTER_MESSAGE } from "../../segment/starter-segments.ts";
import { t, told, type Text, tn } from "../../texts/text.ts";
import { destinationName } from "../audience-words.ts";
import { authorWords } from "../author-words.ts";
import { automationStatus, whatItDoes } from "../automations/automation-words.ts";
import { profilesUrl } from "../profiles/profiles-url.ts";
import type { Status } from "../status-badge.tsx";
import { type FindingView, findingView } from "./finding-view.ts";
import type { LocalMoment } from "./publish-moment.tsx";
import { type ScheduleView, scheduleView } from "./schedule-view.ts";
import { type SegmentRowView, segmentRow } from "./segments-view.ts";

/** What the first version of a segment says of itself that somebody made. */
export const CREATED: Text = "Created";
/** What Muster wrote itself as what a version says of itself. */
const OUR_MESSAGES: ReadonlySet<string> = new Set([CREATED, AWAITED, STARTER_MESSAGE]);

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
  /** The list of those who are in it; null: it is not there yet. */
  membersUrl: string | null;
  /** What is to be published by itself, or was not. */
  schedule: ScheduleView | null;
  /** A moment to propose, today and where. */
  calendar: { proposed: LocalMoment; today: string; timeZone: string };
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
  /** Some of them. */
  entered: Person[];
  left: Person[];
  live: boolean;
}

const DAY_MS = 86_400_000;
const MORNING = "09:00";

/** A segment that is not there yet. */
export function beginningView(
  clocks: Clocks,
  vocabulary: Vocabulary,
  from?: Pick<ReadySegment, "name" | "text" | "fill"> | { text: string },
): EditorView {
  return {
    id: 0,
    version: 0,
    name: from && "name" in from ? t(from.name) : "",
    text: from?.text ?? "",
    liveText: null,
    draft: null,
    row: null,
    membersUrl: null,
    schedule: null,
    calendar: calendarView(clocks),
    automations: [],
    versions: [],
    removal: null,
    findings: [],
    fill:
      from && "fill" in from
        ? Object.values(from.fill ?? {})
            .map((part) => t(part))
            .join(", ")
        : null,
    vocabulary,
  };
}

export function editorView(found: SegmentDetails, vocabulary: Vocabulary, format: Format): EditorView {
  const { shop, segment, draft, versions, automations, waitingRuns, usedBy, currency, now } = found;
  const { timeZone } = shop;
  const schedule = segment.schedule && scheduleView(segment.schedule, { live: segment, now, timeZone }, format);
  const counted = (count: number, one: Text, other: Text, more = {}): string =>
    tn(count, one, other, { count: format.number(count), ...more });
  return {
    id: segment.id,
    version: segment.version,
    name: segment.name,
    text: draft?.text ?? (schedule?.returns ? null : schedule?.text) ?? segment.text,
    liveText: segment.text,
    draft:
      draft &&
      t("Saved by {author} {when}", { author: authorWords(draft.author), when: format.relative(draft.at, now) }),
    row: segmentRow(segment, now, format),
    membersUrl: profilesUrl({ query: "", rule: `segments CONTAINS '${segment.key}'` }),
    schedule,
    calendar: calendarView({ timeZone, now }),
    automations: automations.map((automation) => ({
      id: automation.id,
      name: automation.name,
      what: whatItDoes(automation),
      status: automationStatus(automation),
    })),
    versions: versions.map(({ number, text, author, message, publishedAt, scheduled, entered, left }) => ({
      number,
      text,
      message: OUR_MESSAGES.has(message) ? told(message) : message,
      by: [authorWords(author), ...(scheduled ? [t("on schedule")] : []), format.relative(publishedAt, now)].join(", "),
      moved:
        entered.count + left.count === 0
          ? t("Nobody entered or left because of it")
          : t("{entered} entered and {left} left because of it", {
              entered: format.number(entered.count),
              left: format.number(left.count),
            }),
      entered: entered.some,
      left: left.some,
      live: number === segment.version,
    })),
    findings: segment.findings.map((finding) => findingView(finding, { currency, now }, format)),
    removal: {
      members: counted(segment.members, "{count} member", "{count} members"),
      lists: segment.audiences.map(({ kind, acked }) =>
        counted(acked, "{destination} ({count} person)", "{destination} ({count} people)", {
          destination: destinationName(kind),
        }),
      ),
      usedBy,
      automations: automations.map(({ name }) => name),
      exits: automations.flatMap(({ name, state, onExit }) => (onExit && state === "active" ? [name] : [])),
      waiting: waitingRuns === 0 ? null : counted(waitingRuns, "{count} message", "{count} messages"),
    },
    fill: null,
    vocabulary,
  };
}

function calendarView({ timeZone, now }: Clocks): EditorView["calendar"] {
  const { date } = localMoment(new Date(now.getTime() + DAY_MS), timeZone);
  return { proposed: { date, time: MORNING }, today: localMoment(now, timeZone).date, timeZone };
}
