import type { Text } from "../../texts/text.ts";

/**
 * What a rule can speak of. Names, parameters, types and operators of the first part are Shopify's segment query language as of
 * 2026-10 (shopify.dev/docs/api/shopifyql/segment-query-language-reference and help.shopify.com, "Shopify-based customer segment
 * filters"); the rest is Muster's own.
 */
export type ValueType =
  | "date"
  | "integer"
  | "money"
  | "number"
  | "text"
  | "enum"
  | "boolean"
  | "id"
  /** Several texts, compared without regard to case, as Shopify compares tags. */
  | "text_list"
  /** Several codes, compared exactly. */
  | "code_list"
  /** Takes the type of the value it is compared with: metafields, and properties of custom events. */
  | "any";

/** Data that a clause reads, in words that finish "this rule needs …"; what is not held is also in the catalogue, to be `told`. */
export type DataNeed =
  | "customers"
  | "orders"
  | "order lines"
  | "refunds"
  | "checkouts"
  | "consent"
  | "tags"
  | "metafields"
  | "a definition of it in the shop's settings"
  | "metafields of that type"
  | "addresses"
  | "storefront events"
  | "e-mail engagement"
  | "custom events"
  | "own traits"
  | "computed traits"
  | "memberships"
  | "data-quality findings"
  | "duplicates"
  | "Shopify Email activity"
  | "companies"
  | "the app that created the customer"
  | "customer account status"
  | "product subscriptions"
  | "store credit"
  | "Shopify's predictions"
  | "Shopify's RFM groups"
  | "the customer's language"
  | "coordinates of addresses";

/** What is known of a value as it was at an instant of the past. */
export type Past =
  /** What it was at every instant, as far as the facts known now tell. */
  | "every"
  /** The present value from its last change on. Before that it counts as missing, whatever it was. */
  | "last_change"
  /** Of each of several values its last change: before that, one that was put counts as missing and one that was taken away as there. */
  | "last_change_each"
  /** The present value alone, which stands for every instant. */
  | "present"
  /** Nothing, now or then: what it needs is not held. */
  | "none";

/** What is known of the events of a kind that happened. */
export type EventsPast =
  /** Each of them, as it happened. */
  | "every"
  /** Each of them as it is now: an order that was edited as it stands, one that was cancelled not at all. */
  | "as_amended"
  /** Of each thing that changes its latest change alone. */
  | "latest"
  | "none";

export interface Property {
  type: ValueType;
  values?: readonly string[];
  /** What stands in an event is from when it happened, unless its past is declared to be another. */
  past?: Past;
}

export interface Attribute extends Property {
  name: string;
  needs: DataNeed;
  /** What a run over the past knows of it; `known-past.ts` makes the sentences on the chart of it. */
  past: Past;
  /** Other names by which it is read, never written. */
  aliases?: readonly string[];
}

export interface EventKind {
  name: string;
  needs: DataNeed;
  past: EventsPast;
  aliases?: readonly string[];
  properties: Readonly<Record<string, Property>>;
  /** Other names of properties, read and never written. */
  propertyAliases?: Readonly<Record<string, string>>;
  /** Takes any property, of any type. */
  open?: boolean;
  /** `count` counts the different values of this property instead of the rows. */
  counts?: string;
}

export interface Dictionary {
  attribute(name: string): Attribute | null;
  event(name: string): EventKind | null;
  attributeNames(): string[];
  eventNames(): string[];
}

/** Where the moment of an event is found among its parameters; every kind of event has it. */
export const DATE_PROPERTY = "date";

const CONSENT = ["SUBSCRIBED", "NOT_SUBSCRIBED", "PENDING", "UNSUBSCRIBED", "REDACTED"];
const RFM =
  "CHAMPIONS LOYAL ACTIVE NEW PROMISING NEEDS_ATTENTION AT_RISK ALMOST_LOST PREVIOUSLY_LOYAL DORMANT PROSPECTS".split(
    " ",
  );

