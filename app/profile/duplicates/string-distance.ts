const used = new Uint8Array(256);
const taken = new Uint8Array(256);
const LONGEST = 64;

/**
 * Jaro-Winkler similarity, 0 to 1 (Winkler 1990, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter
 * Model of Record Linkage"): prefix scale 0.1 over at most four letters. Only the first 64 letters are looked at.
 */
export function jaroWinkler(left: string, right: string): number {
  const leftLength = Math.min(left.length, LONGEST);
  const rightLength = Math.min(right.length, LONGEST);
  if (leftLength === 0 || rightLength === 0) return 0;
  const reach = Math.max(0, (Math.max(leftLength, rightLength) >> 1) - 1);
  used.fill(0, 0, rightLength);
  taken.fill(0, 0, leftLength);
  let common = 0;
  for (let at = 0; at < leftLength; at += 1) {
    const letter = left.charCodeAt(at);
    const end = Math.min(rightLength, at + reach + 1);
    for (let other = Math.max(0, at - reach); other < end; other += 1) {
      if (used[other] === 1 || right.charCodeAt(other) !== letter) continue;
      used[other] = 1;
      taken[at] = 1;
      common += 1;
      break;
    }
  }
  if (common === 0) return 0;
  let outOfPlace = 0;
  for (let at = 0, other = 0; at < leftLength; at += 1) {
    if (taken[at] === 0) continue;
    while (used[other] === 0) other += 1;
    if (left.charCodeAt(at) !== right.charCodeAt(other)) outOfPlace += 1;
    other += 1;
  }
  const jaro = (common / leftLength + common / rightLength + (common - outOfPlace / 2) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < leftLength && left.charCodeAt(prefix) === right.charCodeAt(prefix)) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

let beforeLast = new Uint8Array(LONGEST + 1);
let last = new Uint8Array(LONGEST + 1);
let row = new Uint8Array(LONGEST + 1);

/**
 * Edits (insert, remove, replace, swap two neighbours) that turn one text into the other: optimal string alignment.
 * Only the first 64 letters are looked at.
 * @returns `limit + 1` as soon as it is known to be more than `limit`
 */
export function editDistance(left: string, right: string, limit: number): number {
  const leftLength = Math.min(left.length, LONGEST);
  const rightLength = Math.min(right.length, LONGEST);
  if (Math.abs(leftLength - rightLength) > limit) return limit + 1;
  for (let at = 0; at <= rightLength; at += 1) last[at] = at;
  for (let i = 1; i <= leftLength; i += 1) {
    const letter = left.charCodeAt(i - 1);
    row[0] = i;
    let least = i;
    for (let j = 1; j <= rightLength; j += 1) {
      const other = right.charCodeAt(j - 1);
      let cost = last[j - 1]! + (letter === other ? 0 : 1);
      if (last[j]! + 1 < cost) cost = last[j]! + 1;
      if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1;
      if (i > 1 && j > 1 && letter === right.charCodeAt(j - 2) && left.charCodeAt(i - 2) === other) {
        if (beforeLast[j - 2]! + 1 < cost) cost = beforeLast[j - 2]! + 1;
      }
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return Math.min(last[rightLength]!, limit + 1);
}
