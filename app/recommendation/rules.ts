import { z } from "zod";
import type { Product } from "./product.ts";

/** What the merchant decides about every list. */
export const rulesSchema = z.object({
  slots: z.number().int().min(1).max(24).default(8),
  /** Entries of one vendor and of one type; more only where a slot would stay empty. */
  perVendor: z.number().int().min(1).default(4),
  perType: z.number().int().min(1).default(4),
  onlyInStock: z.boolean().default(true),
  /** What somebody bought is not recommended to them again, unless its kind is bought again and again. */
  hideBought: z.boolean().default(true),
  /** Product ids, in the order in which they stand first in every list. */
  pinned: z.array(z.string()).default([]),
  hidden: z.array(z.string()).default([]),
  excludedTags: z.array(z.string()).default([]),
  /** Moves products of a tag up (above 1) or down. */
  boosts: z.array(z.object({ tag: z.string(), factor: z.number().positive() })).default([]),
  /** Decimals in the shop's currency, both ends included. */
  priceFrom: z.number().nullable().default(null),
  priceTo: z.number().nullable().default(null),
});

export type Rules = z.infer<typeof rulesSchema>;

export interface ListInput<Entry extends { product: Product }> {
  /** Best first; a product may stand in it several times, the first counts. Enough of them fill every slot. */
  ranked: readonly Entry[];
  rules: Rules;
  /** Product ids: the product looked at, what lies in the cart. */
  barred: ReadonlySet<string>;
  /** Product ids bought before. */
  bought: ReadonlySet<string>;
  /** Is it bought again and again, so that having it is no reason against it? */
  isConsumable(product: Product): boolean;
}

/** How slowly a place loses worth: place p is worth 1 / (10 + p), which is what a boost multiplies. */
const SLOPE = 10;

/**
 * The list that is shown. What may not be shown is left out before the cut: not published, out of stock, in the cart, had already
 * and not consumable, hidden, an excluded tag, outside the price band. The caps give way before a slot stays empty.
 */
export function applyRules<Entry extends { product: Product }>(input: ListInput<Entry>): Entry[] {
  const { rules } = input;
  const { pinned, others } = arrange(input);
  const chosen = pinned.slice(0, rules.slots);
  const left: Entry[] = [];
  for (const entry of others) {
    if (chosen.length === rules.slots) break;
    if (isCapped(entry.product, chosen, rules)) left.push(entry);
    else chosen.push(entry);
  }
  return [...chosen, ...left.slice(0, rules.slots - chosen.length)];
}

/** What may be shown: the pinned in their order, and the others in theirs, of which no more is looked at than is taken. */
function arrange<Entry extends { product: Product }>(
  input: ListInput<Entry>,
): { pinned: Entry[]; others: Iterable<Entry> } {
  const { rules } = input;
  const allowed = allowedOnes(input);
  if (rules.pinned.length === 0 && rules.boosts.length === 0) return { pinned: [], others: allowed };
  const all = [...allowed];
  const pinned = rules.pinned.flatMap((id) => all.filter(({ product }) => product.id === id));
  const places = new Map(all.map((entry, place) => [entry, boostOf(entry.product, rules) / (SLOPE + place)]));
  const others = all.filter((entry) => !pinned.includes(entry)).sort((a, b) => places.get(b)! - places.get(a)!);
  return { pinned, others };
}

/** Every product once. */
function* allowedOnes<Entry extends { product: Product }>(input: ListInput<Entry>): Generator<Entry> {
  const seen = new Set<string>();
  for (const entry of input.ranked) {
    if (seen.has(entry.product.id)) continue;
    seen.add(entry.product.id);
    if (isAllowed(entry.product, input)) yield entry;
  }
}

/** Whether a product may stand in this list at all. */
export function isAllowed(product: Product, input: Omit<ListInput<never>, "ranked">): boolean {
  const { rules, barred, bought, isConsumable } = input;
  return (
    product.published &&
    (product.inStock || !rules.onlyInStock) &&
    !barred.has(product.id) &&
    !rules.hidden.includes(product.id) &&
    !rules.excludedTags.some((tag) => hasTag(product, tag)) &&
    isInBand(product.price, rules) &&
    (!rules.hideBought || !bought.has(product.id) || isConsumable(product))
  );
}

/** Merchants write tags by hand here, and Shopify's own segments compare them whatever the case. */
function hasTag({ tags }: Product, tag: string): boolean {
  const wanted = tag.toLowerCase();
  return tags.some((one) => one.toLowerCase() === wanted);
}

/** A product without a known price is in no band. */
function isInBand(price: string | null, { priceFrom, priceTo }: Rules): boolean {
  if (priceFrom === null && priceTo === null) return true;
  if (price === null) return false;
  return Number(price) >= (priceFrom ?? 0) && Number(price) <= (priceTo ?? Infinity);
}

function boostOf(product: Product, { boosts }: Rules): number {
  return boosts.reduce((factor, boost) => (hasTag(product, boost.tag) ? factor * boost.factor : factor), 1);
}

function isCapped(product: Product, chosen: readonly { product: Product }[], { perVendor, perType }: Rules): boolean {
  const same = (key: "vendor" | "productType") =>
    product[key] === null ? 0 : chosen.filter((entry) => entry.product[key] === product[key]).length;
  return same("vendor") >= perVendor || same("productType") >= perType;
}
