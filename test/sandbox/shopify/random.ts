export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [from, to], both included. */
  int(from: number, to: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  exponential(mean: number): number;
  /** Gamma with the given shape and mean (Marsaglia and Tsang 2000, with their boost for shapes below 1). */
  gamma(shape: number, mean: number): number;
  beta(a: number, b: number): number;
  hex(length: number): string;
  /** A stream of its own: what is drawn from it changes nothing that is drawn elsewhere. */
  fork(label: string): Random;
};

/** A seeded generator (sfc32): the same seed gives the same sequence on every machine. */
export function createRandom(seed: string): Random {
  const next = sfc32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const standardGamma = (shape: number): number => {
    if (shape < 1) return standardGamma(shape + 1) * (1 - next()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const random: Random = {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (share) => next() < share,
    pick: (items) => at(items, Math.floor(next() * items.length)),
    weighted: (items, weight) => {
      let left = next() * items.reduce((sum, item) => sum + weight(item), 0);
      const chosen = items.findIndex((item) => (left -= weight(item)) < 0);
      return at(items, chosen < 0 ? items.length - 1 : chosen);
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    gamma: (shape, mean) => (standardGamma(shape) * mean) / shape,
    beta: (a, b) => {
      const x = standardGamma(a);
      return x / (x + standardGamma(b));
    },
    hex: (length) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join(""),
    fork: (label) => createRandom(`${seed}/${label}`),
  };
  return random;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

function sfc32(seed: string): () => number {
  let hash = 2166136261;
  for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = hash >>> 0;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
