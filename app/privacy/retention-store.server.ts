import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { KEPT_KINDS, KEPT_LIMITS, type KeptKind, type Retention, retentionOf } from "./retention.ts";

export async function readRetention(sql: Sql, shop: ShopId): Promise<Retention> {
  const { rows } = await sql.query<{ kind: string; days: number }>(
    "SELECT kind, days FROM retention WHERE shop_id = $1",
    [shop],
  );
  return retentionOf(new Map(rows.map(({ kind, days }) => [kind, days])));
}

/** Keeps what the shop chose; what is usual is not written down, and follows what is usual later on. */
export async function writeRetention(tx: Sql, shop: ShopId, retention: Retention): Promise<void> {
  const chosen = KEPT_KINDS.flatMap((kind): { kind: KeptKind; days: number }[] => {
    const days = retention[kind];
    return days === null || days === KEPT_LIMITS[kind].usual ? [] : [{ kind, days }];
  });
  await tx.query("DELETE FROM retention WHERE shop_id = $1", [shop]);
  await tx.query(
    `INSERT INTO retention (shop_id, kind, days)
     SELECT $1, kind, days FROM json_to_recordset($2::json) AS given (kind text, days int)`,
    [shop, JSON.stringify(chosen)],
  );
}

/** Every shop, for the sweep, which looks at one after the other. */
export async function shopsToSweep(sql: Sql): Promise<{ id: ShopId; domain: string }[]> {
  const { rows } = await sql.query<{ id: ShopId; domain: string }>("SELECT id, domain FROM shops ORDER BY id");
  return rows;
}
