import type { Column } from "./columns.ts";
import { foldText } from "./fold.ts";
import { editDistance } from "./string-distance.ts";

/** A column repeats others when at least this share of its words stands in them already. */
const REPEATS = 0.4;
const SAMPLE = 500;

/**
 * A whole name beside given and family name, or a whole address beside its parts, would say the same thing twice and count it
 * twice. What such a column says alone stays: a middle name, a title. A given and family name that are missing are read from
 * a whole name first.
 * @returns rows with those cells changed; the rows given are left as they are
 */
export function withoutRepeatedWords(columns: (Column | null)[], rows: string[][]): string[][] {
  const given = columns.findIndex((column) => column?.kind === "given");
  const family = columns.findIndex((column) => column?.kind === "family");
  const order = fewestWordsFirst(columns, rows);
  const repeating = repeatingColumns(order, rows);
  if (repeating.length === 0) return rows;
  const plain = order.filter((at) => !repeating.includes(at));
  return rows.map((row) => {
    const changed = row.slice();
    const said = plain.flatMap((at) => wordsOf(row[at]));
    for (const at of repeating) {
      const words = wordsOf(row[at]);
      if (columns[at]!.kind === "name" && words.length >= 2 && given >= 0 && family >= 0) {
        if (wordsOf(row[given]).length === 0 && wordsOf(row[family]).length === 0) {
          [changed[given], changed[family]] = [words[0]!, words.at(-1)!];
          said.push(words[0]!, words.at(-1)!);
        }
      }
      const left = words.filter((word) => !said.some((other) => sameWord(word, other)));
      changed[at] = left.join(" ");
      said.push(...left);
    }
    return changed;
  });
}

const WITH_WORDS: ReadonlySet<string> = new Set(["given", "family", "name", "text", "code"]);

function fewestWordsFirst(columns: (Column | null)[], rows: string[][]): number[] {
  const sample = rows.slice(0, SAMPLE);
  return columns
    .flatMap((column, at) => {
      if (!column || !WITH_WORDS.has(column.kind)) return [];
      const counts = sample.map((row) => wordsOf(row[at]).length).filter((count) => count > 0);
      const part = column.kind === "given" || column.kind === "family";
      return [{ at, words: part ? 0 : counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length) }];
    })
    .sort((a, b) => a.words - b.words || a.at - b.at)
    .map(({ at }) => at);
}

function repeatingColumns(order: number[], rows: string[][]): number[] {
  const sample = rows.slice(0, SAMPLE);
  return order.filter((column, place) => {
    let words = 0;
    let repeated = 0;
    for (const row of sample) {
      const said = order.slice(0, place).flatMap((at) => wordsOf(row[at]));
      for (const word of wordsOf(row[column])) {
        words += 1;
        if (said.some((other) => sameWord(word, other))) repeated += 1;
      }
    }
    return repeated > REPEATS * words;
  });
}

function wordsOf(cell: string | undefined): string[] {
  const folded = foldText(cell ?? "");
  return folded === "" ? [] : folded.split(" ");
}

function sameWord(word: string, other: string): boolean {
  return word === other || (word.length > 3 && editDistance(word, other, 1) <= 1);
}
