import type { LiquidError } from "liquidjs";
import { nearestName, orList, type Problem, problemAt } from "../segment/language/diagnostics.ts";
import { CLOSED_BY, FILE_TAGS, FILTERS, INNER_TAGS, TAGS } from "./allowed.ts";

export interface ContentProblem extends Problem {
  /** A warning stands in nobody's way. */
  severity: "error" | "warning";
}

const KNOWN_FILTERS: readonly string[] = [...FILTERS, "money"];

/** A fault of the library in the merchant's words: what is there, what was expected, and what was probably meant. */
export function explainFault(fault: LiquidError, source: string): ContentProblem {
  const original = (fault as { originalError?: Error }).originalError ?? fault;
  const message = original.message.replace(/, line:\d+, col:\d+$/, "");
  const { begin, end } = fault.token;
  const at = (start: number, length: number, sentence: string, suggestion?: string): ContentProblem => ({
    ...problemAt(source, { start, end: start + length }, sentence, suggestion),
    severity: "error",
  });
  const whole = (sentence: string): ContentProblem => at(begin, Math.max(1, end - begin), sentence);

  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined) {
    const near = nearestName(filter, KNOWN_FILTERS);
    const start = placeOf(source, begin, end, new RegExp(`\\|\\s*(?=${escapePattern(filter)})`));
    return at(start, filter.length, `There is no filter ${filter}.${meant(near)}`, near ?? undefined);
  }
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag !== undefined) {
    const start = placeOf(source, begin, end, /\{%-?\s*/);
    const near = nearestName(tag, [...TAGS, ...INNER_TAGS]);
    const known = INNER_TAGS.includes(tag);
    return at(start, tag.length, unknownTag(tag, near), known ? undefined : (near ?? undefined));
  }
  const open = /^tag \{%-?\s*(\w+)[^]*not closed$/.exec(message)?.[1];
  if (open !== undefined) return whole(`${open} is not closed: {% ${CLOSED_BY[open] ?? `end${open}`} %} was expected.`);
  if (/^(output|tag) .* not closed$/s.test(message)) {
    return whole(`This is not closed: ${message.startsWith("output") ? "}}" : "%}"} was expected.`);
  }
  if (message.startsWith("illegal tag: {% for") || message.startsWith("illegal tag: {%- for")) {
    return whole("A loop has a name, the word in, and a list: {% for product in recommended_products %} was expected.");
  }
  if (message === "memory alloc limit exceeded") return whole("This makes more text than a block may hold in memory.");
  if (/call stack/.test(message)) return whole("This is nested too deeply to be read.");
  return whole(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, "."));
}

function unknownTag(tag: string, near: string | null): string {
  if (FILE_TAGS.includes(tag)) return `The tag ${tag} reads other templates, and blocks read none.`;
  const opener = Object.entries(CLOSED_BY).find(([, closer]) => closer === tag)?.[0];
  if (opener !== undefined) return `${tag} closes a ${opener}, and none is open here.`;
  if (tag === "when") return "when belongs into a case, and none is open here.";
  if (INNER_TAGS.includes(tag))
    return `${tag} belongs into ${orList(["if", "unless", "case", "for"])}, and none is open here.`;
  return `There is no tag ${tag}.${meant(near)}`;
}

export function meant(near: string | null): string {
  return near === null ? "" : ` Did you mean ${near}?`;
}

/** Where a pattern ends within a stretch of the source; the beginning of the stretch where it is not found. */
function placeOf(source: string, begin: number, end: number, pattern: RegExp): number {
  const found = pattern.exec(source.slice(begin, end));
  return found ? begin + found.index + found[0].length : begin;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
