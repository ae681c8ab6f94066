import type { ProductFacts, ShopSettings, VariantFacts } from "../shop-facts.ts";
import { shopTime } from "../shop-time.ts";
import { amount } from "./money.ts";

/** products/create and products/update */
export function productPayload(shop: ShopSettings, product: ProductFacts) {
  const created = shopTime(product.createdAt, shop.zone);
  const updated = shopTime(product.updatedAt, shop.zone);
  return {
    admin_graphql_api_id: `gid://shopify/Product/${product.id}`,
    body_html: null,
    created_at: created,
    handle: productHandle(product.title),
    id: product.id,
    product_type: product.type,
    published_at: product.status === "active" ? created : null,
    template_suffix: null,
    title: product.title,
    updated_at: updated,
    vendor: product.vendor,
    status: product.status,
    published_scope: "web",
    tags: product.tags.join(", "),
    variants: product.variants.map((variant, index) => variantObject(product, variant, index, created, updated)),
    options: [
      {
        name: product.option ?? "Title",
        id: product.id + 500_000_000_000,
        product_id: product.id,
        position: 1,
        values: product.variants.map((variant) => variant.title),
      },
    ],
    images: [],
    image: null,
    media: [],
    variant_gids: product.variants.map((variant) => ({
      admin_graphql_api_id: `gid://shopify/ProductVariant/${variant.id}`,
      updated_at: product.updatedAt.toISOString(),
    })),
    has_variants_that_requires_components: false,
    category: null,
  };
}

/** "Röstmeister Espresso" becomes "rostmeister-espresso". */
/** "Größe Zwei" → "grosse-zwei" */
export function productHandle(title: string): string {
  return title
    .normalize("NFD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/ß/g, "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function variantObject(product: ProductFacts, variant: VariantFacts, index: number, created: string, updated: string) {
  return {
    admin_graphql_api_id: `gid://shopify/ProductVariant/${variant.id}`,
    barcode: null,
    compare_at_price: null,
    created_at: created,
    id: variant.id,
    inventory_policy: "deny",
    position: index + 1,
    price: amount(variant.price),
    product_id: product.id,
    sku: variant.sku,
    taxable: true,
    title: variant.title,
    updated_at: updated,
    option1: variant.title,
    option2: null,
    option3: null,
    image_id: null,
    inventory_item_id: variant.id + 2_000_000_000_000,
    inventory_quantity: 100,
    old_inventory_quantity: 100,
  };
}
