import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { StoredConnection } from "../destinations.ts";

/** A connection that was forgotten. */
export interface GivenUp extends StoredConnection {
  id: string;
  attempts: number;
  givenUpAt: Date;
  /** The same account was connected again since. */
  connectedAgain: boolean;
}

export async function duePermissions(sql: Sql, shop: ShopId, now: Date): Promise<GivenUp[]> {
  const { rows } = await sql.query<GivenUp>(
    `SELECT id, kind, credentials, settings, attempts, given_up_at AS "givenUpAt",
       EXISTS (SELECT FROM destinations d WHERE d.shop_id = $1 AND d.kind = p.kind AND d.account_id IS NOT DISTINCT FROM p.account_id)
         AS "connectedAgain"
     FROM permissions_given_up p WHERE shop_id = $1 AND due_at <= $2 ORDER BY id`,
    [shop, now],
  );
  return rows;
}

export async function forgetPermission(sql: Sql, shop: ShopId, id: string): Promise<void> {
  await sql.query(`DELETE FROM permissions_given_up WHERE shop_id = $1 AND id = $2`, [shop, id]);
}

export async function putOffPermission(sql: Sql, shop: ShopId, id: string, until: Date): Promise<void> {
  await sql.query(
    `UPDATE permissions_given_up SET due_at = $3, attempts = attempts + 1 WHERE shop_id = $1 AND id = $2`,
    [shop, id, until],
  );
}

/** Of every shop: for the sweep. */
export async function shopsWithPermissions(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT DISTINCT shop_id FROM permissions_given_up WHERE due_at <= $1`,
    [now],
  );
  return rows.map((row) => row.shop_id);
}
