import { Worker } from "node:worker_threads";
import type { Reasons } from "./customer-rows.ts";
import type { Learned } from "./learned.ts";

export interface ToLearningThread {
  rows: string[][];
  last: boolean;
  /** Pairs less probable than this are not told. */
  from: number;
}

export interface FoundPairs {
  /** By the places of their rows. */
  pairs: { one: number; other: number; probability: number; reasons: Reasons }[];
  /** Null where there was nothing to learn. */
  learned: Learned | null;
}

/**
 * Finds duplicates among rows in a thread of its own, so that serving goes on meanwhile.
 * @param pages rows under COMPARED, a few at a time
 * @throws what the search threw, or the signal's reason.
 */
export async function learnAside(
  pages: AsyncIterable<string[][]>,
  from: number,
  signal: AbortSignal,
): Promise<FoundPairs> {
  const thread = new Worker(new URL("./learning-thread.server.ts", import.meta.url));
  const found = new Promise<FoundPairs>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("The search for duplicates ended without a result.")));
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  // Whoever is cut off while reading pages hears of it there.
  found.catch(() => {});
  try {
    const send = (message: ToLearningThread): void => thread.postMessage(message);
    for await (const rows of pages) {
      signal.throwIfAborted();
      send({ rows, last: false, from });
    }
    send({ rows: [], last: true, from });
    return await found;
  } finally {
    await thread.terminate();
  }
}
