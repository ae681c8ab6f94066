import { seededRandom } from "../../../app/recommendation/blend/ranking-net.ts";
import type { Product } from "../../../app/recommendation/product.ts";

export interface InventedShop {
  products: Product[];
  /** Of each customer, by index: baskets of product indexes. */
  baskets: Map<number, number[][]>;
}

/**
 * A shop of that size, the same every time: popularity falls off as in real shops (about 1 / rank), products go in groups of
 * twenty that are bought together half of the time, customers order about once.
 */
export function inventShop(size: { products: number; customers: number; baskets: number }): InventedShop {
  const random = seededRandom(11);
  const any = (below: number): number => Math.floor(random() * below);
  const popular = (): number => Math.floor(size.products ** random()) - 1;
  const baskets = new Map<number, number[][]>();
  for (let k = 0; k < size.baskets; k++) {
    const basket = new Set([popular()]);
    const [first = 0] = basket;
    const length = 2 + any(3);
    while (basket.size < length) {
      // Neighbours of a group are far apart in popularity, so that a group is not all best-sellers.
      const group = first % Math.ceil(size.products / 20);
      basket.add(random() < 0.5 ? group + any(20) * Math.ceil(size.products / 20) : popular());
    }
    const customer = any(size.customers);
    const own = baskets.get(customer);
    const items = [...basket].filter((item) => item < size.products);
    if (own === undefined) baskets.set(customer, [items]);
    else own.push(items);
  }
  return { products: Array.from({ length: size.products }, (_, id) => productOf(id)), baskets };
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
