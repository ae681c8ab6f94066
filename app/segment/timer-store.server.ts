import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** Sets when each customer's answers next change by themselves; null takes the timer away. */
export async function setTimers(
  tx: Sql,
  shop: ShopId,
  timers: readonly { customerId: string; dueAt: Date | null }[],
): Promise<void> {
  const off = timers.filter(({ dueAt }) => dueAt === null).map(({ customerId }) => customerId);
  const on = timers.filter(({ dueAt }) => dueAt !== null);
  if (off.length > 0) {
    await tx.query("DELETE FROM timers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])", [shop, off]);
  }
  if (on.length > 0) {
    await tx.query(
      `INSERT INTO timers (shop_id, customer_id, due_at)
       SELECT $1, id, due_at FROM unnest($2::bigint[], $3::timestamptz[]) AS given (id, due_at)
       ON CONFLICT (shop_id, customer_id) DO UPDATE SET due_at = excluded.due_at WHERE timers.due_at <> excluded.due_at`,
      [shop, on.map(({ customerId }) => customerId), on.map(({ dueAt }) => dueAt)],
    );
  }
}

/** Takes timers of all shops that are due, oldest first: for the sweep, which returns keys only. */
export async function takeDueTimers(
  tx: Sql,
  now: Date,
  limit: number,
): Promise<{ shop: ShopId; customerId: string }[]> {
  const { rows } = await tx.query<{ shop_id: ShopId; customer_id: string }>(
    `DELETE FROM timers WHERE (shop_id, customer_id) IN (
       SELECT shop_id, customer_id FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING shop_id, customer_id`,
    [now, limit],
  );
  return rows.map((row) => ({ shop: row.shop_id, customerId: row.customer_id }));
}

/** When the next timer of any shop is due. */
export async function nextTimer(sql: Sql): Promise<Date | null> {
  const { rows } = await sql.query<{ due_at: Date | null }>("SELECT min(due_at) AS due_at FROM timers");
  return rows[0]?.due_at ?? null;
}
