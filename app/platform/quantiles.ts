/** Neighbouring buckets differ by 2 %; within a bucket the mean of what was measured is told. */
const LOG_GROWTH = Math.log(1.02);
const SMALLEST = 0.01;
const BUCKETS = 1_100;

export interface Quantiles {
  p50: number;
  p99: number;
  count: number;
}

/** Quantiles of the measurements of the last one to two windows, at a small fixed cost for each measurement. */
export interface QuantileWindow {
  /** @param value from 0.01 to 2.8e7; those outside share the bucket at that end. */
  observe(value: number): void;
  /** Null when nothing was measured in that time. */
  read(): Quantiles | null;
}

/** @param now milliseconds of any clock that only goes forward. */
export function createQuantileWindow(windowMs: number, now: () => number): QuantileWindow {
  let current = emptyBuckets();
  let before = emptyBuckets();
  let startedAt = now();

  const turn = (): void => {
    const elapsed = now() - startedAt;
    if (elapsed < windowMs) return;
    before = elapsed < 2 * windowMs ? current : emptyBuckets();
    current = emptyBuckets();
    startedAt = now();
  };
  return {
    observe(value) {
      turn();
      const bucket = Math.round(Math.log(Math.max(value, SMALLEST) / SMALLEST) / LOG_GROWTH);
      add(current, Math.min(bucket, BUCKETS - 1), value);
    },
    read() {
      turn();
      const count = current.count + before.count;
      if (count === 0) return null;
      const at = (share: number): number => {
        let left = Math.ceil(share * count);
        for (let bucket = 0; ; bucket += 1) {
          const here = (current.counts[bucket] ?? 0) + (before.counts[bucket] ?? 0);
          left -= here;
          if (left <= 0) return ((current.sums[bucket] ?? 0) + (before.sums[bucket] ?? 0)) / here;
        }
      };
      return { p50: at(0.5), p99: at(0.99), count };
    },
  };
}

interface Buckets {
  counts: Uint32Array;
  sums: Float64Array;
  count: number;
}

function emptyBuckets(): Buckets {
  return { counts: new Uint32Array(BUCKETS), sums: new Float64Array(BUCKETS), count: 0 };
}

function add(buckets: Buckets, bucket: number, value: number): void {
  buckets.counts[bucket] = (buckets.counts[bucket] ?? 0) + 1;
  buckets.sums[bucket] = (buckets.sums[bucket] ?? 0) + value;
  buckets.count += 1;
}
