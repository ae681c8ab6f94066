/** Scores of items while they are being summed: dense, with a list of those touched, so that clearing costs what was used. */
export class Scores {
  readonly values: Float64Array;
  readonly touched: Int32Array;
  count = 0;

  constructor(items: number) {
    this.values = new Float64Array(items);
    this.touched = new Int32Array(items);
  }

  /** Adds a value above zero. */
  add(item: number, value: number): void {
    if (this.values[item] === 0) this.touched[this.count++] = item;
    this.values[item]! += value;
  }

  clear(): void {
    for (let k = 0; k < this.count; k++) this.values[this.touched[k]!] = 0;
    this.count = 0;
  }

  /** The `n` items of the greatest values, best first, equal values in order of item. */
  best(n: number): Int32Array {
    return best(this.touched.subarray(0, this.count), this.values, n);
  }
}

/** The `n` candidates of the greatest values, best first, equal values in order of candidate: a heap of n over one pass. */
export function best(candidates: Int32Array, values: Float64Array, n: number): Int32Array {
  const size = Math.min(n, candidates.length);
  const heap = new Int32Array(size);
  if (size === 0) return heap;
  const worse = (a: number, b: number) => values[a]! < values[b]! || (values[a] === values[b] && a > b);
  const sink = (candidate: number, from: number, to: number): void => {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= to) break;
      if (child + 1 < to && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, candidate)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = candidate;
  };
  heap.set(candidates.subarray(0, size));
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap[at]!, at, size);
  // Most candidates are worse than the worst kept one, and one comparison says so.
  let worst = values[heap[0]!]!;
  for (let k = size; k < candidates.length; k++) {
    const candidate = candidates[k]!;
    const value = values[candidate]!;
    if (value < worst || (value === worst && candidate > heap[0]!)) continue;
    sink(candidate, 0, size);
    worst = values[heap[0]!]!;
  }
  // The worst goes to the end, time after time.
  for (let last = size - 1; last > 0; last--) {
    const candidate = heap[last]!;
    heap[last] = heap[0]!;
    sink(candidate, 0, last);
  }
  return heap;
}
