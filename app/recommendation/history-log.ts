/**
 * What people did, as numbers: histories (a customer's orders, a visitor's session) are runs of baskets, baskets are runs of
 * items, items are dense indexes. A session or a plain sequence has baskets of one item. Histories are in the order in which
 * they ended, oldest first; baskets in the order in which they happened.
 */
export interface HistoryLog {
  items: number;
  /** History h has the baskets historyStart[h] … historyStart[h + 1] − 1. */
  historyStart: Int32Array;
  /** Basket b has the entries basketStart[b] … basketStart[b + 1] − 1. */
  basketStart: Int32Array;
  entries: Int32Array;
}

/** A history read from its end: the newest basket has age 0. An item that came back stands once for each of its baskets. */
export interface PastItems {
  items: Int32Array;
  ages: Int32Array;
  baskets: number;
}

/** Newest entries of a past that are looked at. */
const NEWEST = 200;

/** `items`: how many item indexes there are. */
export function historyLog(histories: readonly (readonly (readonly number[])[])[], items: number): HistoryLog {
  const historyStart = new Int32Array(histories.length + 1);
  for (let h = 0; h < histories.length; h++) historyStart[h + 1] = historyStart[h]! + histories[h]!.length;
  const basketStart = new Int32Array(historyStart[histories.length]! + 1);
  let b = 0;
  for (const baskets of histories) {
    for (const basket of baskets) basketStart[b + 1] = basketStart[b++]! + basket.length;
  }
  const entries = new Int32Array(basketStart[b]!);
  b = 0;
  for (const baskets of histories) for (const basket of baskets) entries.set(basket, basketStart[b++]!);
  return { items, historyStart, basketStart, entries };
}

export function historyCount(log: HistoryLog): number {
  return log.historyStart.length - 1;
}

export function basketCount(log: HistoryLog, history: number): number {
  return log.historyStart[history + 1]! - log.historyStart[history]!;
}

/** The entries of a history are those from the first number up to the second. */
export function entriesOf(log: HistoryLog, history: number): [from: number, to: number] {
  return [log.basketStart[log.historyStart[history]!]!, log.basketStart[log.historyStart[history + 1]!]!];
}

/** A history before its basket number `end`; all of it when that is left out. */
export function pastItems(log: HistoryLog, history: number, end = basketCount(log, history)): PastItems {
  const first = log.historyStart[history]!;
  const last = first + end;
  const length = Math.min(NEWEST, log.basketStart[last]! - log.basketStart[first]!);
  const items = new Int32Array(length);
  const ages = new Int32Array(length);
  let at = 0;
  for (let basket = last - 1; at < length; basket--) {
    for (let entry = log.basketStart[basket + 1]! - 1; entry >= log.basketStart[basket]! && at < length; entry--) {
      items[at] = log.entries[entry]!;
      ages[at++] = last - 1 - basket;
    }
  }
  return { items, ages, baskets: end };
}

/** The past of somebody who is not in the log: baskets in the order in which they happened. */
export function pastOf(baskets: readonly (readonly number[])[]): PastItems {
  return pastItems(historyLog([baskets], 0), 0);
}

/** Histories cut before basket number `ends[h]`; 0 leaves a history out but keeps its place. */
export function cutLog(log: HistoryLog, ends: Int32Array): HistoryLog {
  const historyStart = new Int32Array(log.historyStart.length);
  const basketStart = new Int32Array(log.basketStart.length);
  const entries = new Int32Array(log.entries.length);
  let baskets = 0;
  let at = 0;
  for (let h = 0; h < ends.length; h++) {
    for (let b = log.historyStart[h]!; b < log.historyStart[h]! + ends[h]!; b++) {
      const run = log.entries.subarray(log.basketStart[b]!, log.basketStart[b + 1]!);
      entries.set(run, at);
      at += run.length;
      basketStart[++baskets] = at;
    }
    historyStart[h + 1] = baskets;
  }
  return {
    items: log.items,
    historyStart,
    basketStart: basketStart.slice(0, baskets + 1),
    entries: entries.slice(0, at),
  };
}
