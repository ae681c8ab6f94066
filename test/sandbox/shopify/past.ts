import type { ConsentFacts, CustomerFacts, OrderFacts, ProductFacts, ShopSettings } from "./shop-facts.ts";

/** Records by their place, in the order of their ids; the same place gives the same record. */
export interface Records<T> {
  length: number;
  at(place: number): T;
  /** Undefined for an id that the store never gave. */
  find(id: number): T | undefined;
}

export interface PastCustomer {
  customer: CustomerFacts;
  consent: ConsentFacts | null;
  /** To WhatsApp, for customers with a phone; absent: never asked. */
  whatsApp?: ConsentFacts;
  /** Absent: none. */
  tags?: readonly string[];
  /** Absent: English. */
  locale?: string;
  /** Absent: none. */
  metafields?: readonly MetafieldOfPast[];
  /** In minor units; cancelled orders are counted and were not paid, refunds are taken off. */
  numberOfOrders: number;
  amountSpent: number;
  lastOrder: OrderFacts | null;
}

export interface MetafieldOfPast {
  namespace: string;
  key: string;
  type: string;
  value: string;
  updatedAt: Date;
}

/** What a store holds when an app comes to it. */
export interface StorePast {
  /** Nothing in it ever changes. */
  fixed?: true;
  settings: ShopSettings;
  products: Records<ProductFacts>;
  customers: Records<PastCustomer>;
  orders: Records<OrderFacts>;
  /** Of customers' metafields; absent: none. */
  metafieldDefinitions?: readonly { namespace: string; key: string; name: string; type: string }[];
}

/** Records in a list. */
export function recordsIn<T>(list: readonly T[], idOf: (record: T) => number): Records<T> {
  const byId = new Map(list.map((record) => [idOf(record), record]));
  return {
    length: list.length,
    at(place) {
      const record = list[place];
      if (record === undefined) throw new RangeError(`there is no record ${place}`);
      return record;
    },
    find: (id) => byId.get(id),
  };
}

export function noPast(settings: ShopSettings): StorePast {
  return {
    settings,
    products: recordsIn<ProductFacts>([], ({ id }) => id),
    customers: recordsIn<PastCustomer>([], ({ customer }) => customer.id),
    orders: recordsIn<OrderFacts>([], ({ id }) => id),
  };
}
