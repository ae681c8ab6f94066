import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** When the answers about a customer change by themselves, by segment. */
export interface Timers {
  customerId: string;
  dueAts: ReadonlyMap<number, Date>;
}

export async function readTimers(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Timers[]> {
  const { rows } = await sql.query<{ customer_id: string; segment_ids: number[]; due_ats: Date[] }>(
    "SELECT customer_id, segment_ids, due_ats FROM timers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])",
    [shop, customerIds],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    dueAts: new Map(row.segment_ids.map((id, index) => [id, row.due_ats[index] ?? new Date(0)])),
  }));
}

/** Sets when each customer's answers next change by themselves; a customer who waits for nothing has no row. */
export async function setTimers(tx: Sql, shop: ShopId, timers: readonly Timers[]): Promise<void> {
  if (timers.length === 0) return;
  const off = timers.filter(({ dueAts }) => dueAts.size === 0).map(({ customerId }) => customerId);
  const on = timers
    .filter(({ dueAts }) => dueAts.size > 0)
    .map(({ customerId, dueAts }) => {
      const dues = Array.from(dueAts.values(), (at) => at.getTime());
      return { id: customerId, due: Math.min(...dues), segments: [...dueAts.keys()], dues };
    });
  await tx.query(
    `WITH off AS (DELETE FROM timers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]))
     INSERT INTO timers (shop_id, customer_id, due_at, segment_ids, due_ats)
     SELECT $1, id, to_timestamp(due / 1000), array(SELECT jsonb_array_elements_text(segments)::int),
       array(SELECT to_timestamp(jsonb_array_elements_text(dues)::float8 / 1000))
     FROM json_to_recordset($3::json) AS given (id bigint, due float8, segments jsonb, dues jsonb)
     ON CONFLICT (shop_id, customer_id) DO UPDATE
       SET due_at = excluded.due_at, segment_ids = excluded.segment_ids, due_ats = excluded.due_ats
       WHERE (timers.due_at, timers.segment_ids, timers.due_ats) IS DISTINCT FROM (excluded.due_at, excluded.segment_ids, excluded.due_ats)`,
    [shop, off, JSON.stringify(on)],
  );
}

/** Whose timers of all shops are due, oldest first: for the sweep, which returns keys only. Nothing is locked. */
export async function dueTimers(sql: Sql, now: Date, limit: number): Promise<{ shop: ShopId; customerId: string }[]> {
  const { rows } = await sql.query<{ shop_id: ShopId; customer_id: string }>(
    "SELECT shop_id, customer_id FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
    [now, limit],
  );
  return rows.map((row) => ({ shop: row.shop_id, customerId: row.customer_id }));
}

/**
 * Takes what is due of these customers, who are in the queue. Which segments are due is left in the row for the one who decides;
 * until then the row is nobody's turn.
 */
export async function takeTimers(tx: Sql, shop: ShopId, customerIds: readonly string[], now: Date): Promise<void> {
  await tx.query(
    "UPDATE timers SET due_at = NULL WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND due_at <= $3",
    [shop, customerIds, now],
  );
}

/** When the next timer of any shop is due. */
export async function nextTimer(sql: Sql): Promise<Date | null> {
  const { rows } = await sql.query<{ due_at: Date | null }>("SELECT min(due_at) AS due_at FROM timers");
  return rows[0]?.due_at ?? null;
}
