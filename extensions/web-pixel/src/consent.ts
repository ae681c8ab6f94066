/** What a visitor allows, as Shopify tells it. */
export interface Consent {
  analyticsProcessingAllowed: boolean;
  marketingAllowed: boolean;
}

/** Both of the purposes that shopify.extension.toml declares. */
export function isAllowed({ analyticsProcessingAllowed, marketingAllowed }: Consent): boolean {
  return analyticsProcessingAllowed && marketingAllowed;
}
