import { type HistoryLog, historyLog } from "./history-log.ts";

/** An order that counts, with the products that were not all sent back. */
export interface OrderedBasket {
  orderId: string;
  /** Null for an order without a customer: a history of its own. */
  customerId: string | null;
  at: Date;
  productIds: readonly string[];
}

/** The same in memory, where a large shop has a million of them. */
interface Basket {
  /** Milliseconds since 1970. */
  at: number;
  /** Item indexes, each once. */
  items: number[];
}

/** A shop's orders as the ranking takes them, and which index is whose. Products come and go by first appearance. */
export interface ShopHistory {
  itemOf: Map<string, number>;
  productOf: string[];
  /** Each customer's baskets, oldest first. */
  baskets: Map<string, Basket[]>;
}

/** An order without a customer is a history of its own, under its id behind this. */
export const ORDER = "order ";

export function emptyHistory(): ShopHistory {
  return { itemOf: new Map(), productOf: [], baskets: new Map() };
}

/** Puts one customer's orders, by id, in the place of what was known of them; none at all forgets the customer. */
export function setBaskets(history: ShopHistory, key: string, baskets: readonly OrderedBasket[]): void {
  history.baskets.delete(key);
  for (const basket of baskets) addBasket(history, key, basket);
}

/** Adds one order to a customer's; of orders of the same instant the later one is added later. */
export function addBasket(history: ShopHistory, key: string, { at, productIds }: OrderedBasket): void {
  if (productIds.length === 0) return;
  const basket = { at: at.getTime(), items: [...new Set(productIds.map((id) => itemOf(history, id)))] };
  const known = history.baskets.get(key);
  if (!known) return void history.baskets.set(key, [basket]);
  known.splice(known.findLastIndex((one) => one.at <= basket.at) + 1, 0, basket);
}

/** A customer's items basket by basket, oldest first. */
export function itemBaskets(history: ShopHistory, key: string): number[][] {
  return (history.baskets.get(key) ?? []).map(({ items }) => items);
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

/** Sessions of product ids as a log over the same items; products that nobody bought are items from now on. */
export function toViewLog(history: ShopHistory, sessions: readonly (readonly string[])[]): HistoryLog {
  const items = sessions.map((products) => products.map((id) => [itemOf(history, id)]));
  return historyLog(items, history.productOf.length);
}

export function orderCount(history: ShopHistory): number {
  let count = 0;
  for (const baskets of history.baskets.values()) count += baskets.length;
  return count;
}

function lastAt(history: ShopHistory, key: string): number {
  return history.baskets.get(key)?.at(-1)?.at ?? 0;
}

function itemOf(history: ShopHistory, productId: string): number {
  const known = history.itemOf.get(productId);
  if (known !== undefined) return known;
  history.itemOf.set(productId, history.productOf.length);
  return history.productOf.push(productId) - 1;
}
