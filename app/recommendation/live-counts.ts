import {
  type CoCounts,
  countInHistories,
  logLikelihoodRatio,
  shrunkenCosine,
  SIGNIFICANT,
  WINDOW,
} from "./models/item-to-item.ts";
import type { HistoryLog } from "./history-log.ts";
import { best } from "./scores.ts";

export interface Related {
  item: number;
  /** People who had both. */
  both: number;
  /** People who had the item asked about. */
  of: number;
  /** Shrunk cosine. */
  score: number;
}

/** Counts of pairs that follow every change at once: what the last rebuild counted, and the differences since. */
export interface LiveCounts {
  /** One person's items, oldest first, were `before` and are `after`; empty for somebody new or gone. */
  replace(before: readonly number[], after: readonly number[]): void;
  /** One of the groups that held `items` holds one more; none of them: a new group. */
  extend(items: readonly number[], added: number): void;
  /** The best `keep` beside an item, among pairs that are more than chance. */
  related(item: number, keep: number): Related[];
  buyers(item: number): number;
  /** People who had both. */
  both(item: number, other: number): number;
}

/** What a rebuild counted: typed arrays alone, so that they can be handed from one thread to another. */
export interface CountedPairs {
  counts: CoCounts;
  /**
   * For items with more than `LONGEST` others the places (in `counts.pairs`) of the strongest of them, in order of place; for all
   * other items nothing: each of their pairs is looked at.
   */
  strongest: { start: Int32Array; places: Int32Array };
}

/**
 * Pairs of one item that are looked at for one answer, and those that changed since the rebuild. A best-seller goes with everything
 * some time; to look at all of it for every page would cost tens of milliseconds.
 */
const LONGEST = 500;

/** Pairs of a log by the same people. */
export function countPairsOf(log: HistoryLog, longest = LONGEST): CountedPairs {
  const counts = countInHistories(log);
  const { pairs, alone, groups } = counts;
  const start = new Int32Array(log.items + 1);
  const chosen: Int32Array[] = [];
  const scores = new Float64Array(pairs.columns.length);
  for (let item = 0; item < log.items; item++) {
    const [from, to] = [pairs.start[item]!, pairs.start[item + 1]!];
    start[item + 1] = start[item]!;
    if (to - from <= longest) continue;
    const places = Int32Array.from({ length: to - from }, (_, k) => from + k);
    for (const place of places) {
      const [both, other] = [pairs.values[place]!, alone[pairs.columns[place]!]!];
      if (logLikelihoodRatio(both, alone[item]!, other, groups) >= SIGNIFICANT)
        scores[place] = shrunkenCosine(both, alone[item]!, other);
    }
    const strongest = best(places, scores, longest).sort();
    start[item + 1]! += strongest.length;
    chosen.push(strongest);
  }
  const places = new Int32Array(start[log.items]!);
  let at = 0;
  for (const some of chosen) {
    places.set(some, at);
    at += some.length;
  }
  return { counts, strongest: { start, places } };
}

/**
 * Nothing is dropped between rebuilds, so that the counts are those of a rebuild at any time.
 * @param order of two items with the same score
 */
export function createLiveCounts(
  { counts: base, strongest }: CountedPairs,
  order = (a: number, b: number): number => a - b,
): LiveCounts {
  const known = base.alone.length;
  const { pairs } = base;
  let groups = base.groups;
  let alone = Float64Array.from(base.alone);
  /** By item, while one answer is made: the score, and whether the item has been looked at. */
  let scores = new Float64Array(known);
  let lookedAt = new Int32Array(known);
  let turn = 0;
  const differences = new Map<number, Map<number, number>>();

  const makeRoom = (items: number): void => {
    if (items <= alone.length) return;
    const room = Math.max(items, Math.ceil(alone.length * 1.5));
    alone = enlarged(alone, new Float64Array(room));
    scores = enlarged(scores, new Float64Array(room));
    lookedAt = enlarged(lookedAt, new Int32Array(room));
  };
  const buyers = (item: number): number => alone[item] ?? 0;

  const count = (items: readonly number[], by: 1 | -1): void => {
    if (items.length === 0) return;
    groups += by;
    const distinct = newestDistinct(items);
    makeRoom(Math.max(...distinct) + 1);
    for (const a of distinct) {
      alone[a]! += by;
      const row = differences.get(a) ?? new Map<number, number>();
      differences.set(a, row);
      for (const b of distinct) if (a !== b) row.set(b, (row.get(b) ?? 0) + by);
    }
  };

  /** Pairs a rebuild counted, of two items; the columns of a row ascend. */
  const counted = (item: number, other: number): number => {
    if (item >= known) return 0;
    let [from, to] = [pairs.start[item]!, pairs.start[item + 1]!];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (pairs.columns[middle]! < other) from = middle + 1;
      else to = middle;
    }
    return from < pairs.start[item + 1]! && pairs.columns[from] === other ? pairs.values[from]! : 0;
  };

  return {
    buyers,
    both: (item, other) => counted(item, other) + (differences.get(item)?.get(other) ?? 0),
    extend(items, added) {
      if (items.length === 0) groups++;
      makeRoom(Math.max(added, ...items) + 1);
      alone[added]!++;
      const own = differences.get(added) ?? new Map<number, number>();
      differences.set(added, own);
      for (const item of items) {
        own.set(item, (own.get(item) ?? 0) + 1);
        const row = differences.get(item) ?? new Map<number, number>();
        differences.set(item, row.set(added, (row.get(added) ?? 0) + 1));
      }
    },
    replace(before, after) {
      count(before, -1);
      count(after, 1);
    },
    related(item, keep) {
      const of = buyers(item);
      const changed = differences.get(item);
      const found: number[] = [];
      const boths: number[] = [];
      turn++;
      const look = (other: number, both: number): void => {
        lookedAt[other] = turn;
        if (both <= 0 || logLikelihoodRatio(both, of, alone[other]!, groups) < SIGNIFICANT) return;
        scores[other] = shrunkenCosine(both, of, alone[other]!);
        found.push(other);
        boths.push(both);
      };
      const lookAtPlace = (place: number): void => {
        const other = pairs.columns[place]!;
        look(other, pairs.values[place]! + (changed?.get(other) ?? 0));
      };
      if (item < known) {
        const [from, to] = [strongest.start[item]!, strongest.start[item + 1]!];
        if (from < to) for (let k = from; k < to; k++) lookAtPlace(strongest.places[k]!);
        else for (let place = pairs.start[item]!; place < pairs.start[item + 1]!; place++) lookAtPlace(place);
      }
      for (const [other, difference] of changed ?? []) {
        if (lookedAt[other] !== turn) look(other, counted(item, other) + difference);
      }
      const bothOf = new Map(found.map((other, k) => [other, boths[k]!]));
      const last = best(Int32Array.from(found), scores, keep).at(-1);
      // As good as the last of the best is as good: which of them are in is for the order to say.
      const worthy = last === undefined ? [] : found.filter((other) => scores[other]! >= scores[last]!);
      worthy.sort((a, b) => scores[b]! - scores[a]! || order(a, b));
      return worthy.slice(0, keep).map((other) => ({
        item: other,
        both: bothOf.get(other)!,
        of,
        score: scores[other]!,
      }));
    },
  };
}

function enlarged<T extends Int32Array | Float64Array>(old: T, room: T): T {
  room.set(old);
  return room;
}

function newestDistinct(items: readonly number[]): number[] {
  const distinct = new Set<number>();
  for (let k = items.length - 1; k >= 0 && distinct.size < WINDOW; k--) distinct.add(items[k]!);
  return [...distinct];
}
