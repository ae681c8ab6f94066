import type { LiquidError } from "liquidjs";
import { nearestName, orList, type Problem, problemAt } from "../segment/language/diagnostics.ts";
import { CLOSED_BY, FILE_TAGS, FILTERS, INNER_TAGS, TAGS } from "./allowed.ts";
import { t } from "../texts/text.ts";

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
    return at(start, filter.length, t("There is no filter {name}.", { name: filter }) + meant(near), near ?? undefined);
  }
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag !== undefined) {
    const start = placeOf(source, begin, end, /\{%-?\s*/);
    const near = nearestName(tag, [...TAGS, ...INNER_TAGS]);
    const known = INNER_TAGS.includes(tag);
    return at(start, tag.length, unknownTag(tag, near), known ? undefined : (near ?? undefined));
  }
  const open = /^tag \{%-?\s*(\w+)[^]*not closed$/.exec(message)?.[1];
  if (open !== undefined) {
    return whole(
      t("{tag} is not closed: {% {closer} %} was expected.", { tag: open, closer: CLOSED_BY[open] ?? `end${open}` }),
    );
  }
  if (/^(output|tag) .* not closed$/s.test(message)) {
    return whole(
      t("This is not closed: {closer} was expected.", { closer: message.startsWith("output") ? "}}" : "%}" }),
    );
  }
  if (message.startsWith("illegal tag: {% for") || message.startsWith("illegal tag: {%- for")) {
    return whole(
      t("A loop has a name, the word in, and a list: {% for product in recommended_products %} was expected."),
    );
  }
  if (message === "memory alloc limit exceeded")
    return whole(t("This makes more text than a block may hold in memory."));
  if (/call stack/.test(message)) return whole(t("This is nested too deeply to be read."));
  return whole(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, "."));
}

function unknownTag(tag: string, near: string | null): string {
  if (FILE_TAGS.includes(tag)) return t("The tag {tag} reads other templates, and blocks read none.", { tag });
  const opener = Object.entries(CLOSED_BY).find(([, closer]) => closer === tag)?.[0];
  if (opener !== undefined) return t("{tag} closes a {opener}, and none is open here.", { tag, opener });
  if (tag === "when") return t("{tag} belongs into a {opener}, and none is open here.", { tag, opener: "case" });
  if (INNER_TAGS.includes(tag)) {
    return t("{tag} belongs into {openers}, and none is open here.", {
      tag,
      openers: orList(["if", "unless", "case", "for"]),
    });
  }
  return t("There is no tag {tag}.", { tag }) + meant(near);
}

export function meant(near: string | null): string {
  return near === null ? "" : ` ${t("Did you mean {name}?", { name: near })}`;
}

/** Where a pattern ends within a stretch of the source; the beginning of the stretch where it is not found. */
function placeOf(source: string, begin: number, end: number, pattern: RegExp): number {
  const found = pattern.exec(source.slice(begin, end));
  return found ? begin + found.index + found[0].length : begin;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
