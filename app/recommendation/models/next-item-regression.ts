import type { HistoryLog } from "../history-log.ts";
import { bestOfRows, sumIntoRows, transpose, type SparseRows } from "../sparse-rows.ts";
import { visitPasts } from "./visit-pasts.ts";

const PREDICTORS = 60;
const RIDGE = 10;
/** A row that is so many times as long as what is wanted of it is searched and not read. */
const SEARCHED = 12;

/**
 * Least squares of the next item on the past, whose items weigh `decay` less with each basket: one ridge regression an item over
 * the 60 predictors that precede it most. EASE (Steck 2019) and SLIST (Choi et al. 2021) in a form whose cost grows with the
 * catalogue and not with its cube; unlike a cosine it does not count the same evidence twice when two predictors go together.
 * Rows are predictors, columns what they speak for; weights may be negative.
 */
export function nextItemRegression(log: HistoryLog, decay: number): SparseRows {
  const weight = (distance: number) => decay ** (distance - 1);
  const gram = sumIntoRows(log.items, log.items, (add) =>
    visitPasts(log, ({ items, distances, count }) => {
      for (let a = 0; a < count; a++) {
        const own = weight(distances[a]!);
        for (let b = 0; b < count; b++) add(items[a]!, items[b]!, own * weight(distances[b]!));
      }
    }),
  );
  const towards = sumIntoRows(log.items, log.items, (add) =>
    visitPasts(log, ({ items, distances, count }, from, to) => {
      for (let e = from; e < to; e++) {
        const next = log.entries[e]!;
        for (let a = 0; a < count; a++) if (items[a] !== next) add(next, items[a]!, weight(distances[a]!));
      }
    }),
  );
  return transpose(solveRows(gram, towards), log.items);
}

/** For each row of `towards`, the ridge solution over its strongest columns. */
function solveRows(gram: SparseRows, towards: SparseRows): SparseRows {
  const items = gram.start.length - 1;
  const size = Float64Array.from({ length: items }, (_, item) => Math.sqrt(valueAt(gram, item, item) + RIDGE));
  const solved = bestOfRows(towards, PREDICTORS, (_, a, value) => value / size[a]!);
  const place = new Int32Array(items).fill(-1);
  const matrix = new Float64Array(PREDICTORS * PREDICTORS);
  for (let row = 0; row < items; row++) {
    const predictors = solved.columns.subarray(solved.start[row]!, solved.start[row + 1]!);
    const right = solved.values.subarray(solved.start[row]!, solved.start[row + 1]!);
    const n = predictors.length;
    for (let a = 0; a < n; a++) {
      place[predictors[a]!] = a;
      right[a]! *= size[predictors[a]!]!;
    }
    matrix.fill(0, 0, n * n);
    for (let a = 0; a < n; a++) {
      const from = gram.start[predictors[a]!]!;
      const to = gram.start[predictors[a]! + 1]!;
      if (to - from > SEARCHED * n) {
        for (let b = 0; b <= a; b++) matrix[a * n + b] = valueAt(gram, predictors[a]!, predictors[b]!);
      } else {
        for (let k = from; k < to; k++) {
          const b = place[gram.columns[k]!]!;
          if (b >= 0) matrix[a * n + b] = gram.values[k]!;
        }
      }
      matrix[a * n + a]! += RIDGE;
    }
    solveInPlace(matrix, right, n);
    for (const predictor of predictors) place[predictor] = -1;
  }
  return solved;
}

/** A value of rows whose columns ascend. */
function valueAt(rows: SparseRows, row: number, column: number): number {
  const end = rows.start[row + 1]!;
  let [from, to] = [rows.start[row]!, end];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows.columns[middle]! < column) from = middle + 1;
    else to = middle;
  }
  return from < end && rows.columns[from] === column ? rows.values[from]! : 0;
}

/** Cholesky of a symmetric matrix, of which the lower half is read, that the ridge has made positive; the solution replaces the right side. */
function solveInPlace(matrix: Float64Array, right: Float32Array | Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / matrix[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= matrix[i * n + k]! * right[k]!;
    right[i] = sum / matrix[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < n; k++) sum -= matrix[k * n + i]! * right[k]!;
    right[i] = sum / matrix[i * n + i]!;
  }
}
