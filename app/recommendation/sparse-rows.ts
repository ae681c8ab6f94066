/** A sparse matrix by rows; within a row the columns are in the order the maker of the matrix names. */
export interface SparseRows {
  start: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/** Calls `add` for every (row, column, value) to be summed. Called several times: it must do the same each time. */
export type Visit = (add: (row: number, column: number, value: number) => void) => void;

/** Values held unsummed at a time (8 bytes each): more of them are summed in several rounds, some rows in each. */
const AT_ONCE = 16_000_000;

/** One value for each row and column, the columns of a row ascending. Sums that are zero are left out. */
export function sumIntoRows(rows: number, columns: number, visit: Visit): SparseRows {
  const end = new Float64Array(rows + 1);
  visit((row) => end[row + 1]!++);
  for (let row = 0; row < rows; row++) end[row + 1]! += end[row]!;
  const start = new Int32Array(rows + 1);
  const parts: SparseRows[] = [];
  for (let first = 0; first < rows;) {
    let last = first + 1;
    while (last < rows && end[last + 1]! - end[first]! <= AT_ONCE) last++;
    const part = sumSomeRows(end, first, last, columns, visit);
    for (let row = first; row < last; row++) {
      start[row + 1] = start[row]! + part.start[row - first + 1]! - part.start[row - first]!;
    }
    parts.push(part);
    first = last;
  }
  return {
    start,
    columns: concatenate(Int32Array, parts, "columns"),
    values: concatenate(Float32Array, parts, "values"),
  };
}

function sumSomeRows(end: Float64Array, first: number, last: number, columns: number, visit: Visit): SparseRows {
  const base = end[first]!;
  const rawColumns = new Int32Array(end[last]! - base);
  const rawValues = new Float32Array(end[last]! - base);
  const at = new Int32Array(last - first);
  for (let row = first; row < last; row++) at[row - first] = end[row]! - base;
  visit((row, column, value) => {
    if (row < first || row >= last) return;
    rawColumns[at[row - first]!] = column;
    rawValues[at[row - first]!++] = value;
  });
  const sums = new Float64Array(columns);
  const touched = new Int32Array(columns);
  const start = new Int32Array(last - first + 1);
  let out = 0;
  for (let row = first; row < last; row++) {
    let count = 0;
    for (let k = end[row]! - base; k < end[row + 1]! - base; k++) {
      const column = rawColumns[k]!;
      if (sums[column] === 0) touched[count++] = column;
      sums[column]! += rawValues[k]!;
    }
    const distinct = touched.subarray(0, count).sort();
    for (let k = 0; k < count; k++) {
      const column = distinct[k]!;
      if (sums[column] === 0) continue;
      // In place: a row never has more columns than visits.
      rawColumns[out] = column;
      rawValues[out++] = sums[column]!;
      sums[column] = 0;
    }
    start[row - first + 1] = out;
  }
  return { start, columns: rawColumns.slice(0, out), values: rawValues.slice(0, out) };
}

function concatenate<T extends Int32Array | Float32Array>(
  kind: new (length: number) => T,
  parts: SparseRows[],
  name: "columns" | "values",
): T {
  const all = new kind(parts.reduce((sum, part) => sum + part[name].length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part[name], at);
    at += part[name].length;
  }
  return all;
}

/** Each value through `score`; a row keeps its `keep` greatest above zero, best first, equal ones in order of column. */
export function bestOfRows(
  rows: SparseRows,
  keep: number,
  score: (row: number, column: number, value: number) => number,
): SparseRows {
  const count = rows.start.length - 1;
  const start = new Int32Array(count + 1);
  const columns = new Int32Array(rows.columns.length);
  const values = new Float32Array(rows.columns.length);
  const longest = rows.start.reduce((most, to, row) => Math.max(most, to - (rows.start[row - 1] ?? 0)), 0);
  const order = new Int32Array(longest);
  const scores = new Float32Array(longest);
  let out = 0;
  for (let row = 0; row < count; row++) {
    const from = rows.start[row]!;
    const length = rows.start[row + 1]! - from;
    let kept = 0;
    for (let k = 0; k < length; k++) {
      scores[k] = score(row, rows.columns[from + k]!, rows.values[from + k]!);
      if (scores[k]! > 0) order[kept++] = k;
    }
    const sorted = order.subarray(0, kept).sort((a, b) => scores[b]! - scores[a]! || a - b);
    for (let k = 0; k < Math.min(keep, kept); k++) {
      columns[out] = rows.columns[from + sorted[k]!]!;
      values[out++] = scores[sorted[k]!]!;
    }
    start[row + 1] = out;
  }
  return { start, columns: columns.slice(0, out), values: values.slice(0, out) };
}

/** The rows become columns, ascending in their new rows. */
export function transpose(rows: SparseRows, columns: number): SparseRows {
  return sumIntoRows(columns, rows.start.length - 1, (add) => {
    for (let row = 0; row + 1 < rows.start.length; row++) {
      for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) add(rows.columns[k]!, row, rows.values[k]!);
    }
  });
}
