import { type Dictionary, type EventKind, findProperty } from "./language/dictionary.ts";

/**
 * Where the words of the dictionary lie in the tables. Histories are loaded from here and SQL is written from here, so the two
 * cannot read different columns. `$1` is the shop; names that stand in statements come from the dictionary's own patterns.
 */
export interface EventSource {
  /** The tables, for a statement that looks at these properties. */
  from(properties: ReadonlySet<string>): string;
  /** What makes a row count. */
  where: string;
  customer: string;
  at: string;
  /** Orders what happened at one instant. */
  order: string;
  /** Null where the property is not held and so reads as missing. */
  column(property: string): Column | null;
  /** Rows of `events`: the kind, to be bound. */
  kind?: string;
}

/** A value of a row: whole numbers and money in minor units, ids, texts, and JSON of any type. */
export type Column =
  | { kind: "whole" | "decimal" | "id" | "text"; sql: string }
  /** `folded` holds the same texts without regard to case. */
  | { kind: "texts" | "json"; sql: string; folded: string };

/** Words about the shop's own traits, by whoever of its pipelines; `value` may be taken away. Of several at one instant the last counts. */
export const TRAIT_WORDS = {
  from: () => "profile_traits t JOIN api_identifiers i ON i.shop_id = $1 AND i.id = t.identifier_id",
  where: "t.shop_id = $1",
  customer: "i.customer_id",
  at: "t.said_at",
  order: `coalesce(t.value::text, '') COLLATE "C"`,
  value: "t.value",
  folded: "t.folded",
};

/** Of a row of `customers` under an alias. */
export type RecordColumn = { kind: "text" | "codes" | "instant"; sql(own: string): string };

const whole = (sql: string): Column => ({ kind: "whole", sql });
const id = (sql: string): Column => ({ kind: "id", sql });
const text = (sql: string): Column => ({ kind: "text", sql });
const texts = (sql: string, folded: string): Column => ({ kind: "texts", sql, folded });

const COUNTING_ORDER = "o.shop_id = $1 AND NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL";
const PRODUCT = { tag: texts("item.tags", "item.tag_keys"), category: text("item.category") };

const among =
  (columns: Readonly<Record<string, Column>>): EventSource["column"] =>
  (property) =>
    Object.hasOwn(columns, property) ? (columns[property] ?? null) : null;

const orders: EventSource = {
  from: () => "orders o",
  where: COUNTING_ORDER,
  customer: "o.buyer_id",
  at: "o.ordered_at",
  order: "o.id",
  column: among({
    app_id: id("o.app_id"),
    location_id: id("o.location_id"),
    amount: whole("o.gross_minor"),
    order_id: id("o.id"),
    source_name: text("o.source_name"),
    tag: texts("o.tags", "o.tag_keys"),
    discount_code: texts("o.discount_codes", "o.discount_keys"),
    quantity: whole(
      "(SELECT sum(l.quantity)::bigint FROM order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.id)",
    ),
  }),
};

const lines: EventSource = {
  from: (properties) =>
    `orders o JOIN order_lines l ON l.shop_id = o.shop_id AND l.order_id = o.id${productsFor(properties, "l.product_id")}`,
  where: COUNTING_ORDER,
  customer: "o.buyer_id",
  at: "o.ordered_at",
  order: "o.id, l.id",
  column: among({
    ...PRODUCT,
    id: id("l.product_id"),
    variant_id: id("l.variant_id"),
    price: whole("l.price_minor"),
    quantity: whole("l.quantity"),
    amount: whole("(l.price_minor * l.quantity)"),
    vendor: text("l.vendor"),
    order_id: id("o.id"),
    line_id: id("l.id"),
  }),
};

const refunds: EventSource = {
  from: () => "orders o JOIN refund_transactions r ON r.shop_id = o.shop_id AND r.order_id = o.id",
  where: COUNTING_ORDER,
  customer: "o.buyer_id",
  at: "r.refunded_at",
  order: "r.id",
  column: among({ amount: whole("r.amount_minor"), order_id: id("o.id") }),
};

const checkouts: EventSource = {
  from: () => "checkouts k",
  where: "k.shop_id = $1 AND k.deleted_at IS NULL",
  customer: "k.customer_id",
  at: "k.started_at",
  order: 'k.token COLLATE "C"',
  column: among({ amount: whole("k.total_minor"), quantity: whole("k.items") }),
};

/** A cart is known for somebody's once a checkout comes from it; of its changes the latest is held. */
const carts: EventSource = {
  from: () =>
    `(SELECT DISTINCT cart_token, customer_id FROM checkouts WHERE shop_id = $1 AND customer_id IS NOT NULL) k
     JOIN carts c ON c.shop_id = $1 AND c.token = k.cart_token`,
  where: "TRUE",
  customer: "k.customer_id",
  at: "c.source_updated_at",
  order: 'c.token COLLATE "C"',
  column: among({ quantity: whole("c.items") }),
};

