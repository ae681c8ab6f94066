import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../../app/platform/db.server.ts";
import { computeProfile } from "../../../app/profile/compute-profile.ts";
import { loadHistories } from "../../../app/profile/history-store.server.ts";
import { writeProfiles } from "../../../app/profile/profile-store.server.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { countMembers, explainRule } from "../../../app/segment/preview-store.server.ts";
import { dictionary } from "../../../app/segment/segment.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { ensureShop } from "../../../app/shopify/shop-store.server.ts";
import { openAnyDatabase } from "../../support/database.ts";

const NOW = new Date("2026-11-10T12:00:00Z");
let db: Db;
let shop: ShopId;

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await ensureShop(db, "far-days.myshopify.com")).id;
  await db.query("UPDATE shops SET time_zone = 'America/New_York', currency = 'EUR' WHERE id = $1", [shop]);
  await db.query(
    `INSERT INTO customers (shop_id, id, created_at, source_updated_at, source_triggered_at, source_delivery)
     VALUES ($1, 1, '2026-01-01', now(), now(), 'd')`,
    [shop],
  );
  await db.query(
    `INSERT INTO customer_metafields (shop_id, customer_id, name, value, changed_at, source_updated_at, source_triggered_at, source_delivery)
     VALUES ($1, 1, 'facts.birth_date', '{"day": "1990-05-30"}', '2026-01-01', now(), now(), 'd')`,
    [shop],
  );
  await writeProfiles(db, shop, (await loadHistories(db, shop, ["1"])).map(computeProfile), [], NOW);
}, 60_000);
afterAll(() => db.close());

it("a day compares with the ends of the calendar, in the statement as in the explanation", async () => {
  for (const [test, expected] of [
    ["<= 9999-12-31", true],
    ["< 9999-12-31T23:59:59", true],
    ["> 9999-12-31", false],
    ["< +200y", true],
    ["> +200y", false],
    ["> -200y", true],
    ["< -200y", false],
    ["BETWEEN 1990-05-30 AND 9999-12-31", true],
    ["BETWEEN 1990-05-31 AND 9999-12-31", false],
  ] as const) {
    const reading = parseText(`metafields.facts.birth_date ${test}`, dictionary);
    if (reading.outcome === "refused") throw new Error(`${test}: ${reading.problems[0].message}`);
    const explained = await explainRule(db, shop, reading.rule, "1", NOW);
    const counted = await countMembers(db, shop, reading.rule, NOW);
    expect({ test, explained: explained?.matches, counted }).toEqual({
      test,
      explained: expected,
      counted: expected ? 1 : 0,
    });
  }
});
