import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Finding, FINDING_CODES, type FindingCode, type QualityRecord } from "./validate-record.ts";

/** These take all customers of a shop to find. */
const DUPLICATES: readonly FindingCode[] = ["duplicate_email", "duplicate_phone", "duplicate_external_id"];
const SINGLE = FINDING_CODES.filter((code) => !DUPLICATES.includes(code));

/**
 * What Shopify had counted when it told its totals, of the orders held: as opening balances are settled, those up to the last order it
 * named, cancelled ones by number and not by amount, no test orders, net of refunds. Orders that Shopify gives no customer are not its.
 */
const HELD = `
  SELECT count(o.id)::int AS orders, coalesce(sum(o.gross_minor - coalesce(back.amount, 0))
    FILTER (WHERE o.cancelled_at IS NULL OR o.cancelled_at > s.source_updated_at), 0)::bigint AS spent
  FROM orders o LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS amount FROM refund_transactions r
    WHERE r.shop_id = $1 AND r.order_id = o.id AND r.refunded_at <= s.source_updated_at) back ON true
  WHERE o.shop_id = $1 AND o.buyer_id = s.customer_id AND o.customer_id IS NOT NULL AND NOT o.test AND o.deleted_at IS NULL
    AND CASE WHEN s.last_order_id IS NULL THEN o.ordered_at <= s.source_updated_at ELSE o.id <= s.last_order_id END`;

const RECORDS = `
SELECT c.id, c.email, c.phone, c.created_at, o.earliest_at, o.latest_at, o.least::text, o.greatest::text, o.currencies, o.over_refunded,
  totals.told_orders, totals.told_spent::text, totals.held_orders, totals.held_spent::text, totals.currency
FROM customers c LEFT JOIN LATERAL (
  SELECT min(ordered_at) AS earliest_at, max(ordered_at) AS latest_at, min(gross_minor) AS least, max(gross_minor) AS greatest,
    array_agg(DISTINCT currency) AS currencies, (count(*) FILTER (WHERE back.amount > gross_minor))::int AS over_refunded
  FROM orders LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS amount FROM refund_transactions r WHERE r.shop_id = $1 AND r.order_id = orders.id) back ON true
  WHERE shop_id = $1 AND buyer_id = c.id AND NOT test AND cancelled_at IS NULL AND deleted_at IS NULL
) o ON true
LEFT JOIN LATERAL (
  SELECT s.orders_count AS told_orders, s.spent_minor AS told_spent, s.currency,
    coalesce(b.orders_count, 0) + held.orders AS held_orders, coalesce(b.spent_minor, 0) + held.spent AS held_spent
  FROM purchasing_summaries s
  LEFT JOIN opening_balances b ON b.shop_id = $1 AND b.customer_id = s.customer_id
  CROSS JOIN LATERAL (${HELD}) held
  WHERE s.shop_id = $1 AND s.customer_id = c.id AND (b.customer_id IS NULL OR b.orders_count IS NOT NULL)
    AND NOT EXISTS (SELECT FROM customer_merges m WHERE m.shop_id = $1 AND m.kept_id = c.id)
    AND NOT EXISTS (SELECT FROM back_fills f WHERE f.shop_id = $1 AND f.state NOT IN ('done', 'failed'))
) totals ON true
WHERE c.shop_id = $1 AND c.id = ANY($2::bigint[]) AND c.deleted_at IS NULL`;

