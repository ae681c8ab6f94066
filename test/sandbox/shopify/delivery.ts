import { createHash } from "node:crypto";

export type Topic =
  | "products/create"
  | "products/update"
  | "customers/create"
  | "customers/update"
  | "customers/delete"
  | "customers_email_marketing_consent/update"
  | "carts/create"
  | "carts/update"
  | "checkouts/create"
  | "checkouts/update"
  | "orders/create"
  | "orders/updated"
  | "orders/cancelled"
  | "refunds/create"
  | "app/uninstalled";

/**
 * One webhook as Shopify would send it, before it is signed. Deliveries of different topics that one action of a
 * shopper caused share `eventId`, as Shopify's do; two deliveries of one topic never do, unless one repeats the other.
 */
export type Delivery = {
  topic: Topic;
  webhookId: string;
  eventId: string;
  /** ISO with microseconds and Z, as in X-Shopify-Triggered-At. */
  triggeredAt: string;
  /** `triggeredAt` cut to milliseconds. */
  at: Date;
  /** Built when asked for: a long history would not fit into memory otherwise. Always the same bytes. */
  body: () => string;
  /** Set on a second copy: what it has in common with the first. */
  repeats?: "webhook" | "event";
};

/** A UUID that depends on nothing but the name, so that a second run repeats it. */
export function namedUuid(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** `micros` (0 to 999) are added below the millisecond of `at`. */
export function triggeredAt(at: Date, micros: number): string {
  return at.toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
}
