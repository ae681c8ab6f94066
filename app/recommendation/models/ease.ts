import type { HistoryLog } from "../history-log.ts";
import type { CoCounts } from "./item-to-item.ts";

/** The square of the items that anybody had; of the others it says nothing. */
export interface EaseWeights {
  /** The items, ascending. */
  items: Int32Array;
  /** A row for each of them: what having it says of each. May be negative. */
  weights: Float32Array;
}

/** Items up to which the inverse is built: its cost grows with their cube, and at so many it takes some seconds in the training's thread. */
const SMALL_CATALOGUE = 3_000;
/** Steck's λ. */
const RIDGE = 100;
/** Rows and columns that are eliminated at a time, so that what they need stays in the processor's cache; a multiple of 8. */
const BLOCK = 48;
const TILE = 512;

/** Whether so few items were ever had that the closed form is cheap. */
export function isSmallCatalogue(log: HistoryLog): boolean {
  return new Set(log.entries).size <= SMALL_CATALOGUE;
}

/**
 * EASE (Steck 2019, Embarrassingly Shallow Autoencoders): B = I − P diag(1 / diag P), P = (XᵀX + λI)⁻¹, in closed form and dense; XᵀX are
 * the counts of who had what with what.
 */
export function ease({ alone, pairs }: CoCounts, ridge = RIDGE): EaseWeights {
  const items = Int32Array.from(alone.keys()).filter((item) => alone[item]! > 0);
  const place = new Int32Array(alone.length).fill(-1);
  items.forEach((item, at) => (place[item] = at));
  const n = items.length;
  const matrix = new Float64Array(n * n);
  items.forEach((item, row) => {
    for (let k = pairs.start[item]!; k < pairs.start[item + 1]!; k++) {
      matrix[row * n + place[pairs.columns[k]!]!] = pairs.values[k]!;
    }
    matrix[row * n + row] = alone[item]! + ridge;
  });
  sweep(matrix, n);
  const weights = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      // −P_ij / P_jj, and the matrix is −P.
      weights[i * n + j] = -matrix[i * n + j]! / matrix[j * n + j]!;
      weights[j * n + i] = -matrix[i * n + j]! / matrix[i * n + i]!;
    }
  }
  return { items, weights };
}

/**
 * Turns a symmetric positive matrix into minus its inverse, of which the lower half is right: the sweep operator (Goodnight 1979), a
 * block of rows and columns at a time.
 */
function sweep(matrix: Float64Array, n: number): void {
  const across = Array.from({ length: BLOCK }, () => new Float64Array(n));
  const solved = Array.from({ length: BLOCK }, () => new Float64Array(n));
  for (let first = 0; first < n; first += BLOCK) {
    const size = Math.min(BLOCK, n - first);
    const own = new Float64Array(size * size);
    for (let k = 0; k < size; k++) {
      const row = across[k]!;
      const at = first + k;
      for (let j = 0; j <= at; j++) row[j] = matrix[at * n + j]!;
      for (let i = at + 1; i < n; i++) row[i] = matrix[i * n + at]!;
      own.set(row.subarray(first, first + size), k * size);
    }
    invert(own, size);
    for (let k = 0; k < size; k++) {
      const row = solved[k]!.fill(0);
      for (let l = 0; l < size; l++) {
        const [factor, other] = [own[k * size + l]!, across[l]!];
        for (let j = 0; j < n; j++) row[j]! += factor * other[j]!;
      }
    }
    subtract(matrix, n, across, solved, size);
    for (let k = 0; k < size; k++) {
      const at = first + k;
      for (let j = 0; j < first; j++) matrix[at * n + j] = solved[k]![j]!;
      for (let i = first + size; i < n; i++) matrix[i * n + at] = solved[k]![i]!;
      for (let l = 0; l <= k; l++) matrix[at * n + first + l] = -own[k * size + l]!;
    }
  }
}

/** matrix − acrossᵀ solved, in the lower half; rows beyond `size` count nothing. */
function subtract(matrix: Float64Array, n: number, across: Float64Array[], solved: Float64Array[], size: number): void {
  for (let k = size; k < BLOCK; k++) {
    across[k]!.fill(0);
    solved[k]!.fill(0);
  }
  // The columns of a tile stay in the cache while all rows pass by.
  for (let from = 0; from < n; from += TILE) {
    for (let i = from; i < n; i++) {
      const row = matrix.subarray(i * n, i * n + n);
      const to = Math.min(i + 1, from + TILE);
      for (let k = 0; k < size; k += 8) {
        const [a, b, c, d] = [across[k]![i]!, across[k + 1]![i]!, across[k + 2]![i]!, across[k + 3]![i]!];
        const [e, f, g, h] = [across[k + 4]![i]!, across[k + 5]![i]!, across[k + 6]![i]!, across[k + 7]![i]!];
        const [s, t, u, v] = [solved[k]!, solved[k + 1]!, solved[k + 2]!, solved[k + 3]!];
        const [w, x, y, z] = [solved[k + 4]!, solved[k + 5]!, solved[k + 6]!, solved[k + 7]!];
        for (let j = from; j < to; j++) {
          row[j]! -= a * s[j]! + b * t[j]! + c * u[j]! + d * v[j]! + (e * w[j]! + f * x[j]! + g * y[j]! + h * z[j]!);
        }
      }
    }
  }
}

/** Gauss and Jordan in place: of a positive matrix no pivot has to be looked for. */
function invert(matrix: Float64Array, n: number): void {
  for (let pivot = 0; pivot < n; pivot++) {
    const own = 1 / matrix[pivot * n + pivot]!;
    matrix[pivot * n + pivot] = 1;
    for (let j = 0; j < n; j++) matrix[pivot * n + j]! *= own;
    for (let i = 0; i < n; i++) {
      if (i === pivot) continue;
      const factor = matrix[i * n + pivot]!;
      matrix[i * n + pivot] = 0;
      for (let j = 0; j < n; j++) matrix[i * n + j]! -= factor * matrix[pivot * n + j]!;
    }
  }
}