/** What validators look at, of those customers who exist. */
export async function readQualityRecords(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<QualityRecord[]> {
  const { rows } = await sql.query<{
    id: string;
    email: string | null;
    phone: string | null;
    created_at: Date | null;
    earliest_at: Date | null;
    latest_at: Date | null;
    least: string | null;
    greatest: string | null;
    currencies: string[] | null;
    over_refunded: number;
    told_orders: number | null;
    told_spent: string;
    held_orders: number;
    held_spent: string;
    currency: string;
  }>(RECORDS, [shop, customerIds]);
  return rows.map((row) => ({
    customerId: row.id,
    email: row.email,
    phone: row.phone,
    createdAt: row.created_at,
    orders: row.earliest_at &&
      row.latest_at && {
        earliestAt: row.earliest_at,
        latestAt: row.latest_at,
        leastMinor: BigInt(row.least ?? 0),
        greatestMinor: BigInt(row.greatest ?? 0),
        currencies: row.currencies ?? [],
        overRefunded: row.over_refunded,
      },
    totals:
      row.told_orders === null
        ? null
        : {
            told: { orders: row.told_orders, spentMinor: BigInt(row.told_spent) },
            held: { orders: row.held_orders, spentMinor: BigInt(row.held_spent) },
            currency: row.currency,
          },
  }));
}

/**
 * Makes the findings about single records of these customers what they are now. A finding that stays keeps its time.
 * @returns whose findings came or went.
 */
export async function writeFindings(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  findings: ReadonlyMap<string, readonly Finding[]>,
  now: Date,
): Promise<string[]> {
  const given = [...findings].flatMap(([customerId, list]) =>
    list.map(({ code, detail }) => ({ customer_id: customerId, code, detail })),
  );
  const { rows } = await tx.query<{ customer_id: string }>(
    `WITH given AS (SELECT * FROM json_to_recordset($3::json) AS given (customer_id bigint, code text, detail text)),
     gone AS (
       DELETE FROM quality_findings f WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND code = ANY($4::text[])
         AND NOT EXISTS (SELECT FROM given g WHERE g.customer_id = f.customer_id AND g.code = f.code)
       RETURNING customer_id),
     written AS (
       INSERT INTO quality_findings AS kept (shop_id, customer_id, code, detail, found_at)
       SELECT $1, customer_id, code, detail, $5 FROM given
       ON CONFLICT (shop_id, customer_id, code) DO UPDATE SET detail = excluded.detail
       WHERE kept.detail IS DISTINCT FROM excluded.detail RETURNING customer_id, xmax = 0 AS fresh)
     SELECT customer_id FROM gone UNION SELECT customer_id FROM written WHERE fresh`,
    [shop, customerIds, JSON.stringify(given), SINGLE, now],
  );
  return rows.map((row) => row.customer_id);
}

const SHARED = (column: string, folded: string): string => `
SELECT customer_id FROM (SELECT customer_id, count(*) OVER (PARTITION BY ${folded}) - 1 AS others FROM profiles
  WHERE shop_id = $1 AND coalesce(btrim(${column}), '') <> '') AS counted WHERE others > 0`;
/** Between whom an id of the merchant's own is open (merchant-api/person.ts). */
const CONTESTED = `
SELECT DISTINCT p.customer_id FROM api_identifiers i JOIN profiles p ON p.shop_id = $1 AND p.customer_id = ANY(i.contenders)
WHERE i.shop_id = $1 AND i.kind = 'external_id' AND i.contenders <> '{}'
  AND (SELECT count(*) FROM profiles o WHERE o.shop_id = $1 AND o.customer_id = ANY(i.contenders)) > 1`;

const WHO_SHARES = {
  duplicate_email: SHARED("email", "lower(btrim(email))"),
  duplicate_phone: SHARED("phone", "phone"),
  duplicate_external_id: CONTESTED,
};

/** Makes the findings about what customers share what they are now, of the whole shop. @returns whose findings changed. */
export async function writeDuplicates(
  tx: Sql,
  shop: ShopId,
  now: Date,
  codes: readonly (keyof typeof WHO_SHARES)[] = ["duplicate_email", "duplicate_phone", "duplicate_external_id"],
): Promise<string[]> {
  const changed = new Set<string>();
  for (const code of codes) {
    const { rows } = await tx.query<{ customer_id: string }>(
      `WITH found AS MATERIALIZED (${WHO_SHARES[code]}),
       gone AS (
         DELETE FROM quality_findings WHERE shop_id = $1 AND code = $2 AND customer_id NOT IN (SELECT customer_id FROM found)
         RETURNING customer_id),
       fresh AS (
         INSERT INTO quality_findings (shop_id, customer_id, code, found_at) SELECT $1, customer_id, $2, $3 FROM found
         ON CONFLICT DO NOTHING RETURNING customer_id)
       SELECT customer_id FROM gone UNION SELECT customer_id FROM fresh`,
      [shop, code, now],
    );
    for (const row of rows) changed.add(row.customer_id);
  }
  return [...changed];
}

/** Of everybody who shares with one, so many are looked at; the daily sweep finds the others. */
const MOST_SHARERS = 100;

/**
 * As `writeDuplicates`, about the addresses of these customers alone, by their profiles as they are now.
 * @returns whose findings changed, and others who share with them and are not known to: theirs are to be written as well.
 */
export async function writeSharedBy(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  now: Date,
): Promise<{ changed: string[]; others: string[] }> {
  if (customerIds.length === 0) return { changed: [], others: [] };
  const { rows } = await tx.query<{ customer_id: string; own: boolean }>(
    `WITH own AS (SELECT customer_id, email, phone FROM profiles WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])),
     shared AS MATERIALIZED (
       SELECT own.customer_id, 'duplicate_email' AS code, other.customer_id AS other_id FROM own JOIN LATERAL (
         SELECT customer_id FROM profiles p WHERE p.shop_id = $1 AND lower(btrim(p.email)) = lower(btrim(own.email))
           AND p.customer_id <> own.customer_id LIMIT $4) other ON true WHERE coalesce(btrim(own.email), '') <> ''
       UNION ALL
       SELECT own.customer_id, 'duplicate_phone', other.customer_id FROM own JOIN LATERAL (
         SELECT p.customer_id FROM customers c JOIN profiles p ON p.shop_id = $1 AND p.customer_id = c.id AND p.phone = own.phone
         WHERE c.shop_id = $1 AND c.phone = own.phone AND c.id <> own.customer_id LIMIT $4) other ON true
       WHERE coalesce(btrim(own.phone), '') <> ''),
     gone AS (
       DELETE FROM quality_findings f WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
         AND code IN ('duplicate_email', 'duplicate_phone')
         AND NOT EXISTS (SELECT FROM shared s WHERE s.customer_id = f.customer_id AND s.code = f.code) RETURNING customer_id),
     fresh AS (
       INSERT INTO quality_findings (shop_id, customer_id, code, found_at)
       SELECT DISTINCT $1::int, customer_id, code, $3::timestamptz FROM shared ORDER BY 2, 3 ON CONFLICT DO NOTHING RETURNING customer_id)
     SELECT customer_id, true AS own FROM gone UNION SELECT customer_id, true FROM fresh
     UNION SELECT other_id, false FROM shared s WHERE other_id <> ALL($2::bigint[]) AND NOT EXISTS (
       SELECT FROM quality_findings f WHERE f.shop_id = $1 AND f.customer_id = s.other_id AND f.code = s.code)`,
    [shop, customerIds, now, MOST_SHARERS],
  );
  const ids = (own: boolean): string[] => rows.filter((row) => row.own === own).map((row) => row.customer_id);
  return { changed: ids(true), others: ids(false) };
}

/** The codes of what is doubtful about these customers, for those about whom something is. */
export async function findingsOf(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, FindingCode[]>> {
  const { rows } = await sql.query<{ customer_id: string; codes: FindingCode[] }>(
    `SELECT customer_id, array_agg(code::text ORDER BY code) AS codes FROM quality_findings
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) GROUP BY customer_id`,
    [shop, customerIds],
  );
  return new Map(rows.map((row) => [row.customer_id, row.codes]));
}

/** The next profiles of a shop for the sweep, in the order of their ids, and the place to go on from; null at the end. */
export async function nextToCheck(
  tx: Sql,
  shop: ShopId,
  limit: number,
): Promise<{ customerIds: string[]; position: string | null }> {
  const { rows } = await tx.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1
       AND customer_id > coalesce((SELECT position FROM quality_sweeps WHERE shop_id = $1), -1)
     ORDER BY customer_id LIMIT $2`,
    [shop, limit],
  );
  const customerIds = rows.map((row) => row.customer_id);
  return { customerIds, position: customerIds.length < limit ? null : (customerIds.at(-1) ?? null) };
}

/** Notes how far the sweep is; null: at the end, so that the next begins anew. */
export async function moveSweep(tx: Sql, shop: ShopId, position: string | null, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO quality_sweeps AS kept (shop_id, position, finished_at) VALUES ($1, coalesce($2::bigint, -1), CASE WHEN $2 IS NULL THEN $3::timestamptz END)
     ON CONFLICT (shop_id) DO UPDATE SET position = excluded.position, finished_at = coalesce(excluded.finished_at, kept.finished_at)`,
    [shop, position, now],
  );
}

/** Shops that were not swept to the end since `before`: for the schedule, which looks across shops and returns their keys only. */
export async function shopsToCheck(sql: Sql, before: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ id: ShopId }>(
    `SELECT s.id FROM shops s LEFT JOIN quality_sweeps q ON q.shop_id = s.id
     WHERE coalesce(q.finished_at < $1, true) AND EXISTS (SELECT FROM profiles p WHERE p.shop_id = s.id)`,
    [before],
  );
  return rows.map(({ id }) => id);
}

