import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { TRAITS } from "../traits.ts";

/** A file of everybody in a segment, as it is being built or can be fetched. */
export interface SegmentExport {
  id: string;
  segmentId: number;
  segmentName: string;
  askedAt: Date;
  /** Null: being built. */
  finishedAt: Date | null;
  expiresAt: Date;
  people: number;
  bytes: number;
}

export const DAYS_TO_FETCH = 7;

/** Asks for a file. @returns its id; null when there is no such segment. */
export async function askForExport(sql: Sql, shop: ShopId, segmentId: number, now: Date): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO segment_exports (shop_id, segment_id, name, asked_at, expires_at)
     SELECT shop_id, id, name, $3::timestamptz, $3::timestamptz + make_interval(days => $4)
     FROM segments WHERE shop_id = $1 AND id = $2 RETURNING id::text`,
    [shop, segmentId, now, DAYS_TO_FETCH],
  );
  return rows[0]?.id ?? null;
}

const COLUMNS = `id::text, segment_id AS "segmentId", name AS "segmentName", asked_at AS "askedAt",
  finished_at AS "finishedAt", expires_at AS "expiresAt", people, bytes::float8 AS bytes`;

/** Files of a segment that have not expired, the newest first. */
export async function listExports(sql: Sql, shop: ShopId, segmentId: number, now: Date): Promise<SegmentExport[]> {
  const { rows } = await sql.query<SegmentExport>(
    `SELECT ${COLUMNS} FROM segment_exports WHERE shop_id = $1 AND segment_id = $2 AND expires_at > $3 ORDER BY id DESC`,
    [shop, segmentId, now],
  );
  return rows;
}

export async function findExport(sql: Sql, shop: ShopId, exportId: string, now: Date): Promise<SegmentExport | null> {
  const { rows } = await sql.query<SegmentExport>(
    `SELECT ${COLUMNS} FROM segment_exports WHERE shop_id = $1 AND id = $2 AND expires_at > $3`,
    [shop, exportId, now],
  );
  return rows[0] ?? null;
}

/** Where a build stands, locked until the transaction's end; null when it is finished or gone. */
export async function lockBuild(
  tx: Sql,
  shop: ShopId,
  exportId: string,
): Promise<{ segmentId: number; position: string; people: number; bytes: number; parts: number } | null> {
  const { rows } = await tx.query<{
    segmentId: number;
    position: string;
    people: number;
    bytes: number;
    parts: number;
  }>(
    `SELECT segment_id AS "segmentId", position::text, people, bytes::float8 AS bytes,
       (SELECT count(*) FROM segment_export_parts p WHERE p.export_id = e.id)::int AS parts
     FROM segment_exports e WHERE shop_id = $1 AND id = $2 AND finished_at IS NULL FOR UPDATE`,
    [shop, exportId],
  );
  return rows[0] ?? null;
}

/** One person of a file; the traits by name. */
export interface ExportedPerson {
  customerId: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  consent: string;
  enteredAt: Date;
  traits: Record<string, string | number | null>;
}

const TRAIT_VALUES = TRAITS.map(({ name, sql }) => `'${name}', ${sql}`).join(", ");

/** Members of a segment at this moment, by their ids. */
export async function membersAfter(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  after: string,
  limit: number,
): Promise<ExportedPerson[]> {
  const { rows } = await sql.query<ExportedPerson>(
    `SELECT p.customer_id AS "customerId", p.email, p.first_name AS "firstName", p.last_name AS "lastName",
       p.email_consent AS consent, m.entered_at AS "enteredAt", jsonb_build_object(${TRAIT_VALUES}) AS traits
     FROM (
       SELECT customer_id, max(entered_at) AS entered_at FROM memberships
       WHERE shop_id = $1 AND segment_id = $2 AND left_at IS NULL AND customer_id > $3
       GROUP BY customer_id ORDER BY customer_id LIMIT $4
     ) m JOIN profiles p ON p.shop_id = $1 AND p.customer_id = m.customer_id ORDER BY p.customer_id`,
    [shop, segmentId, after, limit],
  );
  return rows;
}

/** Adds a part and moves the build on. @param part.position null: it was the last. */
export async function addPart(
  tx: Sql,
  shop: ShopId,
  exportId: string,
  part: {
    number: number;
    startsAt: number;
    bytes: number;
    sealed: Buffer;
    people: number;
    position: string | null;
    now: Date;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO segment_export_parts (shop_id, export_id, number, starts_at, bytes, sealed) VALUES ($1, $2, $3, $4, $5, $6)`,
    [shop, exportId, part.number, part.startsAt, part.bytes, part.sealed],
  );
  await tx.query(
    `UPDATE segment_exports SET people = people + $3, bytes = bytes + $4, position = coalesce($5, position),
       finished_at = CASE WHEN $5::bigint IS NULL THEN $6::timestamptz END
     WHERE shop_id = $1 AND id = $2`,
    [shop, exportId, part.people, part.bytes, part.position, part.now],
  );
}

/** The part of a file that holds this byte. */
export async function partAt(
  sql: Sql,
  shop: ShopId,
  exportId: string,
  byte: number,
): Promise<{ number: number; startsAt: number; sealed: Buffer } | null> {
  const { rows } = await sql.query<{ number: number; startsAt: number; sealed: Buffer }>(
    `SELECT number, starts_at::float8 AS "startsAt", sealed FROM segment_export_parts
     WHERE shop_id = $1 AND export_id = $2 AND starts_at <= $3 ORDER BY starts_at DESC LIMIT 1`,
    [shop, exportId, byte],
  );
  return rows[0] ?? null;
}

/** Deletes what has expired, of every shop, and names the builds that are not finished: for the sweep. */
export async function exportsToBuild(sql: Sql, now: Date): Promise<{ shopId: ShopId; exportId: string }[]> {
  await sql.query(`DELETE FROM segment_exports WHERE expires_at <= $1`, [now]);
  const { rows } = await sql.query<{ shopId: ShopId; exportId: string }>(
    `SELECT shop_id AS "shopId", id::text AS "exportId" FROM segment_exports WHERE finished_at IS NULL`,
  );
  return rows;
}
