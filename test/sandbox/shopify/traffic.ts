import { deleteAccount, openAccount } from "./account.ts";
import type { Seen } from "./browser.ts";
import { createCatalogue, shelfTypes } from "./catalogue.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { placeTestOrder, sellAtCounter } from "./counter-sales.ts";
import type { Delivery } from "./delivery.ts";
import { productPayload } from "./payloads/product.ts";
import { inventPerson, inventSecondSelf } from "./people.ts";
import { visitShop } from "./purchase.ts";
import type { Random } from "./random.ts";
import { offsetHours } from "./shop-time.ts";
import { fillBasket, inventShopper } from "./shopper.ts";
import type { Shopper } from "./shopper.ts";
import { createStore, DAY, HOUR, MINUTE } from "./store.ts";
import type { Store } from "./store.ts";
import type { TimelineStretch } from "./timeline.ts";

export type TrafficOptions = {
  seed: string;
  domain: string;
  /** About how many people come to the shop between `start` and `end`; as many come again in every such span after it. */
  shoppers: number;
  start: Date;
  end: Date;
  /** Live stretches of earlier runs, to repeat what was sent then. */
  stretches?: readonly TimelineStretch[];
  /** What happens in browsers, as it happens: Shopify tells of it through the web pixel alone. */
  onBrowse?: (seen: Seen) => void;
};

export type Traffic = {
  /** All deliveries up to and including the instant that were not yielded before, in time order. */
  until(limit: Date): Generator<Delivery, void, undefined>;
  /**
   * From now on about `perMinute` deliveries bear the times of each minute after `now`: the shop's days pass in minutes.
   * Answers the stretch, for `stretches` of a later run.
   */
  goLive(now: Date, perMinute: number): TimelineStretch;
};

/** Believable traffic of an invented shop. Everything follows from the options: the same seed gives the same bytes. */
export function createTraffic(options: TrafficOptions): Traffic {
  const { seed, start, end, shoppers } = options;
  const span = end.getTime() - start.getTime();
  const settings = { domain: options.domain, currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 } as const;
  const engine = createStore({ seed, settings, start, stretches: options.stretches ?? [], onBrowse: options.onBrowse });
  const { store } = engine;
  const catalogue = createCatalogue((index) => new Date(start.getTime() + index * 5 * MINUTE));

  publishCatalogue(store, catalogue);
  tendCatalogue(store, catalogue, store.random("prices"));
  store.later(DAY, () => {
    welcomeShoppers(store, catalogue, span / shoppers);
    keepCounter(store, catalogue);
    testTheShop(store, catalogue);
  });

  // Traffic grows while the shop gains regulars: its pace at the end is that of the last month.
  const month = Math.min(span, 30 * DAY);
  let lastMonth = 0;
  return {
    *until(limit) {
      for (const delivery of engine.until(limit)) {
        if (delivery.at <= end && delivery.at.getTime() > end.getTime() - month) lastMonth += 1;
        yield delivery;
      }
    },
    goLive(now, perMinute) {
      const speed = perMinute / MINUTE / (Math.max(lastMonth, 1) / month);
      const stretch = { from: store.simulated(), shown: now.getTime(), speed };
      engine.stretch(stretch);
      return stretch;
    },
  };
}

function publishCatalogue(store: Store, catalogue: CatalogueEntry[]): void {
  for (const [index, { product }] of catalogue.entries()) {
    store.later(index * 5 * MINUTE, () =>
      store.post("products/create", `product ${product.id}`, () => productPayload(store.settings, product)),
    );
  }
}

/** Every other week a price changes; one change in eight takes a product off the shelf instead. */
function tendCatalogue(store: Store, catalogue: CatalogueEntry[], random: Random): void {
  store.later(random.exponential(14 * DAY), () => {
    const index = random.int(0, catalogue.length - 1);
    const entry = catalogue[index];
    if (entry && entry.product.status === "active") {
      const factor = random.pick([0.9, 0.95, 1.05, 1.1]);
      const product = {
        ...entry.product,
        status: random.chance(1 / 8) ? ("archived" as const) : entry.product.status,
        variants: entry.product.variants.map((variant) => ({
          ...variant,
          price: Math.round((variant.price * factor) / 10) * 10,
        })),
        updatedAt: store.now(),
      };
      catalogue[index] = { ...entry, product };
      const event = `product ${product.id}/${store.simulated()}`;
      store.post("products/update", event, () => productPayload(store.settings, product));
    }
    tendCatalogue(store, catalogue, random);
  });
}

