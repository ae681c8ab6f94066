import type { SegmentReads } from "../../jobs/segment-reads.server.ts";
import { writeCursor } from "../../platform/cursor.ts";
import type { Format } from "../../platform/format.ts";
import { t, type Text } from "../../texts/text.ts";
import { wordsOfText } from "../rule/rule-words.ts";
import { foundWords, nameWithin, nameWords } from "../rule/words.ts";
import type { Status } from "../status-badge.tsx";

type Found = Extract<Awaited<ReturnType<SegmentReads["explain"]>>, { outcome: "found" }>;

/** Words, and where on the timeline they are borne out. */
export interface LineView {
  text: string;
  url: string | null;
}

export interface ExplanationView {
  title: string;
  segment: { name: string; url: string };
  customer: { name: string; url: string };
  answer: Status;
  /** When the answer changes if nothing new happens. */
  next: string;
  /** `words`: the clause for people who never saw the language; null: only the language says it. */
  clauses: {
    words: string | null;
    text: string;
    answer: Status;
    found: string[];
    next: string | null;
    events: LineView[];
  }[];
  /** How the membership came about, the last change first. */
  history: LineView[];
}

export function explanationView(found: Found, segmentId: string, format: Format): ExplanationView {
  const { name, person, now, explanation, history } = found;
  const profile = `/app/profiles/${person.customerId}`;
  const { member, memberChangesAt, evidence } = explanation;
  return {
    title: t("{customer} in {segment}", { customer: person.name, segment: name }),
    segment: { name, url: `/app/segments/${segmentId}` },
    customer: { name: person.name, url: profile },
    answer: member ? { tone: "success", text: t("In the segment") } : { tone: null, text: t("Not in the segment") },
    next: memberChangesAt
      ? t("If nothing new happens, this changes {when}, at {at}.", {
          when: format.relative(memberChangesAt, now),
          at: format.instant(memberChangesAt),
        })
      : t("If nothing new happens, this does not change."),
    clauses: evidence.map(({ clause, holds, found: values, changesAt, events }) => ({
      words: wordsOfText(clause),
      text: clause,
      answer: holds ? { tone: "success", text: t("True") } : { tone: null, text: t("Not true") },
      found: values.map(({ name: what, value }) => `${foundWords(what)}: ${shown(value, format)}`),
      next:
        changesAt &&
        t("Changes by itself {when}, at {at}.", {
          when: format.relative(changesAt, now),
          at: format.instant(changesAt),
        }),
      events: events.map(({ kind, at, entry }) => ({
        text: `${nameWords(kind)}, ${format.instant(at)}${entry ? ` (${entryName(entry)})` : ""}`,
        url: entry && timelineUrl(profile, entry),
      })),
    })),
    history: history.map((change) => ({
      text: t(CHANGES[change.change], { at: format.instant(change.at), cause: causeOf(change) }),
      url: change.entry && timelineUrl(profile, change.entry),
    })),
  };
}

const CHANGES = {
  entered: "Entered {at}: {cause}",
  left: "Left {at}: {cause}",
  withdrawn: "Never was in after all, from {at}: {cause}",
  resumed: "Had not left after all, at {at}: {cause}",
} as const;

function causeOf({ cause, eventKind, version, entry }: Found["history"][number]): string {
  switch (cause) {
    case "event":
      return `${nameWithin(eventKind ?? "")}${entry ? ` (${entryName(entry)})` : ""}`;
    case "fact":
      return t("what is known of the customer changed");
    case "time":
      return t("time passed");
    case "rule":
      return t("version {number} of the rule", { number: version ?? "" });
    case "removed":
      return t("the segment was removed");
  }
}

/** "order #1001" of an order with that number, "checkout abc" of "2checkout:abc". */
function entryName({ key, name }: { key: string; name: string | null }): string {
  const [kind = "", ...id] = key.slice(1).split(":");
  const known = Object.hasOwn(ENTRIES, kind) ? ENTRIES[kind] : undefined;
  return known ? t(known, { id: name ?? id.join(":") }) : `${kind} ${id.join(":")}`;
}

const ENTRIES: Readonly<Record<string, Text>> = {
  order: "order {id}",
  refund: "refund {id}",
  checkout: "checkout {id}",
  event: "event {id}",
};

/** The timeline from that entry on. */
function timelineUrl(profile: string, { key, at }: { key: string; at: Date }): string {
  const before = writeCursor({ at: new Date(at.getTime() + 1), key: FIRST_KEY });
  return `${profile}?${new URLSearchParams({ before })}#${encodeURIComponent(`${key}@${at.getTime()}`)}`;
}

/** Of all that happens at one instant nothing stands before it. */
const FIRST_KEY = "0cart:0";

function shown(value: unknown, format: Format): string {
  if (value === null || value === undefined) return t("unknown");
  if (value instanceof Date) return format.instant(value);
  if (typeof value === "object" && "day" in value) return String(value.day);
  if (Array.isArray(value)) return value.length === 0 ? t("none") : value.map((one) => shown(one, format)).join(", ");
  if (typeof value === "boolean") return value ? t("true") : t("false");
  return String(value);
}
