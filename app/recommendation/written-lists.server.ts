import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readUnwantedOf } from "./feedback/feedback-store.server.ts";
import { type CustomerList, type Entry, interleave, RESERVE, type ShownProduct, toShown } from "./list.ts";
import { readCustomerList, readPopularList, readProductLists, readRules } from "./lists-store.server.ts";
import { readOrdersOf, readPublishedAfter, readSomeProducts } from "./purchases-store.server.ts";
import { applyRules } from "./rules.ts";

/**
 * Lists as they were written, for whoever has none in memory, with each product as it is at this moment and by the rules of this moment:
 * in the place of what was sold out, taken down or hidden since then stands what is popular, and after that anything the shop has.
 */
export interface WrittenLists {
  /** Null when none was written. */
  ofCustomer(shop: ShopId, customerId: string, place?: Place): Promise<CustomerList | null>;
  /** @param customerId who does not see what they had already, or do not want; null: anybody */
  popular(shop: ShopId, customerId?: string | null, place?: Place): Promise<ShownProduct[]>;
  /** What stands beside products, in turn, the first of each first. @param customerId as above */
  beside(
    shop: ShopId,
    productIds: readonly string[],
    customerId?: string | null,
    place?: Place,
  ): Promise<ShownProduct[]>;
}

/** Of what is neither in the list nor popular so much is looked through before a place stays empty. */
const PAGE = 500;
const PAGES = 4;

export function createWrittenLists(sql: Sql): WrittenLists {
  /** Places that what is left out would leave empty are filled with what is popular. */
  const asOfNow = async (
    shop: ShopId,
    items: readonly ShownProduct[],
    { bought, unwanted }: Had,
    { room = 0, except = [] }: Place = {},
  ): Promise<ShownProduct[]> => {
    const rules = await readRules(sql, shop);
    const popular = (await readPopularList(sql, shop)) ?? [];
    const all = interleave([[...items, ...popular]], new Set([...except, ...unwanted]));
    const products = await readSomeProducts(
      sql,
      shop,
      all.map(({ id }) => id),
    );
    const byId = new Map(products.map((product) => [product.id, product]));
    const ranked = all.flatMap(({ id, reason }): Entry[] => {
      const product = byId.get(id);
      return product ? [{ product, reason }] : [];
    });
    // What is written is in the order that boosts gave it.
    const slots = Math.max(rules.slots, room);
    const given = {
      rules: { ...rules, slots, boosts: [] },
      barred: new Set<string>(),
      bought,
      isConsumable: () => false,
    };
    let list = applyRules({ ranked, ...given });
    const left = [...all.map(({ id }) => id), ...except, ...unwanted, ...bought];
    // A shorter popular list holds all there is.
    const isMore = popular.length >= rules.slots + RESERVE;
    for (let after = "-1", page = 0; isMore && list.length < slots && page < PAGES; page++) {
      const ids = await readPublishedAfter(sql, shop, { after, except: left, limit: PAGE });
      const further = await readSomeProducts(sql, shop, ids);
      ranked.push(...further.map((product): Entry => ({ product, reason: { kind: "in_the_shop" } })));
      list = applyRules({ ranked, ...given });
      if (ids.length < PAGE) break;
      after = ids.at(-1) ?? after;
    }
    return list.map(toShown);
  };

  const hadBy = async (shop: ShopId, customerId: string | null): Promise<Had> => {
    if (customerId === null) return { bought: new Set(), unwanted: new Set() };
    const orders = await readOrdersOf(sql, shop, [customerId]);
    return {
      bought: new Set(orders.flatMap((order) => order.productIds)),
      unwanted: (await readUnwantedOf(sql, shop, [customerId])).get(customerId) ?? new Set(),
    };
  };

  return {
    async ofCustomer(shop, customerId, place) {
      const list = await readCustomerList(sql, shop, customerId);
      if (!list) return null;
      const { bought, unwanted } = await hadBy(shop, customerId);
      // What is in their own list although they bought it is bought again and again.
      const again = new Set(list.items.map(({ id }) => id));
      const items = await asOfNow(shop, list.items, { bought: bought.difference(again), unwanted }, place);
      // With nothing left of it, what is popular is not made for them.
      return { ...list, personal: list.personal && items.some(({ id }) => again.has(id)), items };
    },
    async popular(shop, customerId = null, place) {
      return asOfNow(shop, [], await hadBy(shop, customerId), place);
    },
    async beside(shop, productIds, customerId = null, place) {
      const lists = await readProductLists(sql, shop, productIds);
      return asOfNow(shop, interleave(lists, new Set()), await hadBy(shop, customerId), {
        ...place,
        except: [...productIds, ...(place?.except ?? [])],
      });
    },
  };
}

/** Where a list stands: room for more than the merchant's lists have, and product ids that are there already. */
interface Place {
  room?: number | undefined;
  except?: readonly string[];
}

/** Product ids that somebody bought, and that are not for them. */
interface Had {
  bought: ReadonlySet<string>;
  unwanted: ReadonlySet<string>;
}
