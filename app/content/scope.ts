import type { ContentData } from "./content-data.ts";
import { OWN_TRAIT, PERSONAL } from "./dictionary.ts";
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
    traits: traitsOf(customer, fallbacks),
    customer_segment: new SegmentDrop(segments),
    customer_segments: segments.map(({ name }) => name),
    recommended_products: list,
    recommended_personally: personal,
    shop: bare({ name: shop.name, url: shop.url, currency: shop.currency }),
  });
}

function traitsOf(customer: ContentData["customer"], fallbacks: Fallbacks): object {
  const standIns = Object.entries(fallbacks).flatMap(([name, text]) =>
    OWN_TRAIT.test(name) ? [[name.slice("traits.".length), text] as const] : [],
  );
  const told = Object.entries(customer?.traits ?? {}).filter(([, value]) => value !== "");
  return bare(Object.fromEntries<unknown>([...standIns, ...told]));
}

function valueOf(customer: ContentData["customer"], fallbacks: Fallbacks, name: string): unknown {
  const value = customer?.[name as keyof typeof customer];
  if (value !== null && value !== undefined && value !== "") return value;
  return Object.hasOwn(fallbacks, name) ? fallbacks[name] : null;
}

function bare<T extends object>(from: T): T {
  return Object.assign(Object.create(null) as T, from);
}
