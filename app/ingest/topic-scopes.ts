import type { Text } from "../texts/text.ts";

/** What Muster does not hear of in a shop that has not granted a scope: the scope, and what is lost in words a merchant reads. */
export interface LostWithoutScope {
  scope: string;
  lost: string;
}

// Scopes of the topics in shopify.app.toml (shopify-webhook-schemas, metadata of API 2026-07). Shopify sends nothing for a topic
// whose scope is missing, and says nothing of it.
const LOST: readonly (LostWithoutScope & { lost: Text })[] = [
  { scope: "read_orders", lost: "Orders, refunds, checkouts and carts: no totals, no segments by purchase." },
  {
    scope: "read_customers",
    lost: "Customers, their tags and their consent: no profiles, and nobody is in an audience.",
  },
  {
    scope: "read_customer_merge",
    lost: "Merges made in Shopify: the orders of a merged customer stay with the old one.",
  },
  { scope: "read_products", lost: "Products and collections: no segments by tag or category of what was bought." },
  {
    scope: "write_pixels",
    lost: "The web pixel: no segments by what visitors look at, and recommendations know purchases alone.",
  },
  { scope: "read_customer_events", lost: "What the web pixel sees: Shopify does not load it without this." },
  { scope: "write_products", lost: "Lists beside products in the theme: its product and cart blocks stay empty." },
  { scope: "write_app_proxy", lost: "Personal lists in the theme, and what becomes of those that were shown." },
  { scope: "read_inventory", lost: "Stock: what is sold out is not known until the product itself changes." },
];

/** @param granted a write scope implies the read scope of the same name. */
export function lostWithout(granted: readonly string[]): LostWithoutScope[] {
  const has = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, "read_")]));
  return LOST.filter(({ scope }) => !has.has(scope));
}
