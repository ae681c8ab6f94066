/** A question of the slice: the features of its candidates row after row, those that were right first. */
export interface RankingExample {
  features: Float32Array;
  candidates: number;
  right: number;
}

/**
 * A candidate's score: linear in its features plus one hidden layer of rectifiers. Small enough to be learned on a shop's own
 * past in seconds and to rank hundreds of candidates in a fraction of a millisecond.
 */
export interface RankingNet {
  mean: Float64Array;
  /** 0 for a feature that never varies. */
  scale: Float64Array;
  linear: Float64Array;
  /** A row of weights for each hidden unit. */
  weights: Float64Array;
  bias: Float64Array;
  out: Float64Array;
}

const HIDDEN = 16;
const PASSES = 8;
const BATCH = 32;
const RATE = 0.004;
const PENALTY = 1e-5;

/**
 * Learns by Adam (Kingma and Ba 2015) on the softmax over each question's candidates. The same examples and seed give the same
 * net. No examples give a net that scores everything 0.
 */
export function learnRanking(examples: readonly RankingExample[], inputs: number, seed: number): RankingNet {
  const random = seededRandom(seed);
  const net = blankNet(examples, inputs, random);
  const parts = [net.linear, net.weights, net.bias, net.out].map((values) => ({
    values,
    gradient: new Float64Array(values.length),
    first: new Float64Array(values.length),
    second: new Float64Array(values.length),
  }));
  const gradient = {
    ...net,
    linear: parts[0]!.gradient,
    weights: parts[1]!.gradient,
    bias: parts[2]!.gradient,
    out: parts[3]!.gradient,
  };
  const order = examples.map((_, index) => index);
  const steps = PASSES * Math.ceil(examples.length / BATCH);
  for (let step = 1, at = order.length; step <= steps; step++, at += BATCH) {
    if (at >= order.length) {
      shuffle(order, random);
      at = 0;
    }
    const batch = order.slice(at, at + BATCH);
    for (const part of parts) part.gradient.fill(0);
    for (const index of batch) addGradient(net, examples[index]!, gradient);
    const rate = RATE * Math.min(1, 2 * (1 - step / (steps + 1)));
    for (const part of parts) moveByAdam(part, batch.length, rate, step);
  }
  return net;
}

/** Scores feature rows, one after the other, into `scores`. */
export function scoreRows(net: RankingNet, features: Float32Array, scores: Float64Array): void {
  const inputs = net.mean.length;
  const row = new Float64Array(inputs);
  for (let c = 0; c * inputs < features.length; c++) {
    standardise(net, features, c, row, 0);
    let score = scoreLinear(net, row, 0);
    for (let h = 0; h < net.bias.length; h++) {
      const z = activation(net, row, 0, h);
      if (z > 0) score += net.out[h]! * z;
    }
    scores[c] = score;
  }
}

/** Mean −log of the chance the net gives to what was right. */
export function lossOf(net: RankingNet, examples: readonly RankingExample[]): number {
  let loss = 0;
  for (const { features, candidates, right } of examples) {
    const scores = new Float64Array(candidates);
    scoreRows(net, features, scores);
    toChances(scores);
    for (let c = 0; c < right; c++) loss -= Math.log(scores[c]! + 1e-12) / right;
  }
  return loss / (examples.length || 1);
}

function blankNet(examples: readonly RankingExample[], inputs: number, random: () => number): RankingNet {
  const mean = new Float64Array(inputs);
  const square = new Float64Array(inputs);
  let rows = 0;
  for (const { features, candidates } of examples) {
    rows += candidates;
    for (let k = 0; k < features.length; k++) {
      mean[k % inputs]! += features[k]!;
      square[k % inputs]! += features[k]! ** 2;
    }
  }
  const scale = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) {
    mean[i]! /= rows || 1;
    const variance = square[i]! / (rows || 1) - mean[i]! ** 2;
    scale[i] = variance > 1e-9 ? 1 / Math.sqrt(variance) : 0;
  }
  const spread = (length: number, size: number) => Float64Array.from({ length }, () => (random() * 2 - 1) * size);
  return {
    mean,
    scale,
    linear: new Float64Array(inputs),
    weights: spread(HIDDEN * inputs, Math.sqrt(3 / inputs)),
    bias: new Float64Array(HIDDEN),
    out: examples.length === 0 ? new Float64Array(HIDDEN) : spread(HIDDEN, 0.1),
  };
}

function standardise(net: RankingNet, features: Float32Array, row: number, into: Float64Array, at: number): void {
  const inputs = net.mean.length;
  for (let i = 0; i < inputs; i++) into[at + i] = (features[row * inputs + i]! - net.mean[i]!) * net.scale[i]!;
}

function scoreLinear(net: RankingNet, rows: Float64Array, at: number): number {
  let score = 0;
  for (let i = 0; i < net.linear.length; i++) score += net.linear[i]! * rows[at + i]!;
  return score;
}

function activation(net: RankingNet, rows: Float64Array, at: number, hidden: number): number {
  const inputs = net.linear.length;
  let z = net.bias[hidden]!;
  for (let i = 0; i < inputs; i++) z += net.weights[hidden * inputs + i]! * rows[at + i]!;
  return z;
}

function addGradient(net: RankingNet, { features, candidates, right }: RankingExample, gradient: RankingNet): void {
  const inputs = net.mean.length;
  const hidden = net.bias.length;
  const rows = new Float64Array(candidates * inputs);
  const active = new Float64Array(candidates * hidden);
  const errors = new Float64Array(candidates);
  for (let c = 0; c < candidates; c++) {
    standardise(net, features, c, rows, c * inputs);
    errors[c] = scoreLinear(net, rows, c * inputs);
    for (let h = 0; h < hidden; h++) {
      const z = activation(net, rows, c * inputs, h);
      if (z <= 0) continue;
      active[c * hidden + h] = z;
      errors[c]! += net.out[h]! * z;
    }
  }
  toChances(errors);
  for (let c = 0; c < right; c++) errors[c]! -= 1 / right;
  for (let c = 0; c < candidates; c++) {
    const error = errors[c]!;
    if (Math.abs(error) < 1e-5) continue;
    const at = c * inputs;
    for (let i = 0; i < inputs; i++) gradient.linear[i]! += error * rows[at + i]!;
    for (let h = 0; h < hidden; h++) {
      const z = active[c * hidden + h]!;
      if (z === 0) continue;
      gradient.out[h]! += error * z;
      const back = error * net.out[h]!;
      gradient.bias[h]! += back;
      for (let i = 0; i < inputs; i++) gradient.weights[h * inputs + i]! += back * rows[at + i]!;
    }
  }
}

/** Softmax in place. */
export function toChances(scores: Float64Array): void {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) sum += scores[c] = Math.exp(scores[c]! - top);
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
}

interface Part {
  values: Float64Array;
  gradient: Float64Array;
  first: Float64Array;
  second: Float64Array;
}

function moveByAdam({ values, gradient, first, second }: Part, batch: number, rate: number, step: number): void {
  const one = 1 - 0.9 ** step;
  const two = 1 - 0.999 ** step;
  for (let k = 0; k < values.length; k++) {
    const slope = gradient[k]! / batch + PENALTY * values[k]!;
    first[k] = 0.9 * first[k]! + 0.1 * slope;
    second[k] = 0.999 * second[k]! + 0.001 * slope * slope;
    values[k]! -= (rate * (first[k]! / one)) / (Math.sqrt(second[k]! / two) + 1e-8);
  }
}

function shuffle(order: number[], random: () => number): void {
  for (let k = order.length - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
}

/** Numbers in [0, 1) that are the same for the same seed on every machine (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
