import { localPart } from "./compare.ts";
import { soundOf } from "./fold.ts";
import type { Field, Records } from "./records.ts";

/** Pairs worth comparing: `left[i]` with `right[i]`, the left one the greater number, each pair once. */
export interface Pairs {
  left: Int32Array;
  right: Int32Array;
  size: number;
}

/** For each record the number of its block in one pass, -1 for none. */
type Pass = Int32Array;

/** No pass brings more than this many pairs a record together: its largest blocks are left to narrower passes. */
const PAIRS_A_RECORD = 2;
/** However few the pairs: past this size a shared value says nothing and costs the square. */
const LARGEST_BLOCK = 500;

/**
 * Every pair that shares a rough value of one column, or of two. A block that is too large is left out of its pass, so what is
 * common counts only together with something else.
 */
export function candidatePairs(records: Records): Pairs {
  const passes = blockingPasses(records);
  const blocks = passes.map((pass) => blocksOf(pass, records.size));
  const pairs = new PairList(records.size * 4);
  const seen = new Int32Array(records.size).fill(-1);
  for (let record = 0; record < records.size; record += 1) {
    for (const { members, starts, usable, pass } of blocks) {
      const block = pass[record]!;
      if (block < 0 || usable[block] === 0) continue;
      for (let at = starts[block]!; at < starts[block + 1]!; at += 1) {
        const other = members[at]!;
        if (other >= record) break;
        if (seen[other] === record) continue;
        seen[other] = record;
        pairs.add(record, other);
      }
    }
  }
  return pairs.done();
}

class PairList {
  #left: Int32Array;
  #right: Int32Array;
  #size = 0;

  constructor(room: number) {
    this.#left = new Int32Array(Math.max(16, room));
    this.#right = new Int32Array(Math.max(16, room));
  }

  add(left: number, right: number): void {
    if (this.#size === this.#left.length) {
      this.#left = grown(this.#left);
      this.#right = grown(this.#right);
    }
    this.#left[this.#size] = left;
    this.#right[this.#size] = right;
    this.#size += 1;
  }

  done(): Pairs {
    return { left: this.#left.subarray(0, this.#size), right: this.#right.subarray(0, this.#size), size: this.#size };
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

interface Blocks {
  pass: Pass;
  /** Records by block, ascending within one. */
  members: Int32Array;
  starts: Int32Array;
  usable: Uint8Array;
}

function blocksOf(pass: Pass, size: number): Blocks {
  let blocks = 0;
  for (const block of pass) if (block >= blocks) blocks = block + 1;
  const starts = new Int32Array(blocks + 1);
  for (const block of pass) if (block >= 0) starts[block + 1]! += 1;
  const largest = largestWithin(starts, size * PAIRS_A_RECORD);
  const usable = new Uint8Array(blocks);
  for (let block = 0; block < blocks; block += 1) {
    const members = starts[block + 1]!;
    usable[block] = members > 1 && members <= largest ? 1 : 0;
  }
  for (let block = 0; block < blocks; block += 1) starts[block + 1]! += starts[block]!;
  const next = starts.slice();
  const members = new Int32Array(starts[blocks]!);
  for (let record = 0; record < size; record += 1) if (pass[record]! >= 0) members[next[pass[record]!]!++] = record;
  return { pass, members, starts, usable };
}

/** The largest block size such that all blocks up to it have no more than `budget` pairs. `sizes[b + 1]` is block b's. */
function largestWithin(sizes: Int32Array, budget: number): number {
  const ofSize = new Float64Array(LARGEST_BLOCK + 1);
  for (let at = 1; at < sizes.length; at += 1) if (sizes[at]! <= LARGEST_BLOCK) ofSize[sizes[at]!]! += 1;
  let pairs = 0;
  for (let size = 2; size <= LARGEST_BLOCK; size += 1) {
    pairs += (ofSize[size]! * size * (size - 1)) / 2;
    if (pairs > budget) return size - 1;
  }
  return LARGEST_BLOCK;
}

function blockingPasses(records: Records): Pass[] {
  const { fields } = records;
  const whole = fields.map((field) => field.values.map((value) => value - 1));
  const rough = fields.flatMap((field) => roughValues(field).map((values) => ({ field, values })));
  const passes = [...whole, ...rough.filter(({ field }) => field.kind !== "given").map(({ values }) => values)];
  for (let first = 0; first < rough.length; first += 1) {
    for (let second = first + 1; second < rough.length; second += 1) {
      const one = rough[first]!;
      const other = rough[second]!;
      if (one.field !== other.field) passes.push(both(one.values, other.values, false));
    }
  }
  const given = fields.find(({ kind }) => kind === "given");
  const family = fields.find(({ kind }) => kind === "family");
  if (given && family) passes.push(...swappedNames(given, family));
  return passes;
}

/** Numbers for the parts of a column's values that survive the usual slips. */
function roughValues(field: Field): Int32Array[] {
  const parts = PARTS[field.kind] ?? [startOf];
  return parts.map((part) => numbered(field, part, new Map()));
}

const PARTS: Partial<Record<Field["kind"], ((text: string) => string)[]>> = {
  given: [soundOf],
  family: [soundOf, endOf],
  name: [soundOf],
  email: [(text) => localPart(text).slice(0, 5), (text) => localPart(text).slice(-5)],
  phone: [(text) => text.slice(-7), (text) => text.slice(0, 6)],
  day: [(text) => text, dayEitherWay, (text) => text.slice(0, 4)],
  code: [(text) => text],
};

function startOf(text: string): string {
  return text.slice(0, 5);
}

function endOf(text: string): string {
  return text.length < 4 ? "" : text.slice(-4);
}

/** Month and day in either order, without the century. */
function dayEitherWay(text: string): string {
  if (text.length !== 8) return "";
  const month = text.slice(4, 6);
  const date = text.slice(6, 8);
  return month < date ? month + date : date + month;
}

function numbered(field: Field, part: (text: string) => string, numbers: Map<string, number>): Int32Array {
  const ofValue = Int32Array.from(field.texts, (text) => {
    const rough = text === "" ? "" : part(text);
    if (rough === "") return -1;
    let number = numbers.get(rough);
    if (number === undefined) numbers.set(rough, (number = numbers.size));
    return number;
  });
  return field.values.map((value) => ofValue[value]!);
}

/** Given and family name share one numbering, and stand in either order. */
function swappedNames(given: Field, family: Field): Pass[] {
  return [soundOf, startOf].map((part) => {
    const numbers = new Map<string, number>();
    const first = numbered(given, part, numbers);
    return both(first, numbered(family, part, numbers), true);
  });
}

/** One numbering for two values together; -1 where either is missing. */
function both(first: Int32Array, second: Int32Array, eitherOrder: boolean): Pass {
  const numbers = new Map<number, number>();
  const pass = new Int32Array(first.length);
  for (let record = 0; record < pass.length; record += 1) {
    let one = first[record]!;
    let other = second[record]!;
    if (one < 0 || other < 0) {
      pass[record] = -1;
      continue;
    }
    if (eitherOrder && one > other) [one, other] = [other, one];
    const key = one * 4194304 + other;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    pass[record] = number;
  }
  return pass;
}
