import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ComparedCustomer, Reasons } from "./customer-rows.ts";
import { type Learned, LEARNED_VERSION } from "./learned.ts";
import { SUSPECTED, WAITING } from "./suspected.ts";

/** Two customers who are likely one person; `low` has the smaller id. */
export interface LikelyPair {
  low: string;
  high: string;
  /** Calibrated: of pairs with 0.8, four in five are one person's. */
  probability: number;
  reasons: Reasons;
}

/** Of customers as `c`, of the shop that is $1. The day of birth is a metafield's: Shopify's own is called facts.birth_date. */
export const RECORD = `c.id AS "customerId", c.first_name AS "firstName", c.last_name AS "lastName", c.email, c.phone,
  c.addresses->0->>'line1' AS line1, c.addresses->0->>'city' AS city, c.addresses->0->>'zip' AS zip,
  coalesce(c.addresses->0->>'country', c.country) AS country,
  (SELECT m.value->>'day' FROM customer_metafields m WHERE m.shop_id = $1 AND m.customer_id = c.id AND m.value->>'day' IS NOT NULL
     AND lower(m.name) ~ '[._](birth|date_of_birth|dob$)' ORDER BY m.name LIMIT 1) AS "birthDate"`;

/** The customers who exist after one id, in the order of ids: [] once there are no more. */
export async function readCustomersAfter(
  sql: Sql,
  shop: ShopId,
  after: string,
  limit: number,
): Promise<ComparedCustomer[]> {
  const { rows } = await sql.query<ComparedCustomer>(
    `SELECT ${RECORD} FROM customers c WHERE c.shop_id = $1 AND c.id > $2 AND c.deleted_at IS NULL ORDER BY c.id LIMIT $3`,
    [shop, after, limit],
  );
  return rows;
}

export async function readCustomers(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<ComparedCustomer[]> {
  const { rows } = await sql.query<ComparedCustomer>(
    `SELECT ${RECORD} FROM customers c WHERE c.shop_id = $1 AND c.id = ANY($2::bigint[]) AND c.deleted_at IS NULL`,
    [shop, customerIds],
  );
  return rows;
}

export async function countCustomers(sql: Sql, shop: ShopId): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM customers WHERE shop_id = $1 AND deleted_at IS NULL",
    [shop],
  );
  return rows[0]?.count ?? 0;
}

/** Takes profiles off the list of those to compare, at most `limit`. */
export async function takeToCompare(tx: Sql, shop: ShopId, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ customer_id: string }>(
    `UPDATE profiles SET to_compare = false WHERE shop_id = $1 AND customer_id = ANY(ARRAY(
       SELECT customer_id FROM profiles WHERE shop_id = $1 AND to_compare ORDER BY customer_id LIMIT $2 FOR UPDATE SKIP LOCKED))
     RETURNING customer_id`,
    [shop, limit],
  );
  return rows.map((row) => row.customer_id);
}

const CANDIDATES = `
SELECT given.id AS one, other.id AS other FROM customers given JOIN LATERAL (
  (SELECT customer_id AS id FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = lower(btrim(given.email)) LIMIT $3)
  UNION (SELECT id FROM customers WHERE shop_id = $1 AND phone = given.phone AND deleted_at IS NULL LIMIT $3)
  UNION (SELECT id FROM customers WHERE shop_id = $1 AND lower(last_name) = lower(given.last_name)
    AND lower(first_name) = lower(given.first_name) AND deleted_at IS NULL LIMIT $3)
  UNION (SELECT id FROM customers WHERE shop_id = $1 AND lower(last_name) = lower(given.first_name)
    AND lower(first_name) = lower(given.last_name) AND deleted_at IS NULL LIMIT $3)
  UNION (SELECT high_id FROM duplicate_pairs WHERE shop_id = $1 AND low_id = given.id)
  UNION (SELECT low_id FROM duplicate_pairs WHERE shop_id = $1 AND high_id = given.id)
) other ON other.id <> given.id
WHERE given.shop_id = $1 AND given.id = ANY($2::bigint[])`;

