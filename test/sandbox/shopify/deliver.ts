import { setTimeout as pause } from "node:timers/promises";
import type { Delivery } from "./delivery.ts";
import { createDeliveryBooks } from "./delivery-books.ts";
import type { DeliveryBooks } from "./delivery-books.ts";
import { createGate } from "./gate.ts";
import { createPoster } from "./post-delivery.ts";
import { retryDelays } from "./retry-delays.ts";

export type DelivererOptions = {
  target: string;
  secret: string;
  shop: string;
  /** Calls at a time, retries among them. */
  concurrency?: number;
  /** How many times faster than Shopify the retries come; 240 squeezes its four hours into one minute. */
  timeScale?: number;
  timeoutMs?: number;
  /** Hears the largest trigger time handed out so far, before that delivery is on its way. */
  onClock?: (at: Date) => void;
};

export type Deliverer = {
  /**
   * Resolves when every delivery of the source has ended, or after `stop` when no call is under way any more. `onEnded`
   * hears when one was acknowledged or given up; positions count from 0 in the order in which they are handed out.
   */
  run(source: Source, onEnded?: (position: number) => void): Promise<void>;
  /** Hands out nothing more and gives up no delivery: what waits for a retry simply has not ended. */
  stop(): void;
  books(): DeliveryBooks;
  close(): Promise<void>;
};

type Source = Iterable<Delivery> | AsyncIterable<Delivery>;

/** While this many deliveries wait for a retry, no new ones are handed out: a dead app must not fill the memory. */
const MOST_WAITING = 500;

/** Delivers webhooks the way Shopify does; what fails is tried again later and does not hold up the rest. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { concurrency = 64, timeScale = 240, onClock } = options;
  const poster = createPoster({ ...options, connections: concurrency });
  const delays = retryDelays(timeScale);
  const books = createDeliveryBooks();
  const gate = createGate(concurrency);
  const stopping = new AbortController();
  let latest = Number.NEGATIVE_INFINITY;

  const handOut = (delivery: Delivery) => {
    books.sent(delivery);
    if (delivery.at.getTime() <= latest) return;
    latest = delivery.at.getTime();
    onClock?.(delivery.at);
  };

  const attempt = (delivery: Delivery) =>
    gate(() => {
      books.attempted();
      return poster.post(delivery);
    });

  /** Answers whether it ended; false after `stop`. */
  async function retried(delivery: Delivery): Promise<boolean> {
    for (const delay of delays) {
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return false;
      if (await attempt(delivery)) {
        books.ended(delivery, "acked");
        return true;
      }
    }
    books.ended(delivery, "failed");
    return true;
  }

  async function run(source: Source, onEnded: (position: number) => void = () => {}): Promise<void> {
    const deliveries = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    const waiting = new Set<Promise<void>>();
    let position = 0;

    const keepSlotBusy = async () => {
      while (!stopping.signal.aborted) {
        if (waiting.size >= MOST_WAITING) {
          await Promise.race(waiting);
          continue;
        }
        const next = await deliveries.next();
        if (next.done || stopping.signal.aborted) return;
        const own = position++;
        handOut(next.value);
        if (await attempt(next.value)) {
          books.ended(next.value, "acked");
          onEnded(own);
          continue;
        }
        const retrying = retried(next.value).then((ended) => {
          waiting.delete(retrying);
          if (ended) onEnded(own);
        });
        waiting.add(retrying);
      }
    };

    await Promise.all(Array.from({ length: concurrency }, keepSlotBusy));
    await Promise.all(waiting);
  }

  return { run, stop: () => stopping.abort(), books: books.report, close: poster.close };
}
