import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** An export nobody fetches, and one that was fetched: it may have got lost on the way. */
export const DAYS_TO_FETCH = 14;
const DAYS_AFTER_FETCHING = 1;

export async function saveExport(tx: Sql, shop: ShopId, requestId: string, sealed: Buffer, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO privacy_exports (request_id, shop_id, sealed, built_at, expires_at)
     VALUES ($2, $1, $3, $4::timestamptz, $4::timestamptz + make_interval(days => $5))
     ON CONFLICT (request_id) DO UPDATE SET sealed = excluded.sealed, built_at = excluded.built_at, expires_at = excluded.expires_at`,
    [shop, requestId, sealed, now, DAYS_TO_FETCH],
  );
}

/** An export that has not expired; from now on it is kept for a day more at most. */
export async function fetchExport(sql: Sql, shop: ShopId, requestId: string, now: Date): Promise<Buffer | null> {
  const { rows } = await sql.query<{ sealed: Buffer }>(
    `UPDATE privacy_exports SET downloaded_at = coalesce(downloaded_at, $3),
       expires_at = least(expires_at, $3::timestamptz + make_interval(days => $4))
     WHERE shop_id = $1 AND request_id = $2 AND expires_at > $3 RETURNING sealed`,
    [shop, requestId, now, DAYS_AFTER_FETCHING],
  );
  return rows[0]?.sealed ?? null;
}

/** Deletes what has expired; the requests behind it name nobody any more. */
export async function dropExpiredExports(tx: Sql, shop: ShopId, now: Date): Promise<void> {
  await tx.query(
    `WITH expired AS (DELETE FROM privacy_exports WHERE shop_id = $1 AND expires_at <= $2 RETURNING request_id)
     UPDATE privacy_requests SET customer_id = NULL WHERE shop_id = $1 AND id IN (SELECT request_id FROM expired)`,
    [shop, now],
  );
}

/** Shops with an export that has expired: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithExpiredExports(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    "SELECT DISTINCT shop_id FROM privacy_exports WHERE expires_at <= $1",
    [now],
  );
  return rows.map((row) => row.shop_id);
}