const ATTRIBUTES: readonly Attribute[] = [
  { name: "abandoned_checkout_date", type: "date", needs: "checkouts", past: "every" },
  {
    name: "amount_spent",
    type: "money",
    needs: "orders",
    past: "every",
    aliases: ["total_spent", "total_amount_spent"],
  },
  { name: "companies", type: "integer", needs: "companies", past: "none" },
  { name: "created_by_app_id", type: "integer", needs: "the app that created the customer", past: "none" },
  {
    name: "customer_account_status",
    type: "enum",
    values: ["ENABLED", "DISABLED", "INVITED", "DECLINED"],
    needs: "customer account status",
    past: "none",
  },
  { name: "customer_added_date", type: "date", needs: "customers", past: "every", aliases: ["created_at"] },
  { name: "customer_cities", type: "code_list", needs: "addresses", past: "present" },
  { name: "customer_countries", type: "code_list", needs: "addresses", past: "present" },
  { name: "customer_regions", type: "code_list", needs: "addresses", past: "present" },
  { name: "customer_email_domain", type: "text", needs: "customers", past: "present", aliases: ["email_domain"] },
  { name: "customer_language", type: "text", needs: "the customer's language", past: "present" },
  { name: "customer_tags", type: "text_list", needs: "tags", past: "last_change_each", aliases: ["tags"] },
  {
    name: "email_subscription_status",
    type: "enum",
    values: [...CONSENT, "INVALID"],
    needs: "consent",
    past: "last_change",
  },
  { name: "sms_subscription_status", type: "enum", values: CONSENT, needs: "consent", past: "last_change" },
  { name: "first_order_date", type: "date", needs: "orders", past: "every", aliases: ["first_purchase_date"] },
  { name: "last_order_date", type: "date", needs: "orders", past: "every", aliases: ["last_purchase_date"] },
  {
    name: "number_of_orders",
    type: "integer",
    needs: "orders",
    past: "every",
    aliases: ["orders_count", "total_orders"],
  },
  {
    name: "predicted_spend_tier",
    type: "enum",
    values: ["HIGH", "MEDIUM", "LOW"],
    needs: "Shopify's predictions",
    past: "none",
  },
  { name: "product_subscription_status", type: "enum", needs: "product subscriptions", past: "none" },
  { name: "rfm_group", type: "enum", values: RFM, needs: "Shopify's RFM groups", past: "none" },

  { name: "whatsapp_subscription_status", type: "enum", values: CONSENT, needs: "consent", past: "last_change" },
  { name: "email", type: "text", needs: "customers", past: "present" },
  { name: "phone", type: "text", needs: "customers", past: "present" },
  { name: "first_name", type: "text", needs: "customers", past: "present" },
  { name: "last_name", type: "text", needs: "customers", past: "present" },
  { name: "segments", type: "code_list", needs: "memberships", past: "every" },
  { name: "data_quality_findings", type: "code_list", needs: "data-quality findings", past: "last_change" },
  { name: "suspected_duplicate", type: "boolean", needs: "duplicates", past: "last_change" },
];

/** Tags and category are looked up on the product, as it is now. */
const PRODUCT = {
  id: { type: "id" },
  tag: { type: "text_list", past: "present" },
  category: { type: "text", past: "present" },
} as const;
const PRODUCT_NAMES = { product_id: "id", product_tag: "tag", tags: "tag" };
const MAIL = { activity_id: { type: "id" } } as const;
const MAIL_EVENTS = ["bounced", "clicked", "delivered", "marked_as_spam", "opened", "unsubscribed"];
const CART_LINE = {
  ...PRODUCT,
  variant_id: { type: "id" },
  price: { type: "money" },
  quantity: { type: "integer" },
} as const;

