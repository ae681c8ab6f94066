import { describe, expect, it } from "vitest";
import { type Erased, speaksOfErased } from "../../app/ingest/erased/erased.ts";
import { mentionsOf } from "../../app/ingest/erased/mentions.ts";

const ERASED_AT = new Date("2026-11-10T00:00:00Z");
const BEFORE = new Date("2026-11-09T00:00:00Z");
const AFTER = new Date("2026-11-11T00:00:00Z");
const once = { alone: false, erasedAt: ERASED_AT };
/** Customer 7000000000001, who had a@x.example, and somebody who was known by alone@x.example only. */
const erased: Erased = new Map([
  ["customer 7000000000001", once],
  ["order 5000000000001", once],
  ["email a@x.example", once],
  ["phone 447700900001", once],
  ["token cart-of-somebody-1", once],
  ["email alone@x.example", { alone: true, erasedAt: ERASED_AT }],
]);

const cases: { name: string; topic?: string; body: unknown; at?: Date; speaks: boolean }[] = [
  { name: "the customer's own body", topic: "customers/update", body: { id: 7000000000001 }, speaks: true },
  {
    name: "the same, after the erasure",
    topic: "customers/update",
    body: { id: 7000000000001 },
    at: AFTER,
    speaks: true,
  },
  {
    name: "an order of the customer",
    topic: "orders/create",
    body: { id: 1, customer: { id: 7000000000001 } },
    speaks: true,
  },
  { name: "an order by its id alone", topic: "refunds/create", body: { order_id: 5000000000001 }, speaks: true },
  { name: "a global id in a text", body: { note: "see gid://shopify/Customer/7000000000001" }, speaks: true },
  { name: "the id where nothing says what it is", body: { attributes: [{ value: "7000000000001" }] }, speaks: true },
  { name: "a longer number that holds it", body: { customer_id: 70000000000012 }, speaks: false },
  { name: "the address of a guest", topic: "checkouts/create", body: { email: "A@X.example" }, speaks: true },
  { name: "the address inside a text", body: { note: "ask <a@x.example>, please" }, speaks: true },
  { name: "an address that ends the same", body: { email: "maria@x.example" }, speaks: false },
  { name: "the address after the erasure", body: { email: "a@x.example" }, at: AFTER, speaks: false },
  {
    name: "the address with another customer, who may have it now",
    topic: "customers/update",
    body: { id: 7000000000002, email: "a@x.example" },
    speaks: false,
  },
  {
    name: "an address that stood for the person, with whatever customer",
    topic: "customers/update",
    body: { id: 7000000000003, email: "alone@x.example" },
    speaks: true,
  },
  {
    name: "somebody who comes back with it",
    topic: "customers/update",
    body: { id: 7000000000004, email: "alone@x.example" },
    at: AFTER,
    speaks: false,
  },
  { name: "the telephone number, written at length", body: { phone: "+44 7700 900-001" }, speaks: true },
  { name: "the cart", topic: "carts/update", body: { id: "cart-of-somebody-1" }, speaks: true },
  {
    name: "another customer",
    topic: "customers/update",
    body: { id: 7000000000002, email: "b@x.example" },
    speaks: false,
  },
];

describe("a delivery speaks of somebody who was erased", () => {
  it.each(cases)("$name: $speaks", ({ topic = "any/topic", body, at = BEFORE, speaks }) => {
    expect(speaksOfErased(mentionsOf({ topic, body: Buffer.from(JSON.stringify(body)) }), at, erased)).toBe(speaks);
  });

  it.each([
    ["{broken, a@x.example", true],
    ["{broken, a\\u0040x.example", true],
    ['{"customer":{"id":7000000000001,', true],
    ["{broken, b@x.example, 7000000000002", false],
    ["\xff\xfe", false],
  ])("bytes that are no JSON: %s", (text, speaks) => {
    expect(
      speaksOfErased(mentionsOf({ topic: "orders/create", body: Buffer.from(text, "latin1") }), BEFORE, erased),
    ).toBe(speaks);
  });
});