export interface FindingSummary {
  code: FindingCode;
  count: number;
  samples: {
    customerId: string;
    email: string | null;
    phone: string | null;
    firstName: string | null;
    lastName: string | null;
    detail: string | null;
  }[];
}

/** How many profiles each finding has, the most frequent first, and the latest of them. */
export async function summariseFindings(sql: Sql, shop: ShopId, samples: number): Promise<FindingSummary[]> {
  const { rows } = await sql.query<FindingSummary>(
    `SELECT counted.code, counted.count, coalesce(s.samples, '[]') AS samples
     FROM (SELECT code, count(*)::int AS count FROM quality_findings WHERE shop_id = $1 GROUP BY code) AS counted
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('customerId', customer_id::text, 'email', email, 'phone', phone, 'firstName', first_name,
         'lastName', last_name, 'detail', detail)) AS samples
       FROM (SELECT f.customer_id, p.email, p.phone, p.first_name, p.last_name, f.detail FROM quality_findings f
         JOIN profiles p ON p.shop_id = f.shop_id AND p.customer_id = f.customer_id
         WHERE f.shop_id = $1 AND f.code = counted.code ORDER BY f.customer_id DESC LIMIT $2) AS latest
     ) s ON true
     ORDER BY counted.count DESC, counted.code`,
    [shop, samples],
  );
  return rows;
}
