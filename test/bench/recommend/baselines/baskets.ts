import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { histories } from "./histories-of.ts";
import { add, top20 } from "./top.ts";

/** GP-TopFreq: the person's own most frequent items, ties and the rest by everybody's. */
export function gpTopFreq({ train }: DataSet): Method {
  const everybody = new Map<number, number>();
  for (const item of train.entries) add(everybody, item, 1);
  const most = Math.max(...everybody.values()) + 1;
  const popular = top20(everybody);
  return ({ past }) => {
    const scores = new Map(popular.map((item) => [item, everybody.get(item)! / most]));
    for (const item of new Set(past.items)) scores.set(item, everybody.get(item)! / most);
    for (const item of past.items) add(scores, item, 1);
    return top20(scores);
  };
}

const GROUP = 7;
const WITHIN = 0.9;
const BETWEEN = 0.7;
const NEIGHBOURS = 300;
const OWN = 0.7;

/** TIFU-KNN (Hu et al. 2020): m 7, r_b 0.9, r_g 0.7, k 300, α 0.7, Euclidean neighbours. */
export function tifuKnn({ train }: DataSet): Method {
  const vectors = histories(train).map(vectorOf);
  const lengths = vectors.map((vector) => [...vector.values()].reduce((sum, value) => sum + value ** 2, 0));
  const holders = new Map<number, [number, number][]>();
  vectors.forEach((vector, user) => {
    for (const [item, value] of vector) {
      const of = holders.get(item);
      if (of === undefined) holders.set(item, [[user, value]]);
      else of.push([user, value]);
    }
  });
  return ({ history }) => {
    const own = vectors[history]!;
    const distance = Float64Array.from(lengths);
    for (const [item, value] of own)
      for (const [user, other] of holders.get(item)!) distance[user]! -= 2 * value * other;
    distance[history] = Infinity;
    const nearest = [...distance.keys()].sort((a, b) => distance[a]! - distance[b]! || a - b).slice(0, NEIGHBOURS);
    const scores = new Map<number, number>();
    for (const [item, value] of own) add(scores, item, OWN * value);
    for (const user of nearest) {
      for (const [item, value] of vectors[user]!) add(scores, item, ((1 - OWN) * value) / nearest.length);
    }
    return top20(scores);
  };
}

/** Baskets decay within their group of seven and groups among each other; the oldest group is the one that is not full. */
function vectorOf(baskets: number[][]): Map<number, number> {
  const vector = new Map<number, number>();
  const groups = Math.ceil(baskets.length / GROUP);
  baskets.forEach((basket, at) => {
    const age = baskets.length - 1 - at;
    const group = Math.floor(age / GROUP);
    const size = group === groups - 1 ? baskets.length - GROUP * group : GROUP;
    const weight = (WITHIN ** (age % GROUP) * BETWEEN ** group) / size / groups;
    for (const item of basket) add(vector, item, weight);
  });
  return vector;
}
