import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";

/** Somebody came into a segment or left it. */
export interface Transition {
  segmentId: number;
  customerId: string;
  /** Is a member from then on. */
  member: boolean;
  /** Business time. */
  at: Date;
}

export interface BookedEvent {
  id: string;
  customerId: string;
  change: "entered" | "left";
  segmentId: number;
  segmentName: string;
  at: Date;
  backfill: boolean;
  email: string;
  /** The platform's own id of the person. */
  remoteId: string | null;
  attempts: number;
}

/** News that is older started nothing at the time, and is not to start anything now. */
const STALE = "interval '1 day'";

/**
 * Books that platforms hear of entries and exits, where the merchant wants that, in the transaction that decided them and after the
 * audiences were projected. Somebody who leaves and was in no audience is nobody there. The same again is booked once.
 * @param moment.now business time
 * @param moment.backfill a new rule moved them, and not something they did
 */
export async function bookEvents(
  tx: Sql,
  shop: ShopId,
  transitions: readonly Transition[],
  moment: { now: Date; realNow: Date; backfill: boolean },
): Promise<void> {
  if (transitions.length === 0) return;
  await tx.query(
    `INSERT INTO segment_events (shop_id, audience_id, customer_id, change, at, backfill, email, remote_id, due_at)
     SELECT $1, a.id, t."customerId", CASE WHEN t.member THEN 'entered' ELSE 'left' END, t.at,
       $5 OR t.at < $3::timestamptz - ${STALE}, CASE WHEN NOT t.member THEN m.acked_email END,
       CASE WHEN NOT t.member THEN m.remote_id END, $4
     FROM json_to_recordset($2::json) AS t ("segmentId" int, "customerId" bigint, member boolean, at timestamptz)
     JOIN audiences a ON a.shop_id = $1 AND a.segment_id = t."segmentId" AND a.retired IS NULL AND a.leaving IS NULL
       AND a.state NOT IN ('building', 'review')
     JOIN destinations d ON d.id = a.destination_id AND d.segment_events AND NOT d.leaving
     LEFT JOIN audience_members m ON m.audience_id = a.id AND m.customer_id = t."customerId"
     WHERE t.member OR m.acked_email IS NOT NULL
     ON CONFLICT DO NOTHING`,
    [shop, JSON.stringify(transitions), moment.now, moment.realNow, moment.backfill],
  );
}

/** Books the entries of those who are in an audience and of whom nothing was ever told, as history. */
export async function bookHistory(sql: Sql, shop: ShopId, audienceId: number, realNow: Date): Promise<void> {
  await sql.query(
    `INSERT INTO segment_events (shop_id, audience_id, customer_id, change, at, backfill, due_at)
     SELECT $1, a.id, m.customer_id, 'entered', s.entered_at, true, $3
     FROM audiences a JOIN audience_members m ON m.audience_id = a.id AND m.member AND m.acked_email IS NOT NULL
     JOIN memberships s ON s.shop_id = $1 AND s.segment_id = a.segment_id AND s.customer_id = m.customer_id AND s.left_at IS NULL
     WHERE a.shop_id = $1 AND a.id = $2 AND a.retired IS NULL AND a.leaving IS NULL
       AND NOT EXISTS (SELECT FROM segment_events e WHERE e.audience_id = a.id AND e.customer_id = m.customer_id)
     ON CONFLICT DO NOTHING`,
    [shop, audienceId, realNow],
  );
}

/** What can be sent: an exit at any time, an entry once nothing of the person waits to be sent to the audience. */
export const READY = `(e.email IS NOT NULL OR NOT EXISTS (
  SELECT FROM audience_members m WHERE m.audience_id = e.audience_id AND m.customer_id = e.customer_id AND m.due_at IS NOT NULL))`;

/**
 * Takes events that are due, and settles under which address each is sent, from the first try to the last. Entries of people who did not
 * get into the audience, for want of consent or of an address, are done with: the platform does not know them.
 */
