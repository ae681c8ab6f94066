import type { Column, ColumnKind } from "./columns.ts";
import { foldText, isNoValue, readDay } from "./fold.ts";

/** One column of all records: values are numbered, 0 is "missing", so that equal is one comparison of integers. */
export interface Field {
  name: string;
  kind: ColumnKind;
  /** For each record the number of its value. */
  values: Int32Array;
  /** For each number the form that is compared: folded and without spaces. */
  texts: string[];
  /** For each number its words, where order and omissions matter; null for kinds of one word. */
  words: (string[] | null)[];
  /** For each number, which of 32 letter classes occur: two values without common letters need no closer look. */
  letters: Int32Array;
  /** For each number, how many records have it. */
  counts: Int32Array;
}

export interface Records {
  size: number;
  fields: Field[];
}

/** @param rows one cell a column; columns that are null are left out */
export function readRecords(columns: (Column | null)[], rows: string[][]): Records {
  const fields = columns.flatMap((column, at) => (column ? [readField(column, rows, at)] : []));
  return { size: rows.length, fields };
}

function readField({ name, kind }: Column, rows: string[][], at: number): Field {
  const values = new Int32Array(rows.length);
  const numbers = new Map<string, number>();
  const raw = new Map<string, number>();
  const texts = [""];
  const words: (string[] | null)[] = [null];
  for (let row = 0; row < rows.length; row += 1) {
    const cell = rows[row]![at] ?? "";
    let number = raw.get(cell);
    if (number === undefined) {
      const form = comparedForm(kind, cell);
      const key = form.replaceAll(" ", "");
      number = key === "" ? 0 : numbers.get(key);
      if (number === undefined) {
        number = texts.length;
        texts.push(key);
        words.push((kind === "text" || kind === "name") && form.includes(" ") ? [...new Set(form.split(" "))] : null);
        numbers.set(key, number);
      }
      raw.set(cell, number);
    }
    values[row] = number;
  }
  const counts = new Int32Array(texts.length);
  for (const number of values) counts[number]! += 1;
  return { name, kind, values, texts, words, letters: Int32Array.from(texts, lettersOf), counts };
}

/** What is compared of a cell, by kind; empty when there is nothing to compare. */
function comparedForm(kind: ColumnKind, cell: string): string {
  if (isNoValue(cell)) return "";
  switch (kind) {
    case "email":
      return cell.trim().toLowerCase();
    case "phone":
      return cell.replace(/\D/g, "").replace(/^0+/, "").slice(-10);
    case "day":
      return readDay(cell) ?? foldText(cell);
    default:
      return foldText(cell);
  }
}

function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
  return letters;
}
