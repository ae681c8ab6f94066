import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AddressFact, CheckoutFact, CustomerFact, Facts, OrderFact, ProductFact } from "../../app/ingest/facts.ts";
import { understand } from "../../app/ingest/understand.ts";
import { sharedDir } from "../support/services.ts";
import { nameOptionalSkip } from "../support/skips.ts";
import { asOf2026October, type Body, bytesOf } from "./webhook-samples.ts";

// Deliveries of real shops, made anonymous by writing one text over every text, one number over every number and one time over
// every time. What is left to see is which fields there are, which are null and how many of each.

const folder = findPayloads("the payloads of real shops");

function findPayloads(what: string): string | undefined {
  const shared = sharedDir(what);
  if (shared === undefined) return undefined;
  const path = join(shared, "payloads/exemplars");
  if (existsSync(path)) return path;
  nameOptionalSkip(what, `there is no ${path}`);
  return undefined;
}

const TEXT = "example string";
const TIME = new Date("2019-01-01T00:00:00.000Z");
const TRIGGERED = new Date("2026-11-01T10:00:00.000Z");
const version = { updatedAt: TIME, triggeredAt: TRIGGERED, delivery: "d1" };
const ADDRESS = "eallam@example.com";

/** Fields in which a text stands for a value of another kind. */
const VALUES: Record<string, string> = {
  amount: "12.30",
  created_at: "2019-01-01T00:00:00.000Z",
  currency: "EUR",
  currency_code: "EUR",
  presentment_currency: "EUR",
  price: "12.30",
  state: "unsubscribed",
  total_price: "45.60",
  updated_at: "2019-01-01T00:00:00.000Z",
};

/** Gives what was made anonymous a value that Shopify could have sent; every transaction becomes a refund that went through. */
function withValues(body: Body): Body {
  const fill = (value: unknown, name: string): unknown => {
    if (value === "2019-01-01 00:00:00.000Z") return "2019-01-01T00:00:00.000Z";
    if (value === TEXT) return VALUES[name] ?? TEXT;
    if (Array.isArray(value)) return value.map((item) => fill(item, name));
    if (typeof value !== "object" || value === null) return value;
    const filled = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, key)]));
    return name === "transactions" ? { ...filled, kind: "refund", status: "success" } : filled;
  };
  return fill(body, "") as Body;
}

const HOME: AddressFact = {
  line1: TEXT,
  line2: TEXT,
  city: TEXT,
  zip: TEXT,
  region: `${TEXT}-${TEXT}`,
  country: TEXT,
};
const ONE_LINE: AddressFact = { ...HOME, line2: null };
const COUNTRY: AddressFact = { line1: null, line2: null, city: null, zip: null, region: null, country: TEXT };
const REGION: AddressFact = { ...COUNTRY, region: HOME.region };
const from = (...addresses: AddressFact[]) => ({ addresses });
const unverified = { emailVerified: false };

const person: CustomerFact = {
  id: "123",
  email: ADDRESS,
  phone: null,
  firstName: TEXT,
  lastName: TEXT,
  country: TEXT,
  addresses: [HOME],
  emailVerified: true,
  createdAt: TIME,
  version,
};
/** A customer whom the checkout has just made: without times, so it loses against what `customers/*` says. */
const newcomer: CustomerFact = { ...person, createdAt: null, version: { ...version, updatedAt: new Date(0) } };
const settled: CustomerFact = { ...person, ...from(HOME, HOME), phone: TEXT };
const twoHomes = { customerId: "123", ...from(HOME, HOME), version };
/** A shop that may not see names and addresses. */
const nameless: CustomerFact = { ...person, email: null, firstName: null, lastName: null };

