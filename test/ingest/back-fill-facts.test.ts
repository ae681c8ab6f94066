import { execute, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { readStretch } from "../../app/ingest/back-fill/bulk-line.ts";
import { refundFacts, refundLineNode, refundNode, transactionNode } from "../../app/ingest/back-fill/node-facts.ts";
import type { ConsentFact, Facts, Version } from "../../app/ingest/facts.ts";
import { topics } from "../../app/ingest/topics.ts";
import { BULK_QUERIES } from "../../app/shopify/operations.ts";
import { adminSchema } from "../sandbox/admin/admin-schema.ts";
import { linesOf, readBulkQuery } from "../sandbox/admin/bulk-query.ts";
import { Connection, type Fields } from "../sandbox/admin/connection.ts";
import { inventPast } from "../sandbox/shopify/invent-past.ts";
import { customerNode } from "../sandbox/shopify/nodes/customer.ts";
import { orderNode } from "../sandbox/shopify/nodes/order.ts";
import { productNode } from "../sandbox/shopify/nodes/product.ts";
import { customerPayload, emailConsentPayload } from "../sandbox/shopify/payloads/customer.ts";
import { orderPayload } from "../sandbox/shopify/payloads/order.ts";
import { productPayload } from "../sandbox/shopify/payloads/product.ts";
import { type PastCustomer, recordsIn } from "../sandbox/shopify/past.ts";
import type { CustomerFacts } from "../sandbox/shopify/shop-facts.ts";

const at = new Date("2026-11-01T00:00:00Z");
const reading = { at, name: "one read" };
const version: Version = { updatedAt: at, triggeredAt: at, delivery: "one read" };
const past = inventPast({
  seed: "both ways",
  settings: { domain: "demo.myshopify.com", currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
  customers: 150,
  orders: 400,
  end: at,
  days: 200,
});
const { settings } = past;

/** The lines of a bulk operation's file about one node. */
function bulkLines(kind: keyof typeof BULK_QUERIES, node: Fields): string[] {
  const query = readBulkQuery(adminSchema().schema, BULK_QUERIES[kind]);
  if (typeof query === "string") throw new Error(query);
  return [...linesOf(node, query.fields)];
}

function byWebhook(topic: string, body: unknown): Partial<Facts> {
  const read = topics[topic];
  if (!read) throw new Error(`${topic} is not read`);
  return read(JSON.parse(JSON.stringify(body)), version);
}

/** The invented past asks nobody for consent to SMS and WhatsApp, and Shopify says so of every telephone number. */
function neverAsked(
  { id, phone, createdAt }: CustomerFacts,
  channels: ConsentFact["channel"][] = ["sms", "whatsapp"],
): ConsentFact[] {
  if (phone === null) return [];
  const asOld = { updatedAt: createdAt, triggeredAt: createdAt, delivery: "one read" };
  const state = { state: "not_subscribed", optInLevel: null, consentedAt: null, collectedFrom: null };
  return channels.map((channel) => ({ customerId: String(id), channel, ...state, version: asOld }));
}

const places = (length: number): number[] => Array.from({ length }, (_, place) => place);

describe("a node of the Admin API ends in the facts of the webhook about the same thing", () => {
  it("orders and their lines, in whatever order the lines come", () => {
    for (const place of places(past.orders.length)) {
      const order = past.orders.at(place);
      const { facts, lines, refunds, skipped } = readStretch(
        bulkLines("orders", orderNode(settings, order)).reverse(),
        reading,
      );
      const expected = byWebhook("orders/updated", orderPayload(settings, order)).orders?.[0];
      expect(skipped).toEqual({ count: 0, reason: null });
      expect({
        ...facts.orders[0],
        lines: lines.map(({ orderId, ...line }) => (orderId === String(order.id) ? line : orderId)).reverse(),
      }).toEqual(expected);
      expect(refunds).toEqual(order.refunds.map(({ id }) => String(id)));
    }
  });

  it("refunds, their transactions and lines", () => {
    const refunded = places(past.orders.length)
      .map(past.orders.at)
      .filter(({ refunds }) => refunds.length > 0);
    expect(refunded.length).toBe(5);
    for (const order of refunded) {
      const { refundTransactions, refundLines } = byWebhook("orders/updated", orderPayload(settings, order));
      const [node] = orderNode(settings, order)["refunds"] as Fields[];
      const list = (name: string): readonly Fields[] => (node?.[name] instanceof Connection ? node[name].nodes : []);
      expect(
        refundFacts(
          refundNode.parse(node),
          list("transactions").map((one) => transactionNode.parse(one)),
          list("refundLineItems").map((one) => refundLineNode.parse(one)),
          reading,
        ),
      ).toEqual({ refundTransactions, refundLines });
    }
  });

  it("a refund in a foreign currency is booked in the shop's by the same rate both ways", () => {
    const money = (shop: string, buyer: string) => ({
      shopMoney: { amount: shop, currencyCode: "EUR" },
      presentmentMoney: { amount: buyer, currencyCode: "JPY" },
    });
    const set = {
      shop_money: { amount: "10.00", currency_code: "EUR" },
      presentment_money: { amount: "1601", currency_code: "JPY" },
    };
    const time = "2026-10-01T10:00:00Z";
    const expected = byWebhook("refunds/create", {
      id: 1,
      order_id: 2,
      created_at: time,
      processed_at: time,
      refund_line_items: [{ id: 3, line_item_id: 4, quantity: 1, subtotal_set: set }],
      transactions: [{ id: 5, kind: "refund", status: "success", amount: "999", currency: "JPY", processed_at: time }],
    });
    const given = refundFacts(
      refundNode.parse({
        id: "gid://shopify/Refund/1",
        createdAt: time,
        processedAt: time,
        order: { id: "gid://shopify/Order/2", totalPriceSet: { shopMoney: { currencyCode: "EUR" } } },
      }),
      [
        transactionNode.parse({
          id: "gid://shopify/OrderTransaction/5",
          kind: "REFUND",
          status: "SUCCESS",
          createdAt: time,
          processedAt: time,
          amountSet: money("6.24", "999.0"),
        }),
      ],
      [
        refundLineNode.parse({
          id: "gid://shopify/RefundLineItem/3",
          quantity: 1,
          lineItem: { id: "gid://shopify/LineItem/4" },
          subtotalSet: money("10.0", "1601.0"),
        }),
      ],
      reading,
    );
    expect(given).toEqual(expected);
    expect(given.refundTransactions[0]?.amountMinor).toBe(624n);
  });

  it("customers and their consent", () => {
    for (const place of places(past.customers.length)) {
      const person = past.customers.at(place);
      const { facts } = readStretch(bulkLines("customers", customerNode(settings, person)), reading);
      expect(facts.customers).toEqual(
        byWebhook("customers/update", customerPayload(settings, person.customer)).customers,
      );
      const expected =
        person.consent &&
        byWebhook(
          "customers_email_marketing_consent/update",
          emailConsentPayload(settings, person.customer, person.consent),
        );
      expect(facts.consents).toEqual([...(expected?.consents ?? []), ...neverAsked(person.customer)]);
    }
  });

  it("consent to WhatsApp, and tags", () => {
    const phones = places(past.customers.length).map(past.customers.at);
    const person = phones.find(({ customer }) => customer.phone !== null);
    if (!person) throw new Error("nobody has a phone");
    const asked = { state: "unsubscribed" as const, updatedAt: new Date("2026-10-20T08:00:00Z") };
    const node = customerNode(settings, { ...person, consent: null, whatsApp: asked, tags: ["VIP", "loose leaf"] });
    const { facts } = readStretch(bulkLines("customers", node), reading);
    const expected = byWebhook("customers_whats_app_marketing_consent/update", {
      customer_id: person.customer.id,
      whats_app_marketing_consent: {
        state: "unsubscribed",
        opt_in_level: "single_opt_in",
        updated_at: "2026-10-20T08:00:00Z",
        collected_from: "other",
      },
    });
    expect(facts.consents.slice(-2)).toEqual([...neverAsked(person.customer, ["sms"]), ...(expected.consents ?? [])]);
    expect(facts.tags).toEqual(
      byWebhook("customer.tags_added", {
        customerId: `gid://shopify/Customer/${person.customer.id}`,
        tags: ["VIP", "loose leaf"],
        occurredAt: at.toISOString(),
      }).tags,
    );
  });

  it("products", () => {
    for (const place of places(past.products.length)) {
      const product = past.products.at(place);
      const { facts } = readStretch(bulkLines("products", productNode(settings, product)), reading);
      const [given] = facts.products;
      const [expected] = byWebhook("products/update", productPayload(settings, product)).products ?? [];
      expect({ ...given, price: Number(given?.price) }).toEqual({ ...expected, price: Number(expected?.price) });
    }
  });
});

describe("a stretch of a file", () => {
  it("keeps what Shopify counted of whoever ordered, and nothing of others", () => {
    const [first, none] = [past.customers.at(0), { ...past.customers.at(1), numberOfOrders: 0, lastOrder: null }];
    const people = recordsIn<PastCustomer>([first, none], ({ customer }) => customer.id);
    const lines = places(people.length).flatMap((place) =>
      bulkLines("customers", customerNode(settings, people.at(place))),
    );
    const { told, objects } = readStretch(lines, reading);
    expect(objects).toBe(2);
    expect(told).toEqual([
      {
        customerId: String(first.customer.id),
        orders: first.numberOfOrders,
        spentMinor: BigInt(first.amountSpent),
        currency: "EUR",
        lastOrder: first.lastOrder && { id: String(first.lastOrder.id), at: first.lastOrder.createdAt },
      },
    ]);
  });

  it("a consent without a time is as old as its customer, and gives way to any other", () => {
    const person = { ...past.customers.at(2), consent: null };
    const { facts } = readStretch(bulkLines("customers", customerNode(settings, person)), reading);
    expect(facts.consents).toEqual([
      {
        customerId: String(person.customer.id),
        channel: "email",
        state: "not_subscribed",
        optInLevel: null,
        consentedAt: null,
        collectedFrom: null,
        version: {
          updatedAt: person.customer.createdAt,
          triggeredAt: person.customer.createdAt,
          delivery: "one read",
        },
      },
      ...neverAsked(person.customer),
    ]);
  });

  it.each([
    ["{", "A line is not JSON."],
    ["null", "line: Invalid input: expected object, received null"],
    ['{"id":"gid://shopify/Metafield/1"}', "__parentId: Invalid input: expected string, received undefined"],
    ['{"id":"gid://shopify/Refund/1"}', "id: expected a product, a customer, a metafield, an order or a line"],
    ['{"id":"gid://shopify/Order/1","name":"#1"}', "createdAt: Invalid input: expected string, received undefined"],
    [
      '{"id":"gid://shopify/LineItem/1","title":"Tea","quantity":1}',
      "__parentId: Invalid input: expected string, received undefined",
    ],
  ])("passes over %s and says why without its values", (line, reason) => {
    const good = bulkLines("products", productNode(settings, past.products.at(0)));
    const stretch = readStretch([line, ...good], reading);
    expect(stretch.skipped).toEqual({ count: 1, reason });
    expect(stretch.facts.products).toHaveLength(1);
  });

  it("reads what the Admin API itself says about a node as it reads the file", async () => {
    const order = past.orders.at(13);
    const { schema } = adminSchema();
    const { data } = await execute({
      schema,
      document: parse(
        '{ order(id: "gid://shopify/Order/1") { id processedAt totalPriceSet { shopMoney { amount } } } }',
      ),
      rootValue: { order: orderNode(settings, order) },
    });
    const [line = ""] = bulkLines("orders", orderNode(settings, order));
    expect(JSON.parse(line)).toMatchObject({
      ...(data?.["order"] as object),
      totalPriceSet: { shopMoney: { currencyCode: "EUR" } },
    });
  });
});
