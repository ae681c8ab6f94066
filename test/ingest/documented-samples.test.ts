import { expect, it } from "vitest";
import type { CustomerFact, Facts, OrderFact, ProductFact } from "../../app/ingest/facts.ts";
import { topics } from "../../app/ingest/topics.ts";
import { understand } from "../../app/ingest/understand.ts";
import { asOf2026October, bytesOf, documentedSample } from "./webhook-samples.ts";

const TRIGGERED = new Date("2026-11-01T10:00:00.000Z");
const NEW_YEAR = new Date("2022-01-01T00:00:00.000Z");

const version = (updatedAt: Date) => ({ updatedAt, triggeredAt: TRIGGERED, delivery: "d1" });

// Ids that end in 00 were rounded by the package; the documentation says them nowhere else.
const order: OrderFact = {
  id: "820982911946154508",
  customerId: "115310627314723954",
  name: "#9999",
  email: "jon@example.com",
  currency: "USD",
  grossMinor: 40_495n,
  orderedAt: NEW_YEAR,
  cancelledAt: NEW_YEAR,
  test: true,
  sourceName: "web",
  cartToken: null,
  checkoutToken: null,
  lines: [
    {
      id: "487817672276298554",
      productId: "788032119674292900",
      variantId: null,
      title: "Aviator sunglasses",
      quantity: 1,
      priceMinor: 8_999n,
    },
    {
      id: "789012345678901234",
      productId: null,
      variantId: null,
      title: "Lens Protection Plan (2 Year)",
      quantity: 1,
      priceMinor: 1_999n,
    },
    {
      id: "890123456789012345",
      productId: null,
      variantId: null,
      title: "Premium Leather Case",
      quantity: 1,
      priceMinor: 2_499n,
    },
    {
      id: "976318377106520349",
      productId: "788032119674292900",
      variantId: null,
      title: "Mid-century lounger",
      quantity: 1,
      priceMinor: 15_999n,
    },
    {
      id: "315789986012684393",
      productId: "788032119674292900",
      variantId: null,
      title: "Coffee table",
      quantity: 1,
      priceMinor: 11_999n,
    },
  ],
  version: version(NEW_YEAR),
};

/** Inside orders and checkouts the sample's customer has no times, so it loses against what `customers/*` said. */
const john: CustomerFact = {
  id: "115310627314723954",
  email: "john@example.com",
  phone: null,
  firstName: "John",
  lastName: "Smith",
  country: "CA",
  createdAt: null,
  version: version(new Date(0)),
};

const bob: CustomerFact = {
  id: "706405506930370084",
  email: "bob@biller.com",
  phone: null,
  firstName: "Bob",
  lastName: "Biller",
  country: "CA",
  createdAt: NEW_YEAR,
  version: version(NEW_YEAR),
};

const product: ProductFact = {
  id: "788032119674292922",
  title: "Example T-Shirt",
  handle: "example-t-shirt",
  vendor: "Acme",
  productType: "Shirts",
  status: "active",
  tags: ["example", "mens", "t-shirt"],
  imageUrl: null,
  price: "19.99",
  createdAt: null,
  version: version(NEW_YEAR),
};

const orderFacts = { orders: [order], customers: [john], refundTransactions: [], refundLines: [] };

const checkoutFacts: Partial<Facts> = {
  checkouts: [
    {
      token: "123123123",
      cartToken: "eeafa272cebfd4b22385bc4b645e762c",
      customerId: "603851970716743426",
      email: "example@email.com",
      currency: "USD",
      totalMinor: 42_188n,
      items: 2,
      startedAt: NEW_YEAR,
      completedAt: null,
      version: version(NEW_YEAR),
    },
  ],
  customers: [{ ...john, id: "603851970716743426" }],
};

const cartFacts: Partial<Facts> = {
  carts: [
    {
      token: "exampleCartId",
      items: 3,
      lines: [
        {
          productId: "788032119674292900",
          variantId: "704912205188288500",
          title: "Example T-Shirt - Small",
          quantity: 3,
        },
      ],
      startedAt: NEW_YEAR,
      version: version(NEW_YEAR),
    },
  ],
};

const refund = { refundId: "890088186047892319", orderId: "820982911946154500" };

const requestOfJohn = {
  customerId: "191167",
  email: "john@example.com",
  phone: "555-625-1199",
  orderIds: ["299938", "280263", "220458"],
};

const expected: Record<string, Partial<Facts>> = {
  "app/uninstalled": { uninstalls: [TRIGGERED] },
  "carts/create": cartFacts,
  "carts/update": cartFacts,
  "checkouts/create": checkoutFacts,
  "checkouts/update": checkoutFacts,
  "customers/create": { customers: [bob] },
  "customers/data_request": { privacyRequests: [{ kind: "data_request", ...requestOfJohn }] },
  "customers/delete": { deletedCustomers: [{ id: "706405506930370084", at: TRIGGERED }] },
  "customers/redact": { privacyRequests: [{ kind: "customer_redact", ...requestOfJohn }] },
  "customers/update": { customers: [bob] },
  "customers_email_marketing_consent/update": {
    consents: [
      {
        customerId: "706405506930370000",
        channel: "email",
        state: "not_subscribed",
        optInLevel: null,
        consentedAt: null,
        version: version(TRIGGERED),
      },
    ],
  },
  "orders/cancelled": orderFacts,
  "orders/create": orderFacts,
  "orders/updated": orderFacts,
  "products/create": { products: [product] },
  "products/delete": { deletedProducts: [{ id: "788032119674292900", at: TRIGGERED }] },
  "products/update": { products: [product] },
  "refunds/create": {
    refundTransactions: [
      { ...refund, id: "245135271310201194", amountMinor: 7_500n, currency: "USD", refundedAt: NEW_YEAR },
      { ...refund, id: "839212141605670573", amountMinor: 1_000n, currency: "USD", refundedAt: NEW_YEAR },
    ],
    refundLines: [
      { ...refund, id: "487817672276298600", lineId: "487817672276298560", quantity: 1 },
      { ...refund, id: "789012345678901200", lineId: "789012345678901200", quantity: 1 },
      { ...refund, id: "890123456789012500", lineId: "890123456789012400", quantity: 1 },
      { ...refund, id: "976318377106520400", lineId: "976318377106520300", quantity: 1 },
      { ...refund, id: "315789986012684500", lineId: "315789986012684400", quantity: 1 },
    ],
  },
  "shop/redact": {
    privacyRequests: [{ kind: "shop_redact", customerId: null, email: null, phone: null, orderIds: [] }],
  },
};

it.each(Object.keys(topics))("reads Shopify's documented %s", (topic) => {
  const body = bytesOf(asOf2026October(topic, documentedSample(topic)));
  const understood = understand({ topic, webhookId: "d1", triggeredAt: TRIGGERED, body });
  expect(understood).toEqual({ outcome: "facts", facts: expected[topic] });
});

it("has facts for no topic that is not read", () => {
  expect(Object.keys(expected)).toEqual(Object.keys(topics));
});