const checkout: CheckoutFact = {
  token: TEXT,
  cartToken: TEXT,
  customerId: "123",
  email: ADDRESS,
  currency: "EUR",
  totalMinor: 4_560n,
  items: 123,
  startedAt: TIME,
  completedAt: null,
  version,
};
const line = {
  id: "123",
  productId: "123",
  variantId: "123",
  title: TEXT,
  vendor: TEXT,
  quantity: 123,
  priceMinor: 1_230n,
};
const order: OrderFact = {
  id: "123",
  customerId: "123",
  name: TEXT,
  email: ADDRESS,
  phone: null,
  currency: "EUR",
  grossMinor: 1_230n,
  orderedAt: TIME,
  cancelledAt: null,
  test: false,
  sourceName: TEXT,
  appId: "123",
  locationId: null,
  discountCodes: [],
  tags: [TEXT],
  cartToken: null,
  checkoutToken: null,
  lines: [line],
  version,
};
const tokens = { cartToken: TEXT, checkoutToken: TEXT };
const noRefunds = { refundTransactions: [], refundLines: [] };
const product: ProductFact = {
  id: "123",
  title: TEXT,
  handle: TEXT,
  vendor: TEXT,
  productType: TEXT,
  status: TEXT,
  tags: [TEXT],
  category: null,
  imageUrl: null,
  price: "12.30",
  createdAt: TIME,
  publishedAt: TIME,
  version,
};
/** As many variants as the body has, all alike but for the SKU that some shops do without. */
const withVariants = (count: number, product: ProductFact, sku: string | null = TEXT): Partial<Facts> => ({
  products: [product],
  productVariants: [
    {
      productId: "123",
      variants: Array.from({ length: count }, () => ({
        id: "123",
        price: "12.30",
        sku,
        inventoryItemId: "123",
        inventoryQuantity: 123,
        inventoryPolicy: TEXT,
      })),
      version,
    },
  ],
});
const pictured = { ...product, imageUrl: "https://www.example.com/" };
const cartLine = { productId: "123", variantId: "123", title: TEXT, quantity: 123 };
const refund = { id: "123", refundId: "123", orderId: "123" };
const transaction = { ...refund, amountMinor: 1_230n, currency: "EUR", refundedAt: TIME };

