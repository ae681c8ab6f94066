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

/** A multiple of 4. */
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
  const slopes = blankSlopes(inputs, net.bias.length);
  const parts = (["linear", "weights", "bias", "out"] as const).map((name) => ({
    values: net[name],
    gradient: slopes[name],
    first: new Float64Array(net[name].length),
    second: new Float64Array(net[name].length),
  }));
  const order = examples.map((_, index) => index);
  const steps = PASSES * Math.ceil(examples.length / BATCH);
  for (let step = 1, at = order.length; step <= steps; step++, at += BATCH) {
    if (at >= order.length) {
      shuffle(order, random);
      at = 0;
    }
    const batch = order.slice(at, at + BATCH);
    addSlopes(
      net,
      batch.map((index) => examples[index]!),
      slopes,
    );
    const rate = RATE * Math.min(1, 2 * (1 - step / (steps + 1)));
    for (const part of parts) moveByAdam(part, batch.length, rate, step);
  }
  return net;
}

/**
 * Scores of feature rows, one after the other. Most features are 0, so the net is turned once into what a row of zeros scores
 * and what each feature adds to it.
 */
export function createScorer(net: RankingNet): (features: Float32Array, scores: Float64Array) => void {
  const folded = byFeature(net);
  const z = new Float64Array(folded.hidden);
  return (features, scores) => {
    for (let c = 0, at = 0; at < features.length; c++, at += folded.inputs) {
      let score = activate(folded, features, at, z);
      for (let h = 0; h < z.length; h++) if (z[h]! > 0) score += net.out[h]! * z[h]!;
      scores[c] = score;
    }
  };
}

/** Mean −log of the chance the net gives to what was right. */
export function lossOf(net: RankingNet, examples: readonly RankingExample[]): number {
  const score = createScorer(net);
  let loss = 0;
  for (const { features, candidates, right } of examples) {
    const scores = new Float64Array(candidates);
    score(features, scores);
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

interface ByFeature {
  inputs: number;
  hidden: number;
  /** Score and activations of a row of zeros, which is not zero after standardising. */
  offset: number;
  bias: Float64Array;
  /** What a feature adds to them for each unit of it: one row of `weights` for each feature. */
  linear: Float64Array;
  weights: Float64Array;
}

/** The net in terms of features as they are: (feature − mean) × scale is folded into its weights. */
function byFeature({ mean, scale, linear, weights, bias }: RankingNet): ByFeature {
  const inputs = mean.length;
  const hidden = bias.length;
  const folded: ByFeature = {
    inputs,
    hidden,
    offset: 0,
    bias: bias.slice(),
    linear: new Float64Array(inputs),
    weights: new Float64Array(inputs * hidden),
  };
  for (let i = 0; i < inputs; i++) {
    folded.linear[i] = linear[i]! * scale[i]!;
    folded.offset -= folded.linear[i]! * mean[i]!;
    for (let h = 0; h < hidden; h++) {
      const weight = weights[h * inputs + i]! * scale[i]!;
      folded.weights[i * hidden + h] = weight;
      folded.bias[h]! -= weight * mean[i]!;
    }
  }
  return folded;
}

interface Slopes {
  linear: Float64Array;
  weights: Float64Array;
  bias: Float64Array;
  out: Float64Array;
}

function blankSlopes(inputs: number, hidden: number): Slopes {
  const zeros = (length: number) => new Float64Array(length);
  return { linear: zeros(inputs), weights: zeros(inputs * hidden), bias: zeros(hidden), out: zeros(hidden) };
}

/** The slopes of the loss over a batch, in the place of what was there. */
function addSlopes(net: RankingNet, batch: readonly RankingExample[], slopes: Slopes): void {
  const folded = byFeature(net);
  const { inputs, hidden } = folded;
  // By feature as it is; what standardising makes of it comes at the end, from the sums.
  const raw = blankSlopes(inputs, hidden);
  let errorSum = 0;
  const back = new Float64Array(hidden);
  for (const { features, candidates, right } of batch) {
    const active = new Float64Array(candidates * hidden);
    const errors = new Float64Array(candidates);
    for (let c = 0; c < candidates; c++) {
      const z = active.subarray(c * hidden, (c + 1) * hidden);
      errors[c] = activate(folded, features, c * inputs, z);
      for (let h = 0; h < hidden; h++) if (z[h]! > 0) errors[c]! += net.out[h]! * z[h]!;
    }
    toChances(errors);
    for (let c = 0; c < right; c++) errors[c]! -= 1 / right;
    for (let c = 0; c < candidates; c++) {
      const error = errors[c]!;
      if (Math.abs(error) < 1e-5) continue;
      errorSum += error;
      for (let h = 0; h < hidden; h++) {
        const z = active[c * hidden + h]!;
        back[h] = z > 0 ? error * net.out[h]! : 0;
        if (z > 0) raw.out[h]! += error * z;
        raw.bias[h]! += back[h]!;
      }
      addRow(raw, features, c * inputs, error, back);
    }
  }
  slopes.bias.set(raw.bias);
  slopes.out.set(raw.out);
  for (let i = 0; i < inputs; i++) {
    const [mean, scale] = [net.mean[i]!, net.scale[i]!];
    slopes.linear[i] = (raw.linear[i]! - mean * errorSum) * scale;
    for (let h = 0; h < hidden; h++) {
      slopes.weights[h * inputs + i] = (raw.weights[i * hidden + h]! - mean * raw.bias[h]!) * scale;
    }
  }
}

/** Writes the activations of the row at `at` into `z`. @returns its linear score */
function activate(
  { inputs, hidden, offset, bias, linear, weights }: ByFeature,
  features: Float32Array,
  at: number,
  z: Float64Array,
): number {
  let score = offset;
  for (let i = 0; i < inputs; i++) score += linear[i]! * features[at + i]!;
  // Four at a time, whose sums stay in registers: the loop that training spends its time in.
  for (let h = 0; h < hidden; h += 4) {
    let [a, b, c, d] = [bias[h]!, bias[h + 1]!, bias[h + 2]!, bias[h + 3]!];
    for (let i = 0, w = h; i < inputs; i++, w += hidden) {
      const value = features[at + i]!;
      if (value === 0) continue;
      a += weights[w]! * value;
      b += weights[w + 1]! * value;
      c += weights[w + 2]! * value;
      d += weights[w + 3]! * value;
    }
    z[h] = a;
    z[h + 1] = b;
    z[h + 2] = c;
    z[h + 3] = d;
  }
  return score;
}

function addRow(
  { linear, weights }: Slopes,
  features: Float32Array,
  at: number,
  error: number,
  back: Float64Array,
): void {
  for (let i = 0; i < linear.length; i++) linear[i]! += error * features[at + i]!;
  const hidden = back.length;
  for (let h = 0; h < hidden; h += 4) {
    const [a, b, c, d] = [back[h]!, back[h + 1]!, back[h + 2]!, back[h + 3]!];
    if (a === 0 && b === 0 && c === 0 && d === 0) continue;
    for (let i = 0, w = h; i < linear.length; i++, w += hidden) {
      const value = features[at + i]!;
      if (value === 0) continue;
      weights[w]! += a * value;
      weights[w + 1]! += b * value;
      weights[w + 2]! += c * value;
      weights[w + 3]! += d * value;
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
