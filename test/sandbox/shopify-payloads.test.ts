import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { createTraffic } from "./shopify/traffic.ts";
import { appUninstalledPayload } from "./shopify/payloads/shop.ts";
import type { Delivery, Topic } from "./shopify/delivery.ts";

type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema | boolean;
  anyOf?: Schema[];
  required?: string[];
  additionalProperties?: boolean;
  format?: string;
};

/** What a receiver may count on in each body; the schemas' own `required` lists whatever their few samples had. */
const REQUIRED: Record<Topic, string[]> = {
  "products/create": ["id", "admin_graphql_api_id", "title", "handle", "status", "updated_at", "variants"],
  "products/update": ["id", "admin_graphql_api_id", "title", "handle", "status", "updated_at", "variants"],
  "customers/create": ["id", "admin_graphql_api_id", "email", "phone", "created_at", "updated_at", "verified_email"],
  "customers/update": ["id", "admin_graphql_api_id", "email", "phone", "created_at", "updated_at", "verified_email"],
  "customers/delete": ["id", "admin_graphql_api_id"],
  "customers_email_marketing_consent/update": ["customer_id", "email_address", "email_marketing_consent"],
  "carts/create": ["id", "token", "line_items", "created_at", "updated_at"],
  "carts/update": ["id", "token", "line_items", "created_at", "updated_at"],
  "checkouts/create": ["token", "cart_token", "email", "created_at", "updated_at", "completed_at", "currency"],
  "checkouts/update": ["token", "cart_token", "email", "created_at", "updated_at", "completed_at", "currency"],
  "orders/create": ["id", "created_at", "updated_at", "processed_at", "test", "total_price_set", "line_items"],
  "orders/updated": ["id", "created_at", "updated_at", "processed_at", "test", "total_price_set", "line_items"],
  "orders/cancelled": ["id", "cancelled_at", "cancel_reason", "updated_at", "refunds", "line_items"],
  "refunds/create": ["id", "order_id", "created_at", "refund_line_items", "transactions"],
  "app/uninstalled": ["id", "myshopify_domain"],
};

/** Fields that no sample showed as null and that are null for real shops: no e-mail, no customer name on a cart, no note. */
const NULLABLE = new Set(["email", "contact_email", "body_html", "note", "image", "vendor", "company", "address2"]);
for (const name of ["province", "province_code", "phone", "landing_site_ref", "user_id", "domain"]) NULLABLE.add(name);

/** Gone since API 2025-01, but still in schemas that were inferred from older samples, too. */
const GONE_FROM_CUSTOMERS = ["tags", "orders_count", "total_spent", "last_order_id", "last_order_name"];
const GONE_CONSENT = ["accepts_marketing", "accepts_marketing_updated_at", "marketing_opt_in_level"];
GONE_FROM_CUSTOMERS.push(...GONE_CONSENT, "email_marketing_consent", "sms_marketing_consent");

describe("webhook bodies", () => {
  const samples = oneOfEachTopic();

  it.each(Object.keys(REQUIRED) as Topic[])("%s has only documented fields, of the documented types", (topic) => {
    const validate = validator(topic);
    const bodies = samples.get(topic) ?? [];
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      validate(body);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it("joins a checkout and its order by tokens, without checkout ids", () => {
    const orders = (samples.get("orders/create") ?? []).filter(({ checkout_token: token }) => token !== null);
    const checkouts = new Set((samples.get("checkouts/create") ?? []).map(({ token }) => token));
    expect(orders.length).toBeGreaterThan(0);
    expect(orders.filter((order) => !checkouts.has(order["checkout_token"]))).toEqual([]);
    expect(orders.filter((order) => "checkout_id" in order)).toEqual([]);
  });

  it("keeps an order line between 275 and 400 bytes", () => {
    const lines = (samples.get("orders/create") ?? []).flatMap(({ line_items: items }) => items as object[]);
    const mean = lines.reduce((sum, line) => sum + JSON.stringify(line).length, 0) / lines.length;
    expect(mean).toBeGreaterThan(275);
    expect(mean).toBeLessThan(400);
  });
});

function oneOfEachTopic(): Map<Topic, Record<string, unknown>[]> {
  const start = new Date("2026-01-05T00:00:00Z");
  const end = new Date("2026-11-01T00:00:00Z");
  const traffic = createTraffic({ seed: "payloads", domain: "demo.myshopify.com", shoppers: 5000, start, end });
  const uninstalled = appUninstalledPayload({
    domain: "demo.myshopify.com",
    currency: "EUR",
    zone: "Europe/Berlin",
    taxRate: 0.19,
  });
  const bodies = new Map<Topic, Record<string, unknown>[]>([["app/uninstalled", [uninstalled]]]);
  for (const delivery of traffic.until(end)) {
    bodies.set(delivery.topic, [...(bodies.get(delivery.topic) ?? []), bodyOf(delivery)]);
  }
  return bodies;
}

function bodyOf(delivery: Delivery): Record<string, unknown> {
  return JSON.parse(delivery.body()) as Record<string, unknown>;
}

function validator(topic: Topic) {
  const root = dirname(createRequire(import.meta.url).resolve("shopify-webhook-schemas/package.json"));
  const schema = JSON.parse(readFileSync(join(root, "schemas/2026-07", `${topic}.json`), "utf8")) as Schema;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile({ ...adapted(schema), required: REQUIRED[topic] });
}

/**
 * The newest schemas are for 2026-07 and inferred from a handful of samples. Kept: which fields there are and of which
 * type. Changed: nothing is required except what REQUIRED says; no other field may appear; null is allowed where real
 * shops have it; a list that happened to be empty may hold anything.
 */
function adapted(schema: Schema, name = ""): Schema {
  if (schema.anyOf) return {};
  const types = [schema.type ?? []].flat();
  const { required: _, format, ...rest } = schema;
  // "email", "uri" and "ipv4" were guessed from samples; the documented format is the date's.
  const kept: Schema = format === "date-time" ? { ...rest, format } : rest;
  if (NULLABLE.has(name) && types.length > 0) kept.type = [...new Set([...types, "null"])];
  if (schema.items !== undefined) kept.items = typeof schema.items === "boolean" ? true : adapted(schema.items);
  if (!schema.properties) return kept;
  const gone = name === "customer" ? GONE_FROM_CUSTOMERS : [];
  const properties = Object.entries(schema.properties).filter(([field]) => !gone.includes(field));
  kept.properties = Object.fromEntries(properties.map(([field, inner]) => [field, adapted(inner, field)]));
  kept.additionalProperties = false;
  return kept;
}
