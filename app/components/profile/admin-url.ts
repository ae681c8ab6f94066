/** The shop in Shopify's own admin. */
export function adminUrl(shopDomain: string): string {
  return `https://admin.shopify.com/store/${shopDomain.replace(".myshopify.com", "")}`;
}
