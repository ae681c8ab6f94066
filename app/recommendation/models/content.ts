import type { Product } from "../product.ts";

/** What a shared trait says, the rarer the more; words of the title are many and say less. */
const WEIGHT = { type: 3, vendor: 1.5, tag: 1, price: 1, word: 0.5 };

/**
 * How alike products are by what they are: cosine over type, vendor, tags, price band and the words of the title, each weighted
 * by its rarity in the catalogue. For products that nobody has bought yet.
 */
export function createContentLikeness(products: readonly Product[]) {
  const tokens = products.map(tokensOf);
  const holders = new Map<string, number[]>();
  tokens.forEach((own, at) => {
    for (const token of own.keys()) holders.set(token, [...(holders.get(token) ?? []), at]);
  });
  const weight = (token: string, base: number) => base * Math.log(1 + products.length / holders.get(token)!.length);
  const lengths = tokens.map((own) =>
    Math.sqrt([...own].reduce((sum, [token, base]) => sum + weight(token, base) ** 2, 0)),
  );
  const places = new Map(products.map(({ id }, at) => [id, at]));

  /** The products most alike, best first, with their cosine. */
  return (id: string, keep: number): { product: Product; likeness: number }[] => {
    const at = places.get(id);
    if (at === undefined) return [];
    const sums = new Map<number, number>();
    for (const [token, base] of tokens[at]!) {
      for (const other of holders.get(token)!) {
        if (other !== at)
          sums.set(other, (sums.get(other) ?? 0) + weight(token, base) * weight(token, tokens[other]!.get(token)!));
      }
    }
    return [...sums]
      .map(([other, sum]) => ({ product: products[other]!, likeness: sum / (lengths[at]! * lengths[other]!) }))
      .sort((a, b) => b.likeness - a.likeness || (a.product.id < b.product.id ? -1 : 1))
      .slice(0, keep);
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
