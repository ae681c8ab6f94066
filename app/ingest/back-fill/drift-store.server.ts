import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ConsentFact } from "../facts.ts";

export type DriftKind = "customers" | "orders";

export interface DriftLook {
  kind: DriftKind;
  /** Everything updated until here, by Shopify's clock, was compared. */
  lookedUntil: Date;
  lookedAt: Date;
  /** Of the last look: how many had changed, and how many of these no delivery had told of. */
  seen: number;
  repaired: number;
  /** Of all looks. */
  repairedTotal: number;
  repairedAt: Date | null;
}

export async function readLooks(sql: Sql, shop: ShopId): Promise<DriftLook[]> {
  const { rows } = await sql.query<{
    kind: DriftKind;
    looked_until: Date;
    looked_at: Date;
    seen: number;
    repaired: number;
    repaired_total: number;
    repaired_at: Date | null;
  }>("SELECT * FROM drift_looks WHERE shop_id = $1 ORDER BY kind", [shop]);
  return rows.map((row) => ({
    kind: row.kind,
    lookedUntil: row.looked_until,
    lookedAt: row.looked_at,
    seen: row.seen,
    repaired: row.repaired,
    repairedTotal: row.repaired_total,
    repairedAt: row.repaired_at,
  }));
}

/** Whether nothing of the shop's past is being read: it would be taken for drift. */
const PAST_IS_READ = `NOT EXISTS (SELECT FROM back_fills u WHERE u.shop_id = f.shop_id AND u.state NOT IN ('done', 'failed'))`;

/**
 * Looks begin where the back-fill began, and not before it is at its end: until then what it has not come to yet would be read
 * twice. @returns those to look at.
 */
export async function beginLooks(sql: Sql, shop: ShopId): Promise<DriftKind[]> {
  await sql.query(
    `INSERT INTO drift_looks (shop_id, kind, looked_until, looked_at)
     SELECT shop_id, kind, started_at, started_at FROM back_fills f
     WHERE shop_id = $1 AND kind IN ('customers', 'orders') AND ${PAST_IS_READ} ON CONFLICT DO NOTHING`,
    [shop],
  );
  const { rows } = await sql.query<{ kind: DriftKind }>(
    `SELECT kind FROM drift_looks JOIN back_fills f USING (shop_id, kind) WHERE shop_id = $1 AND ${PAST_IS_READ} ORDER BY kind`,
    [shop],
  );
  return rows.map(({ kind }) => kind);
}

/** Everything there is by now is about to be read anew, so looks go on from here. */
export async function skipLooks(sql: Sql, shop: ShopId, now: Date): Promise<void> {
  await sql.query("UPDATE drift_looks SET looked_until = greatest(looked_until, $2) WHERE shop_id = $1", [shop, now]);
}

/** A look has come so far: one that is cut off goes on from here. */
export async function moveLook(sql: Sql, shop: ShopId, kind: DriftKind, until: Date): Promise<void> {
  await sql.query("UPDATE drift_looks SET looked_until = greatest(looked_until, $3) WHERE shop_id = $1 AND kind = $2", [
    shop,
    kind,
    until,
  ]);
}

/** Counts repairs in the transaction that makes them. */
export async function countRepairs(tx: Sql, shop: ShopId, kind: DriftKind, repaired: number, now: Date): Promise<void> {
  await tx.query(
    "UPDATE drift_looks SET repaired_total = repaired_total + $3, repaired_at = $4 WHERE shop_id = $1 AND kind = $2",
    [shop, kind, repaired, now],
  );
}

export async function recordLook(
  sql: Sql,
  shop: ShopId,
  kind: DriftKind,
  look: { until: Date; at: Date; seen: number; repaired: number },
): Promise<void> {
  await sql.query(
    `UPDATE drift_looks SET looked_until = greatest(looked_until, $3), looked_at = $4, seen = $5, repaired = $6
     WHERE shop_id = $1 AND kind = $2`,
    [shop, kind, look.until, look.at, look.seen, look.repaired],
  );
}

/** Which of these orders are not held, or only in an older version. */
export async function ordersBehind(
  sql: Sql,
  shop: ShopId,
  given: readonly { id: string; updatedAt: Date }[],
): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT given.id FROM unnest($2::bigint[], $3::timestamptz[]) AS given (id, updated_at)
     LEFT JOIN orders o ON o.shop_id = $1 AND o.id = given.id
     WHERE o.id IS NULL OR o.source_updated_at < given.updated_at`,
    [shop, given.map(({ id }) => id), given.map(({ updatedAt }) => updatedAt)],
  );
  return rows.map(({ id }) => id);
}

export interface StatedConsent {
  channel: ConsentFact["channel"];
  state: string;
  at: Date;
}

export interface ListedCustomer {
  id: string;
  updatedAt: Date;
  /** Without regard to case. */
  tagKeys: readonly string[];
  locale: string | null;
  consents: readonly StatedConsent[];
}

/**
 * As above for customers, whose consents have times of their own and whose tags and language have none.
 * @param settled what was said of a tag or a language since then may be newer than the list
 */
export async function customersBehind(
  sql: Sql,
  shop: ShopId,
  given: readonly ListedCustomer[],
  settled: Date,
): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT given.id FROM json_to_recordset($2::json) AS given (id bigint, "updatedAt" timestamptz, "tagKeys" text[], locale text, consents jsonb)
     LEFT JOIN customers c ON c.shop_id = $1 AND c.id = given.id
     WHERE c.id IS NULL OR c.source_updated_at < "updatedAt"
       OR EXISTS (
         SELECT FROM jsonb_to_recordset(consents) AS stated (channel text, state text, at timestamptz)
         LEFT JOIN consents s ON s.shop_id = $1 AND s.customer_id = given.id AND s.channel = stated.channel
         WHERE s.state IS DISTINCT FROM stated.state AND (s.source_updated_at IS NULL OR s.source_updated_at < at))
       OR (locale IS NOT NULL AND NOT EXISTS (
         SELECT FROM customer_locales l WHERE l.shop_id = $1 AND l.customer_id = given.id
           AND (l.locale = given.locale OR l.source_updated_at >= $3)))
       OR EXISTS (
         SELECT FROM customer_tags t WHERE t.shop_id = $1 AND t.customer_id = given.id AND t.present
           AND t.source_updated_at < $3 AND t.tag_key <> ALL ("tagKeys"))
       OR EXISTS (
         SELECT FROM unnest("tagKeys") AS has (tag_key)
         LEFT JOIN customer_tags t ON t.shop_id = $1 AND t.customer_id = given.id AND t.tag_key = has.tag_key
         WHERE t.tag_key IS NULL OR (NOT t.present AND t.source_updated_at < $3))
     ORDER BY given.id`,
    [shop, JSON.stringify(given), settled],
  );
  return rows.map(({ id }) => id);
}

/** Shops whose past is read and that were not compared since `before`: for the sweep, which looks across shops and returns their keys only. */
export async function shopsToLookAt(sql: Sql, before: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT DISTINCT f.shop_id FROM back_fills f LEFT JOIN drift_looks l USING (shop_id, kind)
     WHERE f.kind IN ('customers', 'orders') AND coalesce(l.looked_at, f.started_at) < $1 AND ${PAST_IS_READ}`,
    [before],
  );
  return rows.map((row) => row.shop_id);
}
