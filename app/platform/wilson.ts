/** Two-sided 95 % of the normal distribution. */
const Z = 1.96;

/** Wilson's interval of a share, 95 %: of `of` things that were looked at, `won` had it. */
export function wilson(won: number, of: number): [low: number, high: number] {
  if (of === 0) return [0, 1];
  const middle = (won + Z ** 2 / 2) / (of + Z ** 2);
  const reach = (Z / (of + Z ** 2)) * Math.sqrt((won * (of - won)) / of + Z ** 2 / 4);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}
