import type { Format } from "../../platform/format.ts";
import type { AuditSubject, LoggedChange } from "../../shopify/audit-store.server.ts";
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

export const SUBJECT_NAMES: Record<AuditSubject, string> = {
  segment: "Segment",
  automation: "Automation",
  destination: "Destination",
  recommendations: "Recommendations",
  api_key: "API key",
  feed: "Feed",
  settings: "Settings",
};

export function changeView(
  { id, author, at, subject, action, name, before, after }: LoggedChange,
  now: Date,
  format: Format,
): ChangeView {
  const [old, fresh] = [flat(before), flat(after)];
  const labels = [...new Set([...old.keys(), ...fresh.keys()])];
  return {
    id,
    who: author,
    at: showInstant(format, at, now),
    what: `${[SUBJECT_NAMES[subject], name].filter(Boolean).join(" ")}: ${action}`,
    differences: labels.flatMap((label) => {
      const [was, is] = [old.get(label) ?? NOTHING, fresh.get(label) ?? NOTHING];
      if (was === is) return [];
      return [{ label, before: before === null ? null : was, after: after === null ? null : is }];
    }),
  };
}

const NOTHING = "\u2013";

/** The leaves of what was logged, each under the names on the way to it. */
function flat(value: Record<string, unknown> | null): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (part: unknown, path: readonly string[]): void => {
    if (part !== null && typeof part === "object" && !Array.isArray(part)) {
      for (const [name, inner] of Object.entries(part)) visit(inner, [...path, words(name)]);
    } else leaves.set(path.join(", "), shown(part));
  };
  visit(value ?? {}, []);
  return leaves;
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("_", " ");
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(shown).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
