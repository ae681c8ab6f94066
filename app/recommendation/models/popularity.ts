import { entriesOf, historyCount, type HistoryLog } from "../history-log.ts";

/**
 * Each item's share of the entries of the log, where a history counts half as much once `halfLife` newer ones have ended;
 * Infinity counts them all alike.
 */
export function popularity(log: HistoryLog, halfLife: number): Float64Array {
  const shares = new Float64Array(log.items);
  const count = historyCount(log);
  let sum = 0;
  for (let history = 0; history < count; history++) {
    const weight = 2 ** (-(count - 1 - history) / halfLife);
    const [from, to] = entriesOf(log, history);
    for (let entry = from; entry < to; entry++) shares[log.entries[entry]!]! += weight;
    sum += weight * (to - from);
  }
  for (let item = 0; item < log.items; item++) shares[item]! /= sum || 1;
  return shares;
}
