/** The key of a shop in our database; every store function takes it first, so nothing of one shop is reachable through another. */
export type ShopId = number & { readonly __brand: "ShopId" };
