import { foldCase } from "../platform/fold-case.ts";

/** How the values of a type of metafield compare in rules: the types that Shopify's own segments take. */
export type MetafieldKind = "text" | "integer" | "number" | "boolean" | "date" | "text_list";

const KINDS: Readonly<Record<string, MetafieldKind>> = {
  single_line_text_field: "text",
  id: "text",
  number_integer: "integer",
  number_decimal: "number",
  boolean: "boolean",
  date: "date",
  date_time: "date",
  "list.single_line_text_field": "text_list",
};

/** @param type in Shopify's word. Null: rules cannot compare it. */
export function metafieldKind(type: string): MetafieldKind | null {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null;
}

type MetafieldValue = string | number | boolean | string[] | { at: number } | { day: string };

/** The text in which Shopify gives a value, as rules read it. Null for what is not of its type. */
export function readMetafield(type: string, text: string): MetafieldValue | null {
  switch (metafieldKind(type)) {
    case "text":
      return clean(text);
    case "integer":
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : null;
    case "date":
      return type === "date" ? readDay(text) : readInstant(text);
    case "text_list":
      return readList(text);
    case null:
      return null;
  }
}

/** The same value without regard to case. */
export function foldMetafield(value: MetafieldValue | null): MetafieldValue | null {
  if (Array.isArray(value)) return value.map(foldCase);
  return typeof value === "string" ? foldCase(value) : value;
}

function readDay(text: string): MetafieldValue | null {
  const at = /^[1-9]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? { day: text } : null;
}

/** Shopify leaves the zone out where it means UTC. */
function readInstant(text: string): MetafieldValue | null {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?$/.test(text)) return null;
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`).getTime();
  return Number.isNaN(at) ? null : { at };
}

function readList(text: string): MetafieldValue | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.flatMap((one) => (typeof one === "string" ? [clean(one)] : [])) : null;
  } catch {
    return null;
  }
}

/** PostgreSQL has no text with a NUL or half a surrogate pair. */
function clean(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
