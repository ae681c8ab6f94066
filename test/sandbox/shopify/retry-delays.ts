const RETRIES = 8;
const FOUR_HOURS_MS = 4 * 3_600_000;

/**
 * Milliseconds before each retry. Shopify says "8 times over 4 hours, exponentially" and no more; here every pause is
 * twice the one before, and `timeScale` says how many times faster than at Shopify time passes.
 */
export function retryDelays(timeScale: number): number[] {
  const first = FOUR_HOURS_MS / (2 ** RETRIES - 1) / timeScale;
  return Array.from({ length: RETRIES }, (_, retry) => first * 2 ** retry);
}