const expected: [file: string, topic: string, facts: Partial<Facts>][] = [
  [
    "2025-04_carts_1",
    "carts/update",
    { carts: [{ token: TEXT, items: 246, lines: [cartLine, cartLine], startedAt: TIME, version }] },
  ],
  [
    "2023-10_checkouts_1",
    "checkouts/update",
    { checkouts: [checkout], customers: [{ ...person, ...unverified, phone: TEXT }] },
  ],
  [
    "2023-10_checkouts_2",
    "checkouts/update",
    { checkouts: [{ ...checkout, completedAt: TIME }], customers: [{ ...person, ...from(ONE_LINE) }] },
  ],
  [
    "2024-01_checkouts_1",
    "checkouts/update",
    {
      checkouts: [{ ...checkout, email: TEXT, items: 738 }],
      customers: [{ ...newcomer, ...unverified, ...from(COUNTRY), email: TEXT }],
    },
  ],
  [
    "2024-01_checkouts_2",
    "checkouts/update",
    {
      checkouts: [{ ...checkout, cartToken: null, completedAt: TIME, items: 246 }],
      customers: [{ ...person, ...from(COUNTRY) }],
    },
  ],
  [
    "2024-01_checkouts_3",
    "checkouts/update",
    { checkouts: [{ ...checkout, items: 246 }], customers: [{ ...newcomer, ...from(COUNTRY) }] },
  ],
  [
    "2024-01_checkouts_5",
    "checkouts/create",
    { checkouts: [{ ...checkout, customerId: null, email: null, items: 246 }], customers: [] },
  ],
  [
    "2024-01_checkouts_6",
    "checkouts/update",
    {
      checkouts: [{ ...checkout, cartToken: null, completedAt: TIME, items: 246 }],
      customers: [{ ...person, ...from(COUNTRY) }],
    },
  ],
  [
    "2024-04_checkouts_1",
    "checkouts/create",
    { checkouts: [checkout], customers: [{ ...newcomer, ...from(ONE_LINE), phone: TEXT }] },
  ],
  ["2024-04_checkouts_2", "checkouts/update", { checkouts: [{ ...checkout, items: 1_476 }], customers: [newcomer] }],
  [
    "2024-04_checkouts_3",
    "checkouts/update",
    { checkouts: [{ ...checkout, customerId: null, email: null, items: 861 }], customers: [] },
  ],
  [
    "2025-04_checkouts_1",
    "checkouts/create",
    { checkouts: [{ ...checkout, customerId: null, email: null, items: 246 }], customers: [] },
  ],
  ["2025-04_customers_1", "customers/create", { customers: [settled], customerAddresses: [twoHomes] }],
  ["2025-04_customers_1", "customers/update", { customers: [settled], customerAddresses: [twoHomes] }],
  [
    "2025-04_customers_email_marketing_consent_1",
    "customers_email_marketing_consent/update",
    {
      consents: [
        {
          customerId: "123",
          channel: "email",
          state: "unsubscribed",
          optInLevel: TEXT,
          consentedAt: TIME,
          collectedFrom: null,
          version,
        },
      ],
    },
  ],
  [
    "2023-10_orders_1",
    "orders/updated",
    {
      ...noRefunds,
      orders: [{ ...order, ...tokens, email: null, discountCodes: [TEXT], lines: [line, line, line] }],
      customers: [{ ...nameless, ...from(REGION) }],
    },
  ],
  [
    "2023-10_orders_2",
    "orders/create",
    { ...noRefunds, orders: [{ ...order, sourceName: "2019-01-01T00:00:00.000Z" }], customers: [person] },
  ],
  [
    "2024-01_orders_1",
    "orders/updated",
    {
      ...noRefunds,
      orders: [
        { ...order, email: null, lines: [line, line, line, line, line, line, line, line, line, line, line, line] },
      ],
      customers: [{ ...person, email: null }],
    },
  ],
  [
    "2024-01_orders_2",
    "orders/cancelled",
    {
      ...noRefunds,
      orders: [{ ...order, ...tokens, lines: [line, line] }],
      customers: [{ ...person, ...from(REGION) }],
    },
  ],
  [
    "2024-01_orders_3",
    "orders/updated",
    {
      ...noRefunds,
      orders: [{ ...order, email: null, discountCodes: [TEXT] }],
      customers: [{ ...person, email: null }],
    },
  ],
  [
    "2024-04_orders_1",
    "orders/create",
    {
      ...noRefunds,
      orders: [{ ...order, ...tokens, phone: TEXT, lines: [line, line] }],
      customers: [{ ...person, phone: TEXT }],
    },
  ],
  [
    "2025-04_orders_1",
    "orders/updated",
    { ...noRefunds, orders: [{ ...order, email: null }], customers: [{ ...nameless, ...from(REGION) }] },
  ],
  ["2023-10_products_1", "products/update", withVariants(4, product)],
  ["2023-10_products_2", "products/update", withVariants(10, product, null)],
  ["2023-10_products_3", "products/create", withVariants(3, pictured)],
  ["2025-04_products_1", "products/update", withVariants(1, { ...pictured, category: TEXT, publishedAt: null })],
  [
    "2025-04_refunds_1",
    "refunds/create",
    { refundTransactions: [transaction], refundLines: [{ ...refund, lineId: "123", quantity: 123 }] },
  ],
  ["2025-04_refunds_2", "refunds/create", { refundTransactions: [transaction], refundLines: [] }],
];

it.skipIf(folder === undefined).each(expected)("reads %s of a real shop as %s", (file, topic, facts) => {
  const real = JSON.parse(readFileSync(join(folder ?? "", `${file}.json`), "utf8")) as Body;
  const body = bytesOf(asOf2026October(topic, withValues(real)));
  // None of the shops said the language of a customer; the documented samples do.
  const told = /^(checkouts|orders)/.test(topic) ? { locales: [], ...facts } : facts;
  expect(understand({ topic, webhookId: "d1", triggeredAt: TRIGGERED, body })).toEqual({
    outcome: "facts",
    facts: told,
  });
});
