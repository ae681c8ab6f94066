/** Whether the first of two losses at the same questions is less on average, beyond what chance may do: by two standard errors of the mean difference. */
export function isPlainlyLess(ours: readonly number[], theirs: readonly number[]): boolean {
  const gains = theirs.map((loss, k) => loss - ours[k]!);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length;
  return mean > 2 * Math.sqrt(variance / gains.length);
}
