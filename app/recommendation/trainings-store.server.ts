import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** One process at a time trains a shop. Times are real. @returns whether it is this one's turn. */
export async function takeTraining(
  sql: Sql,
  shop: ShopId,
  { now, until }: { now: Date; until: Date },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `INSERT INTO recommendation_trainings AS kept (shop_id, taken_until) VALUES ($1, $3)
     ON CONFLICT (shop_id) DO UPDATE SET taken_until = excluded.taken_until WHERE kept.taken_until <= $2`,
    [shop, now, until],
  );
  return rowCount === 1;
}

/** Until when it goes on; now when it has ended. */
export async function holdTraining(sql: Sql, shop: ShopId, until: Date): Promise<void> {
  await sql.query("UPDATE recommendation_trainings SET taken_until = $2 WHERE shop_id = $1", [shop, until]);
}
