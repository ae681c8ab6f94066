import { type HistoryLog, historyLog } from "./history-log.ts";

/** An order that counts, with the products that were not all sent back. */
export interface OrderedBasket {
  orderId: string;
  /** Null for an order without a customer: a history of its own. */
  customerId: string | null;
  at: Date;
  productIds: readonly string[];
}

/** A shop's orders as the ranking takes them, and which index is whose. Products come and go by first appearance. */
export interface ShopHistory {
  itemOf: Map<string, number>;
  productOf: string[];
  /** Each customer's baskets, oldest first. */
  baskets: Map<string, OrderedBasket[]>;
}

export function emptyHistory(): ShopHistory {
  return { itemOf: new Map(), productOf: [], baskets: new Map() };
}

/** Puts one customer's orders in the place of what was known of them; none at all forgets the customer. */
export function setBaskets(history: ShopHistory, key: string, baskets: readonly OrderedBasket[]): void {
  const kept = baskets.filter(({ productIds }) => productIds.length > 0);
  if (kept.length === 0) return void history.baskets.delete(key);
  const ordered = kept.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.orderId < b.orderId ? -1 : 1));
  history.baskets.set(key, ordered);
  for (const { productIds } of ordered) for (const id of productIds) itemOf(history, id);
}

/** A customer's items basket by basket, oldest first. */
export function itemBaskets(history: ShopHistory, key: string): number[][] {
  return (history.baskets.get(key) ?? []).map(({ productIds }) => [
    ...new Set(productIds.map((id) => itemOf(history, id))),
  ]);
}

/** The log to train on, and which history of it is whose: in the order of the last purchase, then of the key. */
export function toLog(history: ShopHistory): { log: HistoryLog; historyOf: Map<string, number> } {
  const keys = [...history.baskets.keys()].sort((a, b) => lastAt(history, a) - lastAt(history, b) || (a < b ? -1 : 1));
  return {
    log: historyLog(
      keys.map((key) => itemBaskets(history, key)),
      history.productOf.length,
    ),
    historyOf: new Map(keys.map((key, at) => [key, at])),
  };
}

export function orderCount(history: ShopHistory): number {
  let count = 0;
  for (const baskets of history.baskets.values()) count += baskets.length;
  return count;
}

function lastAt(history: ShopHistory, key: string): number {
  return history.baskets.get(key)?.at(-1)?.at.getTime() ?? 0;
}

function itemOf(history: ShopHistory, productId: string): number {
  const known = history.itemOf.get(productId);
  if (known !== undefined) return known;
  history.itemOf.set(productId, history.productOf.length);
  return history.productOf.push(productId) - 1;
}
