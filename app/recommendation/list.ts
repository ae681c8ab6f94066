import type { Case } from "./blend/confidence.ts";
import type { Product } from "./product.ts";
import type { Reason } from "./reason.ts";

/** One entry of a list, with why it stands there. */
export interface Entry {
  product: Product;
  reason: Reason;
}

/** An entry as it is kept and sent: with it a block or an e-mail can be made and nothing else has to be asked. */
export interface ShownProduct {
  id: string;
  title: string;
  /** Path in the shop. */
  url: string;
  image: string | null;
  price: string | null;
  reason: Reason;
}

/** What a customer is recommended. */
export interface CustomerList {
  /** Made for this customer; otherwise the fallback, because the personal list was not sure enough to beat it. */
  personal: boolean;
  /** Probability that the personal list beats the fallback for this kind of customer; null before a training. */
  confidence: number | null;
  /** What kind of customer that is; null before a training and for who bought nothing. */
  kind?: Case | null;
  items: ShownProduct[];
}

export function toShown({ product, reason }: Entry): ShownProduct {
  return {
    id: product.id,
    title: product.title,
    url: product.handle ? `/products/${product.handle}` : "",
    image: product.imageUrl,
    price: product.price,
    reason,
  };
}

/** The popular list is written so much longer than one is shown: theme blocks and written lists fill with it whatever place would stay empty. */
export const RESERVE = 16;

/** Several lists as one: the first of each, then the second of each; every product once, and none of `barred`. */
export function interleave(lists: readonly (readonly ShownProduct[])[], barred: ReadonlySet<string>): ShownProduct[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const inTurn = Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat();
  const seen = new Set(barred);
  return inTurn.filter(({ id }) => !seen.has(id) && seen.add(id));
}
