import type { DataSet } from "../data-set.ts";
import type { Method } from "../measure.ts";
import { histories } from "./histories-of.ts";

const RIDGE = 100;

/** EASE (Steck 2019): B = I − P / diag(P), P the inverse of X'X + λI, λ = 100. Its cost is the cube of the catalogue. */
export function ease({ train }: DataSet): Method {
  const n = train.items;
  const matrix = new Float64Array(n * n);
  for (const baskets of histories(train)) {
    const items = [...new Set(baskets.flat())];
    for (const a of items) for (const b of items) matrix[a * n + b]! += 1;
  }
  for (let i = 0; i < n; i++) matrix[i * n + i]! += RIDGE;
  invert(matrix, n);
  return ({ past }) => {
    const scores = new Float64Array(n);
    const seen = new Set(past.items);
    for (const item of seen) {
      for (let j = 0; j < n; j++) scores[j]! -= matrix[item * n + j]! / matrix[j * n + j]!;
    }
    const items = Array.from(scores.keys()).filter((item) => !seen.has(item));
    return items.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 20);
  };
}

/** Gauss and Jordan in place; the matrix is symmetric and positive, so no pivots are looked for. */
function invert(matrix: Float64Array, n: number): void {
  for (let pivot = 0; pivot < n; pivot++) {
    const own = 1 / matrix[pivot * n + pivot]!;
    matrix[pivot * n + pivot] = 1;
    for (let j = 0; j < n; j++) matrix[pivot * n + j]! *= own;
    for (let i = 0; i < n; i++) {
      const factor = matrix[i * n + pivot]!;
      if (i === pivot || factor === 0) continue;
      matrix[i * n + pivot] = 0;
      for (let j = 0; j < n; j++) matrix[i * n + j]! -= factor * matrix[pivot * n + j]!;
    }
  }
}
