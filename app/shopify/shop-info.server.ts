import { z } from "zod";
import { SHOP } from "./operations.ts";

/** What `admin.graphql` of the Shopify library is to the operations here. */
export type AdminGraphql = (
  operation: string,
  options?: { variables?: Record<string, unknown> },
) => Promise<{ json(): Promise<unknown> }>;

export interface ShopInfo {
  /** Shopify's global id, `gid://shopify/Shop/…`. */
  id: string;
  name: string;
  /** `….myshopify.com`: the name by which every other part knows the shop. */
  myshopifyDomain: string;
  /** IANA name; calendar days of rules are days in this zone. */
  ianaTimezone: string;
  /** ISO 4217; amounts in rules are in this currency. */
  currencyCode: string;
  /** Where the shop is; null where Shopify does not know. */
  shopAddress: {
    /** ISO 3166-1 alpha-2. */
    countryCodeV2: string | null;
  };
  primaryDomain: {
    /** Null for a domain that leads to another one. */
    localization: {
      /** "en", "pt-BR" */
      defaultLocale: string;
    } | null;
  };
}

/**
 * Reads the shop's own record from the Admin API (2026-10, type `Shop`; no scope needed).
 * @throws the library's error when Shopify refuses the call, a ZodError when its answer has another shape.
 */
export async function fetchShopInfo(graphql: AdminGraphql): Promise<ShopInfo> {
  const response = await graphql(SHOP);
  return shopAnswer.parse(await response.json()).data.shop;
}

const shopAnswer = z.object({
  data: z.object({
    shop: z.object({
      id: z.string(),
      name: z.string(),
      myshopifyDomain: z.string(),
      ianaTimezone: z.string(),
      currencyCode: z.string().length(3),
      shopAddress: z.object({ countryCodeV2: z.string().length(2).nullable() }),
      primaryDomain: z.object({ localization: z.object({ defaultLocale: z.string().min(2).max(35) }).nullable() }),
    }),
  }),
});
