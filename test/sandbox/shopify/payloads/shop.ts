import type { ShopSettings } from "../shop-facts.ts";

/**
 * app/uninstalled. As in Shopify's own sample, `domain` and `myshopify_domain` are null: whose webhook it is stands in
 * the header only.
 */
export function appUninstalledPayload(shop: ShopSettings) {
  return {
    id: 548380009,
    name: shop.domain.split(".")[0] ?? shop.domain,
    email: "shop@example.com",
    domain: null,
    country: "DE",
    country_code: "DE",
    currency: shop.currency,
    iana_timezone: shop.zone,
    shop_owner: "Ines Außerhofer",
    plan_name: "basic",
    myshopify_domain: null,
  };
}
