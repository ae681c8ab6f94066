import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { sequences } from "./histories-of.ts";
import { add, top20 } from "./top.ts";

/** V-SKNN (Ludewig and Jannach 2018) of session-rec: k 100 of the newest 1,000, weights by place, idf × 5. */
export function vsknn({ train }: DataSet): Method {
  const { sessions, holders } = indexOf(train);
  return ({ past }) => {
    const items = Array.from(past.items).reverse();
    const weights = new Map(items.map((item, at) => [item, (at + 1) / items.length]));
    const likeness = neighbours(holders, weights.keys(), 1_000).map((session): [number, number] => {
      const common = [...sessions[session]!.set].filter((item) => weights.has(item));
      return [session, common.reduce((sum, item) => sum + weights.get(item)!, 0)];
    });
    const scores = new Map<number, number>();
    for (const [session, like] of likeness.sort(([a, x], [b, y]) => y - x || b - a).slice(0, 100)) {
      const { set } = sessions[session]!;
      // How far back in the session asked about the newest common item is.
      let back = 1;
      while (back <= items.length && !set.has(items[items.length - back]!)) back++;
      const decay = back <= 10 ? 1 - 0.1 * back : 0;
      for (const item of set) {
        const idf = Math.log(sessions.length / holders.get(item)!.length);
        add(scores, item, like * decay * (1 + idf * 5));
      }
    }
    return top20(scores);
  };
}

/** STAN (Garg et al. 2019) without clock times: k 500 of the newest 2,500, λ1 = λ3 = 2. */
export function stan({ train }: DataSet): Method {
  const { sessions, holders } = indexOf(train);
  return ({ past }) => {
    const weights = new Map<number, number>();
    past.items.forEach((item, age) => weights.has(item) || weights.set(item, Math.exp(-age / 2)));
    const likeness = neighbours(holders, weights.keys(), 2_500).map((session): [number, number] => {
      const { set } = sessions[session]!;
      let sum = 0;
      for (const [item, weight] of weights) if (set.has(item)) sum += weight;
      return [session, sum / Math.sqrt(set.size * weights.size)];
    });
    const scores = new Map<number, number>();
    for (const [session, like] of likeness.sort(([a, x], [b, y]) => y - x || b - a).slice(0, 500)) {
      const { items } = sessions[session]!;
      const common = items.findLastIndex((item) => weights.has(item));
      items.forEach((item, at) => add(scores, item, like * Math.exp(-Math.abs(at - common) / 2)));
    }
    return top20(scores);
  };
}

function indexOf(train: DataSet["train"]) {
  const sessions = sequences(train).map((items) => ({ items, set: new Set(items) }));
  const holders = new Map<number, number[]>();
  sessions.forEach(({ set }, session) => {
    for (const item of set) {
      const of = holders.get(item);
      if (of === undefined) holders.set(item, [session]);
      else of.push(session);
    }
  });
  return { sessions, holders };
}

/** The newest `most` sessions that hold any of the items. */
function neighbours(holders: Map<number, number[]>, items: Iterable<number>, most: number): number[] {
  const found = new Set<number>();
  for (const item of items) for (const session of (holders.get(item) ?? []).slice(-most)) found.add(session);
  return [...found].sort((a, b) => b - a).slice(0, most);
}
