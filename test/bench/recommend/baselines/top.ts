/** The 20 items of the greatest scores; of equal scores the smaller index. */
export function top20(scores: ReadonlyMap<number, number>, without?: ReadonlySet<number>): number[] {
  return [...scores]
    .filter(([item]) => !without?.has(item))
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, 20)
    .map(([item]) => item);
}

export function add(scores: Map<number, number>, item: number, value: number): void {
  scores.set(item, (scores.get(item) ?? 0) + value);
}
