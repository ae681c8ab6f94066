import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { STARTER_MESSAGE } from "./starter-segments.ts";

export interface SegmentSize {
  id: number;
  name: string;
  members: number;
}

/** How many entered and left each segment in a stretch of business time. */
export interface SegmentMovement {
  segmentId: number;
  entered: number;
  left: number;
}

export interface SegmentStay {
  segmentId: number;
  segment: string;
  enteredAt: Date;
  /** Null while the stay lasts. */
  leftAt: Date | null;
}

/** The shop's segments by name, without their rules. */
export async function segmentNames(sql: Sql, shop: ShopId): Promise<{ id: number; name: string }[]> {
  const { rows } = await sql.query<{ id: number; name: string }>(
    `SELECT id, name FROM segments WHERE shop_id = $1 ORDER BY id`,
    [shop],
  );
  return rows;
}

/** Whether somebody in the shop published a segment: the starters are Muster's own. */
export async function hasOwnSegment(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM segments s JOIN segment_versions v ON v.segment_id = s.id AND v.shop_id = s.shop_id
     WHERE s.shop_id = $1 AND s.removed_at IS NULL AND v.message <> $2 LIMIT 1`,
    [shop, STARTER_MESSAGE],
  );
  return rows.length > 0;
}

/** The shop's segments, or only the one, with their members now, in the order in which they were made. */
export async function segmentSizes(sql: Sql, shop: ShopId, only: number | null = null): Promise<SegmentSize[]> {
  const { rows } = await sql.query<SegmentSize>(
    `SELECT s.id, s.name, coalesce(now.members, 0) AS members
     FROM segments s LEFT JOIN (
       SELECT segment_id, count(*)::int AS members FROM memberships
       WHERE shop_id = $1 AND left_at IS NULL${only === null ? "" : " AND segment_id = $2"} GROUP BY segment_id
     ) now ON now.segment_id = s.id
     WHERE s.shop_id = $1 AND s.removed_at IS NULL${only === null ? "" : " AND s.id = $2"} ORDER BY s.id`,
    only === null ? [shop] : [shop, only],
  );
  return rows;
}

/** Entries and exits in (after, until], by segment; segments in which nothing moved are left out. */
export async function segmentMovements(sql: Sql, shop: ShopId, after: Date, until: Date): Promise<SegmentMovement[]> {
  const { rows } = await sql.query<{ segment_id: number; entered: number; left: number }>(
    `SELECT segment_id, sum(entered)::int AS entered, sum("left")::int AS "left" FROM (
       SELECT segment_id, count(*) AS entered, 0 AS "left" FROM memberships
         WHERE shop_id = $1 AND entered_at > $2 AND entered_at <= $3 GROUP BY segment_id
       UNION ALL
       SELECT segment_id, 0, count(*) FROM memberships
         WHERE shop_id = $1 AND left_at > $2 AND left_at <= $3 GROUP BY segment_id
     ) AS moved GROUP BY segment_id`,
    [shop, after, until],
  );
  return rows.map((row) => ({ segmentId: row.segment_id, entered: row.entered, left: row.left }));
}

/** The names of the segments each of the customers is in now; customers in none are left out. */
export async function currentSegments(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (customerIds.length === 0) return new Map();
  const { rows } = await sql.query<{ customer_id: string; names: string[] }>(
    `SELECT m.customer_id, array_agg(s.name ORDER BY s.id) AS names
     FROM memberships m JOIN segments s ON s.id = m.segment_id AND s.shop_id = m.shop_id
     WHERE m.shop_id = $1 AND m.customer_id = ANY($2::bigint[]) AND m.left_at IS NULL GROUP BY m.customer_id`,
    [shop, customerIds],
  );
  return new Map(rows.map((row) => [row.customer_id, row.names]));
}

/** A customer's stays in segments: the ones that last first, then the ended ones, newest first, `limit` in all. */
export async function segmentStays(sql: Sql, shop: ShopId, customerId: string, limit: number): Promise<SegmentStay[]> {
  const { rows } = await sql.query<{ segment_id: number; name: string; entered_at: Date; left_at: Date | null }>(
    `SELECT m.segment_id, s.name, m.entered_at, m.left_at
     FROM memberships m JOIN segments s ON s.id = m.segment_id AND s.shop_id = m.shop_id
     WHERE m.shop_id = $1 AND m.customer_id = $2
     ORDER BY m.left_at DESC NULLS FIRST, m.entered_at DESC, m.segment_id LIMIT $3`,
    [shop, customerId, limit],
  );
  return rows.map((row) => ({
    segmentId: row.segment_id,
    segment: row.name,
    enteredAt: row.entered_at,
    leftAt: row.left_at,
  }));
}

/** One change of a membership, as it was decided. */
export interface PastChange {
  change: "entered" | "left" | "withdrawn" | "resumed";
  at: Date;
  cause: "event" | "fact" | "time" | "rule" | "removed";
  eventKind: string | null;
  version: number;
}

/** The latest changes of a customer's membership in a segment, the last one first. */
export async function membershipHistory(
  sql: Sql,
  shop: ShopId,
  { segmentId, customerId }: { segmentId: number; customerId: string },
  limit: number,
): Promise<PastChange[]> {
  const { rows } = await sql.query<PastChange>(
    `SELECT change, at, cause, event_kind AS "eventKind", version FROM membership_changes
     WHERE shop_id = $1 AND customer_id = $3 AND segment_id = $2 ORDER BY id DESC LIMIT $4`,
    [shop, segmentId, customerId, limit],
  );
  return rows;
}

/** What people call it; rules name it by its key, which stays. */
export async function renameSegment(sql: Sql, shop: ShopId, segmentId: number, name: string): Promise<void> {
  await sql.query("UPDATE segments SET name = $3 WHERE shop_id = $1 AND id = $2", [shop, segmentId, name]);
}
