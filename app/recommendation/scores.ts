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
  let filled = 0;
  for (let k = 0; k < candidates.length; k++) {
    const candidate = candidates[k]!;
    if (filled < size) {
      let at = filled++;
      while (at > 0 && worse(candidate, heap[(at - 1) >> 1]!)) {
        heap[at] = heap[(at - 1) >> 1]!;
        at = (at - 1) >> 1;
      }
      heap[at] = candidate;
    } else if (worse(heap[0]!, candidate)) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && worse(heap[child + 1]!, heap[child]!)) child++;
        if (!worse(heap[child]!, candidate)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = candidate;
    }
  }
  return heap.sort((a, b) => values[b]! - values[a]! || a - b);
}