function welcomeShoppers(store: Store, catalogue: CatalogueEntry[], every: number): void {
  const arrivals = store.random("arrivals");
  const met: Shopper[] = [];
  const welcome = () => {
    const number = met.length + 1;
    const random = store.random(`shopper ${number}`);
    const twin = met.length > 0 && random.chance(0.03) ? random.pick(met) : null;
    const person = twin ? inventSecondSelf(random, twin.person, number) : inventPerson(random, number);
    const shopper = inventShopper(random, `shopper ${number}`, person, shelfTypes());
    met.push(shopper);
    arrive(store, catalogue, shopper);
    store.later(arrivals.exponential(every), welcome);
  };
  store.later(arrivals.exponential(every), welcome);
}

/** Most come to buy; some only sign up for the newsletter first, and a few of those never buy and are deleted later. */
function arrive(store: Store, catalogue: CatalogueEntry[], shopper: Shopper): void {
  const { random } = shopper;
  const signsUp = shopper.account === "customer" && random.chance(0.15);
  if (!signsUp) return comeBack(store, catalogue, shopper, HOUR);
  openAccount(store, shopper, `${shopper.name}/sign-up`, random.chance(0.9));
  if (random.chance(0.6)) comeBack(store, catalogue, shopper, 10 * DAY);
  else if (random.chance(0.5)) store.later(random.exponential(90 * DAY), () => deleteAccount(store, shopper));
}

function comeBack(store: Store, catalogue: CatalogueEntry[], shopper: Shopper, meanDelay: number): void {
  const { random } = shopper;
  store.later(untilOpeningHour(store, random, random.exponential(meanDelay)), () =>
    visitShop(store, shopper, fillBasket(shopper, catalogue), catalogue, (basket, ordered) => {
      if (ordered) remember(shopper, basket);
      const leaves = ordered ? shopper.fatigue : shopper.account === "window" ? 0.8 : 0.1;
      if (!random.chance(leaves)) comeBack(store, catalogue, shopper, shopper.visitEvery);
    }),
  );
}

function remember(shopper: Shopper, basket: ReturnType<typeof fillBasket>): void {
  for (const { entry } of basket) {
    if (entry.consumable && !shopper.favourites.includes(entry.product.id)) shopper.favourites.push(entry.product.id);
  }
}

function keepCounter(store: Store, catalogue: CatalogueEntry[]): void {
  const random = store.random("counter");
  const passerBy = inventShopper(random, "counter", inventPerson(random, 0), shelfTypes());
  const serve = () => {
    sellAtCounter(store, passerBy, catalogue);
    store.later(random.exponential(7 * DAY), serve);
  };
  store.later(random.exponential(7 * DAY), serve);
}

function testTheShop(store: Store, catalogue: CatalogueEntry[]): void {
  const random = store.random("merchant");
  const person = {
    ...inventPerson(random, 999),
    firstName: "Testa",
    lastName: "Testmann",
    email: "shop-test@example.com",
  };
  const merchant: Shopper = { ...inventShopper(random, "merchant", person, shelfTypes()), account: "customer" };
  const test = () => {
    placeTestOrder(store, merchant, catalogue);
    store.later(random.exponential(40 * DAY), test);
  };
  store.later(10 * DAY, test);
}

/** Moves a delay to an hour of that day at which people shop; the evening is busiest. */
function untilOpeningHour(store: Store, random: Random, delay: number): number {
  const target = store.simulated() + delay;
  const offset = offsetHours(new Date(target), store.settings.zone) * HOUR;
  const midnight = Math.floor((target + offset) / DAY) * DAY - offset;
  const hour = random.weighted(HOURS, (candidate) => HOURLY_WEIGHT[candidate] ?? 0);
  const visit = midnight + hour * HOUR + random.int(0, 3599) * 1000;
  return Math.max(visit - store.simulated(), random.int(1, 60) * MINUTE);
}

const HOURLY_WEIGHT = [2, 1, 0, 0, 0, 1, 3, 5, 7, 8, 9, 9, 10, 9, 8, 8, 9, 10, 12, 15, 17, 15, 10, 5];
const HOURS = HOURLY_WEIGHT.map((_, hour) => hour);
