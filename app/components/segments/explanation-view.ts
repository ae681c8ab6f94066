import type { SegmentAdmin } from "../../jobs/segment-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { nameWords } from "../rule/words.ts";
import type { Status } from "../status-badge.tsx";

type Found = Extract<Awaited<ReturnType<SegmentAdmin["explain"]>>, { outcome: "found" }>;

export interface ExplanationView {
  title: string;
  segment: { name: string; url: string };
  customer: { name: string; url: string };
  answer: Status;
  /** When the answer changes if nothing new happens. */
  next: string;
  clauses: { text: string; answer: Status; found: string[]; events: string[] }[];
}

export function explanationView(found: Found, segmentId: string, format: Format): ExplanationView {
  const { name, person, now, explanation } = found;
  const { member, memberChangesAt, evidence } = explanation;
  return {
    title: `${person.name} in ${name}`,
    segment: { name, url: `/app/segments/${segmentId}` },
    customer: { name: person.name, url: `/app/profiles/${person.customerId}` },
    answer: member ? { tone: "success", text: "In the segment" } : { tone: null, text: "Not in the segment" },
    next: memberChangesAt
      ? `If nothing new happens, this changes ${format.relative(memberChangesAt, now)}, at ${format.instant(memberChangesAt)}.`
      : "If nothing new happens, this does not change.",
    clauses: evidence.map(({ clause, holds, found: values, events }) => ({
      text: clause,
      answer: holds ? { tone: "success", text: "True" } : { tone: null, text: "Not true" },
      found: values.map(({ name: what, value }) => `${nameWords(what)}: ${shown(value, format)}`),
      events: events.map(({ kind, at }) => `${nameWords(kind)}, ${format.instant(at)}`),
    })),
  };
}

function shown(value: unknown, format: Format): string {
  if (value === null || value === undefined) return "unknown";
  if (value instanceof Date) return format.instant(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((one) => shown(one, format)).join(", ");
  return String(value);
}
