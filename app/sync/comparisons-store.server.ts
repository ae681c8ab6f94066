import { countUpTo } from "../platform/count-up-to.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { ReconcileReport } from "./account-for.ts";

/** Of one audience; asked for by hand they come as often as somebody likes. */
const MOST_KEPT = 100;

/** What one comparison found: counts, and who by name. */
export interface Found {
  report: ReconcileReport;
  /** By customer id, as `account-for.ts` names them. */
  unlike: ReadonlyMap<string, string>;
  /** The platform's own ids of those whom nobody here has anything to do with. */
  strangers: readonly string[];
}

/**
 * Keeps what a comparison found: the newest with the audience, and with its date among the earlier ones. Who is erased meanwhile is not named.
 * @param found null: the audience cannot be read back, and counts as looked at all the same.
 */
export async function saveComparison(
  db: Db,
  shop: ShopId,
  audienceId: number,
  found: Found | null,
  now: Date,
): Promise<void> {
  await db.tx(async (tx) => {
    await holdOffErasures(tx, shop);
    const { rowCount } = await tx.query(
      `UPDATE audiences SET report = $3::jsonb, reconciled_at = $4 WHERE shop_id = $1 AND id = $2`,
      [shop, audienceId, found && JSON.stringify(found.report), now],
    );
    if (found === null || rowCount === 0) return;
    await tx.query(
      `INSERT INTO comparisons (shop_id, audience_id, compared_at, report, members, strangers)
       SELECT $1, $2, $3, $4::jsonb, coalesce(jsonb_object_agg(member.key, member.value), '{}'), $6::text[]
       FROM jsonb_each($5::jsonb) AS member JOIN customers c ON c.shop_id = $1 AND c.id = member.key::bigint`,
      [
        shop,
        audienceId,
        now,
        JSON.stringify(found.report),
        JSON.stringify(Object.fromEntries(found.unlike)),
        found.strangers,
      ],
    );
    await tx.query(
      `DELETE FROM comparisons WHERE shop_id = $1 AND audience_id = $2 AND id < (SELECT min(id) FROM (
         SELECT id FROM comparisons WHERE shop_id = $1 AND audience_id = $2 ORDER BY id DESC LIMIT $3) AS kept)`,
      [shop, audienceId, MOST_KEPT],
    );
  });
}

export interface Comparison {
  id: string;
  audienceId: number;
  segmentName: string;
  at: Date;
  report: ReconcileReport;
  /** So many are named in its file. */
  named: number;
}

const COLUMNS = `c.id::text, c.audience_id AS "audienceId", s.name AS "segmentName", c.compared_at AS at, c.report,
  ((SELECT count(*) FROM jsonb_object_keys(c.members)) + cardinality(c.strangers))::int AS named`;
const FROM = "comparisons c JOIN audiences a ON a.id = c.audience_id JOIN segments s ON s.id = a.segment_id";

/** Every comparison of an audience that is kept, the newest first. */
export async function listComparisons(sql: Sql, shop: ShopId, audienceId: number): Promise<Comparison[]> {
  const { rows } = await sql.query<Comparison>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE c.shop_id = $1 AND c.audience_id = $2 ORDER BY c.id DESC`,
    [shop, audienceId],
  );
  return rows;
}

export async function findComparison(sql: Sql, shop: ShopId, comparisonId: string): Promise<Comparison | null> {
  const { rows } = await sql.query<Comparison>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE c.shop_id = $1 AND c.id = $2::bigint`,
    [shop, comparisonId],
  );
  return rows[0] ?? null;
}

/** Somebody whom a comparison names, with the name and address of now. */
export interface ComparedMember {
  /** Null: nobody of the shop's. */
  customerId: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  exception: string;
  /** Of somebody refused, what the platform said; of a stranger, the platform's own id. */
  words: string | null;
}

/** Everybody whom a comparison names: some thousands at most. */
export async function comparedMembers(sql: Sql, shop: ShopId, comparisonId: string): Promise<ComparedMember[]> {
  const { rows } = await sql.query<ComparedMember>(
    `SELECT member.key AS "customerId", p.email, p.first_name AS "firstName", p.last_name AS "lastName",
       split_part(member.value, ' ', 1) AS exception, substring(member.value from ' (.*)') AS words
     FROM comparisons c CROSS JOIN jsonb_each_text(c.members) AS member
     LEFT JOIN profiles p ON p.shop_id = $1 AND p.customer_id = member.key::bigint
     WHERE c.shop_id = $1 AND c.id = $2::bigint ORDER BY member.key::bigint`,
    [shop, comparisonId],
  );
  const { rows: others } = await sql.query<ComparedMember>(
    `SELECT NULL AS "customerId", NULL AS email, NULL AS "firstName", NULL AS "lastName", 'stranger' AS exception, words
     FROM comparisons c CROSS JOIN unnest(c.strangers) AS words WHERE c.shop_id = $1 AND c.id = $2::bigint`,
    [shop, comparisonId],
  );
  return [...rows, ...others];
}

/** Forgets comparisons from before, at most `limit` of them. @returns how many went. */
export async function dropComparisonsBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM comparisons WHERE id IN (SELECT id FROM comparisons WHERE shop_id = $1 AND compared_at < $2 LIMIT $3)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}

/** How many comparisons are from before; counting ends at `most`. */
export async function countComparisonsBefore(sql: Sql, shop: ShopId, before: Date, most: number): Promise<number> {
  return countUpTo(sql, "comparisons WHERE shop_id = $1 AND compared_at < $2", [shop, before], most);
}
