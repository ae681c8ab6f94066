/** Buckets of `sample(…)`: hundredths of a percent. */
const SAMPLE_BUCKETS = 10_000;

/** The bucket of a customer, from 0 to 9,999: always the same, and unrelated to when or in which order customers came. */
export function sampleBucket(customerId: string): number {
  return hash32(customerId) % SAMPLE_BUCKETS;
}

/**
 * A number of 32 bits, the same on every machine: FNV-1a over the text, then MurmurHash3's finaliser, since FNV alone leaves
 * neighbouring texts at neighbouring numbers.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
