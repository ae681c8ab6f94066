import type { ContentData } from "./content-data.ts";
import { PERSONAL } from "./dictionary.ts";
import { asProduct } from "./engine.ts";
import { ProductList } from "./markup.ts";
import { SegmentDrop } from "./segment-drop.ts";

/** What stands in for a personal value that is missing or blank. */
export type Fallbacks = Readonly<Record<string, string>>;

/** The names a block can say, by value: objects have no prototype, so nothing but the data can be reached through them. */
export function scopeOf({ customer, segments, products, personal, shop }: ContentData, fallbacks: Fallbacks): object {
  const own = bare(Object.fromEntries(PERSONAL.map((name) => [name, valueOf(customer, fallbacks, name)])));
  const list = new ProductList();
  for (const product of products) list.push(asProduct(bare(product)));
  return bare({
    ...own,
    customer: customer && own,
    customer_segment: new SegmentDrop(segments),
    customer_segments: segments.map(({ name }) => name),
    recommended_products: list,
    recommended_personally: personal,
    shop: bare({ name: shop.name, url: shop.url, currency: shop.currency }),
  });
}

function valueOf(customer: ContentData["customer"], fallbacks: Fallbacks, name: string): unknown {
  const value = customer?.[name as keyof typeof customer];
  if (value !== null && value !== undefined && value !== "") return value;
  return Object.hasOwn(fallbacks, name) ? fallbacks[name] : null;
}

function bare<T extends object>(from: T): T {
  return Object.assign(Object.create(null) as T, from);
}
