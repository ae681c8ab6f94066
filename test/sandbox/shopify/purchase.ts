import { openBrowser } from "./browser.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { openAccount } from "./account.ts";
import { planAftermath } from "./aftermath.ts";
import { cartPayload } from "./payloads/cart.ts";
import { checkoutPayload } from "./payloads/checkout.ts";
import { orderPayload } from "./payloads/order.ts";
import { linesTotal } from "./shop-facts.ts";
import type { CartFacts, CheckoutFacts, LineFacts, OrderFacts } from "./shop-facts.ts";
import type { BasketItem, Shopper } from "./shopper.ts";
import { MINUTE } from "./store.ts";
import type { Store } from "./store.ts";

const SHARE_OF_CARTS_LEFT = 0.28;
const SHARE_OF_CHECKOUTS_LEFT = 0.2;

/**
 * One visit to the web shop: a cart, perhaps a checkout, perhaps an order. `done` hears whether the basket was ordered.
 * The cart token joins cart and checkout, both tokens join them to the order.
 */
export function visitShop(
  store: Store,
  shopper: Shopper,
  basket: BasketItem[],
  catalogue: CatalogueEntry[],
  done: (basket: BasketItem[], ordered: boolean) => void,
): void {
  const { random } = shopper;
  const lines = basket.map((item) => lineOf(store, item));
  const event = `${shopper.name}/visit ${store.simulated()}`;
  const browser = openBrowser(store, shopper, basket, catalogue);
  const cart = openCart(store, random.hex(32), lines.slice(0, 1), event);
  const minutes = (from: number, to: number) => random.int(from * 60, to * 60) * (MINUTE / 60);

  store.later(minutes(1, 6), () => {
    browser.added(cart.token);
    browser.opensCart(cart.token);
    if (lines.length > 1) changeCart(store, cart, lines, `${event}/cart`);
    if (shopper.account === "window" || random.chance(SHARE_OF_CARTS_LEFT)) return done(basket, false);
    store.later(minutes(1, 5), () => {
      const checkout = openCheckout(store, shopper, cart.token, lines, `${event}/checkout`);
      browser.startsCheckout(cart.token, checkout.token);
      if (random.chance(SHARE_OF_CHECKOUTS_LEFT)) return done(basket, false);
      store.later(minutes(2, 8), () => {
        placeOrder(store, shopper, checkout, `${event}/order`);
        browser.completes(checkout.token);
        done(basket, true);
      });
    });
  });
}

function openCart(store: Store, token: string, lines: LineFacts[], event: string): CartFacts {
  const cart: CartFacts = { token, lines, createdAt: store.now(), updatedAt: store.now() };
  store.post("carts/create", event, () => cartPayload(store.settings, cart));
  return cart;
}

function changeCart(store: Store, opened: CartFacts, lines: LineFacts[], event: string): void {
  const cart: CartFacts = { ...opened, lines, updatedAt: store.now() };
  store.post("carts/update", event, () => cartPayload(store.settings, cart));
}

/** A known customer is recognised at once, a stranger first leaves an address. */
function openCheckout(store: Store, shopper: Shopper, cartToken: string, lines: LineFacts[], event: string) {
  const stranger = shopper.customer === null;
  const opened: CheckoutFacts = {
    token: shopper.random.hex(32),
    cartToken,
    email: stranger ? null : (shopper.customer?.email ?? null),
    customer: shopper.customer,
    address: shopper.person.address,
    lines,
    createdAt: store.now(),
    updatedAt: store.now(),
    completedAt: null,
    buyerAcceptsMarketing: shopper.consent?.state === "subscribed",
  };
  store.post("checkouts/create", event, () => checkoutPayload(store.settings, opened));
  if (!stranger || shopper.account === "phone" || shopper.random.chance(0.3)) return opened;
  const named: CheckoutFacts = { ...opened, email: shopper.person.email };
  store.later(MINUTE, () => {
    const updated = { ...named, updatedAt: store.now() };
    store.post("checkouts/update", `${event}/address`, () => checkoutPayload(store.settings, updated));
  });
  return named;
}

function placeOrder(store: Store, shopper: Shopper, checkout: CheckoutFacts, event: string): void {
  const { random, person } = shopper;
  const at = store.now();
  const accepts = shopper.consent ? shopper.consent.state === "subscribed" : random.chance(0.6);
  const customer =
    shopper.account === "guest" ? null : (shopper.customer ?? openAccount(store, shopper, event, accepts));
  const discountCode = random.chance(0.12) ? "DANKE10" : null;
  const lines = checkout.lines.map((line) => (discountCode ? { ...line, discount: tenPercent(line) } : line));
  const order: OrderFacts = {
    id: store.nextId("order"),
    number: store.nextId("orderNumber"),
    customer: customer && { ...customer, updatedAt: at },
    email: customer ? customer.email : person.email,
    phone: customer ? customer.phone : null,
    address: shopper.person.address,
    lines,
    shipping: linesTotal(lines) < 60_00 ? 490 : 0,
    discountCode,
    createdAt: at,
    updatedAt: at,
    cancelledAt: null,
    fulfilledAt: null,
    refunds: [],
    test: false,
    source: "web",
    cartToken: checkout.cartToken,
    checkoutToken: checkout.token,
    buyerAcceptsMarketing: accepts,
  };
  store.post("orders/create", event, () => orderPayload(store.settings, order));
  const completed: CheckoutFacts = { ...checkout, customer, email: order.email, updatedAt: at, completedAt: at };
  store.post("checkouts/update", event, () => checkoutPayload(store.settings, completed));
  planAftermath(store, random, order);
}

function tenPercent(line: LineFacts): number {
  return Math.floor((line.quantity * line.unitPrice) / 10);
}

export function lineOf(store: Store, { entry, variant, quantity }: BasketItem): LineFacts {
  const { product } = entry;
  const chosen = product.variants[variant] ?? product.variants[0];
  if (!chosen) throw new Error(`${product.title} has no variant`);
  return {
    id: store.nextId("line"),
    productId: product.id,
    variantId: chosen.id,
    title: product.title,
    variantTitle: product.option === null ? null : chosen.title,
    sku: chosen.sku,
    vendor: product.vendor,
    quantity,
    unitPrice: chosen.price,
    discount: 0,
  };
}
