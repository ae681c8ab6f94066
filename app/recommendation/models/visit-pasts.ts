import { historyCount, type HistoryLog } from "../history-log.ts";

/** Baskets and distinct items before a basket that may have led to it. */
const REACH = 10;
const ITEMS = 24;
/** Pairs of items looked at in one pass; of a larger log every second, third … basket is taken. */
const BUDGET = 150_000_000;

/** Distinct items before a basket, the newest first, with how many baskets back each was last. */
export interface RecentPast {
  items: Int32Array;
  distances: Int32Array;
  count: number;
}

/** Visits the baskets that have a past: the past and the basket's entries `from` … `to` − 1. */
export function visitPasts(log: HistoryLog, visit: (past: RecentPast, from: number, to: number) => void): void {
  const past: RecentPast = { items: new Int32Array(ITEMS), distances: new Int32Array(ITEMS), count: 0 };
  const seenAt = new Int32Array(log.items).fill(-1);
  const stride = Math.max(1, Math.ceil((log.entries.length * ITEMS) / BUDGET));
  let turn = 0;
  for (let h = 0; h < historyCount(log); h++) {
    const first = log.historyStart[h]!;
    for (let basket = first + 1; basket < log.historyStart[h + 1]!; basket++) {
      if (turn++ % stride !== 0) continue;
      past.count = 0;
      for (let back = 1; back <= REACH && basket - back >= first && past.count < ITEMS; back++) {
        const to = log.basketStart[basket - back]!;
        for (let e = log.basketStart[basket - back + 1]! - 1; e >= to && past.count < ITEMS; e--) {
          const item = log.entries[e]!;
          if (seenAt[item] === basket) continue;
          seenAt[item] = basket;
          past.items[past.count] = item;
          past.distances[past.count++] = back;
        }
      }
      visit(past, log.basketStart[basket]!, log.basketStart[basket + 1]!);
    }
  }
}
