import type { Field, Records } from "./records.ts";
import { editDistance, jaroWinkler } from "./string-distance.ts";

/**
 * How far two values of a column agree. What "similar", "close" and "near" mean depends on the kind; what each is worth is
 * learned. `SWAPPED`: given and family name stand in each other's place; said once, of the given name.
 */
export const MISSING = 0;
export const DIFFERENT = 1;
const SIMILAR = 2;
const CLOSE = 3;
export const NEAR = 4;
export const EXACT = 5;
const SWAPPED = 6;
export const LEVELS = 7;

export type Compare = (left: number, right: number, into: Uint8Array, at: number) => void;

/** Writes the levels of two records' fields, one byte a field, from `at` on. */
export function comparison({ fields }: Records): Compare {
  const given = fields.findIndex(({ kind }) => kind === "given");
  const family = fields.findIndex(({ kind }) => kind === "family");
  const swaps = given >= 0 && family >= 0 ? swapOf(fields[given]!, fields[family]!) : null;
  return (left, right, into, at) => {
    for (let field = 0; field < fields.length; field += 1) {
      into[at + field] = levelOf(fields[field]!, fields[field]!.values[left]!, fields[field]!.values[right]!);
    }
    if (swaps === null || into[at + given]! >= NEAR || into[at + family]! >= NEAR) return;
    if (!swaps(left, right)) return;
    into[at + given] = SWAPPED;
    into[at + family] = MISSING;
  };
}

function swapOf(given: Field, family: Field): (left: number, right: number) => boolean {
  return (left, right) => {
    const leftGiven = given.values[left]!;
    const rightGiven = given.values[right]!;
    const leftFamily = family.values[left]!;
    const rightFamily = family.values[right]!;
    if (leftGiven === 0 || rightGiven === 0 || leftFamily === 0 || rightFamily === 0) return false;
    return (
      nearlyEqual(given.texts[leftGiven]!, family.texts[rightFamily]!) &&
      nearlyEqual(family.texts[leftFamily]!, given.texts[rightGiven]!)
    );
  };
}

function nearlyEqual(left: string, right: string): boolean {
  return left === right || (left.length > 3 && left[0] === right[0] && editDistance(left, right, 1) <= 1);
}

function levelOf(field: Field, left: number, right: number): number {
  if (left === 0 || right === 0) return MISSING;
  if (left === right) return EXACT;
  const a = field.texts[left]!;
  const b = field.texts[right]!;
  switch (field.kind) {
    case "day":
      return dayLevel(a, b, bits(field.letters[left]! ^ field.letters[right]!));
    case "phone":
    case "code":
      return codeLevel(a, b, bits(field.letters[left]! ^ field.letters[right]!));
    case "email":
      return emailLevel(a, b, field.letters[left]! & field.letters[right]!);
    default:
      return textLevel(a, b, field, left, right);
  }
}

/** Near: one slip of the pen, or day and month changed over. Close: two of year, month and day. Similar: the year. */
function dayLevel(a: string, b: string, unlike: number): number {
  if (a.length !== 8 || b.length !== 8) return a.length > 3 && editDistance(a, b, 1) <= 1 ? NEAR : DIFFERENT;
  const year = sameAt(a, b, 0, 4);
  const month = sameAt(a, b, 4, 6);
  const date = sameAt(a, b, 6, 8);
  if (year && a.slice(4, 6) === b.slice(6, 8) && a.slice(6, 8) === b.slice(4, 6)) return NEAR;
  if (unlike <= 2 && editDistance(a, b, 1) <= 1) return NEAR;
  if (Number(year) + Number(month) + Number(date) === 2) return CLOSE;
  return year ? SIMILAR : DIFFERENT;
}

function sameAt(a: string, b: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false;
  return true;
}

/** Near: one slip. Close: two in a long one. Similar: the first half, as in postcodes of one district. */
function codeLevel(a: string, b: string, unlike: number): number {
  const longest = Math.max(a.length, b.length);
  if (longest < 2) return DIFFERENT;
  const most = longest >= 6 ? 2 : 1;
  // An edit changes two classes of letters at most.
  const edits = unlike > 2 * most ? most + 1 : editDistance(a, b, most);
  if (edits <= 1) return NEAR;
  if (edits === 2 && longest >= 6) return CLOSE;
  return longest >= 4 && sameAt(a, b, 0, longest >> 1) ? SIMILAR : DIFFERENT;
}

/** Near: one slip in the whole address. Close: the part before @ is the same, or two slips. Similar: that part resembles. */
function emailLevel(a: string, b: string, shared: number): number {
  if (bits(shared) < 3) return DIFFERENT;
  const localA = localPart(a);
  const localB = localPart(b);
  if (localA !== localB && jaroWinkler(localA, localB) < 0.8) return DIFFERENT;
  const edits = editDistance(a, b, 2);
  if (edits <= 1) return NEAR;
  if (edits === 2 || (localA === localB && localA.length >= 4)) return CLOSE;
  return jaroWinkler(localA, localB) >= 0.88 ? SIMILAR : DIFFERENT;
}

/** What stands before the @ of an address. */
export function localPart(address: string): string {
  const at = address.indexOf("@");
  return at < 0 ? address : address.slice(0, at);
}

/** Near: one slip. Close: Jaro-Winkler 0.9, or the words of one are all in the other. Similar: Jaro-Winkler 0.8, half the words. */
function textLevel(a: string, b: string, field: Field, left: number, right: number): number {
  const shared = bits(field.letters[left]! & field.letters[right]!);
  if (shared === 0) return DIFFERENT;
  const wordsLeft = field.words[left] ?? null;
  const wordsRight = field.words[right] ?? null;
  let words = DIFFERENT;
  if (wordsLeft !== null || wordsRight !== null) words = wordsLevel(wordsLeft ?? [a], wordsRight ?? [b]);
  const unlike = bits(field.letters[left]! ^ field.letters[right]!);
  if (unlike <= 2 && a.length >= 3 && b.length >= 3 && editDistance(a, b, 1) <= 1) return NEAR;
  // Jaro-Winkler 0.8 takes about three letters in five in common.
  if (shared * 5 < Math.max(bits(field.letters[left]!), bits(field.letters[right]!)) * 3) {
    return Math.max(words, startsAlike(a, b) ? SIMILAR : DIFFERENT);
  }
  const likeness = jaroWinkler(a, b);
  if (likeness >= 0.9) return CLOSE;
  return Math.max(words, likeness >= 0.8 ? SIMILAR : startsAlike(a, b) ? SIMILAR : DIFFERENT);
}

/** An initial or a short form: "J" or "Rob" for "Robert". */
function startsAlike(a: string, b: string): boolean {
  return a.length <= b.length ? b.startsWith(a) : a.startsWith(b);
}

function wordsLevel(left: string[], right: string[]): number {
  let common = 0;
  for (const word of left) if (right.includes(word)) common += 1;
  if (common === 0) return DIFFERENT;
  const fewest = Math.min(left.length, right.length);
  const most = Math.max(left.length, right.length);
  if (common === most) return NEAR;
  if (common === fewest && common >= 2) return CLOSE;
  return common * 2 >= fewest && common * 3 >= most ? SIMILAR : DIFFERENT;
}

function bits(mask: number): number {
  let left = mask - ((mask >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
