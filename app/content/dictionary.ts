import type { Text } from "../texts/text.ts";

/** What a block knows of a customer, a product or the shop. */
export interface KnownName {
  name: string;
  kind: "text" | "number" | "date" | "yes_no" | "list" | "group";
  /** For the merchant, one sentence or less. */
  about: Text;
  /** Of one customer, so that it may be missing and a fallback may stand in for it. */
  personal?: boolean;
}

const OF_CUSTOMER: readonly KnownName[] = [
  { name: "first_name", kind: "text", about: "First name", personal: true },
  { name: "last_name", kind: "text", about: "Last name", personal: true },
  { name: "full_name", kind: "text", about: "First and last name", personal: true },
  { name: "email", kind: "text", about: "E-mail address", personal: true },
  { name: "phone", kind: "text", about: "Telephone number", personal: true },
  { name: "orders_count", kind: "number", about: "Orders that count", personal: true },
  {
    name: "total_spent",
    kind: "number",
    about: "Spent less refunds; | money writes it with the currency",
    personal: true,
  },
  { name: "average_order", kind: "number", about: "Average order before refunds; | money writes it", personal: true },
  { name: "first_order_date", kind: "date", about: "First order; | date: '%e %B' writes it", personal: true },
  { name: "last_order_date", kind: "date", about: "Latest order", personal: true },
];

/** Fields of one of `recommended_products`. */
export const OF_PRODUCT: readonly KnownName[] = [
  { name: "id", kind: "text", about: "Shopify’s product id" },
  { name: "title", kind: "text", about: "Title" },
  { name: "url", kind: "text", about: "Address of its page" },
  { name: "image", kind: "text", about: "Address of its picture" },
  { name: "price", kind: "number", about: "Lowest price; | money writes it with the currency" },
  {
    name: "reason",
    kind: "text",
    about: "Why it is recommended, in the customer’s language or else the shop’s (English or German)",
  },
];

const OF_SHOP: readonly KnownName[] = [
  { name: "name", kind: "text", about: "The shop’s name" },
  { name: "url", kind: "text", about: "The shop’s address" },
  { name: "currency", kind: "text", about: "ISO code of its currency" },
];

/** Names at the beginning of a path. */
export const TOP: readonly KnownName[] = [
  ...OF_CUSTOMER,
  { name: "customer", kind: "group", about: "The same with a dot (customer.first_name); nil for a visitor" },
  { name: "customer_segment", kind: "text", about: "Equal to the name or key of each segment the customer is in" },
  { name: "customer_segments", kind: "list", about: "Names of the segments the customer is in" },
  { name: "traits", kind: "group", about: "What your own systems told: traits.points" },
  { name: "recommended_products", kind: "list", about: "Products for this customer; on its own a ready list" },
  { name: "recommended_personally", kind: "yes_no", about: "Made for this customer, and not what is popular" },
  { name: "shop", kind: "group", about: "The shop" },
];

/** What may follow a dot after a name; nothing for names that have no parts. */
export const PARTS: Readonly<Record<string, readonly KnownName[]>> = { customer: OF_CUSTOMER, shop: OF_SHOP };

/** A trait of the shop's own, as a block says it and its fallback is kept: `traits.points`. */
export const OWN_TRAIT = /^traits\.[a-z_][a-z0-9_]{0,63}$/;

/** The shop's own traits as parts of `traits`. */
export function partsOfTraits(traitNames: readonly string[]): KnownName[] {
  return traitNames.map((name) => ({ name, kind: "text", about: "Told by your own systems", personal: true }));
}

/** Values that may be missing, and so may have a fallback. */
export const PERSONAL: readonly string[] = OF_CUSTOMER.map(({ name }) => name);