export async function claimEvents(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  times: { now: Date; until: Date; limit: number },
): Promise<BookedEvent[]> {
  await sql.query(
    `UPDATE segment_events e SET due_at = NULL, outcome = 'not_in_audience', done_at = $3
     WHERE e.shop_id = $1 AND e.audience_id = $2 AND e.due_at <= $3 AND e.email IS NULL AND ${READY}
       AND NOT EXISTS (SELECT FROM audience_members m WHERE m.audience_id = e.audience_id AND m.customer_id = e.customer_id
         AND m.acked_email = m.email AND m.rejection IS NULL)`,
    [shop, audienceId, times.now],
  );
  const { rows } = await sql.query<BookedEvent>(
    `WITH due AS (
       SELECT e.id, coalesce(e.email, m.acked_email) AS email,
         CASE WHEN e.email IS NULL THEN m.remote_id ELSE e.remote_id END AS remote_id
       FROM segment_events e
       LEFT JOIN audience_members m ON m.audience_id = e.audience_id AND m.customer_id = e.customer_id
       WHERE e.shop_id = $1 AND e.audience_id = $2 AND e.due_at <= $3 AND ${READY} AND coalesce(e.email, m.acked_email) IS NOT NULL
       ORDER BY e.due_at, e.id LIMIT $5
     )
     UPDATE segment_events e SET due_at = $4, email = due.email, remote_id = due.remote_id
     FROM due, audiences a, segments s
     WHERE e.id = due.id AND a.id = e.audience_id AND s.id = a.segment_id
     RETURNING e.id, e.customer_id AS "customerId", e.change, s.id AS "segmentId", s.name AS "segmentName", e.at, e.backfill,
       e.email, e.remote_id AS "remoteId", e.attempts`,
    [shop, audienceId, times.now, times.until, times.limit],
  );
  return rows;
}

/** Those of events that were claimed which are there still: of whoever was erased meanwhile none is, nor once they are switched off. */
export async function stillBooked(sql: Sql, shop: ShopId, events: readonly BookedEvent[]): Promise<BookedEvent[]> {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM segment_events WHERE shop_id = $1 AND id = ANY ($2::bigint[])",
    [shop, events.map(({ id }) => id)],
  );
  const there = new Set(rows.map(({ id }) => id));
  return events.filter(({ id }) => there.has(id));
}

export interface EventResult {
  id: string;
  /** `sent`, or why not, in the platform's words. */
  outcome: string;
  /** Null: it is done with. */
  dueAt: Date | null;
  counted: boolean;
}

export async function recordEvents(sql: Sql, shop: ShopId, results: readonly EventResult[], now: Date): Promise<void> {
  if (results.length === 0) return;
  await sql.query(
    `UPDATE segment_events e SET outcome = r.outcome, due_at = r."dueAt", attempts = e.attempts + r.counted::int,
       done_at = CASE WHEN r."dueAt" IS NULL THEN $3::timestamptz END
     FROM json_to_recordset($2::json) AS r (id bigint, outcome text, "dueAt" timestamptz, counted boolean)
     WHERE e.shop_id = $1 AND e.id = r.id`,
    [shop, JSON.stringify(results), now],
  );
}

/** When the next event of an audience can be sent; null: none waits. */
export async function nextEventDue(sql: Sql, shop: ShopId, audienceId: number): Promise<Date | null> {
  const { rows } = await sql.query<{ at: Date | null }>(
    `SELECT min(due_at) AS at FROM segment_events e WHERE shop_id = $1 AND audience_id = $2 AND due_at IS NOT NULL AND ${READY}`,
    [shop, audienceId],
  );
  return rows[0]?.at ?? null;
}

/** Switches the events of a destination. Off: what waits is not sent any more. @returns its audiences. */
export async function saveSegmentEvents(tx: Sql, shop: ShopId, destinationId: number, on: boolean): Promise<void> {
  await tx.query(`UPDATE destinations SET segment_events = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    on,
  ]);
  if (on) return;
  await tx.query(
    `DELETE FROM segment_events e USING audiences a
     WHERE e.shop_id = $1 AND a.id = e.audience_id AND a.destination_id = $2 AND e.due_at IS NOT NULL`,
    [shop, destinationId],
  );
}

/** How many events of a destination wait, and how many of them for want of a permission. */
export async function countEvents(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
): Promise<{ waiting: number; forbidden: number }> {
  const { rows } = await sql.query<{ waiting: number; forbidden: number }>(
    `SELECT count(*)::int AS waiting, (count(*) FILTER (WHERE e.outcome = 'no_permission'))::int AS forbidden
     FROM segment_events e JOIN audiences a ON a.id = e.audience_id
     WHERE e.shop_id = $1 AND a.destination_id = $2 AND e.due_at IS NOT NULL`,
    [shop, destinationId],
  );
  return rows[0] ?? { waiting: 0, forbidden: 0 };
}

/** Deletes what was done a month ago, of every shop. */
export async function dropOldEvents(sql: Sql, now: Date): Promise<void> {
  await sql.query(`DELETE FROM segment_events WHERE done_at < $1::timestamptz - interval '30 days'`, [now]);
}
