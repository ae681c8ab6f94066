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
  phone: null,
  currency: "USD",
  grossMinor: 40_495n,
  orderedAt: NEW_YEAR,
  cancelledAt: NEW_YEAR,
  test: true,
  sourceName: "web",
  appId: null,
  locationId: null,
  discountCodes: [],
  tags: ["tag1", "tag2"],
  cartToken: null,
  checkoutToken: null,
  lines: [
    {
      id: "487817672276298554",
      productId: "788032119674292900",
      variantId: null,
      title: "Aviator sunglasses",
      vendor: null,
      quantity: 1,
      priceMinor: 8_999n,
    },
    {
      id: "789012345678901234",
      productId: null,
      variantId: null,
      title: "Lens Protection Plan (2 Year)",
      vendor: null,
      quantity: 1,
      priceMinor: 1_999n,
    },
    {
      id: "890123456789012345",
      productId: null,
      variantId: null,
      title: "Premium Leather Case",
      vendor: null,
      quantity: 1,
      priceMinor: 2_499n,
    },
    {
      id: "976318377106520349",
      productId: "788032119674292900",
      variantId: null,
      title: "Mid-century lounger",
      vendor: null,
      quantity: 1,
      priceMinor: 15_999n,
    },
    {
      id: "315789986012684393",
      productId: "788032119674292900",
      variantId: null,
      title: "Coffee table",
      vendor: null,
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
  addresses: [{ line1: "123 Elm St.", line2: null, city: "Ottawa", zip: "K2H7A8", region: "CA-ON", country: "CA" }],
  emailVerified: true,
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
  addresses: [
    { line1: "151 O'Connor Street", line2: null, city: "Ottawa", zip: "K2P 2L8", region: "CA-ON", country: "CA" },
  ],
  emailVerified: true,
  createdAt: NEW_YEAR,
  version: version(NEW_YEAR),
};

const bobsAddresses = { customerId: bob.id, addresses: bob.addresses, version: version(NEW_YEAR) };

const product: ProductFact = {
  id: "788032119674292922",
  title: "Example T-Shirt",
  handle: "example-t-shirt",
  vendor: "Acme",
  productType: "Shirts",
  status: "active",
  tags: ["example", "mens", "t-shirt"],
  category: null,
  imageUrl: null,
  price: "19.99",
  createdAt: null,
  publishedAt: NEW_YEAR,
  version: version(NEW_YEAR),
};

const variant = { price: "19.99", sku: null, inventoryItemId: null, inventoryPolicy: "deny" };
const productFacts: Partial<Facts> = {
  products: [product],
  productVariants: [
    {
      productId: product.id,
      variants: [
        { ...variant, id: "642667041472713922", inventoryQuantity: 75 },
        { ...variant, id: "757650484644203962", inventoryQuantity: 50 },
      ],
      version: product.version,
    },
  ],
};

const collectionFacts: Partial<Facts> = {
  collections: [
    {
      id: "408372092144951419",
      title: "My New Collection",
      handle: "mynewcollection",
      publishedAt: new Date("2021-12-31T21:00:00.000Z"),
      version: version(NEW_YEAR),
    },
  ],
};

const OCCURRED = new Date("2005-05-05T05:00:00.000Z");
const tagFacts = (present: boolean): Partial<Facts> => ({
  tags: ["tag1", "tag2"].map((tag) => ({ customerId: "1", tagKey: tag, tag, present, version: version(OCCURRED) })),
});

const orderFacts = {
  orders: [order],
  customers: [john],
  locales: [{ customerId: john.id, locale: "en", version: version(NEW_YEAR) }],
  refundTransactions: [],
  refundLines: [],
};

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
  locales: [],
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
  "app/scopes_update": {
    grantedScopes: [{ scopes: ["read_products", "write_products"], at: new Date("2024-06-25T00:00:00.000Z") }],
  },
  "app/uninstalled": { uninstalls: [TRIGGERED] },
  "bulk_operations/finish": { finishedBulkOperations: ["147595010"] },
  "carts/create": cartFacts,
  "carts/update": cartFacts,
  "checkouts/create": checkoutFacts,
  "checkouts/delete": {
    deletedCheckouts: [{ by: "cart_token", token: "eeafa272cebfd4b22385bc4b645e762c", at: TRIGGERED }],
  },
  "checkouts/update": checkoutFacts,
  "collections/create": collectionFacts,
  "collections/delete": { deletedCollections: [{ id: "408372092144951419", at: TRIGGERED }] },
  "collections/update": collectionFacts,
  "customer.tags_added": tagFacts(true),
  "customer.tags_removed": tagFacts(false),
  "customers/create": { customers: [bob], customerAddresses: [bobsAddresses] },
  "customers/data_request": { privacyRequests: [{ kind: "data_request", ...requestOfJohn }] },
  "customers/delete": { deletedCustomers: [{ id: "706405506930370084", at: TRIGGERED }] },
  // The sample is of a merge that failed.
  "customers/merge": {},
  "customers/purchasing_summary": {
    purchasingSummaries: [
      {
        customerId: "1",
        ordersCount: 1,
        spentMinor: 10_000n,
        currency: "USD",
        lastOrderId: "1",
        version: version(OCCURRED),
      },
    ],
  },
  "customers/redact": { privacyRequests: [{ kind: "customer_redact", ...requestOfJohn }] },
  "customers/update": { customers: [bob], customerAddresses: [bobsAddresses] },
  "customers_email_marketing_consent/update": {
    consents: [
      {
        customerId: "706405506930370000",
        channel: "email",
        state: "not_subscribed",
        optInLevel: null,
        consentedAt: null,
        collectedFrom: null,
        version: version(TRIGGERED),
      },
    ],
  },
  // The samples of the other two channels have no state: nothing was said.
  "customers_marketing_consent/update": {},
  "customers_whats_app_marketing_consent/update": {},
  "inventory_levels/update": {
    inventoryLevels: [
      { itemId: "271878346596884000", locationId: "24826418", available: 10, version: version(NEW_YEAR) },
    ],
  },
  "orders/cancelled": orderFacts,
  "orders/create": orderFacts,
  "orders/delete": { deletedOrders: [{ id: "820982911946154500", at: TRIGGERED }] },
  "orders/edited": {},
  "orders/fulfilled": orderFacts,
  "orders/paid": orderFacts,
  "orders/partially_fulfilled": orderFacts,
  "orders/updated": orderFacts,
  "products/create": productFacts,
  "products/delete": { deletedProducts: [{ id: "788032119674292900", at: TRIGGERED }] },
  "products/update": productFacts,
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
  // The sample keeps no clock, so it says nothing of the others.
  "shop/update": {},
};

it.each(Object.keys(topics))("reads Shopify's documented %s", (topic) => {
  const body = bytesOf(asOf2026October(topic, documentedSample(topic)));
  const understood = understand({ topic, webhookId: "d1", triggeredAt: TRIGGERED, body });
  expect(understood).toEqual({ outcome: "facts", facts: expected[topic] });
});

it("knows no total of a checkout whose prices are in another currency than the shop's", () => {
  const sample = {
    ...asOf2026October("checkouts/update", documentedSample("checkouts/update")),
    presentment_currency: "JPY",
  };
  const understood = understand({
    topic: "checkouts/update",
    webhookId: "d1",
    triggeredAt: TRIGGERED,
    body: bytesOf(sample),
  });
  const checkouts = checkoutFacts.checkouts?.map((checkout) => ({ ...checkout, totalMinor: null }));
  expect(understood).toEqual({ outcome: "facts", facts: { ...checkoutFacts, checkouts } });
});

it("has facts for no topic that is not read", () => {
  expect(Object.keys(expected)).toEqual(Object.keys(topics));
});
