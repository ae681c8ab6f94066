import type { HistoryLog } from "../../../../app/recommendation/history-log.ts";

/** The log as plain arrays: histories of baskets of items. */
export function histories(log: HistoryLog): number[][][] {
  return Array.from({ length: log.historyStart.length - 1 }, (_, h) =>
    Array.from({ length: log.historyStart[h + 1]! - log.historyStart[h]! }, (_, k) => {
      const basket = log.historyStart[h]! + k;
      return Array.from(log.entries.subarray(log.basketStart[basket]!, log.basketStart[basket + 1]!));
    }),
  );
}

/** Of histories whose baskets hold one item. */
export function sequences(log: HistoryLog): number[][] {
  return histories(log).map((baskets) => baskets.flat());
}
