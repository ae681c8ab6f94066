import { expect, it } from "vitest";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { readTraitSamples } from "../../app/sync/projection-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

it("tells amounts in units of their currency, however many decimals that has", async () => {
  const db = await openAnyDatabase();
  const shop = (await ensureShop(db, "money.myshopify.com")).id;
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email_consent, orders_count, gross_minor, refunded_minor, currency, last_seen_at, computed_at, exists_from)
     SELECT $1, place, 'unknown', 2, 7000, 1000, currency, now() - make_interval(days => place::int), now(), now()
     FROM unnest(ARRAY['JPY', 'EUR', 'KWD', NULL]) WITH ORDINALITY AS given (currency, place)`,
    [shop],
  );
  const told = await readTraitSamples(db, shop, 4);
  expect(told.map(({ currency, spent, average_order }) => [currency, spent, average_order])).toEqual([
    ["JPY", 6000, 3500],
    ["EUR", 60, 35],
    ["KWD", 6, 3.5],
    [null, 60, 35],
  ]);
  await db.close();
});
