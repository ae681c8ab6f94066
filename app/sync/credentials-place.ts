import type { ShopId } from "../shopify/shop-id.ts";
import type { DestinationKind } from "./destination-store.server.ts";

/** Where sealed credentials live, for `Crypto.seal` and `open`. */
export function credentialsPlace(shop: ShopId, kind: DestinationKind): string {
  return `destinations|credentials|${shop}|${kind}`;
}
