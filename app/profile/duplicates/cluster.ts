import type { Pairs } from "./blocking.ts";

/**
 * The mean probability at which two groups join: below one half, because records with little in them leave their pairs unsure
 * even within one person's, and far above what a single link between two large groups comes to.
 */
const LEAST_BETWEEN = 1 / 3;
/** Two groups with more pairs between them than this are judged by as many, evenly drawn. */
const MOST_BETWEEN = 400;

/**
 * Records joined into persons from the surest pair down. Two groups become one only when the mean probability over all pairs
 * between them, those that were no candidates included, is at least a third: a chain of likely pairs does not join its ends.
 * @param surest pairs below are not joined
 * @param probabilityOf for any two records
 */
export function joinLikely(
  size: number,
  pairs: Pairs,
  probabilities: Float32Array,
  surest: number,
  probabilityOf: (one: number, other: number) => number,
): Int32Array {
  const order = likely(pairs, probabilities, surest);
  const refused = new Map<number, number>();
  const sets = Int32Array.from({ length: size }, (_, record) => record);
  const members = new Map<number, number[]>();
  const membersOf = (root: number): number[] => members.get(root) ?? [root];
  for (const pair of order) {
    const one = rootOf(sets, pairs.left[pair]!);
    const other = rootOf(sets, pairs.right[pair]!);
    if (one === other) continue;
    const here = membersOf(one);
    const there = membersOf(other);
    const [root, gone] = one < other ? [one, other] : [other, one];
    if (here.length + there.length > 2) {
      // Refused once, refused until one of the two has grown: sizes tell, since groups only ever grow.
      if (refused.get(root * size + gone) === here.length + there.length) continue;
      if (meanBetween(here, there, probabilityOf) < LEAST_BETWEEN) {
        refused.set(root * size + gone, here.length + there.length);
        continue;
      }
    }
    sets[gone] = root;
    members.set(root, [...here, ...there]);
    members.delete(gone);
  }
  return numbered(sets);
}

/** The pairs to join, the surest first, equals in order of their records. */
function likely(pairs: Pairs, probabilities: Float32Array, surest: number): Int32Array {
  const order: number[] = [];
  for (let pair = 0; pair < pairs.size; pair += 1) if (probabilities[pair]! >= surest) order.push(pair);
  return Int32Array.from(order).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
}

function meanBetween(here: number[], there: number[], probabilityOf: (one: number, other: number) => number): number {
  const all = here.length * there.length;
  const step = all <= MOST_BETWEEN ? 1 : all / MOST_BETWEEN;
  let sum = 0;
  let judged = 0;
  for (let at = 0; at < all; at += step) {
    const cell = Math.floor(at);
    sum += probabilityOf(here[cell % here.length]!, there[Math.floor(cell / here.length)]!);
    judged += 1;
  }
  return sum / judged;
}

function rootOf(sets: Int32Array, record: number): number {
  let root = record;
  while (sets[root] !== root) root = sets[root] = sets[sets[root]!]!;
  return root;
}

function numbered(sets: Int32Array): Int32Array {
  const person = new Int32Array(sets.length);
  let persons = 0;
  for (let record = 0; record < sets.length; record += 1) {
    const root = rootOf(sets, record);
    person[record] = root === record ? persons++ : person[root]!;
  }
  return person;
}
