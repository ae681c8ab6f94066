import { seededRandom } from "../../../app/recommendation/blend/ranking-net.ts";
import type { HistoryLog } from "../../../app/recommendation/history-log.ts";
import type { Product } from "../../../app/recommendation/product.ts";

export interface Size {
  products: number;
  customers: number;
  baskets: number;
}

export interface InventedShop {
  products: Product[];
  /** Of each customer, by index: baskets of product indexes. */
  baskets: Map<number, number[][]>;
}

/**
 * A shop of that size, the same every time: popularity falls off as in real shops (about 1 / rank), products go in groups of
 * twenty that are bought together half of the time, customers order about once.
 */
export function inventShop(size: Size): InventedShop {
  const baskets = new Map<number, number[][]>();
  for (const { customer, items } of inventBaskets(size)) {
    const own = baskets.get(customer);
    if (own === undefined) baskets.set(customer, [items]);
    else own.push(items);
  }
  return { products: Array.from({ length: size.products }, (_, id) => productOf(id)), baskets };
}

/** The same shop's log, as a training is given it, without the shop in memory beside it. */
export function inventLog(size: Size): HistoryLog {
  const baskets = new Int32Array(size.customers);
  const lengths = new Int32Array(size.customers);
  for (const { customer, items } of inventBaskets(size)) {
    add(baskets, customer, 1);
    add(lengths, customer, items.length);
  }
  const historyStart = Int32Array.from(runningSums(baskets.filter((count) => count > 0)));
  const nextBasket = Int32Array.from(runningSums(baskets));
  const nextEntry = Int32Array.from(runningSums(lengths));
  const basketStart = new Int32Array(size.baskets + 1);
  const entries = new Int32Array(nextEntry.at(-1) ?? 0);
  for (const { customer, items } of inventBaskets(size)) {
    const from = nextEntry[customer] ?? 0;
    entries.set(items, from);
    basketStart[add(nextBasket, customer, 1)] = add(nextEntry, customer, items.length);
  }
  return { items: size.products, historyStart, basketStart, entries };
}

function add(counts: Int32Array, at: number, by: number): number {
  const sum = (counts[at] ?? 0) + by;
  counts[at] = sum;
  return sum;
}

/** 0 first, the sum of all last. */
function* runningSums(values: Int32Array): Iterable<number> {
  let sum = 0;
  yield sum;
  for (const value of values) yield (sum += value);
}

function* inventBaskets(size: Size): Iterable<{ customer: number; items: number[] }> {
  const random = seededRandom(11);
  const any = (below: number): number => Math.floor(random() * below);
  const popular = (): number => Math.floor(size.products ** random()) - 1;
  for (let k = 0; k < size.baskets; k++) {
    const basket = new Set([popular()]);
    const [first = 0] = basket;
    const length = 2 + any(3);
    while (basket.size < length) {
      // Neighbours of a group are far apart in popularity, so that a group is not all best-sellers.
      const group = first % Math.ceil(size.products / 20);
      basket.add(random() < 0.5 ? group + any(20) * Math.ceil(size.products / 20) : popular());
    }
    yield { customer: any(size.customers), items: [...basket].filter((item) => item < size.products) };
  }
}

function productOf(id: number): Product {
  return {
    id: String(id),
    title: `Product ${id}`,
    handle: `product-${id}`,
    vendor: `Vendor ${id % 300}`,
    productType: `Type ${id % 80}`,
    tags: [],
    imageUrl: `https://cdn.example/${id}.jpg`,
    price: String(5 + (id % 200)),
    published: id % 50 !== 0,
    inStock: id % 40 !== 0,
    createdAt: null,
  };
}
