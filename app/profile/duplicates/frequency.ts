import type { Field, Records } from "./records.ts";

/** How often a value of a column occurs among people, not among records: one with ten records counts once. */
export interface Frequency {
  /** For each value number, the logarithm of the chance that somebody else has it: while two records count as one person's, */
  together: Float32Array;
  /** and while they count as two persons'. */
  apart: Float32Array;
}

/**
 * The probability that somebody else has the same value, for the term-frequency adjustment (Splink, "Term-Frequency
 * Adjustments": the average u of an exact match is replaced by the value's own frequency). Counted without the two who are
 * compared, since with them every rare value would seem to be had by 2 in n; what nobody else has is given the share that
 * values seen once have in truth, r* = 2·N2/N1 (Good 1953).
 * @param person for each record whose it is; persons are numbered without gaps
 */
export function frequencies(records: Records, person: Int32Array): Frequency[] {
  return countPeople(records, person).map((counts) => ({
    together: Float32Array.from(counts.people, (count) => chanceOf(count - 1, counts)),
    apart: Float32Array.from(counts.people, (count) => chanceOf(count - 2, counts)),
  }));
}

/** How many people have each value, and how many have any; `unseen` is what a value nobody else has counts for, in people. */
export interface ValueCounts {
  people: Int32Array;
  known: number;
  unseen: number;
}

/** @param person for each record whose it is */
export function countPeople({ fields, size }: Records, person: Int32Array): ValueCounts[] {
  const order = byPerson(person, size);
  return fields.map((field) => countsOf(field, order, person));
}

/** The logarithm of the chance that somebody has a value which so many others have. */
export function chanceOf(others: number, { known, unseen }: Pick<ValueCounts, "known" | "unseen">): number {
  return Math.log(Math.min(0.999, (Math.max(0, others) + unseen) / Math.max(1, known)));
}

function countsOf(field: Field, order: Int32Array, person: Int32Array): ValueCounts {
  const people = new Int32Array(field.texts.length);
  const latest = new Int32Array(field.texts.length).fill(-1);
  let known = 0;
  for (const record of order) {
    const value = field.values[record]!;
    if (value === 0 || latest[value] === person[record]) continue;
    latest[value] = person[record]!;
    people[value]! += 1;
    known += 1;
  }
  let once = 0;
  let twice = 0;
  for (const count of people) {
    if (count === 1) once += 1;
    if (count === 2) twice += 1;
  }
  return { people, known, unseen: Math.min(1, (2 * twice + 1) / (once + 2)) };
}

/** Records ordered so that each person's stand together. */
function byPerson(person: Int32Array, size: number): Int32Array {
  const starts = new Int32Array(size + 1);
  for (const one of person) starts[one + 1]! += 1;
  for (let at = 0; at < size; at += 1) starts[at + 1]! += starts[at]!;
  const order = new Int32Array(size);
  for (let record = 0; record < size; record += 1) order[starts[person[record]!]!++] = record;
  return order;
}
