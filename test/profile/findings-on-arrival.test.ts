import { afterAll, beforeAll, expect, it } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { attributeNames } from "../../app/profile/merchant-api/attribute-names.server.ts";
import { recordEvents } from "../../app/profile/merchant-api/record-rows.server.ts";
import { touchCustomers } from "../../app/profile/touch-customers.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-01T00:00:00.000Z");
const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
let db: Db;
let shop: ShopId;

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await openShop(db, "findings.myshopify.com", NOW)).id;
  for (const code of ["totals_differ", "duplicate_email", "duplicate_external_id"]) {
    const reading = parseText(`data_quality_findings CONTAINS '${code}'`, dictionary);
    if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
    const given = { key: code, name: code, rule: reading.rule, author: "Ada", message: "", now: NOW };
    await db.tx((tx) => createSegment(tx, shop, given));
  }
});
afterAll(() => db.close());

const at = (day: number): string => `2026-10-${String(day).padStart(2, "0")}T00:00:00Z`;
const customer = (id: number, email: string, day = 1) => ({ id, email, created_at: at(1), updated_at: at(day) });
const order = (id: number, of: number, day: number) => ({
  id,
  created_at: at(day),
  updated_at: at(day),
  customer: customer(of, `${of}@example.com`),
  total_price_set: { shop_money: { amount: "20.00", currency_code: "EUR" } },
});

async function tell(topic: string, body: object, day: number): Promise<void> {
  const triggeredAt = new Date(at(day));
  const version = { updatedAt: triggeredAt, triggeredAt, delivery: `${topic} ${day}` };
  const facts = { ...noFacts(), ...topics[topic]?.(body, version) };
  await db.tx(async (tx) => touchCustomers(tx, shop, await mergeFacts(tx, shop, facts), NOW));
  await settle();
}

async function settle(): Promise<void> {
  while ((await recompute(db, shop, { limit: 2, now: NOW, coalesceMs: 0 })).more);
}

/** Who is in the segment of a finding. */
async function withFinding(code: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT m.customer_id AS id FROM memberships m JOIN segments s ON s.id = m.segment_id
     WHERE m.shop_id = $1 AND s.key = $2 AND m.left_at IS NULL ORDER BY m.customer_id`,
    [shop, code],
  );
  return rows.map(({ id }) => id);
}

it("totals of Shopify that differ are found as they come, and the order that was missing takes the finding and the membership away", async () => {
  await tell("orders/create", order(10, 1, 2), 2);
  const summary = {
    customerId: "gid://shopify/Customer/1",
    numberOfOrders: 2,
    amountSpent: { amount: "40.00", currencyCode: "EUR" },
    lastOrderId: "gid://shopify/Order/11",
    occurredAt: at(4),
  };
  await tell("customers/purchasing_summary", summary, 4);
  expect(await withFinding("totals_differ")).toEqual(["1"]);
  await tell("orders/create", order(11, 1, 3), 3);
  expect(await withFinding("totals_differ")).toEqual([]);
});

it("a shared address is found as the second customer comes, of both, and goes with the one who changes it", async () => {
  await tell("customers/create", customer(2, "two@example.com"), 5);
  await tell("customers/create", customer(3, " TWO@example.com"), 5);
  expect(await withFinding("duplicate_email")).toEqual(["2", "3"]);
  await tell("customers/update", customer(3, "three@example.com", 6), 6);
  expect(await withFinding("duplicate_email")).toEqual(["2"]);
  await tell("customers/update", customer(2, "two@example.com", 7), 7);
  expect(await withFinding("duplicate_email")).toEqual([]);
});

it("an id of the merchant's own that was told of two customers is found of both, until one of them is gone", async () => {
  const event = (messageId: string, id: number) => ({ messageId, name: "sang", customer: { id, externalId: "crm-1" } });
  const context = { country: "DE", now: NOW };
  const options = { db, shop, marks, context, receivedAt: NOW, keyId: null };
  const lookUp = async (): Promise<void> => {
    await attributeNames(db, shop, { limit: 100, now: NOW });
    await settle();
  };
  await recordEvents(options, [event("a", 2)]);
  await lookUp();
  expect(await withFinding("duplicate_external_id")).toEqual([]);
  await recordEvents(options, [event("b", 3)]);
  await lookUp();
  expect(await withFinding("duplicate_external_id")).toEqual(["2", "3"]);
  await tell(
    "customers/merge",
    {
      admin_graphql_api_customer_kept_id: "gid://shopify/Customer/2",
      admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/3",
      status: "completed",
    },
    8,
  );
  await lookUp();
  expect(await withFinding("duplicate_external_id")).toEqual([]);
});
