import { z } from "zod";

/** One thing that happened in a browser, as the events table keeps it. */
export interface PixelEvent {
  /** The event's id at Shopify: the same one comes once. */
  id: string;
  kind: string;
  clientId: string;
  occurredAt: Date;
  productId: string | null;
  properties: Record<string, string | number>;
  /** Carts and checkouts that the browser says are its own. */
  tokens: string[];
}

/** The web pixel sends Shopify's names; in rules they stand with `storefront.` before them. */
const KINDS = [
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

/** Of what a browser tells, as rules and the table of events name it. */
export const STOREFRONT_KINDS: readonly string[] = KINDS.map((kind) => `storefront.${kind}`);

const MOST_EVENTS = 20;
const MOST_PATH = 512;
const MOST_QUERY = 256;
const MOST_QUANTITY = 1_000_000;
/** A page that was closed sends what it has when it is opened again; a browser's clock may be somewhat fast. */
const OLDEST_MS = 24 * 3_600_000;
const NEWEST_MS = 5 * 60_000;

const word = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w.:-]+$/);
const id = z.string().regex(/^[1-9]\d{0,18}$/);
/** Storefront tokens may carry a key behind a question mark, which webhooks do not have. */
const token = z
  .string()
  .max(512)
  .transform((value) => value.replace(/^gid:\/\/shopify\/Cart\//, "").split("?", 1)[0] ?? "")
  .pipe(word(255));

/**
 * What a browser may say, and nothing else: fields that are not named here are dropped, so an address, an amount or a customer that a
 * page claims never gets further than this.
 */
const eventSchema = z.object({
  id: word(100),
  name: z.enum(KINDS),
  at: z.coerce.date(),
  client: word(100),
  product: id.optional(),
  variant: id.optional(),
  collection: id.optional(),
  quantity: z.number().int().min(0).max(MOST_QUANTITY).optional(),
  path: z
    .string()
    .max(2_048)
    .transform((path) => (path.split(/[?#]/, 1)[0] ?? "").slice(0, MOST_PATH))
    .optional(),
  query: z
    .string()
    .max(2_048)
    .transform((query) => query.trim().slice(0, MOST_QUERY))
    .optional(),
  cart: token.optional(),
  checkout: token.optional(),
});

const messageSchema = z.object({
  key: z.string().regex(/^\w{16,64}$/),
  events: z.array(eventSchema).min(1).max(MOST_EVENTS),
});

export type PixelMessage =
  | { outcome: "read"; key: string; events: PixelEvent[] }
  /** `reason` names the field and never its value. */
  | { outcome: "refused"; reason: string };

/** Reads the body of a pixel's request. @param now business time, which the events' times are compared with. */
export function readPixelMessage(body: unknown, now: Date): PixelMessage {
  const parsed = messageSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { outcome: "refused", reason: `${issue?.path.join(".") || "body"}: ${issue?.message ?? "unreadable"}` };
  }
  const { key, events } = parsed.data;
  const late = events.findIndex(
    ({ at }) => at.getTime() < now.getTime() - OLDEST_MS || at.getTime() > now.getTime() + NEWEST_MS,
  );
  if (late >= 0) return { outcome: "refused", reason: `events.${late}.at: not within a day before now` };
  return { outcome: "read", key, events: events.map(toEvent) };
}

function toEvent(given: z.infer<typeof eventSchema>): PixelEvent {
  const { id: eventId, name, at, client, product, variant, collection, quantity, path, query, cart, checkout } = given;
  const ofProduct = name.startsWith("product_");
  return {
    id: eventId,
    kind: `storefront.${name}`,
    clientId: client,
    occurredAt: at,
    productId: ofProduct ? (product ?? null) : null,
    properties: {
      ...(ofProduct && variant !== undefined && { variant_id: variant }),
      ...(ofProduct && quantity !== undefined && { quantity }),
      ...(name === "collection_viewed" && collection !== undefined && { id: collection }),
      ...(name === "page_viewed" && path !== undefined && { path: withoutNul(path) }),
      ...(name === "search_submitted" && query !== undefined && { query: withoutNul(query) }),
    },
    tokens: [...new Set([cart, checkout].filter((one) => one !== undefined))],
  };
}

/** PostgreSQL has no text with it. */
function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "");
}
