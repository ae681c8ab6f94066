import type { Product } from "./product.ts";
import type { Reason } from "./reason.ts";

/** Orders of a week from which a product may be called popular, and its place among its type: the best quarter, three at least. */
const FEWEST = 3;
const BEST = 1 / 4;
const BEST_FEW = 3;

/**
 * Who may be called popular: what sold in the week and is among the best of its type, or, without a type, of the shop. Three orders
 * are nothing beside hundreds of another jacket.
 * @param week orders of the last seven days by product id
 */
export function createPopularReason(
  products: readonly Product[],
  week: ReadonlyMap<string, number>,
): (product: Product) => Reason {
  const ordersOf = ({ id }: Product): number => week.get(id) ?? 0;
  const shown = products.filter(({ published }) => published);
  const byType = Map.groupBy(shown, ({ productType }) => productType);
  const needed = new Map([...byType].map(([type, ofType]) => [type, neededOf((type ? ofType : shown).map(ordersOf))]));
  return (product) => {
    const orders = ordersOf(product);
    if (orders < (needed.get(product.productType) ?? Infinity)) return { kind: "in_the_shop" };
    return product.productType
      ? { kind: "popular_in_type", productType: product.productType, orders }
      : { kind: "popular", orders };
  };
}

function neededOf(orders: number[]): number {
  const place = Math.max(BEST_FEW, Math.ceil(orders.length * BEST));
  return Math.max(FEWEST, orders.sort((a, b) => b - a)[place - 1] ?? 0);
}
