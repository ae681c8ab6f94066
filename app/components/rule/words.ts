import type { ValueType } from "../../segment/language/dictionary.ts";
import type { AggregateFunction, Duration } from "../../segment/language/tree.ts";
import type { Operator } from "../../segment/language/typed-test.ts";
import { speech, t, type Text } from "../../texts/text.ts";

/** What a person calls a name of the rule language: "storefront.product_viewed" is "Product viewed". */
export function nameWords(name: string): string {
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return known ? t(known) : ownName(name);
}

/** The same in the middle of a sentence, where German keeps its capitals. */
export function nameWithin(name: string): string {
  const words = nameWords(name);
  return speech().language === "en" ? words.toLowerCase() : words;
}

/** What the rule's own language calls an aggregate or an attribute: "sum(amount)" is "Sum(amount)". */
export function foundWords(name: string): string {
  const [, fn = "", property = ""] = /^(\w+)\((.+)\)$/.exec(name) ?? [];
  const aggregate = Object.hasOwn(FOUND, fn) ? FOUND[fn] : undefined;
  return aggregate ? t(aggregate, { property: nameWithin(property) }) : nameWords(name);
}

const FOUND: Readonly<Record<string, Text>> = {
  distinct: "Distinct({property})",
  sum: "Sum({property})",
  average: "Average({property})",
  min: "Min({property})",
  max: "Max({property})",
  first: "First({property})",
  last: "Last({property})",
};

/** What a value of a fixed set is called: "NOT_SUBSCRIBED" is "not subscribed". */
export function valueWords(value: string): string {
  const known = Object.hasOwn(VALUES, value) ? VALUES[value] : undefined;
  return known ? t(known) : value.toLowerCase().replaceAll("_", " ");
}

/** Whether it is of a fixed set. */
export const isKnownValue = (value: string): boolean => Object.hasOwn(VALUES, value);

