export interface Figures {
  /** The figure called `key`, at most as old as its cost allows; concurrent readers share one computation. */
  read<T>(key: string, compute: () => Promise<T>): Promise<T>;
  /** The same for what may take long: the figure of before where it is not there within `waitMs`; null where there is none. */
  soon<T>(key: string, waitMs: number, compute: () => Promise<T>): Promise<T | null>;
  /** The same, where only the first reader waits: every later one is given the figure of before while it is computed anew. */
  kept<T>(key: string, waitMs: number, compute: () => Promise<T>): Promise<T>;
}

export interface FiguresOptions {
  /** A clock in milliseconds that never goes back. */
  now(): number;
  /** A figure is used again for this time, however cheap it was. */
  leastMs: number;
  /** A figure that took t to compute is used again for `reuse` × t, so that it never takes more than 1 / `reuse` of the database. */
  reuse: number;
}

interface Entry {
  value: Promise<unknown>;
  /** The last one that was computed. */
  known: unknown;
  freshUntil: number;
}

const MOST_ENTRIES = 5_000;

/** How figures on pages are kept, for one process. */
export function createPageFigures(): Figures {
  return createFigures({ now: () => performance.now(), leastMs: 1_000, reuse: 20 });
}

/** Counts over whole tables that any number of open tabs ask for every few seconds. */
export function createFigures({ now, leastMs, reuse }: FiguresOptions): Figures {
  const entries = new Map<string, Entry>();

  function prune(): void {
    if (entries.size < MOST_ENTRIES) return;
    for (const [key, entry] of entries) if (entry.freshUntil <= now()) entries.delete(key);
  }

  async function measure<T>(key: string, entry: Entry, compute: () => Promise<T>): Promise<T> {
    const start = now();
    try {
      const value = await compute();
      entry.known = value;
      entry.freshUntil = now() + Math.max(leastMs, (now() - start) * reuse);
      return value;
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key);
      throw error;
    }
  }

  function read<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const before = entries.get(key);
    if (before && before.freshUntil > now()) return before.value as Promise<T>;
    prune();
    const entry: Entry = { value: Promise.resolve(), known: before?.known ?? null, freshUntil: Infinity };
    entries.set(key, entry);
    const value = measure(key, entry, compute);
    entry.value = value;
    return value;
  }

  const figures: Figures = {
    read,
    kept: async (key, waitMs, compute) => (await figures.soon(key, waitMs, compute)) ?? read(key, compute),
    async soon<T>(key: string, waitMs: number, compute: () => Promise<T>): Promise<T | null> {
      const value = read(key, compute);
      const known = (entries.get(key)?.known ?? null) as T | null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<T | null>((resolve) => {
        timer = setTimeout(() => resolve(known), waitMs);
      });
      try {
        return await Promise.race([value, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
  return figures;
}
