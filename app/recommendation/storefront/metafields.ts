import type { ShownProduct } from "../list.ts";
import type { Rules } from "../rules.ts";

/** One metafield as `metafieldsSet` takes it. */
export interface Metafield {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}

export type Caps = Pick<Rules, "perVendor" | "perType">;

/** Product 0 stands for none: the popular list. Its owner is the app's installation. */
export const NO_PRODUCT = "0";

/** Two metafields a list. */
export const PER_LIST = 2;

/**
 * A list as a theme block reads it: the products by reference, so that Shopify itself knows their price, picture and stock, and in the
 * same order why each stands there. With the popular list goes how many may be of one vendor and of one type, for blocks that make one list
 * of several.
 * @param installation the owner of the popular list
 */
export function metafieldsOf(
  productId: string,
  items: readonly ShownProduct[],
  installation: string,
  { perVendor, perType }: Caps,
): Metafield[] {
  const place = placeOf(productId, installation);
  const caps = productId === NO_PRODUCT ? [{ id: "caps", vendor: perVendor, type: perType }] : [];
  const products = items.map(({ id }) => `gid://shopify/Product/${id}`);
  return [
    { ...place, key: "recommended", type: "list.product_reference", value: JSON.stringify(products) },
    { ...place, key: "recommended_why", type: "json", value: JSON.stringify([...items.map(why), ...caps]) },
  ];
}

/** Where a list's metafields are, to be deleted. */
export function placesOf(
  productId: string,
  installation: string,
): { ownerId: string; namespace: string; key: string }[] {
  const place = placeOf(productId, installation);
  return ["recommended", "recommended_why"].map((key) => ({ ...place, key }));
}

/** `$app` is the app's own namespace; on the installation, where everything is the app's own, Liquid knows it by a plain name. */
function placeOf(productId: string, installation: string): { ownerId: string; namespace: string } {
  return productId === NO_PRODUCT
    ? { ownerId: installation, namespace: "storefront" }
    : { ownerId: `gid://shopify/Product/${productId}`, namespace: "$app" };
}

/** The words are the theme's, in the shopper's language. A title is told by id, so that a renamed product is called by its new name. */
function why({ id, reason }: ShownProduct): Record<string, string | number> {
  const { kind } = reason;
  switch (kind) {
    case "bought_together":
      return { id, kind, both: reason.both, of: reason.of };
    case "popular_in_type":
      return { id, kind, type: reason.productType };
    default:
      return { id, kind };
  }
}

/** Which products, and for what kind of reason: what a shopper sees at once. Numbers within reasons are left out. */
export function markOf(items: readonly ShownProduct[]): string {
  return items.map(({ id, reason }) => `${id} ${reason.kind}`).join(",");
}
