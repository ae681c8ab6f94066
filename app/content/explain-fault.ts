import type { LiquidError } from "liquidjs";
import { nearestName, orList, type Problem, problemAt } from "../segment/language/diagnostics.ts";
import { CLOSED_BY, FILE_TAGS, FILTERS, INNER_TAGS, TAGS } from "./allowed.ts";
import { t, type Text } from "../texts/text.ts";

export interface ContentProblem extends Problem {
  /** A warning stands in nobody's way. */
  severity: "error" | "warning";
}

/** Thrown where a block is stopped for a reason of ours: its message is said as it stands. */
export class OwnFault extends Error {}

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
  if (original instanceof OwnFault) return whole(original.message);

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
  return whole(inWords(message));
}

/** What the library's parser says, as it is said here; `$1` is what the message quotes. */
const SAID: readonly [RegExp, Text][] = [
  [
    /^illegal tag: (?:\{%-?\s*)?(?:for|tablerow)\b/,
    "A loop has a name, the word in, and a list: {% for product in recommended_products %} was expected.",
  ],
  [/^illegal (?:liquid )?tag syntax/, "The name of a tag was expected, such as if in {% if first_name %}."],
  [/^expected "\|" before filter/, "After a value only filters may follow, each after a |."],
  [/^expected filter name/, "After | the name of a filter was expected, as in {{ first_name | upcase }}."],
  [
    /^expected ":" after filter name/,
    "Values of a filter stand after a colon, as in {{ first_name | default: 'you' }}.",
  ],
  [/^unexpected character (.*)$/s, "{text} was not expected here."],
  [/^invalid value expression: ["']*$/, "A value was expected here."],
  [/^invalid value expression: (.*)$/s, "{text} is not a value."],
  [/^unexpected token (.*), value expected$/s, "A value was expected in the place of {text}."],
  [/^invalid range syntax/, "A range has two ends in brackets: (1..5) was expected."],
  [/^expected (?:variable name|"=")/, "A value is given a name: {% assign name = value %} was expected."],
  [/^invalid capture name/, "What is captured is given a name: {% capture name %} was expected."],
  [/^empty candidates/, "What takes turns is listed with commas: {% cycle 'odd', 'even' %} was expected."],
  [/^unexpected elsif after else/, "elsif stands before else, and not after it."],
  [/^duplicated else/, "There is one else already."],
  [/^every line of an inline comment/, "Every line of such a comment begins with #."],
  [/^memory alloc limit exceeded$/, "This makes more text than a block may hold in memory."],
  [/call stack/, "This is nested too deeply to be read."],
];

/** A message of the library for which there are no own words is quoted. */
function inWords(message: string): string {
  if (message === "[ not closed") return t("This is not closed: {closer} was expected.", { closer: "]" });
  if (message === "unbalanced parentheses") return t("This is not closed: {closer} was expected.", { closer: ")" });
  if (/^raw .* not closed$/s.test(message)) {
    return t("{tag} is not closed: {% {closer} %} was expected.", { tag: "raw", closer: "endraw" });
  }
  for (const [pattern, text] of SAID) {
    const found = pattern.exec(message);
    if (found) return t(text, { text: found[1] ?? "" } as never);
  }
  return t("Liquid cannot read this: {message}.", { message: message.replace(/\.$/, "") });
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