const consents: EventSource = {
  from: () => "consents n",
  where: "n.shop_id = $1",
  customer: "n.customer_id",
  at: "coalesce(n.consented_at, n.source_updated_at)",
  order: 'n.channel COLLATE "C"',
  column: among({ channel: text("n.channel"), state: text("n.state") }),
};

const OWN: Readonly<Record<string, EventSource>> = {
  orders_placed: orders,
  products_purchased: lines,
  refunds_made: refunds,
  checkouts_started: checkouts,
  carts_changed: carts,
  consent_changed: consents,
};

const RECORDED = new Set(["storefront events", "e-mail engagement", "custom events"]);

/** Kinds of events that have a table of their own. */
export const OWN_KINDS: readonly string[] = Object.keys(OWN);

/** Null where nothing is held of such events. */
export function eventSource(name: string, dictionary: Dictionary): EventSource | null {
  if (Object.hasOwn(OWN, name)) return OWN[name] ?? null;
  const kind = dictionary.event(name);
  return kind && RECORDED.has(kind.needs) ? recorded(kind) : null;
}

function recorded(kind: EventKind): EventSource {
  return {
    from: (properties) => `events e${productsFor(properties, "e.product_id")}`,
    where: "e.shop_id = $1 AND e.customer_id IS NOT NULL",
    customer: "e.customer_id",
    at: "e.occurred_at",
    order: "e.id",
    column: (property) => (findProperty(kind, property) ? recordedColumn(kind, property) : null),
    kind: kind.name,
  };
}

/** Senders write ids and money as texts and counts as numbers; what is something else reads as missing. */
function recordedColumn(kind: EventKind, name: string): Column {
  const json = `e.properties->'${name}'`;
  const string = `CASE WHEN jsonb_typeof(${json}) = 'string' THEN e.properties->>'${name}' END`;
  switch (findProperty(kind, name)?.type) {
    case "id":
      return name === "id" && kind.properties["tag"] ? id("e.product_id") : text(string);
    case "money":
      return whole(
        `CASE WHEN e.properties->>'${name}' ~ '^-?[0-9]{1,18}$' THEN (e.properties->>'${name}')::bigint END`,
      );
    case "integer":
    case "number":
      return { kind: "decimal", sql: `CASE WHEN jsonb_typeof(${json}) = 'number' THEN (${json})::numeric END` };
    case "text_list":
      return PRODUCT.tag;
    case "any":
      return { kind: "json", sql: json, folded: `e.folded->'${name}'` };
    default:
      return name === "category" ? PRODUCT.category : text(string);
  }
}

function productsFor(properties: ReadonlySet<string>, product: string): string {
  const needed = properties.has("tag") || properties.has("category");
  return needed ? ` LEFT JOIN products item ON item.shop_id = $1 AND item.id = ${product}` : "";
}

/** The record has the default address as the latest word has it; all of them are told by deliveries about the customer alone. */
const codes = (sql: string): RecordColumn => ({
  kind: "codes",
  sql: (own) =>
    `ARRAY(SELECT DISTINCT ${sql} FROM jsonb_array_elements(${own}.addresses || coalesce((SELECT w.addresses FROM customer_addresses w
       WHERE w.shop_id = ${own}.shop_id AND w.customer_id = ${own}.id), '[]')) AS a WHERE ${sql} IS NOT NULL ORDER BY 1)`,
});

/** Attributes that stand in the customer's own record. Nothing tells what they were before. */
export const RECORD_COLUMNS: Readonly<Record<string, RecordColumn>> = {
  customer_added_date: { kind: "instant", sql: (own) => `${own}.created_at` },
  email: { kind: "text", sql: (own) => `${own}.email` },
  phone: { kind: "text", sql: (own) => `${own}.phone` },
  first_name: { kind: "text", sql: (own) => `${own}.first_name` },
  last_name: { kind: "text", sql: (own) => `${own}.last_name` },
  customer_email_domain: { kind: "text", sql: (own) => `nullif(lower(split_part(${own}.email, '@', 2)), '')` },
  customer_language: {
    kind: "text",
    sql: (own) =>
      `(SELECT l.locale FROM customer_locales l WHERE l.shop_id = ${own}.shop_id AND l.customer_id = ${own}.id)`,
  },
  customer_countries: codes("a->>'country'"),
  customer_regions: codes("a->>'region'"),
  customer_cities: codes("coalesce(a->>'region', a->>'country') || '-' || replace(a->>'city', ' ', '')"),
};

/** Consent by channel. */
export const CONSENT_CHANNELS: Readonly<Record<string, string>> = {
  email_subscription_status: "email",
  sms_subscription_status: "sms",
  whatsapp_subscription_status: "whatsapp",
};

/** A checkout that is not completed this long after it was started counts as abandoned. */
export const ABANDONED_AFTER_MS = 3_600_000;
