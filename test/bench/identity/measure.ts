import type { Duplicates } from "../../../app/profile/duplicates/find-duplicates.ts";

export interface Quality {
  precision: number;
  recall: number;
  f1: number;
}

/** Over all pairs of records: those that are together, beside those that belong together. */
export function pairwiseQuality(found: ArrayLike<number | string>, truth: ArrayLike<number | string>): Quality {
  const both = Array.from({ length: truth.length }, (_, row) => `${found[row]}/${truth[row]}`);
  const right = pairsTogether(both);
  const precision = right / Math.max(1, pairsTogether(Array.from(found)));
  const recall = right / Math.max(1, pairsTogether(Array.from(truth)));
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function pairsTogether(groups: (number | string)[]): number {
  const sizes = new Map<number | string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  let pairs = 0;
  for (const size of sizes.values()) pairs += (size * (size - 1)) / 2;
  return pairs;
}

/** What joining equal addresses finds: rows without one stand alone. */
export function sameValue(rows: string[][], column: number): string[] {
  return rows.map((row, at) => (row[column] ? `value ${row[column]!.toLowerCase()}` : `row ${at}`));
}

const BINS = 10;
const LEAST = 0.05;

export interface Calibration {
  error: number;
  pairs: number;
  bins: { said: number; true: number; pairs: number }[];
}

/**
 * The expected calibration error: candidate pairs from 0.05 up in ten bins of equal mass, the distance between the mean
 * probability and the share of true pairs in each, weighted by the bin's pairs.
 */
export function calibration({ pairs, probabilities }: Duplicates, truth: string[]): Calibration {
  const order: number[] = [];
  for (let pair = 0; pair < pairs.size; pair += 1) if (probabilities[pair]! >= LEAST) order.push(pair);
  order.sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  const bins: Calibration["bins"] = [];
  let error = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const inside = order.slice(Math.floor((bin * order.length) / BINS), Math.floor(((bin + 1) * order.length) / BINS));
    if (inside.length === 0) continue;
    const said = mean(inside.map((pair) => probabilities[pair]!));
    const right = mean(inside.map((pair) => Number(truth[pairs.left[pair]!] === truth[pairs.right[pair]!])));
    bins.push({ said, true: right, pairs: inside.length });
    error += (Math.abs(said - right) * inside.length) / order.length;
  }
  return { error, pairs: order.length, bins };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
