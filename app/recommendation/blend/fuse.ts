/** How slowly a place loses worth, as in the paper. */
const SLOPE = 60;

/**
 * Several rankings as one, by weighted reciprocal rank (Cormack et al. 2009): place p of a ranking is worth its weight over 60 + p. What
 * stands in several, or several times in one, is taken as it stands first.
 */
export function fuse<Entry, Key>(
  rankings: readonly (readonly Entry[])[],
  weights: readonly number[],
  keyOf: (entry: Entry) => Key,
): Entry[] {
  const [only, ...more] = rankings.filter((ranking) => ranking.length > 0);
  if (more.length === 0) return distinct(only ?? [], keyOf);
  const scores = new Map<Key, { entry: Entry; score: number }>();
  rankings.forEach((ranking, source) => {
    const seen = new Set<Key>();
    for (const entry of ranking) {
      const key = keyOf(entry);
      if (seen.has(key)) continue;
      const worth = (weights[source] ?? 0) / (SLOPE + seen.size);
      seen.add(key);
      const before = scores.get(key);
      scores.set(key, { entry: before?.entry ?? entry, score: (before?.score ?? 0) + worth });
    }
  });
  return [...scores.values()].sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}

function distinct<Entry, Key>(entries: readonly Entry[], keyOf: (entry: Entry) => Key): Entry[] {
  const seen = new Set<Key>();
  return entries.filter((entry) => !seen.has(keyOf(entry)) && seen.add(keyOf(entry)));
}
