import { setTimeout as pause } from "node:timers/promises";
import { namedUuid } from "./delivery.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { BasketItem, Shopper } from "./shopper.ts";
import { MINUTE, type Store } from "./store.ts";

/** What the shop's web pixel sends of one customer event. */
export type Seen = {
  id: string;
  name: string;
  at: string;
  client: string;
  product?: string;
  variant?: string;
  quantity?: number;
  path?: string;
  cart?: string;
  checkout?: string;
};

/** A visit in the shopper's browser: the products of the basket, and some that were only looked at. */
export function openBrowser(store: Store, shopper: Shopper, basket: BasketItem[], catalogue: CatalogueEntry[]) {
  const random = store.random(`${shopper.name}/browser ${store.simulated()}`);
  const client = namedUuid(`${store.settings.domain}/browser of ${shopper.name}`);
  let count = 0;
  const see = (name: string, rest: Omit<Seen, "id" | "name" | "at" | "client"> = {}): void => {
    count += 1;
    const id = namedUuid(`${client}/${store.simulated()}/${count}`);
    store.browse({ id, name, at: store.now().toISOString(), client, ...rest });
  };
  const others = Array.from({ length: random.int(0, 3) }, () => random.pick(catalogue).product);
  const looked = [...others, ...basket.map(({ entry }) => entry.product)];
  see("page_viewed", { path: "/" });
  looked.forEach((product, index) => {
    store.later(random.int(5, 50) * (MINUTE / 60) * (index + 1), () => {
      see("page_viewed", { path: `/products/${product.id}` });
      see("product_viewed", { product: String(product.id) });
    });
  });
  return {
    added: (cart: string) =>
      basket.forEach(({ entry, quantity }) =>
        see("product_added_to_cart", { product: String(entry.product.id), quantity, cart }),
      ),
    opensCart: (cart: string) => see("cart_viewed", { cart }),
    startsCheckout: (cart: string, checkout: string) => see("checkout_started", { cart, checkout }),
    completes: (checkout: string) => see("checkout_completed", { checkout }),
  };
}

/** Posts to the app's collector as a browser does: no signature, and nobody waits for the answer. */
export function createPixel(endpoint: string) {
  const underWay = new Set<Promise<void>>();
  const post = (key: string, events: readonly Seen[]): void => {
    const call = fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: JSON.stringify({ key, events }),
    })
      .then((answer) => answer.arrayBuffer())
      .then(
        () => {},
        () => {},
      )
      .finally(() => underWay.delete(call));
    underWay.add(call);
  };
  return {
    post,
    /** Ten at a time, slowly enough for the limits of one address. */
    async postAll(key: string, events: readonly Seen[]): Promise<void> {
      for (let at = 0; at < events.length; at += 10) {
        post(key, events.slice(at, at + 10));
        if (underWay.size >= 4) await Promise.race(underWay);
        if (at >= 1_500) await pause(50);
      }
      await Promise.all(underWay);
    },
    settled: () => Promise.all(underWay),
  };
}
