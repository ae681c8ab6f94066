import type { CatalogueEntry } from "./catalogue.ts";
import { openAccount } from "./account.ts";
import { orderPayload } from "./payloads/order.ts";
import { lineOf } from "./purchase.ts";
import type { OrderFacts } from "./shop-facts.ts";
import { fillBasket } from "./shopper.ts";
import type { BasketItem, Shopper } from "./shopper.ts";
import type { Store } from "./store.ts";

/** Somebody pays in the shop itself: an order without a customer, an address, a cart or a checkout. */
export function sellAtCounter(store: Store, passerBy: Shopper, catalogue: readonly CatalogueEntry[]): void {
  const order = plainOrder(store, fillBasket(passerBy, catalogue));
  post(store, { ...order, source: "pos", fulfilledAt: order.createdAt });
}

/** The merchant tries the checkout with a test payment: `test` is true and it must count nowhere. */
export function placeTestOrder(store: Store, merchant: Shopper, catalogue: readonly CatalogueEntry[]): void {
  const event = `${merchant.name}/test ${store.simulated()}`;
  const customer = merchant.customer ?? openAccount(store, merchant, event, true);
  const order = plainOrder(store, fillBasket(merchant, catalogue));
  post(store, { ...order, test: true, customer: { ...customer, updatedAt: order.createdAt }, email: customer.email });
}

function post(store: Store, order: OrderFacts): void {
  store.post("orders/create", `order ${order.id}`, () => orderPayload(store.settings, order));
}

function plainOrder(store: Store, basket: BasketItem[]): OrderFacts {
  return {
    id: store.nextId("order"),
    number: store.nextId("orderNumber"),
    customer: null,
    email: null,
    phone: null,
    address: null,
    lines: basket.map((item) => lineOf(store, item)),
    shipping: 0,
    discountCode: null,
    createdAt: store.now(),
    updatedAt: store.now(),
    cancelledAt: null,
    fulfilledAt: null,
    refunds: [],
    test: false,
    source: "web",
    cartToken: null,
    checkoutToken: null,
    buyerAcceptsMarketing: false,
  };
}
