import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { add } from "./top.ts";

/** POP: how often in the training part. */
export function popular({ train, withoutSeen }: DataSet): Method {
  const counts = new Map<number, number>();
  for (const item of train.entries) add(counts, item, 1);
  const order = [...counts].sort(([a, x], [b, y]) => y - x || a - b).map(([item]) => item);
  return ({ past }) => {
    if (!withoutSeen) return order.slice(0, 20);
    const seen = new Set(past.items);
    const list: number[] = [];
    for (let k = 0; k < order.length && list.length < 20; k++) if (!seen.has(order[k]!)) list.push(order[k]!);
    return list;
  };
}

/** POP of the newest twentieth of the histories. */
export function popularLately(data: DataSet): Method {
  const { train } = data;
  const histories = train.historyStart.length - 1;
  const from = train.basketStart[train.historyStart[Math.floor(histories * 0.95)]!]!;
  return popular({ ...data, train: { ...train, entries: train.entries.subarray(from) } });
}
