import { inventPerson } from "./people.ts";
import type { PastCustomer, Records, StorePast } from "./past.ts";
import { createRandom } from "./random.ts";
import type { CustomerFacts, LineFacts, OrderFacts, ProductFacts, RefundFacts, ShopSettings } from "./shop-facts.ts";
import { linesTotal, refundTotal } from "./shop-facts.ts";

export interface PastOptions {
  seed: string;
  settings: ShopSettings;
  customers: number;
  orders: number;
  /** The orders lie evenly in the `days` before this. */
  end: Date;
  days: number;
}

const FIRST_CUSTOMER = 7_000_000_000_000;
const FIRST_ORDER = 5_000_000_000_000;
const FIRST_PRODUCT = 4_000_000_000_000;
const PRODUCTS = 200;
const MOST_LINES = 4;
const DAY = 86_400_000;

/**
 * A past of any size that nobody has to hold: every record follows from the seed and its place alone. Of the orders one in 29 is a
 * guest's, one in 53 cancelled, one in 101 a test, one in 80 refunded in part.
 */
export function inventPast({ seed, settings, customers, orders, end, days }: PastOptions): StorePast {
  const start = end.getTime() - days * DAY;
  // Nothing happens after the end: Shopify knows no record from the future.
  const second = (time: number): Date => new Date(Math.floor(Math.min(time, end.getTime()) / 1_000) * 1_000);
  const orderedAt = (place: number): Date => second(start + (place / orders) * days * DAY);

  function product(place: number): ProductFacts {
    const random = createRandom(`${seed}/product ${place}`);
    const id = FIRST_PRODUCT + place;
    const price = random.int(100, 20_000);
    const at = second(start - random.int(1, 400) * DAY);
    return {
      id,
      title: `Article ${place} „${random.pick(["Größe", "Öl", "Tee", "Zoë"])}“`,
      type: random.pick(["Tea", "Cup", "Tin"]),
      vendor: "Kontor",
      tags: random.chance(0.5) ? ["new", "loose leaf"] : [],
      option: null,
      variants: [{ id: id + 500_000_000, title: "Default Title", sku: `A${place}`, price }],
      status: random.chance(0.9) ? "active" : "archived",
      createdAt: at,
      updatedAt: at,
    };
  }

  function person(place: number): CustomerFacts {
    const random = createRandom(`${seed}/customer ${place}`);
    const invented = inventPerson(random, place);
    const createdAt = second(start - random.int(0, 300) * DAY - random.int(0, DAY));
    return {
      id: FIRST_CUSTOMER + place,
      email: random.chance(0.97) ? invented.email : null,
      phone: invented.phone,
      firstName: invented.firstName,
      lastName: invented.lastName,
      address: random.chance(0.9) ? invented.address : null,
      createdAt,
      updatedAt: second(createdAt.getTime() + random.int(0, 200) * DAY),
    };
  }

  function customer(place: number): PastCustomer {
    const random = createRandom(`${seed}/consent ${place}`);
    const facts = person(place);
    const counted = placesOf(place)
      .map(order)
      .filter(({ test }) => !test);
    return {
      customer: facts,
      consent:
        facts.email === null
          ? null
          : {
              state: random.pick(["subscribed", "not_subscribed", "unsubscribed"] as const),
              updatedAt: second(facts.createdAt.getTime() + random.int(0, 100) * DAY),
            },
      numberOfOrders: counted.length,
      amountSpent: counted.reduce((sum, facts) => sum + (facts.cancelledAt ? 0 : paidFor(facts)), 0),
      lastOrder: counted.at(-1) ?? null,
    };
  }

  /** Places of a customer's orders: every customer has one in every `customers` of them. */
  function placesOf(place: number): number[] {
    const places: number[] = [];
    for (let at = customers - 1 - place; at < orders; at += customers) if (!isGuest(at)) places.push(at);
    return places;
  }

  const isGuest = (place: number): boolean => place % 29 === 7;

  function order(place: number): OrderFacts {
    const random = createRandom(`${seed}/order ${place}`);
    const id = FIRST_ORDER + place;
    const at = orderedAt(place);
    const buyer = isGuest(place) ? null : person(customers - 1 - (place % customers));
    const lines = Array.from({ length: random.weighted([1, 2, 3, 4], (count) => 1 / count) }, (_, index) =>
      line(id, index, product(random.int(0, PRODUCTS - 1)), random.int(1, 3)),
    );
    const cancelled = place % 53 === 11;
    const refund = place % 80 === 13 ? refundOf(id, at, lines) : null;
    return {
      id,
      number: 1001 + place,
      customer: buyer,
      email: buyer ? buyer.email : `guest${place}@example.com`,
      phone: null,
      address: null,
      lines,
      shipping: random.pick([0, 490]),
      discountCode: null,
      createdAt: at,
      updatedAt: refund?.at ?? (cancelled ? second(at.getTime() + DAY / 24) : at),
      cancelledAt: cancelled ? second(at.getTime() + DAY / 24) : null,
      fulfilledAt: null,
      refunds: refund ? [refund] : [],
      test: place % 101 === 17,
      source: random.chance(0.8) ? "web" : "pos",
      cartToken: null,
      checkoutToken: random.hex(32),
      buyerAcceptsMarketing: false,
    };
  }

  function line(orderId: number, index: number, of: ProductFacts, quantity: number): LineFacts {
    const [variant] = of.variants;
    return {
      id: 10_000_000_000_000 + (orderId - FIRST_ORDER) * MOST_LINES + index,
      productId: of.id,
      variantId: variant?.id ?? 0,
      title: of.title,
      variantTitle: null,
      sku: variant?.sku ?? "",
      vendor: of.vendor,
      quantity,
      unitPrice: variant?.price ?? 0,
      discount: 0,
    };
  }

  function refundOf(orderId: number, orderedOn: Date, lines: readonly LineFacts[]): RefundFacts {
    const place = orderId - FIRST_ORDER;
    return {
      id: 900_000_000_000 + place,
      transactionId: 950_000_000_000 + place,
      orderId,
      at: second(orderedOn.getTime() + DAY / 12),
      note: null,
      items: lines.slice(0, 1).map(({ id, unitPrice }) => ({
        id: 990_000_000_000 + place,
        lineId: id,
        quantity: 1,
        subtotal: unitPrice,
      })),
      shipping: 0,
      restock: false,
      test: false,
    };
  }

  return {
    settings,
    products: records(PRODUCTS, FIRST_PRODUCT, product),
    customers: records(customers, FIRST_CUSTOMER, customer),
    orders: records(orders, FIRST_ORDER, order),
  };
}

function paidFor(order: OrderFacts): number {
  return linesTotal(order.lines) + order.shipping - order.refunds.reduce((sum, refund) => sum + refundTotal(refund), 0);
}

function records<T>(length: number, firstId: number, at: (place: number) => T): Records<T> {
  const has = (place: number): boolean => Number.isInteger(place) && place >= 0 && place < length;
  return { length, at, find: (id) => (has(id - firstId) ? at(id - firstId) : undefined) };
}
