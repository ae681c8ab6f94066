import type { Delivery, Topic } from "./delivery.ts";

export type DeliveryBooks = {
  /** Deliveries handed out; every one ends as acked or failed. */
  sent: number;
  acked: number;
  /** Given up after the last retry. */
  failed: number;
  /** Calls, retries included. */
  attempts: number;
  /** Among `sent`: second copies of an earlier delivery. */
  duplicates: number;
  byTopic: Partial<Record<Topic, { sent: number; acked: number; failed: number }>>;
};

export function createDeliveryBooks() {
  const books: DeliveryBooks = { sent: 0, acked: 0, failed: 0, attempts: 0, duplicates: 0, byTopic: {} };
  const page = (topic: Topic) => (books.byTopic[topic] ??= { sent: 0, acked: 0, failed: 0 });
  return {
    sent(delivery: Delivery) {
      books.sent += 1;
      if (delivery.repeats) books.duplicates += 1;
      page(delivery.topic).sent += 1;
    },
    attempted() {
      books.attempts += 1;
    },
    ended(delivery: Delivery, outcome: "acked" | "failed") {
      books[outcome] += 1;
      page(delivery.topic)[outcome] += 1;
    },
    report: (): DeliveryBooks => structuredClone(books),
  };
}
