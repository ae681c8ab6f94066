import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { sequences } from "./histories-of.ts";
import { add, top20 } from "./top.ts";

/** Directed transitions: 1 / gap up to 10 back, normalised on both sides, an item of the past weighing 0.6 ** age. */
export function transitions({ train }: DataSet): Method {
  const rows = new Map<number, Map<number, number>>();
  const from = new Map<number, number>();
  const to = new Map<number, number>();
  for (const sequence of sequences(train)) {
    sequence.forEach((item, at) => {
      for (let gap = 1; gap <= Math.min(10, at); gap++) {
        const earlier = sequence[at - gap]!;
        const row = rows.get(earlier) ?? new Map<number, number>();
        rows.set(earlier, row);
        add(row, item, 1 / gap);
        add(from, earlier, 1 / gap);
        add(to, item, 1 / gap);
      }
    });
  }
  return ({ past }) => {
    const scores = new Map<number, number>();
    past.items.forEach((item, k) => {
      for (const [next, count] of rows.get(item) ?? []) {
        add(scores, next, (0.6 ** past.ages[k]! * count) / Math.sqrt((from.get(item)! + 1) * (to.get(next)! + 1)));
      }
    });
    return top20(scores, new Set(past.items));
  };
}
