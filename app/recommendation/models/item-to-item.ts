import { entriesOf, historyCount, type HistoryLog } from "../history-log.ts";
import { bestOfRows, sumIntoRows, type SparseRows, type Visit } from "../sparse-rows.ts";
import { visitPasts } from "./visit-pasts.ts";

/** Newest distinct items of one history (or basket) that are paired with each other. */
export const WINDOW = 50;
const SHRINK = 10;
/** Log likelihood ratio under which a pair may be chance (p = 0.002). */
export const SIGNIFICANT = 10;

/** How many of the groups hold each item, and how many hold each pair; a pair stands in both its rows. */
export interface CoCounts {
  groups: number;
  alone: Float64Array;
  pairs: SparseRows;
}

/** Groups are histories: seen or bought by the same person, whichever came first. */
export function countInHistories(log: HistoryLog): CoCounts {
  return countPairs(log, historyCount(log), (history) => entriesOf(log, history));
}

/** Groups are baskets: bought together. */
export function countInBaskets(log: HistoryLog): CoCounts {
  return countPairs(log, log.basketStart.length - 1, (basket) => [
    log.basketStart[basket]!,
    log.basketStart[basket + 1]!,
  ]);
}

function countPairs(log: HistoryLog, groups: number, entries: (group: number) => [number, number]): CoCounts {
  const alone = new Float64Array(log.items);
  const seenIn = new Int32Array(log.items);
  const visitGroups = (visit: (distinct: Int32Array, count: number) => void) => {
    const distinct = new Int32Array(WINDOW);
    seenIn.fill(-1);
    for (let group = 0; group < groups; group++) {
      const [from, to] = entries(group);
      let count = 0;
      for (let entry = to - 1; entry >= from && count < WINDOW; entry--) {
        const item = log.entries[entry]!;
        if (seenIn[item] !== group) distinct[count++] = item;
        seenIn[item] = group;
      }
      visit(distinct, count);
    }
  };
  visitGroups((distinct, count) => {
    for (let k = 0; k < count; k++) alone[distinct[k]!]!++;
  });
  const pairs = sumIntoRows(log.items, log.items, (add) =>
    visitGroups((distinct, count) => {
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) if (a !== b) add(distinct[a]!, distinct[b]!, 1);
      }
    }),
  );
  return { groups, alone, pairs };
}

/** The pairs that are more than chance by their shrunk cosine, the best `keep` of each item. */
export function shrunkCosine({ groups, alone, pairs }: CoCounts, keep: number): SparseRows {
  return bestOfRows(pairs, keep, (i, j, both) =>
    logLikelihoodRatio(both, alone[i]!, alone[j]!, groups) < SIGNIFICANT
      ? 0
      : shrunkenCosine(both, alone[i]!, alone[j]!),
  );
}

/** c_ij / √((c_i + 10)(c_j + 10)) */
export function shrunkenCosine(both: number, first: number, second: number): number {
  return both / Math.sqrt((first + SHRINK) * (second + SHRINK));
}

/**
 * Dunning's G² (1993) of the two by two table of two items over `all` groups; 0 when the pair is rarer than chance makes it.
 */
export function logLikelihoodRatio(both: number, first: number, second: number, all: number): number {
  if (both * all <= first * second) return 0;
  const cells = xLogX(both) + xLogX(first - both) + xLogX(second - both) + xLogX(all - first - second + both);
  const margins = xLogX(first) + xLogX(all - first) + xLogX(second) + xLogX(all - second);
  return Math.max(0, 2 * (cells - margins + xLogX(all)));
}

function xLogX(n: number): number {
  return n > 0 ? n * Math.log(n) : 0;
}

/** What came next: P(j soon after i), each of the baskets before counting 1 / distance; the best `keep` of each item. */
export function followers(log: HistoryLog, keep: number): SparseRows {
  const visit: Visit = (add) =>
    visitPasts(log, (past, from, to) => {
      for (let entry = from; entry < to; entry++) {
        for (let k = 0; k < past.count; k++) {
          if (past.items[k] !== log.entries[entry]) add(past.items[k]!, log.entries[entry]!, 1 / past.distances[k]!);
        }
      }
    });
  const pairs = sumIntoRows(log.items, log.items, visit);
  const sums = new Float64Array(log.items);
  for (let row = 0; row < log.items; row++) {
    for (let k = pairs.start[row]!; k < pairs.start[row + 1]!; k++) sums[row]! += pairs.values[k]!;
  }
  return bestOfRows(pairs, keep, (row, _, value) => value / (sums[row]! + 1));
}

/** Two steps along the rows: what those near an item are near to. The best `keep` of each item over its `first` best neighbours. */
export function twoSteps(rows: SparseRows, items: number, first: number, keep: number): SparseRows {
  const sums = new Float64Array(items);
  for (let i = 0; i < items; i++) {
    for (let k = rows.start[i]!; k < Math.min(rows.start[i]! + first, rows.start[i + 1]!); k++)
      sums[i]! += rows.values[k]!;
  }
  const walked = sumIntoRows(items, items, (add) => {
    for (let i = 0; i < items; i++) {
      for (let a = rows.start[i]!; a < Math.min(rows.start[i]! + first, rows.start[i + 1]!); a++) {
        const j = rows.columns[a]!;
        const there = rows.values[a]! / sums[i]!;
        for (let b = rows.start[j]!; b < Math.min(rows.start[j]! + first, rows.start[j + 1]!); b++) {
          if (rows.columns[b] !== i) add(i, rows.columns[b]!, (there * rows.values[b]!) / sums[j]!);
        }
      }
    }
  });
  return bestOfRows(walked, keep, (_, __, value) => value);
}
