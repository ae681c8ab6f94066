export interface GroupCommit<Item, Result> {
  /** Resolves once the item is committed. @throws Overloaded when the line is full; what `commit` throws otherwise. */
  add(item: Item): Promise<Result>;
}

class Overloaded extends Error {
  override name = "Overloaded" as const;
}

export interface GroupCommitOptions<Item, Result> {
  /** Writes the items in one statement and answers for each, in order. */
  commit(items: Item[]): Promise<Result[]>;
  /** True when a failure is the database's and not an item's: then nobody is retried alone. */
  isOutage(error: unknown): boolean;
  sizeOf(item: Item): number;
  maxItems: number;
  maxBytes: number;
  /** What may wait, in items and in bytes; an item alone may be larger. */
  maxWaiting: number;
  maxWaitingBytes: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Lets items that arrive while a statement is under way share the next one. A statement that fails for an item's sake is
 * repeated item by item, so that one bad item never costs its neighbours.
 */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let waitingBytes = 0;
  let committing = false;

  const takeBatch = (): Waiting<Item, Result>[] => {
    let bytes = 0;
    let count = 0;
    for (const { item } of waiting) {
      bytes += options.sizeOf(item);
      if (count === options.maxItems || (count > 0 && bytes > options.maxBytes)) break;
      count += 1;
    }
    const batch = waiting.splice(0, count);
    for (const { item } of batch) waitingBytes -= options.sizeOf(item);
    return batch;
  };

  const commitBatch = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await options.commit(batch.map(({ item }) => item));
      batch.forEach((entry, index) => entry.resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1 || options.isOutage(error)) return batch.forEach((entry) => entry.reject(error));
      for (const entry of batch) await commitBatch([entry]);
    }
  };

  const drain = async (): Promise<void> => {
    if (committing) return;
    committing = true;
    while (waiting.length > 0) await commitBatch(takeBatch());
    committing = false;
  };

  return {
    add(item) {
      const size = options.sizeOf(item);
      const isFull = waiting.length > 0 && waitingBytes + size > options.maxWaitingBytes;
      if (isFull || waiting.length >= options.maxWaiting)
        return Promise.reject(new Overloaded("Too many deliveries are waiting."));
      waitingBytes += size;
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // One turn of the loop later, so that requests read in the same turn share the statement.
        setImmediate(() => void drain());
      });
    },
  };
}
