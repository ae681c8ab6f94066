import { expect, it } from "vitest";
import { createLog } from "../../app/platform/log.server.ts";
import { eraseShopRow } from "../../app/privacy/erasures-store.server.ts";
import { createRecommender } from "../../app/recommendation/recommender.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

it("keeps nothing of a shop in memory that was erased, and another shop's lists", async () => {
  const db = await openAnyDatabase();
  const recommender = createRecommender({ db, log: createLog("silent"), now: () => new Date(), onTrained: () => {} });
  const gone = (await ensureShop(db, "gone.myshopify.com")).id;
  const stays = (await ensureShop(db, "stays.myshopify.com")).id;
  for (const shop of [gone, stays]) await recommender.refresh(shop);
  await recommender.letGo();
  expect(recommender.listsOf(gone)).toBeDefined();

  await db.tx((tx) => eraseShopRow(tx, gone));
  await recommender.letGo();
  expect(recommender.listsOf(gone)).toBeUndefined();
  expect(recommender.listsOf(stays)).toBeDefined();
  recommender.close();
  await db.close();
});