/** A name that a shop or its systems gave is shown as they wrote it. */
function ownName(name: string): string {
  const bare = name.replace(/^(storefront|custom|traits)\./, "").replace(/^(email|shopify_email|metafields)\./, "$1 ");
  const words = bare
    .replaceAll("shopify_email", "Shopify Email")
    .replace(/[_.]/g, " ")
    .replace(/^email /, "e-mail ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an operator is called beside a value of this type. */
export function operatorWords(op: Operator, type: ValueType): string {
  if (type === "date") {
    const ofDates = DATE_WORDS[op];
    if (ofDates) return t(ofDates);
  }
  return t(WORDS[op]);
}

const WORDS: Record<Operator, Text> = {
  "=": "is",
  "!=": "is not",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
  between: "is between",
  in: "is one of",
  not_in: "is none of",
  contains: "has|a list",
  not_contains: "does not have",
  is_null: "is unknown",
  is_not_null: "is known",
};

const DATE_WORDS: Partial<Record<Operator, Text>> = {
  "=": "is on",
  "!=": "is not on",
  ">": "is after",
  ">=": "is on or after",
  "<": "is before",
  "<=": "is on or before",
};

export function durationUnits(): { value: Duration["unit"]; label: string }[] {
  return [
    { value: "min", label: t("minutes") },
    { value: "h", label: t("hours") },
    { value: "d", label: t("days") },
    { value: "w", label: t("weeks") },
  ];
}

/** A duration out of a field for its amount; undefined where there is none. */
export function typedDuration(text: string, unit: Duration["unit"]): Duration | undefined {
  const amount = Math.trunc(Number(text));
  return amount > 0 ? { amount, unit } : undefined;
}

export const AGGREGATE_WORDS: Record<AggregateFunction, Text> = {
  count: "How many times",
  distinct: "How many different",
  sum: "Sum of",
  average: "Average of",
  min: "Smallest",
  max: "Largest",
  first: "First|of values",
  last: "Last|of values",
};

/** What Shopify and Muster have names for. */
const NAMES: Readonly<Record<string, Text>> = {
  abandoned_checkout_date: "Abandoned checkout date",
  amount_spent: "Amount spent",
  companies: "Companies",
  created_by_app_id: "Created by app id",
  customer_account_status: "Customer account status",
  customer_added_date: "Customer added date",
  customer_cities: "Customer cities",
  customer_countries: "Customer countries",
  customer_regions: "Customer regions",
  customer_email_domain: "Customer email domain",
  customer_language: "Customer language",
  customer_tags: "Customer tags",
  email_subscription_status: "E-mail subscription status",
  sms_subscription_status: "Sms subscription status",
  first_order_date: "First order date",
  last_order_date: "Last order date",
  number_of_orders: "Number of orders",
  predicted_spend_tier: "Predicted spend tier",
  product_subscription_status: "Product subscription status",
  rfm_group: "Rfm group",
  whatsapp_subscription_status: "Whatsapp subscription status",
  email: "Email",
  phone: "Phone",
  first_name: "First name",
  last_name: "Last name",
  segments: "Segments",
  data_quality_findings: "Data quality findings",
  suspected_duplicate: "Suspected duplicate",
  "traits.average_order_value": "Average order value",
  "traits.days_between_orders": "Days between orders",
  "traits.lifecycle_stage": "Lifecycle stage",
  "traits.favourite_product": "Favourite product",
  "traits.favourite_category": "Favourite category",
  "traits.last_seen_date": "Last seen date",
  products_purchased: "Products purchased",
  orders_placed: "Orders placed",
  "shopify_email.bounced": "Shopify Email bounced",
  "shopify_email.clicked": "Shopify Email clicked",
  "shopify_email.delivered": "Shopify Email delivered",
  "shopify_email.marked_as_spam": "Shopify Email marked as spam",
  "shopify_email.opened": "Shopify Email opened",
  "shopify_email.unsubscribed": "Shopify Email unsubscribed",
  "storefront.product_viewed": "Product viewed",
  "storefront.collection_viewed": "Collection viewed",
  store_credit_accounts: "Store credit accounts",
  "storefront.page_viewed": "Page viewed",
  "storefront.search_submitted": "Search submitted",
  "storefront.product_added_to_cart": "Product added to cart",
  "storefront.product_removed_from_cart": "Product removed from cart",
  "storefront.cart_viewed": "Cart viewed",
  "storefront.checkout_started": "Checkout started",
  "storefront.checkout_completed": "Checkout completed",
  carts_changed: "Carts changed",
  checkouts_started: "Checkouts started",
  refunds_made: "Refunds made",
  "email.bounced": "E-mail bounced",
  "email.clicked": "E-mail clicked",
  "email.delivered": "E-mail delivered",
  "email.marked_as_spam": "E-mail marked as spam",
  "email.opened": "E-mail opened",
  "email.unsubscribed": "E-mail unsubscribed",
  consent_changed: "Consent changed",
  date: "Date",
  id: "Id",
  tag: "Tag",
  category: "Category",
  variant_id: "Variant id",
  price: "Price",
  quantity: "Quantity",
  amount: "Amount",
  vendor: "Vendor",
  order_id: "Order id",
  line_id: "Line id",
  app_id: "App id",
  location_id: "Location id",
  source_name: "Source name",
  discount_code: "Discount code",
  activity_id: "Activity id",
  balance: "Balance",
  currency: "Currency",
  next_expiry_date: "Next expiry date",
  last_credit_date: "Last credit date",
  path: "Path",
  query: "Query|a search",
  service: "Service",
  campaign_id: "Campaign id",
  url: "Url",
  machine: "Machine",
  channel: "Channel",
  state: "State|of consent",
  count: "Count|of events",
};

const VALUES: Readonly<Record<string, Text>> = {
  ENABLED: "enabled",
  DISABLED: "disabled",
  INVITED: "invited",
  DECLINED: "declined",
  SUBSCRIBED: "subscribed",
  NOT_SUBSCRIBED: "not subscribed",
  PENDING: "pending",
  UNSUBSCRIBED: "unsubscribed",
  REDACTED: "redacted",
  INVALID: "invalid",
  HIGH: "high",
  MEDIUM: "medium",
  LOW: "low",
  CHAMPIONS: "champions",
  LOYAL: "loyal",
  ACTIVE: "active|a group",
  NEW: "new|a group",
  PROMISING: "promising",
  NEEDS_ATTENTION: "needs attention",
  AT_RISK: "at risk",
  ALMOST_LOST: "almost lost",
  PREVIOUSLY_LOYAL: "previously loyal",
  DORMANT: "dormant",
  PROSPECTS: "prospects",
};
