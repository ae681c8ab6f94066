import type { CatalogueEntry } from "./catalogue.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import type { ConsentFacts, CustomerFacts } from "./shop-facts.ts";
import { DAY } from "./store.ts";

/** How somebody deals with the shop. Only `customer` and `phone` ever become a customer record. */
export type Account =
  | "customer"
  /** A customer without an e-mail address. */
  | "phone"
  /** Orders with an e-mail address and without a customer. */
  | "guest"
  /** Fills carts and never checks out. */
  | "window";

export type Shopper = {
  name: string;
  random: Random;
  person: Person;
  account: Account;
  /** Mean simulated milliseconds between two visits while interested. */
  visitEvery: number;
  /** Probability of losing interest after an order. */
  fatigue: number;
  /** How many of everything consumable: some buy for their whole office. */
  packs: number;
  /** Weight of each shelf. */
  taste: ReadonlyMap<string, number>;
  /** Consumables bought before, to be bought again. */
  favourites: number[];
  customer: CustomerFacts | null;
  consent: ConsentFacts | null;
};

/**
 * Purchase rhythm and dying off are those of the BG/NBD model (Fader, Hardie and Lee 2005): everybody's rate comes from
 * a gamma distribution and everybody's chance to vanish after a purchase from a beta distribution.
 */
export function inventShopper(random: Random, name: string, person: Person, shelves: readonly string[]): Shopper {
  const forOffice = random.chance(0.19);
  const visitsPerDay = Math.max(forOffice ? random.gamma(4, 1 / 17) : random.gamma(1.2, 1 / 42), 1 / 120);
  return {
    name,
    random,
    person,
    account: random.weighted(["customer", "phone", "guest", "window"] as const, (account) => ACCOUNT_SHARES[account]),
    visitEvery: DAY / visitsPerDay,
    fatigue: forOffice ? random.beta(1, 20) : random.beta(1.1, 3),
    packs: forOffice ? random.int(5, 12) : 1,
    taste: new Map(
      shelves.map((shelf) => [shelf, random.gamma(0.35, 1) + (forOffice && OFFICE_SHELVES.has(shelf) ? 2 : 0)]),
    ),
    favourites: [],
    customer: null,
    consent: null,
  };
}

const OFFICE_SHELVES = new Set(["Coffee", "Tea", "Chocolate"]);

const ACCOUNT_SHARES: Record<Account, number> = { customer: 0.5, phone: 0.05, guest: 0.08, window: 0.37 };

export type BasketItem = { entry: CatalogueEntry; variant: number; quantity: number };

/** What a shopper puts into the cart: old favourites, things that go together, and what the taste says. */
export function fillBasket(shopper: Shopper, catalogue: readonly CatalogueEntry[]): BasketItem[] {
  const { random } = shopper;
  const onSale = catalogue.filter(({ product }) => product.status === "active");
  const basket: BasketItem[] = [];
  let wanted = 1;
  while (wanted < 6 && random.chance(0.48)) wanted += 1;
  for (let tries = 0; basket.length < wanted && tries < 20; tries++) {
    const entry = chooseProduct(shopper, onSale, basket);
    if (basket.some((item) => item.entry.product.id === entry.product.id)) continue;
    basket.push({
      entry,
      variant: random.int(0, entry.product.variants.length - 1),
      quantity: entry.consumable ? shopper.packs * (random.chance(0.4) ? random.int(2, 4) : 1) : 1,
    });
  }
  return basket;
}

function chooseProduct(shopper: Shopper, onSale: readonly CatalogueEntry[], basket: BasketItem[]): CatalogueEntry {
  const { random, favourites, taste } = shopper;
  const last = basket.at(-1);
  const partners = last ? onSale.filter(({ product }) => last.entry.partners.includes(product.id)) : [];
  if (partners.length > 0 && random.chance(0.45)) return random.pick(partners);
  const known = onSale.filter(({ product }) => favourites.includes(product.id));
  if (known.length > 0 && random.chance(0.5)) return random.pick(known);
  return random.weighted(onSale, ({ product, popularity }) => popularity * (taste.get(product.type) ?? 0));
}
