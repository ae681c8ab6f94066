import { type CoCounts, logLikelihoodRatio, shrunkenCosine, SIGNIFICANT, WINDOW } from "./models/item-to-item.ts";

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
  /** The best `keep` beside an item, among pairs that are more than chance. */
  related(item: number, keep: number): Related[];
  buyers(item: number): number;
}

/** Nothing is dropped between rebuilds, so that at any time the counts are those of a rebuild. */
export function createLiveCounts(base: CoCounts): LiveCounts {
  const known = base.alone.length;
  let groups = base.groups;
  const alone = new Map<number, number>();
  const pairs = new Map<number, Map<number, number>>();

  const buyers = (item: number): number => (item < known ? base.alone[item]! : 0) + (alone.get(item) ?? 0);

  const count = (items: readonly number[], by: 1 | -1): void => {
    if (items.length === 0) return;
    groups += by;
    const distinct = newestDistinct(items);
    for (const a of distinct) {
      alone.set(a, (alone.get(a) ?? 0) + by);
      const row = pairs.get(a) ?? new Map<number, number>();
      pairs.set(a, row);
      for (const b of distinct) if (a !== b) row.set(b, (row.get(b) ?? 0) + by);
    }
  };

  const rowOf = (item: number): Map<number, number> => {
    const row = new Map<number, number>();
    const { start, columns, values } = base.pairs;
    if (item < known) for (let k = start[item]!; k < start[item + 1]!; k++) row.set(columns[k]!, values[k]!);
    for (const [other, difference] of pairs.get(item) ?? []) row.set(other, (row.get(other) ?? 0) + difference);
    return row;
  };

  return {
    buyers,
    replace(before, after) {
      count(before, -1);
      count(after, 1);
    },
    related(item, keep) {
      const of = buyers(item);
      return [...rowOf(item)]
        .filter(([other, both]) => both > 0 && logLikelihoodRatio(both, of, buyers(other), groups) >= SIGNIFICANT)
        .map(([other, both]) => ({ item: other, both, of, score: shrunkenCosine(both, of, buyers(other)) }))
        .sort((a, b) => b.score - a.score || a.item - b.item)
        .slice(0, keep);
    },
  };
}

function newestDistinct(items: readonly number[]): number[] {
  const distinct = new Set<number>();
  for (let k = items.length - 1; k >= 0 && distinct.size < WINDOW; k--) distinct.add(items[k]!);
  return [...distinct];
}
