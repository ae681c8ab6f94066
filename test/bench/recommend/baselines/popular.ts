import type { DataSet } from "../datasets.ts";
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
