import { APP_INSTALLATION_ID, metafieldName } from "../admin/admin-graphql.ts";
import { productHandle } from "../shopify/payloads/product.ts";
import type { ProductFacts } from "../shopify/shop-facts.ts";

/** A product as Liquid sees it. */
export interface ThemeProduct {
  id: number;
  title: string;
  handle: string;
  url: string;
  vendor: string;
  type: string;
  available: boolean;
  /** Minor units. */
  price: number;
  price_varies: boolean;
  featured_image: string;
  has_only_default_variant: boolean;
  selected_or_first_available_variant: { id: number };
  metafields: { $app: Record<string, { value: unknown }> };
}

/** What a theme shows of the store. */
export interface ShopWindow {
  name: string;
  /** ISO 4217 */
  currency: string;
  products: ThemeProduct[];
  byHandle: Record<string, ThemeProduct>;
  byVariant: ReadonlyMap<string, ThemeProduct>;
  /** The app's own data, as `app.metafields`. */
  app: { metafields: { storefront: Record<string, { value: unknown }> } };
}

/** @param metafields as the app wrote them through the Admin API; looked at anew for every page */
export function createShopWindow(
  { name, currency }: { name: string; currency: string },
  facts: readonly ProductFacts[],
  metafields: ReadonlyMap<string, string>,
): ShopWindow {
  const products = facts.map((product) => toThemeProduct(product, (owner, namespace) => read(owner, namespace)));
  const byGid = new Map(products.map((product) => [`gid://shopify/Product/${product.id}`, product]));

  /** References become products; those that are gone are left out, as Shopify leaves them out. */
  const read = (owner: string, namespace: string): Record<string, { value: unknown }> => {
    const value = (key: string): unknown => {
      const text = metafields.get(metafieldName(owner, namespace, key));
      return text === undefined ? null : (JSON.parse(text) as unknown);
    };
    const references = (value("recommended") ?? []) as string[];
    return {
      recommended: { value: references.flatMap((gid) => byGid.get(gid) ?? []) },
      recommended_why: { value: value("recommended_why") },
    };
  };

  return {
    name,
    currency,
    products,
    byHandle: Object.fromEntries(products.map((product) => [product.handle, product])),
    byVariant: new Map(products.map((product) => [String(product.selected_or_first_available_variant.id), product])),
    app: {
      metafields: {
        get storefront() {
          return read(APP_INSTALLATION_ID, "storefront");
        },
      },
    },
  };
}

function toThemeProduct(
  { id, title, vendor, type, variants, status }: ProductFacts,
  read: (owner: string, namespace: string) => Record<string, { value: unknown }>,
): ThemeProduct {
  const prices = variants.map(({ price }) => price);
  const handle = productHandle(title);
  return {
    id,
    title,
    handle,
    url: `/products/${handle}`,
    vendor,
    type,
    available: status === "active",
    price: Math.min(...prices),
    price_varies: new Set(prices).size > 1,
    featured_image: `/images/${id}.svg`,
    has_only_default_variant: variants.length === 1,
    selected_or_first_available_variant: { id: variants[0]?.id ?? 0 },
    metafields: {
      get $app() {
        return read(`gid://shopify/Product/${id}`, "$app");
      },
    },
  };
}
