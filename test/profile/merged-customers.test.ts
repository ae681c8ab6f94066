import { afterAll, beforeAll, expect, it } from "vitest";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { createAdminReads } from "../../app/jobs/admin-reads.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-01T00:00:00.000Z");
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
});

afterAll(async () => {
  await db.close();
});

const at = (day: number): string => `2026-10-${String(day).padStart(2, "0")}T00:00:00Z`;
const customer = (id: number) => ({ id, email: `${id}@example.com`, created_at: at(1), updated_at: at(1) });
const order = (id: number, of: number, day: number) => ({
  id,
  created_at: at(day),
  updated_at: at(day),
  customer: customer(of),
  total_price_set: { shop_money: { amount: `${id}.00`, currency_code: "GBP" } },
});
const merge = (deleted: number, kept: number) => ({
  admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept}`,
  admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${deleted}`,
  status: "completed",
});

it("counts the orders of a merged customer with the one that was kept, also those that come later and through two merges", async () => {
  const shop = await openShop(db, "merged.myshopify.com", NOW);
  const tell = async (topic: string, body: object, day: number): Promise<void> => {
    const triggeredAt = new Date(at(day));
    const version = { updatedAt: triggeredAt, triggeredAt, delivery: `${topic} ${day}` };
    const facts = { ...noFacts(), ...topics[topic]?.(body, version) };
    await db.tx(async (tx) => enqueueProfiles(tx, shop.id, await mergeFacts(tx, shop.id, facts), NOW));
    await recompute(db, shop.id, { limit: 100, now: NOW, coalesceMs: 0 });
  };
  await tell("orders/create", order(10, 1, 2), 2);
  await tell("orders/create", order(20, 2, 3), 3);
  await tell("customers/merge", merge(2, 1), 4);
  await tell("customers/create", customer(3), 5);
  await tell("customers/merge", merge(1, 3), 6);
  await tell("orders/create", order(30, 2, 7), 7);
  await tell("refunds/create", refundOf(20), 8);

  const { rows } = await db.query(
    "SELECT customer_id, orders_count, gross_minor, refunded_minor FROM profiles WHERE shop_id = $1",
    [shop.id],
  );
  expect(rows).toEqual([{ customer_id: "3", orders_count: 3, gross_minor: "6000", refunded_minor: "500" }]);
  const loyal = await db.query(
    `SELECT m.customer_id, m.entered_at, m.left_at FROM memberships m JOIN segments s ON s.id = m.segment_id
     WHERE m.shop_id = $1 AND s.name = 'Loyal'`,
    [shop.id],
  );
  expect(loyal.rows).toEqual([{ customer_id: "3", entered_at: new Date(at(7)), left_at: null }]);

  // What was told of any of them stands in the list with the one that was kept: the last word of all.
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop.id]);
  await insert("trait_types VALUES ($1, 'tier', 'text')");
  await insert(`api_identifiers (shop_id, kind, value, customer_id, pending)
    VALUES ($1, 'external_id', 'one', 1, false), ($1, 'external_id', 'two', 2, false)`);
  await insert(`profile_traits (shop_id, identifier_id, name, value, source, said_at, confirmed_at, received_at)
    SELECT $1, id, 'tier', to_jsonb(word), 'api', at, at, at FROM api_identifiers JOIN (VALUES
      ('one', 'gold', timestamptz '2026-10-10Z'), ('two', 'silver', timestamptz '2026-10-09Z')) AS told (value, word, at) USING (value)
    WHERE shop_id = $1`);
  await db.query(`UPDATE shops SET profile_columns = '["traits.tier"]' WHERE id = $1`, [shop.id]);
  const reads = createAdminReads({ db, clock: { now: () => NOW }, metrics: createMetrics() });
  expect(await reads.searchProfiles(shop.domain, { query: "", window: "first" })).toMatchObject({
    profiles: [{ customerId: "3", own: new Map([["traits.tier", "gold"]]) }],
  });
});

it("holds the last no of anybody of a person against the one whose profile it is, until that one says yes again", async () => {
  const shop = await openShop(db, "merged-consents.myshopify.com", NOW);
  const tell = async (topic: string, body: object, day: number): Promise<string | undefined> => {
    const triggeredAt = new Date(at(day));
    const version = { updatedAt: triggeredAt, triggeredAt, delivery: `${topic} ${day}` };
    const facts = { ...noFacts(), ...topics[topic]?.(body, version) };
    await db.tx(async (tx) => enqueueProfiles(tx, shop.id, await mergeFacts(tx, shop.id, facts), NOW));
    for (let more = true; more;) ({ more } = await recompute(db, shop.id, { limit: 100, now: NOW, coalesceMs: 0 }));
    const { rows } = await db.query<{ email_consent: string }>(
      "SELECT email_consent FROM profiles WHERE shop_id = $1 AND customer_id = 1",
      [shop.id],
    );
    return rows[0]?.email_consent;
  };
  const consent = (id: number, state: string, day: number) => {
    const said = { state, opt_in_level: "single_opt_in", consent_updated_at: at(day) };
    const topic = "customers_email_marketing_consent/update";
    return tell(topic, { customer_id: id, email_address: `${id}@example.com`, email_marketing_consent: said }, day);
  };
  for (const id of [1, 2, 3]) await tell("customers/create", customer(id), 1);
  await consent(3, "unsubscribed", 2);
  expect(await consent(1, "subscribed", 3)).toBe("subscribed");
  await consent(2, "unsubscribed", 4);
  expect(await tell("customers/merge", merge(3, 1), 5)).toBe("subscribed");
  expect(await tell("customers/merge", merge(2, 1), 6)).toBe("unsubscribed");
  expect(await consent(1, "subscribed", 7)).toBe("subscribed");
});

function refundOf(orderId: number) {
  return {
    id: 1,
    order_id: orderId,
    created_at: at(8),
    transactions: [{ id: 1, kind: "refund", status: "success", amount: "5.00", currency: "GBP", created_at: at(8) }],
  };
}
