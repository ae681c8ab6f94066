import type { Fields } from "../../admin/connection.ts";
import { productHandle } from "../payloads/product.ts";
import type { ProductFacts, ShopSettings } from "../shop-facts.ts";
import { graphqlTime, moneyOf } from "./money.ts";

/** The type Product: the product of `productPayload`. */
export function productNode(shop: ShopSettings, product: ProductFacts): Fields {
  const prices = product.variants.map(({ price }) => price);
  return {
    id: `gid://shopify/Product/${product.id}`,
    legacyResourceId: String(product.id),
    title: product.title,
    handle: productHandle(product.title),
    vendor: product.vendor,
    productType: product.type,
    status: product.status.toUpperCase(),
    tags: product.tags,
    createdAt: graphqlTime(product.createdAt),
    updatedAt: graphqlTime(product.updatedAt),
    publishedAt: product.status === "active" ? graphqlTime(product.createdAt) : null,
    category: null,
    featuredMedia: null,
    priceRangeV2: {
      minVariantPrice: moneyOf(Math.min(...prices), shop.currency),
      maxVariantPrice: moneyOf(Math.max(...prices), shop.currency),
    },
  };
}
