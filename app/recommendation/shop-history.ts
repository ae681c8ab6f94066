import { type HistoryLog, historyLog } from "./history-log.ts";

/** An order that counts, with the products that were not all sent back. */
export interface OrderedBasket {
  orderId: string;
  /** Null for an order without a customer: a history of its own. */
  customerId: string | null;
  at: Date;
  productIds: readonly string[];
}

/**
 * A customer's baskets, oldest first, as one run of numbers: of each the instant (milliseconds since 1970), how many items, and their
 * indexes, each once. A large shop has a million of them, and every object of theirs is another one that the garbage collector, which
 * stops the world for it, has to look at.
 */
type Baskets = readonly number[];

/** A shop's orders as the ranking takes them, and which index is whose. Products come and go by first appearance. */
export interface ShopHistory {
  itemOf: Map<string, number>;
  productOf: string[];
  /** By customer, or by order where it has none. */
  baskets: Map<string, Baskets>;
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
  const items = [...new Set(productIds.map((id) => itemOf(history, id)))];
  const known = history.baskets.get(key) ?? [];
  let place = 0;
  while (place < known.length && known[place]! <= at.getTime()) place = afterBasket(known, place);
  history.baskets.set(key, known.toSpliced(place, 0, at.getTime(), items.length, ...items));
}

/** A customer's items basket by basket, oldest first. */
export function itemBaskets(history: ShopHistory, key: string): number[][] {
  const known = history.baskets.get(key) ?? [];
  const found: number[][] = [];
  for (let place = 0; place < known.length; place = afterBasket(known, place)) {
    found.push(known.slice(place + 2, afterBasket(known, place)));
  }
  return found;
}

/** Where the basket after this one starts. */
function afterBasket(baskets: Baskets, place: number): number {
  return place + 2 + baskets[place + 1]!;
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
  for (const known of history.baskets.values()) {
    for (let place = 0; place < known.length; place = afterBasket(known, place)) count++;
  }
  return count;
}

function lastAt(history: ShopHistory, key: string): number {
  const known = history.baskets.get(key) ?? [];
  let last = 0;
  for (let place = 0; place < known.length; place = afterBasket(known, place)) last = known[place]!;
  return last;
}

function itemOf(history: ShopHistory, productId: string): number {
  const known = history.itemOf.get(productId);
  if (known !== undefined) return known;
  history.itemOf.set(productId, history.productOf.length);
  return history.productOf.push(productId) - 1;
}
