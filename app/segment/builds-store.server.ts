import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Segment } from "./segment.ts";

/** How far a rule that is new, changed or read on other clocks has been decided for the whole shop. */
export interface Build {
  segmentId: number;
  /** What it is for: see `Segment.target`. */
  target: string;
  /** The last customer that is done. */
  position: string;
  done: number;
  total: number;
  startedAt: Date;
  finishedAt: Date | null;
}

export async function readBuilds(sql: Sql, shop: ShopId): Promise<Build[]> {
  const { rows } = await sql.query<Build>(
    `SELECT segment_id AS "segmentId", target, position, done, total, started_at AS "startedAt", finished_at AS "finishedAt"
     FROM segment_builds WHERE shop_id = $1 ORDER BY segment_id`,
    [shop],
  );
  return rows;
}

/**
 * Begins anew for every segment whose build is for something else than its rule is now. Where there are no profiles yet there is
 * nothing to build. @returns how many.
 */
export async function startBuilds(
  sql: Sql,
  shop: ShopId,
  segments: readonly Pick<Segment, "id" | "target">[],
  now: Date,
): Promise<number> {
  const { rowCount } = await sql.query(
    `INSERT INTO segment_builds (segment_id, shop_id, target, total, started_at, finished_at)
     SELECT id, $1, target, profiles.total, $4, CASE WHEN profiles.total = 0 THEN $4::timestamptz END
     FROM unnest($2::int[], $3::text[]) AS given (id, target), (SELECT count(*)::int AS total FROM profiles WHERE shop_id = $1) profiles
     WHERE NOT EXISTS (SELECT FROM segment_builds same WHERE same.segment_id = given.id AND same.target = given.target)
     ON CONFLICT (segment_id) DO UPDATE SET target = excluded.target, position = -1, done = 0, total = excluded.total,
       started_at = excluded.started_at, finished_at = excluded.finished_at`,
    [shop, segments.map(({ id }) => id), segments.map(({ target }) => target), now],
  );
  return rowCount ?? 0;
}

/** The next customers after `position`, at most up to `upTo`; their profiles are held until the transaction ends. */
export async function takeStretch(
  tx: Sql,
  shop: ShopId,
  { after, upTo }: { after: string; upTo: string | null },
  limit: number,
): Promise<string[]> {
  const { rows } = await tx.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1 AND customer_id > $2 AND ($3::bigint IS NULL OR customer_id <= $3)
     ORDER BY customer_id LIMIT $4 FOR UPDATE`,
    [shop, after, upTo, limit],
  );
  return rows.map((row) => row.customer_id);
}

/** @param position null at the end */
export async function recordStretch(
  tx: Sql,
  shop: ShopId,
  segmentIds: readonly number[],
  { done, position, now }: { done: number; position: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `UPDATE segment_builds SET done = done + $3, position = coalesce($4::bigint, -1), total = greatest(total, done + $3),
       finished_at = CASE WHEN $4::bigint IS NULL THEN $5::timestamptz END
     WHERE shop_id = $1 AND segment_id = ANY($2::int[])`,
    [shop, segmentIds, done, position, now],
  );
}

/** Shops in which a segment has not been decided for everybody, or was removed and still has members: for the sweep, which returns keys only. */
export async function shopsToBuild(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT DISTINCT s.shop_id FROM segments s LEFT JOIN segment_builds b ON b.segment_id = s.id
     WHERE CASE WHEN s.removed_at IS NULL THEN b.finished_at IS NULL ELSE s.closed_at IS NULL END`,
  );
  return rows.map((row) => row.shop_id);
}
