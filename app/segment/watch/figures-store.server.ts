import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { formatDay, parseDay } from "../language/calendar.ts";
import type { DayFigures } from "./band.ts";

/** Entries and exits between two edges of time; `stretch` counts from 1 between the first two, and is the last edge's number after it. */
export interface MovesInStretch {
  segmentId: number;
  stretch: number;
  entered: number;
  left: number;
}

/** Entries and exits of all segments since the first edge, in one pass over the memberships. @param edges ascending */
export async function movesBetween(sql: Sql, shop: ShopId, edges: readonly Date[]): Promise<MovesInStretch[]> {
  const { rows } = await sql.query<MovesInStretch>(
    `SELECT segment_id AS "segmentId", stretch, sum(entered)::int AS entered, sum("left")::int AS "left" FROM (
       SELECT segment_id, width_bucket(entered_at, $2::timestamptz[]) AS stretch, 1 AS entered, 0 AS "left"
       FROM memberships WHERE shop_id = $1 AND entered_at >= $3
       UNION ALL
       SELECT segment_id, width_bucket(left_at, $2::timestamptz[]), 0, 1 FROM memberships WHERE shop_id = $1 AND left_at >= $3
     ) AS moved GROUP BY segment_id, stretch`,
    [shop, edges, edges[0]],
  );
  return rows;
}

/** The members of each segment now, and what they have spent together, net of refunds, in minor units. */
export async function membersAndValue(
  sql: Sql,
  shop: ShopId,
): Promise<Map<number, { members: number; valueMinor: bigint }>> {
  const { rows } = await sql.query<{ segment_id: number; members: number; value: string }>(
    `SELECT m.segment_id, count(*)::int AS members, coalesce(sum(p.gross_minor - p.refunded_minor), 0)::bigint AS value
     FROM memberships m LEFT JOIN profiles p ON p.shop_id = m.shop_id AND p.customer_id = m.customer_id
     WHERE m.shop_id = $1 AND m.left_at IS NULL GROUP BY m.segment_id`,
    [shop],
  );
  return new Map(rows.map((row) => [row.segment_id, { members: row.members, valueMinor: BigInt(row.value) }]));
}

/** What is written of a day. Null leaves the value as somebody saw it under the same version. */
export type DayToWrite = Omit<DayFigures, "value"> & { valueMinor: bigint | null };

export const KEPT_DAYS = 120;

/** Writes days of a segment over what was said of them before: facts that came late count in their place. */
export async function writeDays(
  tx: Sql,
  shop: ShopId,
  { segmentId, version }: { segmentId: number; version: number },
  days: readonly DayToWrite[],
): Promise<void> {
  const rows = days.map((day) => ({ ...day, day: formatDay(day.day), valueMinor: day.valueMinor?.toString() ?? null }));
  await tx.query(
    `INSERT INTO segment_days AS kept (segment_id, day, shop_id, version, members, entered, "left", value_minor)
     SELECT $2, day, $1, $3, members, entered, "left", "valueMinor" FROM json_to_recordset($4::json)
       AS given (day date, members int, entered int, "left" int, "valueMinor" bigint)
     ON CONFLICT (segment_id, day) DO UPDATE SET version = excluded.version, members = excluded.members, entered = excluded.entered,
       "left" = excluded."left",
       value_minor = coalesce(excluded.value_minor, CASE WHEN kept.version = excluded.version THEN kept.value_minor END)`,
    [shop, segmentId, version, JSON.stringify(rows)],
  );
  await tx.query(
    `DELETE FROM segment_days WHERE shop_id = $1 AND segment_id = $2
       AND day < (SELECT max(day) FROM segment_days WHERE segment_id = $2) - $3::int`,
    [shop, segmentId, KEPT_DAYS],
  );
}

export interface DaySize {
  /** "2026-01-31" of the shop. */
  day: string;
  members: number;
}

/** How many members each segment had at the end of each of its last days that are written down, oldest first. */
export async function membersByDay(sql: Sql, shop: ShopId, days: number): Promise<Map<number, DaySize[]>> {
  const { rows } = await sql.query<DaySize & { segmentId: number }>(
    `SELECT segment_id AS "segmentId", day::text, members FROM segment_days
     WHERE shop_id = $1 AND day > (SELECT max(day) FROM segment_days WHERE shop_id = $1) - $2::int ORDER BY segment_id, segment_days.day`,
    [shop, days],
  );
  return Map.groupBy(rows, ({ segmentId }) => segmentId);
}

/** The days of a segment that are written down, oldest first. */
export async function readDays(sql: Sql, shop: ShopId, segmentId: number): Promise<DayFigures[]> {
  const { rows } = await sql.query<{
    day: string;
    members: number;
    entered: number;
    left: number;
    value: string | null;
  }>(
    `SELECT day::text, members, entered, "left", value_minor AS value FROM segment_days
     WHERE shop_id = $1 AND segment_id = $2 ORDER BY segment_days.day`,
    [shop, segmentId],
  );
  return rows.map(({ day, members, entered, left, value }) => ({
    day: parseDay(day),
    members,
    entered,
    left,
    value: value === null || members === 0 ? null : Number(value) / members,
  }));
}