/**
 * Whom it is worth comparing these customers with, by what an index finds: the same address, number or name, and whoever they were
 * paired with before.
 * @param most of each kind
 */
export async function findCandidates(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  most: number,
): Promise<{ one: string; other: string }[]> {
  const { rows } = await sql.query<{ one: string; other: string }>(CANDIDATES, [shop, customerIds, most]);
  return rows;
}

/** Writes pairs; what was decided about one stays. @returns those that are new. */
export async function writePairs(
  tx: Sql,
  shop: ShopId,
  pairs: readonly LikelyPair[],
  now: Date,
): Promise<{ low: string; high: string }[]> {
  if (pairs.length === 0) return [];
  // A row that was inserted, and not overwritten, has been locked by nobody: its xmax is 0.
  const { rows } = await tx.query<{ low: string; high: string; fresh: boolean }>(
    `INSERT INTO duplicate_pairs AS kept (shop_id, low_id, high_id, probability, reasons, found_at)
     SELECT $1, low, high, probability, reasons, $3 FROM json_to_recordset($2::json)
       AS given (low bigint, high bigint, probability real, reasons jsonb)
     ON CONFLICT (shop_id, low_id, high_id) DO UPDATE SET probability = excluded.probability, reasons = excluded.reasons
     WHERE (kept.probability, kept.reasons) IS DISTINCT FROM (excluded.probability, excluded.reasons)
     RETURNING low_id AS low, high_id AS high, xmax = 0 AS fresh`,
    [shop, JSON.stringify(pairs), now],
  );
  return rows.filter(({ fresh }) => fresh);
}

/** Takes away pairs that are not likely any more. What was decided about stays; so does what is linked, to be undone. */
export async function removePairs(
  tx: Sql,
  shop: ShopId,
  pairs: readonly { low: string; high: string }[],
): Promise<{ low: string; high: string }[]> {
  if (pairs.length === 0) return [];
  const { rows } = await tx.query<{ low: string; high: string }>(
    `DELETE FROM duplicate_pairs p USING unnest($2::bigint[], $3::bigint[]) AS gone (low, high)
     WHERE p.shop_id = $1 AND p.low_id = gone.low AND p.high_id = gone.high AND p.state = 'open' AND p.decided_at IS NULL
       AND NOT EXISTS (SELECT FROM profile_links l WHERE l.shop_id = $1 AND l.low_id = p.low_id AND l.high_id = p.high_id)
     RETURNING p.low_id AS low, p.high_id AS high`,
    [shop, pairs.map(({ low }) => low), pairs.map(({ high }) => high)],
  );
  return rows;
}

/** Pairs nothing was decided about, in the order of ids, `limit` at a time after one. */
export async function openPairsAfter(
  sql: Sql,
  shop: ShopId,
  after: { low: string; high: string },
  limit: number,
): Promise<{ low: string; high: string }[]> {
  const { rows } = await sql.query<{ low: string; high: string }>(
    `SELECT low_id AS low, high_id AS high FROM duplicate_pairs
     WHERE shop_id = $1 AND state = 'open' AND (low_id, high_id) > ($2::bigint, $3::bigint) ORDER BY low_id, high_id LIMIT $4`,
    [shop, after.low, after.high, limit],
  );
  return rows;
}

