/** A stretch of two texts: what both say, what only the new one says, or what only the old one said. */
export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Longer rules are shown as wholes: comparing every word with every other takes too long. */
const MOST_COMPARED = 2_000_000;

/** What became of a rule's text, word by word; what was taken out stands before what was put in its place. */
export function textDifference(before: string, after: string): Piece[] {
  if (before === after) return after === "" ? [] : [{ kind: "same", text: after }];
  const [old, fresh] = [wordsOf(before), wordsOf(after)];
  if (old.length * fresh.length > MOST_COMPARED) {
    return merged([
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ]);
  }
  const common = commonLengths(old, fresh);
  const at = (i: number, j: number): number => common[i * (fresh.length + 1) + j] ?? 0;
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [was = "", is = ""] = [old[i], fresh[j]];
    if (i < old.length && j < fresh.length && was === is) {
      pieces.push({ kind: "same", text: is });
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: "removed", text: was });
      i += 1;
    } else {
      pieces.push({ kind: "added", text: is });
      j += 1;
    }
  }
  return merged(pieces);
}

/** Texts in quotes are one word; so is each bracket and comma. */
function wordsOf(text: string): string[] {
  return text.match(/'(?:[^']|'')*'|\s+|[(),]|[^\s(),']+|'/g) ?? [];
}

/** How many words the rests of both texts have in common in the same order, from each pair of places on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): Uint16Array {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === fresh[j]
          ? 1 + (lengths[(i + 1) * width + j + 1] ?? 0)
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Neighbours of one kind become one piece; between two that are alike, removed comes before added. */
function merged(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  let removed = "";
  let added = "";
  const flush = (): void => {
    if (removed !== "") found.push({ kind: "removed", text: removed });
    if (added !== "") found.push({ kind: "added", text: added });
    removed = added = "";
  };
  for (const [place, { kind, text }] of pieces.entries()) {
    // A space between two changes belongs to both, or what changed would be cut to shreds.
    const next = pieces[place + 1]?.kind ?? "same";
    if (kind === "same" && text.trim() === "" && removed + added !== "" && next !== "same") {
      if (removed !== "") removed += text;
      if (added !== "") added += text;
    } else if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = found.at(-1);
      if (last?.kind === "same") last.text += text;
      else found.push({ kind, text });
    }
  }
  flush();
  return found;
}
