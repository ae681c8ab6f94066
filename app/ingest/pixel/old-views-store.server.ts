import { countUpTo } from "../../platform/count-up-to.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";

/** A place among the events of one kind, in the order of time. */
export interface ViewPosition {
  at: Date;
  id: string;
}

const OLD = "events e WHERE e.shop_id = $1 AND e.kind = $2 AND e.source = 'pixel' AND e.occurred_at < $3";

const DROP = `
WITH old AS (
  SELECT id, occurred_at, customer_id FROM ${OLD} AND ($4::timestamptz IS NULL OR (e.occurred_at, e.id) > ($4, $5::bigint))
  ORDER BY e.occurred_at, e.id LIMIT $6
), gone AS (
  DELETE FROM events e USING old WHERE e.id = old.id AND (old.customer_id IS NULL OR EXISTS (
    SELECT FROM events later WHERE later.shop_id = $1 AND later.customer_id = old.customer_id AND later.source = 'pixel'
      AND later.occurred_at > old.occurred_at))
)
SELECT id, occurred_at AS at FROM old ORDER BY occurred_at, id`;

/**
 * Forgets what visitors did before: of one kind, the next `limit` events after a place. What a customer did last stays, for it says when they were
 * last seen. @returns where the next begin; null: that was all.
 */
export async function dropViewsBefore(
  sql: Sql,
  shop: ShopId,
  { kind, before, after, limit }: { kind: string; before: Date; after: ViewPosition | null; limit: number },
): Promise<ViewPosition | null> {
  const values = [shop, kind, before, after?.at ?? null, after?.id ?? null, limit];
  const { rows } = await sql.query<ViewPosition>(DROP, values);
  return rows.length < limit ? null : (rows.at(-1) ?? null);
}

/** How much of that is from before; counting ends at `most`. */
export async function countViewsBefore(
  sql: Sql,
  shop: ShopId,
  { kinds, before, most }: { kinds: readonly string[]; before: Date; most: number },
): Promise<number> {
  const from =
    "events e WHERE e.shop_id = $1 AND e.kind = ANY($2::text[]) AND e.source = 'pixel' AND e.occurred_at < $3";
  return countUpTo(sql, from, [shop, kinds, before], most);
}

/** From now on decisions know that what visitors did before is not kept. It never comes back. */
export async function markViewsFrom(tx: Sql, shop: ShopId, before: Date): Promise<void> {
  await tx.query("UPDATE shops SET views_from = greatest(views_from, $2::timestamptz) WHERE id = $1", [shop, before]);
}

export async function readViewsFrom(sql: Sql, shop: ShopId): Promise<Date | null> {
  const { rows } = await sql.query<{ from: Date | null }>("SELECT views_from AS from FROM shops WHERE id = $1", [shop]);
  return rows[0]?.from ?? null;
}
