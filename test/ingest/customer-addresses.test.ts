import { afterAll, beforeAll, expect, it } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { touchCustomers } from "../../app/profile/touch-customers.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { countMembers } from "../../app/segment/preview-store.server.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-01T00:00:00.000Z");
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

const at = (day: number): string => `2026-10-${String(day).padStart(2, "0")}T00:00:00Z`;
const ulm = { city: "Ulm", country_code: "DE", province_code: null, default: true };
const lyon = { city: "Lyon", country_code: "FR", province_code: null, default: false };
const rome = { city: "Rome", country_code: "IT", province_code: null, default: true };

it("a second address stays when an order tells of the default one alone, until the customer themselves has it no more", async () => {
  const { id: shop } = await openShop(db, "addresses.myshopify.com", NOW);
  const reading = parseText("customer_cities CONTAINS 'FR-Lyon'", dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  const { rule } = reading;
  const given = { key: "lyon", name: "Lyon", rule, author: "Ada", message: "", now: NOW };
  await db.tx((tx) => createSegment(tx, shop, given));
  /** Whether customer 1 is in, step by step, and whether the rule counts them. */
  const tell = async (topic: string, body: object, day: number): Promise<[members: number, counted: number]> => {
    const triggeredAt = new Date(at(day));
    const version = { updatedAt: triggeredAt, triggeredAt, delivery: `${topic} ${day}` };
    const facts = { ...noFacts(), ...topics[topic]?.(body, version) };
    await db.tx(async (tx) => touchCustomers(tx, shop, await mergeFacts(tx, shop, facts), NOW));
    while ((await recompute(db, shop, { limit: 10, now: NOW, coalesceMs: 0 })).more);
    const { rows } = await db.query(
      `SELECT FROM memberships m JOIN segments s ON s.id = m.segment_id
       WHERE m.shop_id = $1 AND s.key = 'lyon' AND m.left_at IS NULL`,
      [shop],
    );
    return [rows.length, await countMembers(db, shop, rule, NOW)];
  };
  const customer = (day: number, more: object) => ({ id: 1, created_at: at(1), updated_at: at(day), ...more });
  const order = (day: number, address: object) => ({
    id: day,
    created_at: at(day),
    updated_at: at(day),
    total_price_set: { shop_money: { amount: "5.00", currency_code: "EUR" } },
    customer: customer(day, { default_address: address }),
  });
  const both = { default_address: ulm, addresses: [ulm, lyon] };
  expect(await tell("customers/update", customer(2, both), 2)).toEqual([1, 1]);
  expect(await tell("orders/create", order(3, ulm), 3)).toEqual([1, 1]);
  expect(await tell("orders/create", order(4, rome), 4)).toEqual([1, 1]);
  expect(await tell("customers/update", customer(5, { default_address: rome, addresses: [rome] }), 5)).toEqual([0, 0]);
  // Late words of before change nothing.
  expect(await tell("customers/update", customer(2, both), 2)).toEqual([0, 0]);
});
