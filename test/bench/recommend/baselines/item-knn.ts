import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { sequences } from "./histories-of.ts";
import { add, top20 } from "./top.ts";

/**
 * ItemKNN: cosine of the sets of histories, shrunk by 10. Of a session the last item asks (as in the published figures on
 * sessions); of a user all items do.
 */
export function itemKnn({ train, withoutSeen }: DataSet, asks: "last" | "all"): Method {
  const counts = new Map<number, number>();
  const pairs = new Map<number, Map<number, number>>();
  for (const sequence of sequences(train)) {
    const distinct = [...new Set(sequence)].slice(-50);
    for (const a of distinct) {
      add(counts, a, 1);
      const row = pairs.get(a) ?? new Map<number, number>();
      pairs.set(a, row);
      for (const b of distinct) if (a !== b) add(row, b, 1);
    }
  }
  return ({ past }) => {
    const scores = new Map<number, number>();
    const asking = asks === "last" ? past.items.slice(0, 1) : new Set(past.items);
    for (const a of asking) {
      for (const [b, both] of pairs.get(a) ?? []) {
        add(scores, b, both / Math.sqrt((counts.get(a)! + 10) * (counts.get(b)! + 10)));
      }
    }
    return top20(scores, withoutSeen ? new Set(past.items) : undefined);
  };
}
