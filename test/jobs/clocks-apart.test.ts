import { afterAll, beforeAll, expect, it } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { addAutomation } from "../../app/segment/automations/automations-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const ORDERED = Date.parse("2026-11-10T12:00:00.000Z");
const seconds = (count: number): Date => new Date(ORDERED + count * 1_000);
const DAY = 86_400;

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 60_000);
afterAll(() => db.close());

/** A shop with one customer, who has just ordered, and a segment of those who order with an automation. */
async function begin(domain: string): Promise<ShopId> {
  const { id: shop } = await openShop(db, domain, seconds(-DAY));
  const reading = parseText("number_of_orders > 0", dictionary);
  if (reading.outcome === "refused") throw new Error("this is a rule");
  const about = { key: "buyers", name: "Buyers", author: "Ada", message: "", now: seconds(-DAY), rule: reading.rule };
  const made = await db.tx((tx) => createSegment(tx, shop, about));
  if (made.outcome !== "published") throw new Error(made.outcome);
  const told = { name: "Tell", onEntry: true, onExit: true, settings: { kind: "flow_trigger" as const }, secret: null };
  await addAutomation(db, shop, { segmentId: made.segmentId, ...told, since: seconds(-DAY) }, new Date());
  const at = new Date(ORDERED).toISOString();
  const body = {
    id: 11,
    created_at: at,
    updated_at: at,
    customer: { id: 1, email: "1@example.com", created_at: seconds(-DAY).toISOString(), updated_at: at },
    total_price_set: { shop_money: { amount: "100.00", currency_code: "EUR" } },
  };
  const version = { updatedAt: new Date(at), triggeredAt: new Date(at), delivery: at };
  const facts = { ...noFacts(), ...topics["orders/create"]?.(body, version) };
  await db.tx(async (tx) => void (await mergeFacts(tx, shop, facts)));
  return shop;
}

/** A delivery about the customer is decided by a worker whose clock says so. @returns what is told, and the stays */
async function decide(shop: ShopId, now: Date) {
  await enqueueProfiles(db, shop, ["1"], new Date());
  await recompute(db, shop, { limit: 10, now, coalesceMs: 0 });
  const { rows: told } = await db.query<{ change: string }>(
    "SELECT change FROM automation_runs WHERE shop_id = $1 ORDER BY id",
    [shop],
  );
  const { rows: stays } = await db.query<{ entered_at: Date }>(
    `SELECT m.entered_at FROM memberships m JOIN segments s ON s.id = m.segment_id
     WHERE m.shop_id = $1 AND s.key = 'buyers' AND m.left_at IS NULL`,
    [shop],
  );
  return { told: told.map(({ change }) => change), since: stays.map((stay) => stay.entered_at.getTime() - ORDERED) };
}

it("a worker whose clock is some seconds behind takes nothing back that another decided", async () => {
  const shop = await begin("behind.myshopify.com");
  for (const now of [1, -3, 0, -120, 5]) {
    expect(await decide(shop, seconds(now)), `at ${now}`).toEqual({ told: ["entered"], since: [0] });
  }
});

it("an order whose time has not come by the worker's clock counts from its time on, and is told once", async () => {
  const shop = await begin("early.myshopify.com");
  expect(await decide(shop, seconds(-3))).toEqual({ told: [], since: [] });
  expect(await decide(shop, seconds(2))).toEqual({ told: ["entered"], since: [0] });
  expect(await decide(shop, seconds(-1))).toEqual({ told: ["entered"], since: [0] });
});

it("a clock that was a day ahead and is set right is believed again", async () => {
  const shop = await begin("ahead.myshopify.com");
  await decide(shop, seconds(DAY));
  expect((await decide(shop, seconds(-10))).since).toEqual([]);
});
