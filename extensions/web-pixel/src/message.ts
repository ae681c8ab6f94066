/** What of a Shopify customer event is sent: ids and words of the page, nothing about who. */
export interface Seen {
  id: string;
  name: string;
  at: string;
  client: string;
  product?: string;
  variant?: string;
  collection?: string;
  quantity?: number;
  path?: string;
  query?: string;
  cart?: string;
  checkout?: string;
}

/** The events that are sent. */
export const EVENTS = [
  "page_viewed",
  "product_viewed",
  "collection_viewed",
  "search_submitted",
  "product_added_to_cart",
  "product_removed_from_cart",
  "cart_viewed",
  "checkout_started",
  "checkout_completed",
] as const;

interface Variant {
  id?: string | null;
  product?: { id?: string | null } | null;
}

/** The parts of Shopify's events that are read; each is there in some of them. */
export interface CustomerEvent {
  id: string;
  name: string;
  timestamp: string;
  clientId?: string;
  context?: { document?: { location?: { pathname?: string } } };
  data?: {
    productVariant?: Variant | null;
    cartLine?: { merchandise?: Variant | null; quantity?: number } | null;
    collection?: { id?: string | null } | null;
    searchResult?: { query?: string } | null;
    cart?: { id?: string | null } | null;
    checkout?: { token?: string | null } | null;
  };
}

/** Null for an event without a browser id: nothing could be made of it. */
export function seenIn({ id, name, timestamp, clientId, context, data = {} }: CustomerEvent): Seen | null {
  if (!clientId) return null;
  const variant = data.productVariant ?? data.cartLine?.merchandise;
  return {
    id,
    name,
    at: timestamp,
    client: clientId,
    ...optional("product", number(variant?.product?.id)),
    ...optional("variant", number(variant?.id)),
    ...optional("collection", number(data.collection?.id)),
    ...optional("quantity", data.cartLine?.quantity),
    ...optional("path", name === "page_viewed" ? context?.document?.location?.pathname : undefined),
    ...optional("query", data.searchResult?.query),
    ...optional("cart", data.cart?.id ?? undefined),
    ...optional("checkout", data.checkout?.token ?? undefined),
  };
}

/** Ids come as plain numbers or as gid://shopify/Product/1. */
function number(id: string | null | undefined): string | undefined {
  return id?.match(/(\d+)(?:\?.*)?$/)?.[1];
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