/** The pairs of these customers. */
export async function pairsOf(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<{ low: string; high: string }[]> {
  const { rows } = await sql.query<{ low: string; high: string }>(
    `SELECT low_id AS low, high_id AS high FROM duplicate_pairs WHERE shop_id = $1 AND low_id = ANY($2::bigint[])
     UNION SELECT low_id, high_id FROM duplicate_pairs WHERE shop_id = $1 AND high_id = ANY($2::bigint[])`,
    [shop, customerIds],
  );
  return rows;
}

/** Who of these customers is suspected to be one person with another, and since when, in business time. */
export async function suspectedSince(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, Date>> {
  const { rows } = await sql.query<{ id: string; since: Date }>(
    `SELECT id, min(found_at) AS since FROM (${SUSPECTED}) AS pairs WHERE id = ANY($2::bigint[]) GROUP BY id`,
    [shop, customerIds],
  );
  return new Map(rows.map(({ id, since }) => [id, since]));
}

/** The likeliest pairs from `probability` up that nobody has decided about. */
export async function undecidedPairs(
  sql: Sql,
  shop: ShopId,
  probability: number,
  limit: number,
): Promise<[string, string][]> {
  const { rows } = await sql.query<{ low: string; high: string }>(
    `SELECT low_id AS low, high_id AS high FROM duplicate_pairs p
     WHERE shop_id = $1 AND probability >= $2::real AND decided_at IS NULL AND ${WAITING}
     ORDER BY probability DESC, low_id, high_id LIMIT $3`,
    [shop, probability, limit],
  );
  return rows.map(({ low, high }) => [low, high]);
}

/** How many pairs between the two groups have that probability. */
export async function countLikelyBetween(
  sql: Sql,
  shop: ShopId,
  [these, those]: readonly [readonly string[], readonly string[]],
  probability: number,
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM duplicate_pairs WHERE shop_id = $1 AND probability >= $4::real AND state = 'open'
       AND ((low_id = ANY($2::bigint[]) AND high_id = ANY($3::bigint[])) OR (low_id = ANY($3::bigint[]) AND high_id = ANY($2::bigint[])))`,
    [shop, these, those, probability],
  );
  return rows[0]?.count ?? 0;
}

/** Notes what a person decided about a pair. A pair nobody suspected has no row to note it in. */
export async function decidePair(
  tx: Sql,
  shop: ShopId,
  pair: readonly [string, string],
  state: "open" | "not_same",
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE duplicate_pairs SET state = $4, decided_at = $5
     WHERE shop_id = $1 AND low_id = least($2::bigint, $3::bigint) AND high_id = greatest($2::bigint, $3::bigint)`,
    [shop, ...pair, state, now],
  );
  return rowCount === 1;
}

export interface LearningState {
  /** From this probability on pairs are merged without being asked about; null: none are. */
  automaticFrom: number | null;
  learned: Learned | null;
  /** Who were learned from. */
  customers: number;
  learnedAt: Date | null;
}

export async function readLearning(sql: Sql, shop: ShopId): Promise<LearningState> {
  const { rows } = await sql.query<LearningState>(
    `SELECT automatic_from AS "automaticFrom", learned, customers, learned_at AS "learnedAt" FROM duplicate_models WHERE shop_id = $1`,
    [shop],
  );
  const state = rows[0] ?? { automaticFrom: null, learned: null, customers: 0, learnedAt: null };
  return state.learned?.version === LEARNED_VERSION ? state : { ...state, learned: null, customers: 0 };
}

export async function writeLearning(
  sql: Sql,
  shop: ShopId,
  { learned, customers, learnedAt }: Omit<LearningState, "automaticFrom">,
): Promise<void> {
  await sql.query(
    `INSERT INTO duplicate_models (shop_id, learned, customers, learned_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (shop_id) DO UPDATE SET learned = excluded.learned, customers = excluded.customers, learned_at = excluded.learned_at`,
    [shop, learned && JSON.stringify(learned), customers, learnedAt],
  );
}

export async function setAutomatic(sql: Sql, shop: ShopId, from: number | null): Promise<void> {
  await sql.query(
    `INSERT INTO duplicate_models (shop_id, automatic_from) VALUES ($1, $2)
     ON CONFLICT (shop_id) DO UPDATE SET automatic_from = excluded.automatic_from`,
    [shop, from],
  );
}

/** Shops with profiles to compare, or not learned from since `before`: for the sweep, which looks across shops and returns their keys only. */
export async function shopsToCompare(sql: Sql, before: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ id: ShopId }>(
    `SELECT s.id FROM shops s LEFT JOIN duplicate_models m ON m.shop_id = s.id
     WHERE EXISTS (SELECT FROM profiles p WHERE p.shop_id = s.id AND p.to_compare) OR m.learned_at < $1`,
    [before],
  );
  return rows.map(({ id }) => id);
}
