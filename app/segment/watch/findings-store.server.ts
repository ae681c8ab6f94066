import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Finding, findingSchema } from "./finding.ts";

export type KeptFinding = Finding & { segmentId: number; foundAt: Date };

/** Keeps what is found of a segment now. What was found before keeps its date, and stays reviewed as long as it is found. */
export async function keepFindings(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  await tx.query(
    `DELETE FROM segment_findings WHERE shop_id = $1 AND segment_id = $2
       AND (kind, subject) NOT IN (SELECT kind, subject FROM unnest($3::text[], $4::text[]) AS given (kind, subject))`,
    [shop, segmentId, findings.map(({ kind }) => kind), findings.map(({ subject }) => subject)],
  );
  await tx.query(
    `INSERT INTO segment_findings (segment_id, kind, subject, shop_id, detail, found_at)
     SELECT $2, kind, subject, $1, detail, $4 FROM json_to_recordset($3::json) AS given (kind text, subject text, detail jsonb)
     ON CONFLICT (segment_id, kind, subject) DO UPDATE SET detail = excluded.detail`,
    [shop, segmentId, JSON.stringify(findings), now],
  );
}

/** What was found of the shop's segments and nobody reviewed yet, oldest first. */
export async function openFindings(sql: Sql, shop: ShopId): Promise<KeptFinding[]> {
  const { rows } = await sql.query<{ segment_id: number; kind: string; subject: string; detail: unknown; at: Date }>(
    `SELECT f.segment_id, f.kind, f.subject, f.detail, f.found_at AS at FROM segment_findings f
     JOIN segment_watches w ON w.segment_id = f.segment_id JOIN segments s ON s.id = f.segment_id AND s.version = w.version
     WHERE f.shop_id = $1 AND f.reviewed_at IS NULL ORDER BY f.found_at, f.kind, f.subject`,
    [shop],
  );
  return rows.map(({ segment_id: segmentId, at, ...finding }) => ({
    ...findingSchema.parse(finding),
    segmentId,
    foundAt: at,
  }));
}

/** Says that somebody looked at it. It comes back once it was gone and is found again. */
export async function reviewFinding(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  { kind, subject }: Pick<Finding, "kind" | "subject">,
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE segment_findings SET reviewed_at = $5 WHERE shop_id = $1 AND segment_id = $2 AND kind = $3 AND subject = $4`,
    [shop, segmentId, kind, subject, now],
  );
}

const TO_WATCH = `segments s JOIN segment_builds b ON b.segment_id = s.id AND b.finished_at IS NOT NULL
  LEFT JOIN segment_watches w ON w.segment_id = s.id
  WHERE s.removed_at IS NULL AND (w.segment_id IS NULL OR w.version <> s.version OR w.due_at <= $1)`;

/** Shops with a segment that is to be looked at: for the sweep, which returns keys only. @param now business time */
export async function shopsToWatch(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(`SELECT DISTINCT s.shop_id FROM ${TO_WATCH}`, [now]);
  return rows.map((row) => row.shop_id);
}

/** Segments of the shop that are decided for everybody and to be looked at: new versions at once, the others once a day. */
export async function segmentsToWatch(sql: Sql, shop: ShopId, now: Date): Promise<Set<number>> {
  const { rows } = await sql.query<{ id: number }>(`SELECT s.id FROM ${TO_WATCH} AND s.shop_id = $2`, [now, shop]);
  return new Set(rows.map((row) => row.id));
}

/** @param dueAt when to look again, in business time */
export async function recordWatch(
  tx: Sql,
  shop: ShopId,
  { segmentId, version, dueAt }: { segmentId: number; version: number; dueAt: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO segment_watches (segment_id, shop_id, version, due_at) VALUES ($2, $1, $3, $4)
     ON CONFLICT (segment_id) DO UPDATE SET version = excluded.version, due_at = excluded.due_at`,
    [shop, segmentId, version, dueAt],
  );
}
