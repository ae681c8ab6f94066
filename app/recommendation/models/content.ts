import { Scores } from "../scores.ts";
import type { Product } from "../product.ts";

/** What a shared trait says, the rarer the more; words of the title are many and say less. */
const WEIGHT = { type: 3, vendor: 1.5, tag: 1, price: 1, word: 0.5 };
/** Held by more products than this, a token says little and would cost much. */
const COMMON = 300;

/**
 * How alike products are by what they are: cosine over type, vendor, tags, price band and the words of the title, each weighted
 * by its rarity in the catalogue. For products that nobody has bought yet.
 * @returns the products most alike one, best first, with their cosine
 */
export function createContentLikeness(
  products: readonly Product[],
): (id: string, keep: number) => { product: Product; likeness: number }[] {
  const holders = new Map<string, { at: number; base: number }[]>();
  const tokens = products.map((product, at) => {
    const own = tokensOf(product);
    for (const [token, base] of own) {
      const of = holders.get(token);
      if (of === undefined) holders.set(token, [{ at, base }]);
      else of.push({ at, base });
    }
    return own;
  });
  const rarity = (token: string) => Math.log(1 + products.length / holders.get(token)!.length);
  const lengths = tokens.map((own) =>
    Math.sqrt([...own].reduce((sum, [token, base]) => sum + (base * rarity(token)) ** 2, 0)),
  );
  const places = new Map(products.map(({ id }, at) => [id, at]));
  const sums = new Scores(products.length);

  return (id, keep) => {
    const at = places.get(id);
    if (at === undefined) return [];
    sums.clear();
    for (const [token, base] of tokens[at]!) {
      const of = holders.get(token)!;
      if (of.length > COMMON) continue;
      const weight = base * rarity(token) ** 2;
      for (const other of of) if (other.at !== at) sums.add(other.at, weight * other.base);
    }
    for (let k = 0; k < sums.count; k++) sums.values[sums.touched[k]!]! /= lengths[at]! * lengths[sums.touched[k]!]!;
    return Array.from(sums.best(keep), (other) => ({ product: products[other]!, likeness: sums.values[other]! }));
  };
}

function tokensOf({ productType, vendor, tags, price, title }: Product): Map<string, number> {
  const tokens = new Map<string, number>();
  if (productType) tokens.set(`type ${productType}`, WEIGHT.type);
  if (vendor) tokens.set(`vendor ${vendor}`, WEIGHT.vendor);
  for (const tag of tags) tokens.set(`tag ${tag}`, WEIGHT.tag);
  // A band is a factor of 1.6 or so: half of a power of e.
  if (price !== null && Number(price) > 0) tokens.set(`price ${Math.round(2 * Math.log(Number(price)))}`, WEIGHT.price);
  for (const word of title.toLowerCase().match(/\p{L}{3,}/gu) ?? []) tokens.set(`word ${word}`, WEIGHT.word);
  return tokens;
}