const EVENTS: readonly EventKind[] = [
  {
    name: "products_purchased",
    needs: "order lines",
    past: "as_amended",
    properties: {
      ...CART_LINE,
      amount: { type: "money" },
      vendor: { type: "text" },
      order_id: { type: "id" },
      line_id: { type: "id" },
    },
    propertyAliases: PRODUCT_NAMES,
    counts: "order_id",
  },
  {
    name: "orders_placed",
    needs: "orders",
    past: "as_amended",
    properties: {
      app_id: { type: "id" },
      location_id: { type: "id" },
      amount: { type: "money" },
      order_id: { type: "id" },
      source_name: { type: "text" },
      tag: { type: "text_list", past: "present" },
      discount_code: { type: "text_list" },
      quantity: { type: "integer" },
    },
  },
  ...MAIL_EVENTS.map((name): EventKind => ({
    name: `shopify_email.${name}`,
    needs: "Shopify Email activity",
    past: "none",
    properties: MAIL,
  })),
  {
    name: "storefront.product_viewed",
    aliases: ["storefront_event.product_viewed"],
    needs: "storefront events",
    past: "every",
    properties: { ...PRODUCT, variant_id: { type: "id" }, price: { type: "money" }, vendor: { type: "text" } },
    propertyAliases: PRODUCT_NAMES,
  },
  {
    name: "storefront.collection_viewed",
    aliases: ["storefront_event.collection_viewed"],
    needs: "storefront events",
    past: "every",
    properties: { id: { type: "id" } },
    propertyAliases: { collection_id: "id" },
  },
  {
    name: "store_credit_accounts",
    needs: "store credit",
    past: "none",
    properties: {
      balance: { type: "money" },
      currency: { type: "text" },
      next_expiry_date: { type: "date" },
      last_credit_date: { type: "date" },
    },
  },

  { name: "storefront.page_viewed", needs: "storefront events", past: "every", properties: { path: { type: "text" } } },
  {
    name: "storefront.search_submitted",
    needs: "storefront events",
    past: "every",
    properties: { query: { type: "text" } },
  },
  {
    name: "storefront.product_added_to_cart",
    needs: "storefront events",
    past: "every",
    properties: CART_LINE,
    propertyAliases: PRODUCT_NAMES,
  },
  {
    name: "storefront.product_removed_from_cart",
    needs: "storefront events",
    past: "every",
    properties: CART_LINE,
    propertyAliases: PRODUCT_NAMES,
  },
  {
    name: "storefront.cart_viewed",
    needs: "storefront events",
    past: "every",
    properties: { amount: { type: "money" } },
  },
  {
    name: "carts_changed",
    needs: "checkouts",
    past: "latest",
    properties: { amount: { type: "money" }, quantity: { type: "integer" } },
  },
  {
    name: "checkouts_started",
    needs: "checkouts",
    past: "every",
    // A checkout is held as it was last filled.
    properties: { amount: { type: "money", past: "present" }, quantity: { type: "integer", past: "present" } },
  },
  {
    name: "refunds_made",
    needs: "refunds",
    past: "as_amended",
    properties: { amount: { type: "money" }, order_id: { type: "id" } },
  },
  ...MAIL_EVENTS.map((name): EventKind => ({
    name: `email.${name}`,
    needs: "e-mail engagement",
    past: "every",
    properties: {
      service: { type: "text" },
      campaign_id: { type: "text" },
      url: { type: "text" },
      // "yes" where a program did it and not a person.
      machine: { type: "text" },
    },
  })),
  {
    name: "consent_changed",
    needs: "consent",
    past: "latest",
    properties: { channel: { type: "text" }, state: { type: "text" } },
  },
];

/** Traits that `profile/` computes; a shop's further ones are given to `createDictionary`. */
const TRAITS: Readonly<Record<string, Pick<Attribute, "type" | "needs" | "past">>> = {
  average_order_value: { type: "money", needs: "computed traits", past: "none" },
  days_between_orders: { type: "number", needs: "computed traits", past: "none" },
  lifecycle_stage: { type: "text", needs: "computed traits", past: "none" },
  favourite_product: { type: "id", needs: "computed traits", past: "none" },
  favourite_category: { type: "text", needs: "computed traits", past: "none" },
  last_seen_date: { type: "date", needs: "customers", past: "present" },
};

const TRAIT = "traits.";
const METAFIELD = "metafields.";

/** The shop's own trait that an attribute stands for; null: it is something else, or a trait that Muster computes. */
export function ownTrait(attribute: string): string | null {
  const name = attribute.startsWith(TRAIT) ? attribute.slice(TRAIT.length) : "";
  return name !== "" && !Object.hasOwn(TRAITS, name) ? name : null;
}

