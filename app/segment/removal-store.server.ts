import { beginErasure } from "../ingest/erased/erased-store.server.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { startBuilds } from "./builds-store.server.ts";
import { segmentsRead } from "./language/needs.ts";
import { ruleSchema } from "./language/tree.ts";
import { listSegments } from "./segment-store.server.ts";
import { checkReferences } from "./versions-store.server.ts";

/** A segment that was removed and can be restored. */
export interface RemovedSegment {
  id: number;
  name: string;
  /** Business time. */
  removedAt: Date;
  removedBy: string;
  /** Members who are still to be put out. */
  leaving: number;
}

export type Removal =
  | { outcome: "removed" }
  /** Rules of other segments ask for it: their names. */
  | { outcome: "used"; by: string[] }
  | { outcome: "not_found" };

export type Restoration =
  { outcome: "restored" } | { outcome: "not_found" } | { outcome: "cycle" | "unknown_segments"; keys: string[] };

/**
 * Removes a segment: decisions under its rule end first, and nobody is decided for it any more. Its members are put out afterwards,
 * see `closeMembers`; what was stays in the history.
 */
export async function removeSegment(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  { by, now, exits }: { by: string; now: Date; /** Whether exit automations run for its members. */ exits: boolean },
): Promise<Removal> {
  await beginErasure(tx, shop);
  const segments = await listSegments(tx, shop);
  const segment = segments.find(({ id }) => id === segmentId);
  if (!segment) return { outcome: "not_found" };
  const users = segments.filter(({ id, rule }) => id !== segmentId && segmentsRead(rule.when).has(segment.key));
  if (users.length > 0) return { outcome: "used", by: users.map(({ name }) => name) };
  await tx.query(
    `UPDATE segments SET removed_at = $3, removed_by = $4, exits_announced = $5, moves_announced = false, closed_at = NULL
     WHERE shop_id = $1 AND id = $2`,
    [shop, segmentId, now, by, exits],
  );
  await tx.query("DELETE FROM segment_builds WHERE shop_id = $1 AND segment_id = $2", [shop, segmentId]);
  return { outcome: "removed" };
}

/** Takes a removal back. The rule is as if it had never been away: everybody is decided anew. */
export async function restoreSegment(tx: Sql, shop: ShopId, segmentId: number): Promise<Restoration> {
  await beginErasure(tx, shop);
  const { rows } = await tx.query<{ key: string; definition: unknown }>(
    "SELECT key, definition FROM segments WHERE shop_id = $1 AND id = $2 AND removed_at IS NOT NULL",
    [shop, segmentId],
  );
  const [row] = rows;
  if (!row) return { outcome: "not_found" };
  const refused = await checkReferences(tx, shop, row.key, ruleSchema.parse(row.definition));
  if (refused) return refused;
  await tx.query(
    "UPDATE segments SET removed_at = NULL, removed_by = NULL, closed_at = NULL, exits_announced = false WHERE shop_id = $1 AND id = $2",
    [shop, segmentId],
  );
  await startBuilds(tx, shop, await listSegments(tx, shop), new Date());
  return { outcome: "restored" };
}

/** Removed segments, the last one first. */
export async function removedSegments(sql: Sql, shop: ShopId): Promise<RemovedSegment[]> {
  const { rows } = await sql.query<RemovedSegment>(
    `SELECT s.id, s.name, s.removed_at AS "removedAt", s.removed_by AS "removedBy", CASE WHEN s.closed_at IS NULL THEN (
       SELECT count(*)::int FROM memberships m WHERE m.shop_id = $1 AND m.segment_id = s.id AND m.left_at IS NULL) ELSE 0 END AS leaving
     FROM segments s WHERE s.shop_id = $1 AND s.removed_at IS NOT NULL ORDER BY s.removed_at DESC, s.id DESC`,
    [shop],
  );
  return rows;
}

/** A removed segment of the shop that may still have members; null: there is none. */
export async function segmentToClose(sql: Sql, shop: ShopId): Promise<number | null> {
  const { rows } = await sql.query<{ id: number }>(
    "SELECT id FROM segments WHERE shop_id = $1 AND removed_at IS NOT NULL AND closed_at IS NULL ORDER BY id LIMIT 1",
    [shop],
  );
  return rows[0]?.id ?? null;
}

/**
 * Puts members of a removed segment out, as of its removal, and writes that down with the cause "removed".
 * @returns who; fewer than `limit` once all are out, which is then noted.
 */
export async function closeMembers(tx: Sql, shop: ShopId, segmentId: number, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ customer_id: string }>(
    `WITH removed AS (SELECT id, version, removed_at FROM segments WHERE shop_id = $1 AND id = $2 AND removed_at IS NOT NULL),
     taken AS MATERIALIZED (
       SELECT customer_id, entered_at FROM memberships WHERE shop_id = $1 AND segment_id = $2 AND left_at IS NULL
       ORDER BY customer_id LIMIT $3
     ), closed AS (
       UPDATE memberships m SET left_at = greatest(m.entered_at, removed.removed_at), decided_at = removed.removed_at
       FROM taken, removed WHERE m.shop_id = $1 AND m.segment_id = $2 AND m.customer_id = taken.customer_id AND m.entered_at = taken.entered_at
       RETURNING m.customer_id, m.left_at
     )
     INSERT INTO membership_changes (shop_id, segment_id, customer_id, change, at, cause, version, decided_at)
     SELECT $1, $2, customer_id, 'left', left_at, 'removed', version, removed_at FROM closed, removed ORDER BY customer_id
     RETURNING customer_id`,
    [shop, segmentId, limit],
  );
  if (rows.length < limit) {
    await tx.query("UPDATE segments SET closed_at = now() WHERE shop_id = $1 AND id = $2 AND removed_at IS NOT NULL", [
      shop,
      segmentId,
    ]);
  }
  return rows.map((row) => row.customer_id);
}
