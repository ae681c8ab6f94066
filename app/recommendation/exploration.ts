import { seededRandom } from "./blend/ranking-net.ts";
import { hash32 } from "../profile/sample-bucket.ts";
import type { Product } from "./product.ts";
import type { Rules } from "./rules.ts";

/** What became of a product in the place where new ones are tried out. */
export interface Trial {
  shown: number;
  clicked: number;
}

export interface Exploration {
  /** Of all places shown, at most so many show a product that is being tried out; 0: none. */
  share: number;
  /** Lists stay the same for a day. */
  day: string;
  /** By product id. */
  trials: ReadonlyMap<string, Trial>;
}

/** The fourth place, which the smallest blocks show too; never the first, which an e-mail may show alone. */
const PLACE = 3;
/** A product is new for so long, and until so many bought it or saw it tried out: then its own figures speak for it. */
const NEW_DAYS = 60;
const KNOWN_BUYERS = 20;
const KNOWN_SHOWS = 500;
/** Clicks and shows a product is believed to have had before anybody saw it: about as many click as on other recommendations. */
const PRIOR = { clicks: 1, others: 30 };

/** @param buyers how many bought it @param now business time */
export function isNew({ id, createdAt }: Product, buyers: number, trials: Exploration["trials"], now: Date): boolean {
  const age = createdAt === null ? Infinity : now.getTime() - createdAt.getTime();
  return age < NEW_DAYS * 86_400_000 && buyers < KNOWN_BUYERS && (trials.get(id)?.shown ?? 0) < KNOWN_SHOWS;
}

/**
 * Puts one new product into a list of four and more, in few of many lists. Which one: Thompson
 * sampling over a Beta distribution of each one's clicks (Chapelle and Li, An Empirical Evaluation of Thompson Sampling, 2011), drawn from
 * the list's name and the day, so that the same list is made twice. Pinned entries stay, and the caps hold.
 * @param candidates new products that the rules allow in this list
 * @param listName whose list it is
 */
export function explore<Entry extends { product: Product }>(
  list: readonly Entry[],
  { share, day, trials }: Exploration,
  { candidates, listName, rules }: { candidates: readonly Entry[]; listName: string; rules: Rules },
): Entry[] {
  const pinned = list.filter(({ product }) => rules.pinned.includes(product.id)).length;
  const place = Math.max(PLACE, pinned);
  if (list.length <= PLACE || place >= list.length) return [...list];
  const random = seededRandom(hash32(`${listName} ${day}`));
  // Of a block that shows four places one of four is tried out, of a larger one less: never more than the share.
  if (random() >= share * (PLACE + 1)) return [...list];
  const stay = list.slice(0, -1);
  const inList = new Set(list.map(({ product }) => product.id));
  const free = candidates.filter(({ product }) => !inList.has(product.id) && hasRoom(product, stay, rules));
  const drawn = free.map((entry) => ({ entry, chance: drawChance(trials.get(entry.product.id), random) }));
  const best = drawn.reduce<(typeof drawn)[number] | null>(
    (most, one) => (most && most.chance >= one.chance ? most : one),
    null,
  );
  return best ? stay.toSpliced(place, 0, best.entry) : [...list];
}

function hasRoom(product: Product, stay: readonly { product: Product }[], { perVendor, perType }: Rules): boolean {
  const alike = (key: "vendor" | "productType") =>
    product[key] === null ? 0 : stay.filter((entry) => entry.product[key] === product[key]).length;
  return alike("vendor") < perVendor && alike("productType") < perType;
}

/** From Beta(clicks, others): a gamma variate over the sum of two. */
function drawChance(trial: Trial | undefined, random: () => number): number {
  const clicked = Math.min(trial?.clicked ?? 0, trial?.shown ?? 0);
  const ours = drawGamma(PRIOR.clicks + clicked, random);
  return ours / (ours + drawGamma(PRIOR.others + (trial?.shown ?? 0) - clicked, random));
}

/** Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000), for shapes of 1 and more. */
function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