/** The metafield an attribute stands for, as "namespace.key"; null: it is something else. */
export function metafieldOf(attribute: string): string | null {
  return attribute.startsWith(METAFIELD) ? attribute.slice(METAFIELD.length) : null;
}

/** What Shopify gives no app, or what Muster does not record yet; a rule that reads it says so instead of matching nobody silently. */
const NOT_HELD: ReadonlySet<DataNeed> = new Set<DataNeed & Text>([
  "Shopify Email activity",
  "companies",
  "the app that created the customer",
  "customer account status",
  "product subscriptions",
  "store credit",
  "Shopify's predictions",
  "Shopify's RFM groups",
  "coordinates of addresses",
  "a definition of it in the shop's settings",
  "metafields of that type",
  "computed traits",
]);

export function isHeld(need: DataNeed): boolean {
  return !NOT_HELD.has(need);
}

/** What a shop has of its own for rules to speak of. */
export interface Vocabulary {
  /** Its own traits, by name. */
  traits: Readonly<Record<string, ValueType>>;
  /** The metafields that are defined for its customers, as "namespace.key"; null: of a type that rules cannot compare. */
  metafields: Readonly<Record<string, ValueType | null>>;
}

/** The words of one shop: Shopify's, Muster's, and the shop's own. Traits from another source than `PUT /api/profiles` join `TRAITS`. */
export function createDictionary({ traits = {}, metafields = {} }: Partial<Vocabulary> = {}): Dictionary {
  const computed = Object.entries(TRAITS).map(([name, trait]): Attribute => ({ name: TRAIT + name, ...trait }));
  const own = Object.entries(traits).map(([name, type]): Attribute => ({
    name: TRAIT + name,
    type,
    needs: "own traits",
    past: "every",
  }));
  const defined = Object.entries(metafields).map(([name, type]): Attribute => ({
    name: METAFIELD + name,
    type: type ?? "any",
    needs: type === null ? "metafields of that type" : "metafields",
    past: "last_change",
  }));
  const attributes = byName([...ATTRIBUTES, ...own, ...computed, ...defined]);
  const events = byName(EVENTS);
  return {
    attribute: (name) => attributes.get(name.replace(/^customer\.(?=metafields\.)/, "")) ?? undefinedMetafield(name),
    event: (name) => events.get(name) ?? customEvent(name),
    attributeNames: () => [...attributes.keys()],
    eventNames: () => [...events.keys()],
  };
}

/** The property of an event that a written name stands for. */
export function findProperty(event: EventKind, name: string): ({ name: string } & Property) | null {
  if (name === DATE_PROPERTY) return { name, type: "date" };
  const aliases = event.propertyAliases ?? {};
  const canonical = (Object.hasOwn(aliases, name) && aliases[name]) || name;
  const property = Object.hasOwn(event.properties, canonical) ? event.properties[canonical] : undefined;
  if (property) return { name: canonical, ...property };
  return event.open && /^[A-Za-z_]\w{0,63}$/.test(name) && !RESERVED.has(name) ? { name, type: "any" } : null;
}

export function propertyNames(event: EventKind): string[] {
  return [DATE_PROPERTY, ...Object.keys(event.properties)];
}

/** Columns that every row of `events` has in the SQL face. */
const RESERVED: ReadonlySet<string> = new Set(["event", "occurred_at", "customer_id", "count"]);

function byName<T extends { name: string; aliases?: readonly string[] }>(entries: readonly T[]): Map<string, T> {
  return new Map(entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => [name, entry])));
}

/** A rule may name what is defined later, and says until then what is missing. */
function undefinedMetafield(name: string): Attribute | null {
  const match = /^(?:customer\.)?(metafields\.[\w$:-]+\.[\w-]+)$/.exec(name);
  return match?.[1]
    ? { name: match[1], type: "any", needs: "a definition of it in the shop's settings", past: "last_change" }
    : null;
}

function customEvent(name: string): EventKind | null {
  return /^custom\.\w{1,64}$/.test(name)
    ? { name, needs: "custom events", past: "every", properties: {}, open: true }
    : null;
}
