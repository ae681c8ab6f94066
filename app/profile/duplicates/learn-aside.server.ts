import { Worker } from "node:worker_threads";
import type { ComparedCustomer, Reasons } from "./customer-rows.ts";
import type { Learned } from "./learned.ts";

export interface ToLearningThread {
  customers: ComparedCustomer[];
  /** The shop's, for numbers written as at home. */
  homeCountry: string | null;
  /** Null while there are more customers; then pairs less probable than `from` are not told. */
  last: { from: number } | null;
}

/** By the places of the customers. */
export interface FoundPair {
  one: number;
  other: number;
  probability: number;
  reasons: Reasons;
}

/** Pairs a page at a time, and what was learned at the end; null where there was nothing to learn. */
export type FromLearningThread = { pairs: FoundPair[] } | { learned: Learned | null };

/**
 * Finds duplicates among customers in a thread of its own, so that serving goes on meanwhile.
 * @param pages the customers, a few at a time
 * @param options.from pairs less probable are left out
 * @throws what the search threw, or the signal's reason.
 */
export async function learnAside(
  pages: AsyncIterable<ComparedCustomer[]>,
  { homeCountry, from, signal }: { homeCountry: string | null; from: number; signal: AbortSignal },
): Promise<{ pairs: FoundPair[]; learned: Learned | null }> {
  const thread = new Worker(new URL("./learning-thread.server.ts", import.meta.url));
  const pairs: FoundPair[] = [];
  const found = new Promise<Learned | null>((resolve, reject) => {
    thread.on("message", (message: FromLearningThread) => {
      if ("learned" in message) return resolve(message.learned);
      for (const pair of message.pairs) pairs.push(pair);
    });
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("The search for duplicates ended without a result.")));
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  // Whoever is cut off while reading pages hears of it there.
  found.catch(() => {});
  try {
    const send = (message: ToLearningThread): void => thread.postMessage(message);
    for await (const customers of pages) {
      signal.throwIfAborted();
      send({ customers, homeCountry, last: null });
    }
    send({ customers: [], homeCountry, last: { from } });
    return { learned: await found, pairs };
  } finally {
    await thread.terminate();
  }
}
