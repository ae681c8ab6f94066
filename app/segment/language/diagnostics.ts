import { t } from "../../texts/text.ts";

/** What is wrong with a written rule, and where. */
export interface Problem {
  /** Both count from 1, the column in UTF-16 units as editors do. */
  line: number;
  column: number;
  /** The stretch of the source it is about, counted from 0, the end excluded. */
  start: number;
  end: number;
  message: string;
  /** What to write in that place instead, when it is known. */
  suggestion?: string;
}

export interface Span {
  start: number;
  end: number;
}

/** Thrown inside the readers where going on would only guess; never leaves them. */
export class Refusal extends Error {
  readonly span: Span;
  readonly suggestion: string | undefined;

  constructor(span: Span, message: string, suggestion?: string) {
    super(message);
    this.span = span;
    this.suggestion = suggestion;
  }
}

/** Turns an offset into a position a person can find. */
export function problemAt(source: string, span: Span, message: string, suggestion?: string): Problem {
  const before = source.slice(0, span.start);
  const line = before.split("\n").length;
  const column = span.start - (before.lastIndexOf("\n") + 1) + 1;
  return { line, column, start: span.start, end: span.end, message, ...(suggestion !== undefined && { suggestion }) };
}

/** One line a person reads: "Line 1 Column 6: …". */
export function describeProblem({ line, column, message }: Problem): string {
  return t("Line {line} Column {column}: {message}", { line, column, message });
}

/** The known name that a misspelt one most likely stands for, or null when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  const names = [...known];
  // "product_viewed" for "storefront.product_viewed".
  const [whole] = names
    .filter((candidate) => candidate.toLowerCase().endsWith(`.${wanted}`))
    .toSorted((one, other) => one.length - other.length);
  if (whole !== undefined) return whole;
  let best: { name: string; distance: number } | null = null;
  for (const candidate of names) {
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (!best || distance < best.distance) best = { name: candidate, distance };
  }
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

/** Says that a name is not known, and what to do about it. */
export function unknownAttribute(name: string, near: string | null): string {
  if (near) return t("There is no attribute '{name}'; did you mean {near}?", { name, near });
  if (!name.startsWith("traits.")) return t("There is no attribute '{name}'.", { name });
  return t("Nobody in this shop has the trait '{name}'; it is known once PUT /api/profiles has told a value of it.", {
    name,
  });
}

/** Says "a", "a or b", "a, b or c". */
export function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : t("{others} or {last}", { others: words.slice(0, -1).join(", "), last });
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
function distanceBetween(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
