import type { Format } from "../../platform/format.ts";
import type { AuditSubject, LoggedChange } from "../../shopify/audit-store.server.ts";
import { t, type Text } from "../../texts/text.ts";
import { authorWords } from "../author-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";

/** Something staff changed, in words. */
export interface ChangeView {
  id: string;
  who: string;
  at: ShownInstant;
  /** "Segment Loyal: published" */
  what: string;
  /** What of it is another than before; `before` or `after` is null where all of it was not there, or is gone. */
  differences: { label: string; before: string | null; after: string | null }[];
}

const SUBJECT_NAMES: Record<AuditSubject, Text> = {
  segment: "Segment",
  automation: "Automation",
  destination: "Destination",
  recommendations: "Recommendations",
  api_key: "API key",
  feed: "Feed",
  settings: "Settings",
};

/** What was done, as it is stored. */
const ACTIONS: readonly Text[] = [
  "created",
  "published",
  "changed",
  "paused",
  "resumed",
  "removed",
  "restored",
  "revoked",
  "connected",
  "disconnected",
  "started",
  "agreed to removals",
  "made anew",
  "given up",
  "given an audience",
  "given a new secret",
  "scheduled",
  "taken off the schedule",
  "not published",
];

/** What Muster gives a name to, and not somebody in the shop. */
const NAMED_BY_MUSTER: Partial<Record<AuditSubject, readonly Text[]>> = {
  recommendations: ["Rules", "Settings"],
  settings: ["Columns of the list of profiles", "Duplicates merged by themselves", "What is kept how long"],
};

/** What the log can be narrowed to. */
export function subjectChoices(): { value: string; label: string }[] {
  return Object.entries(SUBJECT_NAMES).map(([value, name]) => ({ value, label: t(name) }));
}

export function changeView(
  { id, author, at, subject, action, name, before, after }: LoggedChange,
  now: Date,
  format: Format,
): ChangeView {
  const [old, fresh] = [flat(before, format), flat(after, format)];
  const labels = [...new Set([...old.keys(), ...fresh.keys()])];
  return {
    id,
    who: authorWords(author),
    at: showInstant(format, at, now),
    what: `${[t(SUBJECT_NAMES[subject]), name && nameOf(subject, name)].filter(Boolean).join(" ")}: ${known(ACTIONS, action)}`,
    differences: labels.flatMap((label) => {
      const [was, is] = [old.get(label) ?? NOTHING, fresh.get(label) ?? NOTHING];
      if (was === is) return [];
      return [{ label, before: before === null ? null : was, after: after === null ? null : is }];
    }),
  };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const NOTHING = "\u2013";

function nameOf(subject: AuditSubject, name: string): string {
  return known(NAMED_BY_MUSTER[subject] ?? [], name);
}

/** Of these texts in the reader's language, and what is none of them as it is. */
function known(texts: readonly Text[], stored: string): string {
  const text = texts.find((one) => one.split("|")[0] === stored);
  return text === undefined ? stored : t(text);
}

/** The leaves of what was logged, each under the names on the way to it. */
function flat(value: Record<string, unknown> | null, format: Format): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (part: unknown, path: readonly string[], name: string): void => {
    if (part !== null && typeof part === "object" && !Array.isArray(part)) {
      for (const [inner, value] of Object.entries(part)) visit(value, [...path, known(LABELS, words(inner))], inner);
    } else leaves.set(path.join(", "), shown(part, VALUES[name] ?? [], format));
  };
  visit(value ?? {}, [], "");
  return leaves;
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("_", " ");
}

/** @param texts those that Muster means by such a value */
function shown(value: unknown, texts: readonly Text[], format: Format): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "number") return format.number(value);
  if (typeof value === "string" && INSTANT.test(value)) return format.instant(new Date(value));
  if (Array.isArray(value)) {
    return value.length === 0 ? NOTHING : value.map((one) => shown(one, texts, format)).join(", ");
  }
  if (typeof value === "object") return JSON.stringify(value);
  if (texts.length === 0 || !texts.some((text) => text.split("|")[0] === value)) return String(value);
  return known(texts, String(value)).replaceAll("_", " ");
}

/** What was changed of something, by the names in the log. */
const LABELS: readonly Text[] = [
  "name|of what was changed",
  "rule|of what was changed",
  "segment|of what was changed",
  "entries",
  "exits",
  "address|of a webhook",
  "tag|of what was changed",
  "lists|of what was changed",
  "list|of what was changed",
  "automations|of what was changed",
  "non subscribed",
  "guard share",
  "traits|of what was changed",
  "warm up",
  "every segment",
  "segment events",
  "consent sync",
  "slots",
  "per vendor",
  "per type",
  "only in stock",
  "hide bought",
  "pinned",
  "hidden",
  "excluded tags",
  "boosts",
  "price from",
  "price to",
  "holdout share",
  "exploration share",
  "strategies",
  "product|a place",
  "home|a place",
  "collection|a place",
  "threshold",
  "from|a probability",
  "scopes",
  "columns",
  "scheduled for",
  "until",
  "views|of what was kept",
  "deliveries|of what was kept",
  "sync log",
  "comparisons|of what was kept",
  "automation runs",
  "feedback|of what was kept",
  "changes|of what was kept",
];

const PARTED: readonly Text[] = ["kept", "emptied", "keep|a list", "empty|a list", "delete|a list"];
const STRATEGIES: readonly Text[] = ["goes_with", "similar", "popular", "personal"];

/** What Muster means by a value of such a name; of any other the value is the shop's own. */
const VALUES: Readonly<Record<string, readonly Text[]>> = {
  lists: PARTED,
  list: PARTED,
  automations: ["announced", "silent"],
  product: STRATEGIES,
  home: STRATEGIES,
  collection: STRATEGIES,
  columns: [
    "email|a column",
    "phone|a column",
    "consent|a column",
    "segments|a column",
    "last_seen",
    "first_order",
    "last_order",
    "orders|a column",
    "spent",
    "average",
  ],
};
