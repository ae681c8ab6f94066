import { inventPast } from "../sandbox/shopify/invent-past.ts";
import { recordsIn, type StorePast } from "../sandbox/shopify/past.ts";
import type { CustomerFacts, OrderFacts } from "../sandbox/shopify/shop-facts.ts";
import { asOf2026October, documentedSample } from "../ingest/webhook-samples.ts";

const DAY = 86_400_000;

/** A person whose every property occurs nowhere else. */
export const CANARY = {
  email: "Canary.Bird@Nest.example",
  phone: "+447700900777",
  firstName: "Kanaria",
  lastName: "Vogelsang",
  street: "Volierenweg 77",
  cartToken: "canary-cart-0123456789",
  checkoutToken: "canary-checkout-0123456789",
  orderId: 6_100_000_000_777,
  engraving: "For my dear Piepmatz",
  client: "canary-client-0123456789",
  recommendedOn: "canary-laptop-0123456789",
  boughtOn: "canary-phone-0123456789",
  externalId: "canary-in-the-crm",
  secondEmail: "canary.second@nest.example",
  nickname: "Tirili",
  /** Under which Shopify had the canary before it merged both. */
  formerId: 7_000_000_007_777,
  formerEmail: "fledgling@roost.example",
};

/** A small past in which one customer with several orders is the canary, and subscribed. */
export function pastWithCanary(): { past: StorePast; canaryId: number } {
  const orders = 60;
  const past = inventPast({
    seed: "canary",
    settings: { domain: "canary.myshopify.com", currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
    customers: 8,
    orders,
    end: new Date(Date.now() - DAY),
    days: 50,
  });
  const list = <T>(records: { length: number; at(place: number): T }): T[] =>
    Array.from({ length: records.length }, (_, place) => records.at(place));
  const everyone = list(past.customers);
  const most = everyone.reduce((best, each) => (each.numberOfOrders > best.numberOfOrders ? each : best));
  const canaryId = most.customer.id;
  const disguise = (customer: CustomerFacts): CustomerFacts =>
    customer.id !== canaryId
      ? customer
      : {
          ...customer,
          email: CANARY.email,
          phone: CANARY.phone,
          firstName: CANARY.firstName,
          lastName: CANARY.lastName,
          address: customer.address && { ...customer.address, street: CANARY.street },
          // Changed a moment from now, so that a look for drift sees it.
          updatedAt: new Date(Date.now() + 10 * 60_000),
        };
  const disguised = list(past.orders).map((order): OrderFacts => {
    if (order.customer?.id !== canaryId) return order;
    return {
      ...order,
      customer: disguise(order.customer),
      email: CANARY.email,
      phone: CANARY.phone,
      cartToken: `${CANARY.cartToken}-${order.id}`,
      checkoutToken: `${CANARY.checkoutToken}-${order.id}`,
      lines: order.lines.map((line) => ({ ...line, title: CANARY.engraving })),
    };
  });
  const subscribed = { state: "subscribed" as const, updatedAt: new Date(Date.now() - 40 * DAY) };
  const people = everyone.map((each) => ({
    ...each,
    customer: disguise(each.customer),
    consent: each.customer.email === null ? null : subscribed,
    ...(each.customer.id === canaryId && { locale: "fr", metafields: [NICKNAME] }),
  }));
  return {
    canaryId,
    past: {
      ...past,
      customers: recordsIn(people, ({ customer }) => customer.id),
      orders: recordsIn(disguised, ({ id }) => id),
      metafieldDefinitions: [{ ...NICKNAME, name: "Nickname" }],
    },
  };
}

const NICKNAME = {
  namespace: "custom",
  key: "nickname",
  type: "single_line_text_field",
  value: CANARY.nickname,
  updatedAt: new Date("2026-05-05T05:05:05Z"),
};

/** By which the canary is looked for. */
export function tracesOf(canaryId: number): string[] {
  const {
    email,
    phone,
    firstName,
    lastName,
    street,
    cartToken,
    checkoutToken,
    engraving,
    client,
    recommendedOn,
    boughtOn,
    externalId,
    secondEmail,
    nickname,
    formerId,
    formerEmail,
  } = CANARY;
  return [
    email,
    phone.slice(3),
    firstName,
    lastName,
    street,
    cartToken,
    checkoutToken,
    engraving,
    client,
    recommendedOn,
    boughtOn,
    externalId,
    secondEmail,
    nickname,
    String(formerId),
    formerEmail,
    String(canaryId),
  ];
}

const DELETES = /delete|redact|data_request|uninstalled|merge|scopes|bulk/;
/** Topics that tell something of a person, and take nothing away. */
export const isTelling = (topic: string): boolean => !DELETES.test(topic);

/** Shopify's documented body of a topic, as if it were about the canary wherever it is about anybody. */
export function bodyAboutCanary(topic: string, canaryId: number): object {
  const body = asOf2026October(topic, documentedSample(topic));
  const own = /^customers?[/._]/.test(topic) ? "customer" : topic.startsWith("orders/") ? "order" : "";
  return disguiseBody(body, own, "", topic, canaryId) as object;
}

function disguiseBody(value: unknown, key: string, parent: string, topic: string, canaryId: number): unknown {
  if (Array.isArray(value)) return value.map((item) => disguiseBody(item, key, parent, topic, canaryId));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, disguiseBody(inner, name, key, topic, canaryId)]),
    );
  }
  if (typeof value === "boolean") return value;
  if (/(^|_)email(_address)?$/.test(key)) return CANARY.email;
  if (/phone/.test(key)) return CANARY.phone;
  if (key === "first_name") return CANARY.firstName;
  if (key === "last_name") return CANARY.lastName;
  if (key === "address1") return CANARY.street;
  if (key === "cart_token" || (topic.startsWith("carts/") && (key === "token" || (key === "id" && parent === "")))) {
    return CANARY.cartToken;
  }
  if (key === "checkout_token" || (topic.startsWith("checkouts/") && key === "token")) return CANARY.checkoutToken;
  if (key === "customer_id" || (key === "id" && parent === "customer")) return canaryId;
  if (key === "order_id" || (key === "id" && parent === "order")) return CANARY.orderId;
  if (typeof value === "string" && value.includes("gid://shopify/Customer/"))
    return `gid://shopify/Customer/${canaryId}`;
  return value;
}
