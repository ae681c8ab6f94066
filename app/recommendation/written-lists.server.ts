import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readUnwantedOf } from "./feedback/feedback-store.server.ts";
import { type CustomerList, interleave, type ShownProduct, toShown } from "./list.ts";
import { readCustomerList, readPopularList, readProductLists, readRules } from "./lists-store.server.ts";
import { readOrdersOf, readSomeProducts } from "./purchases-store.server.ts";
import { isAllowed } from "./rules.ts";

/**
 * Lists as they were written, for whoever has none in memory, with each product as it is at this moment: what was sold out, taken down
 * or hidden since then is left out.
 */
export interface WrittenLists {
  /** Null when none was written. */
  ofCustomer(shop: ShopId, customerId: string): Promise<CustomerList | null>;
  /** @param customerId who does not see what they had already, or do not want; null: anybody */
  popular(shop: ShopId, customerId?: string | null): Promise<ShownProduct[]>;
  /** What stands beside products, in turn, the first of each first. @param customerId as above */
  beside(shop: ShopId, productIds: readonly string[], customerId?: string | null): Promise<ShownProduct[]>;
}

export function createWrittenLists(sql: Sql): WrittenLists {
  const asOfNow = async (
    shop: ShopId,
    items: readonly ShownProduct[],
    bought: ReadonlySet<string> = new Set(),
  ): Promise<ShownProduct[]> => {
    const rules = await readRules(sql, shop);
    const ids = items.map(({ id }) => id);
    const products = new Map((await readSomeProducts(sql, shop, ids)).map((product) => [product.id, product]));
    return items.flatMap(({ id, reason }) => {
      const product = products.get(id);
      const given = { rules, barred: new Set<string>(), bought, isConsumable: () => false };
      return product && isAllowed(product, given) ? [toShown({ product, reason })] : [];
    });
  };

  const hadBy = async (
    shop: ShopId,
    customerId: string | null,
  ): Promise<{ bought: string[]; unwanted: Set<string> }> => {
    if (customerId === null) return { bought: [], unwanted: new Set() };
    return {
      bought: (await readOrdersOf(sql, shop, [customerId])).flatMap((order) => order.productIds),
      unwanted: (await readUnwantedOf(sql, shop, [customerId])).get(customerId) ?? new Set(),
    };
  };

  return {
    async ofCustomer(shop, customerId) {
      const list = await readCustomerList(sql, shop, customerId);
      return list && { ...list, items: await asOfNow(shop, list.items) };
    },
    async popular(shop, customerId = null) {
      const { bought, unwanted } = await hadBy(shop, customerId);
      const list = (await readPopularList(sql, shop)) ?? [];
      return asOfNow(
        shop,
        list.filter(({ id }) => !unwanted.has(id)),
        new Set(bought),
      );
    },
    async beside(shop, productIds, customerId = null) {
      const lists = await readProductLists(sql, shop, productIds);
      const { bought, unwanted } = await hadBy(shop, customerId);
      const inTurn = interleave(lists, new Set([...productIds, ...unwanted]));
      return asOfNow(shop, inTurn, new Set(bought));
    },
  };
}
