import { parse } from "csv-parse/sync";
import { textOf } from "../recommend/text-of.ts";

export interface LabelledRecords {
  columns: string[];
  rows: string[][];
  /** For each row its true person. */
  truth: string[];
}

/**
 * A CSV of people with the truth in it: `rec_id` says "rec-N-org" and "rec-N-dup-K" (febrl), `cluster` is the person's number
 * (splink). The truth and the columns to drop are taken out before anything compares records.
 */
export function readLabelled(file: string, drop: string[], truth: string | undefined): LabelledRecords {
  const text = textOf(file);
  const [names = [], ...cells] = parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const truthName = truth ?? ["rec_id", "cluster"].find((name) => names.includes(name));
  const at = truthName === undefined ? -1 : names.indexOf(truthName);
  if (at < 0)
    throw new Error(`${file} has no column "${truthName ?? "rec_id or cluster"}"; it has ${names.join(", ")}.`);
  for (const name of drop) if (!names.includes(name)) throw new Error(`${file} has no column "${name}" to drop.`);
  const kept = names.flatMap((name, column) => (column === at || drop.includes(name) ? [] : [column]));
  return {
    columns: kept.map((column) => names[column]!),
    rows: cells.map((row) => kept.map((column) => row[column] ?? "")),
    truth: cells.map((row) => personOf(row[at] ?? "")),
  };
}

function delimiterOf(text: string): string {
  const heading = text.slice(0, text.indexOf("\n"));
  const counted = [",", ";", "\t", "|"].map((mark) => ({ mark, times: heading.split(mark).length }));
  return counted.reduce((best, one) => (one.times > best.times ? one : best)).mark;
}

function personOf(value: string): string {
  return /^rec-(\d+)-/.exec(value)?.[1] ?? value;
}
