export interface Entry {
  id: string;
  /** When it was added, ms since 1970. */
  at: number;
  /** Rises with every addition; a cursor is the position of the last entry seen. */
  position: number;
}

/** Ids in order of addition, paged by a cursor that additions and removals between two pages do not disturb. */
export class OrderedSet {
  readonly #entries = new Map<string, Entry>();
  #last = 0;
  #sorted: Entry[] | null = null;

  static load(dump: [id: string, at: number][]): OrderedSet {
    const set = new OrderedSet();
    for (const [id, at] of dump) set.add(id, at);
    return set;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** False when the id was there already: its time and position stay. */
  add(id: string, at: number): boolean {
    if (this.#entries.has(id)) return false;
    const entry = { id, at, position: ++this.#last };
    this.#entries.set(id, entry);
    this.#sorted?.push(entry);
    return true;
  }

  delete(id: string): boolean {
    this.#sorted = null;
    return this.#entries.delete(id);
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** All entries, oldest first. Not to be changed by the caller. */
  list(): readonly Entry[] {
    this.#sorted ??= [...this.#entries.values()];
    return this.#sorted;
  }

  dump(): [id: string, at: number][] {
    return this.list().map(({ id, at }) => [id, at]);
  }
}

/** The entries after `cursor` (0 for the first page) and the cursor of the next page, null after the last entry. */
export function pageOf<T extends { position: number }>(
  entries: readonly T[],
  cursor: number,
  size: number,
): { items: T[]; next: number | null } {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.position ?? Infinity) > cursor) high = middle;
    else low = middle + 1;
  }
  const items = entries.slice(low, low + size);
  const last = items.at(-1);
  return { items, next: last !== undefined && low + size < entries.length ? last.position : null };
}
