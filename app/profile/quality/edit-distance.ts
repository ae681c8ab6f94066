/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = at(row, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      let best = Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1);
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (isSwap) best = Math.min(best, at(before, j - 2) + 1);
      next.push(best);
    }
    [before, row] = [row, next];
  }
  return at(row, right.length);
}

const at = (row: readonly number[], place: number): number => row[place] ?? Infinity;
