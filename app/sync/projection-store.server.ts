import type { Db, Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { RECOMMENDATION_TRAIT, TRAITS } from "./traits.ts";
import { platformsRefuse } from "./consent/platforms-refuse.ts";

export interface ProjectionMoment {
  /** Real time, not business time. */
  now: Date;
  /** When the delivery arrived that led to this, for the latency figures; null when none did. */
  receivedAt: Date | null;
  /** Changes of one person within this time are sent as one. */
  dueAfterMs: number;
}

/**
 * Computes what every audience of the shop is to hold of these customers: the members of its segment who have an address and
 * whose e-mail marketing consent is `subscribed`, with no platform's unsubscribe against it. A list that outlives its segment keeps those
 * who are in it, as long as that holds for them. Whoever is a member and may not be in is kept with the reason
 * (`no_email`, `no_consent`). Rows that differ get a new revision and, if there is something to send, become due; people who
 * are no member and of whom nothing is at the vendor have no row. Two statements, for up to a few hundred customers. Belongs
 * into the transaction that changed their profiles or memberships: it locks the profiles, so that of two projections of
 * one customer the later one always sees what the earlier one saw.
 * @returns the audiences that have something to send.
 */
export async function projectAudiences(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  at: ProjectionMoment,
): Promise<number[]> {
  return project(sql, shop, customerIds, null, at);
}

const CUSTOMERS_AT_ONCE = 200;

/**
 * Makes an audience for every segment in every destination of the shop that has none, and projects everyone into it.
 * Not for use inside a transaction: it commits in small pieces, and an interrupted run is finished by the next.
 * @returns the audiences it built.
 */
export async function ensureAudiences(db: Db, shop: ShopId, at: ProjectionMoment): Promise<number[]> {
  await db.query(
    `INSERT INTO audiences (shop_id, destination_id, segment_id, state, review)
     SELECT d.shop_id, d.id, s.id, 'building', d.review FROM destinations d JOIN segments s ON s.shop_id = d.shop_id
     WHERE d.shop_id = $1 AND d.every_segment AND NOT d.leaving AND s.removed_at IS NULL
     ON CONFLICT (destination_id, segment_id) DO NOTHING`,
    [shop],
  );
  const { rows } = await db.query<{ id: number; segmentId: number }>(
    `SELECT id, segment_id AS "segmentId" FROM audiences WHERE shop_id = $1 AND state = 'building' ORDER BY id`,
    [shop],
  );
  for (const audience of rows) {
    await projectAll(db, shop, audience, at);
    await db.query(
      `UPDATE audiences SET state = CASE WHEN review THEN 'review' ELSE 'ready' END
       WHERE shop_id = $1 AND id = $2 AND state = 'building'`,
      [shop, audience.id],
    );
  }
  return rows.map((row) => row.id);
}

/**
 * Computes an audience anew whose terms changed: who may be in it, or what goes along. In small pieces; not for use inside a transaction.
 */
export async function projectAgain(db: Db, shop: ShopId, audienceId: number, at: ProjectionMoment): Promise<void> {
  const { rows } = await db.query<{ segment_id: number }>(
    `SELECT segment_id FROM audiences WHERE shop_id = $1 AND id = $2 AND state <> 'building'`,
    [shop, audienceId],
  );
  if (rows[0]) await projectAll(db, shop, { id: audienceId, segmentId: rows[0].segment_id }, at);
}

/** Whether a new list of recommendations changes what any audience of the shop sends along. */
export async function sendsRecommendations(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query<{ sends: boolean }>(
    `SELECT EXISTS (SELECT FROM audiences a, jsonb_to_recordset(a.traits) AS mapped (trait text)
       WHERE a.shop_id = $1 AND mapped.trait LIKE $2) AS sends`,
    [shop, RECOMMENDATION_TRAIT],
  );
  return rows[0]?.sends ?? false;
}

/** The traits of a few customers, of those who ordered last, by name. */
export async function readTraitSamples(
  sql: Sql,
  shop: ShopId,
  limit: number,
): Promise<Record<string, string | number | null>[]> {
  const values = TRAITS.map(({ name, sql: value }) => `'${name}', ${value}`).join(", ");
  const { rows } = await sql.query<{ traits: Record<string, string | number | null> }>(
    `SELECT jsonb_build_object(${values}) AS traits FROM profiles p
     WHERE p.shop_id = $1 ORDER BY p.last_seen_at DESC NULLS LAST LIMIT $2`,
    [shop, limit],
  );
  return rows.map(({ traits }) => traits);
}

/** Projects the whole segment into one audience, a few customers at a time. */
async function projectAll(
  db: Db,
  shop: ShopId,
  { id: audienceId, segmentId }: { id: number; segmentId: number },
  at: ProjectionMoment,
): Promise<void> {
  for (let after: string | undefined = "-1"; after !== undefined;) {
    const { rows }: { rows: { customer_id: string }[] } = await db.query(
      `SELECT DISTINCT customer_id FROM memberships
       WHERE shop_id = $1 AND segment_id = $2 AND left_at IS NULL AND customer_id > $3
       ORDER BY customer_id LIMIT $4`,
      [shop, segmentId, after, CUSTOMERS_AT_ONCE],
    );
    const customerIds = rows.map((row) => row.customer_id);
    await db.tx((tx) => project(tx, shop, customerIds, audienceId, at));
    after = rows.length < CUSTOMERS_AT_ONCE ? undefined : customerIds.at(-1);
  }
}

async function project(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  audienceId: number | null,
  { now, receivedAt, dueAfterMs }: ProjectionMoment,
): Promise<number[]> {
  if (customerIds.length === 0) return [];
  await sql.query(LOCK, [shop, customerIds]);
  const dueAt = new Date(now.getTime() + dueAfterMs);
  const { rows } = await sql.query<{ audience_id: number }>(PROJECT, [
    shop,
    customerIds,
    dueAt,
    receivedAt,
    audienceId,
  ]);
  return rows.map((row) => row.audience_id);
}

const LOCK = `
SELECT count(*) FROM (
  SELECT FROM profiles WHERE shop_id = $1 AND customer_id = ANY ($2::bigint[]) ORDER BY customer_id FOR UPDATE
) AS locked`;

/** Whether the shop's consent lets a profile `p` into an audience `a`. Who said no is never let in. */
export const CONSENTS = `(p.email_consent = 'subscribed'
  OR a.non_subscribed AND p.email_consent NOT IN ('unsubscribed', 'redacted', 'invalid'))`;

const TRAIT_VALUES = TRAITS.map(({ name, sql }) => `WHEN '${name}' THEN ${sql}`).join("\n      ");
const MAPPED_TRAITS = `CASE WHEN a.traits IS NOT NULL THEN (
    SELECT jsonb_object_agg(mapped.field, CASE mapped.trait
      ${TRAIT_VALUES} END)
    FROM jsonb_to_recordset(a.traits) AS mapped (trait text, field text)
  ) END`;

/** Whether a profile `p` said yes and has an address: whom every audience may hold. */
export const MAILABLE = `(coalesce(btrim(p.email), '') <> '' AND p.email_consent = 'subscribed'
  AND NOT ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")})`;

/** Whether a profile `p` neither said yes nor no and has an address: whom only audiences hold that ask for no consent. */
export const UNASKED = `(coalesce(btrim(p.email), '') <> ''
  AND p.email_consent NOT IN ('subscribed', 'unsubscribed', 'redacted', 'invalid')
  AND NOT ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")})`;

/**
 * `due` holds when an address has to be put in or taken out, or names changed of someone who is in. A rejected address stays rejected
 * until it changes or the person leaves. A row that already waits is not put off by a further change, except out of a back-off,
 * which belonged to what was wanted before. Whoever the guard holds up is `released` when they withdraw their consent too. A field that
 * nothing goes into any more is wanted empty, of whoever has it by our books, until the platform has confirmed that.
 */
const PROJECT = `
WITH
segment_members AS MATERIALIZED (
  SELECT DISTINCT m.segment_id, m.customer_id FROM memberships m
  WHERE m.shop_id = $1 AND m.customer_id = ANY ($2::bigint[]) AND m.left_at IS NULL
),
present AS MATERIALIZED (
  SELECT r.* FROM audience_members r
  WHERE r.shop_id = $1 AND r.customer_id = ANY ($2::bigint[]) AND ($5::int IS NULL OR r.audience_id = $5)
),
places AS MATERIALIZED (
  SELECT a.id AS audience_id, m.customer_id, false AS kept
  FROM segment_members m
  JOIN audiences a ON a.shop_id = $1 AND a.segment_id = m.segment_id AND a.retired IS NULL AND ($5::int IS NULL OR a.id = $5)
  UNION ALL
  SELECT r.audience_id, r.customer_id, true
  FROM present r JOIN audiences a ON a.id = r.audience_id AND a.retired = 'kept'
  WHERE r.member AND r.exception IS NULL AND r.acked_email IS NOT NULL
),
wanted AS MATERIALIZED (
  SELECT place.audience_id, p.customer_id, true AS member, place.kept,
    CASE WHEN coalesce(btrim(p.email), '') = '' THEN 'no_email' 
      WHEN NOT ${CONSENTS} OR ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")} THEN 'no_consent' END
      AS exception,
    lower(btrim(p.email)) AS email, p.first_name, p.last_name, ${MAPPED_TRAITS} AS traits
  FROM places place JOIN audiences a ON a.id = place.audience_id AND a.leaving IS NULL
  JOIN profiles p ON p.shop_id = $1 AND p.customer_id = place.customer_id
),
desired AS MATERIALIZED (
  SELECT audience_id, customer_id, member, exception,
    CASE WHEN exception IS NULL THEN email END AS email,
    CASE WHEN exception IS NULL THEN first_name END AS first_name,
    CASE WHEN exception IS NULL THEN last_name END AS last_name,
    CASE WHEN exception IS NULL THEN traits END AS traits
  FROM wanted WHERE NOT (kept AND exception IS NOT NULL)
),
compared AS MATERIALIZED (
  SELECT audience_id, customer_id, coalesce(d.member, false) AS member, d.exception, d.email, d.first_name, d.last_name,
    along.traits, r.acked_email, r.customer_id IS NULL AS is_new,
    d.email IS DISTINCT FROM r.email AS moved
  FROM desired d FULL JOIN present r USING (audience_id, customer_id)
  CROSS JOIN LATERAL (
    SELECT coalesce(d.traits || former.fields, d.traits, former.fields) AS traits FROM (
      SELECT jsonb_object_agg(field, NULL) AS fields FROM jsonb_object_keys(r.traits) AS field
      WHERE d.email IS NOT NULL AND r.acked_email IS NOT NULL AND NOT coalesce(d.traits ? field, false)
        AND (r.due_at IS NOT NULL OR r.traits -> field <> 'null')
    ) AS former
  ) AS along
  WHERE r.customer_id IS NULL
    OR (coalesce(d.member, false), d.exception, d.email, d.first_name, d.last_name, along.traits)
       IS DISTINCT FROM (r.member, r.exception, r.email, r.first_name, r.last_name, r.traits)
),
gone AS (
  DELETE FROM audience_members r USING compared c
  WHERE r.audience_id = c.audience_id AND r.customer_id = c.customer_id AND NOT c.member AND c.acked_email IS NULL
),
changed AS (
  UPDATE audience_members r SET
    member = c.member, exception = c.exception, email = c.email, first_name = c.first_name, last_name = c.last_name,
    traits = c.traits,
    revision = r.revision + 1,
    rejection = CASE WHEN c.moved THEN NULL ELSE r.rejection END,
    attempts = CASE WHEN c.moved THEN 0 ELSE r.attempts END,
    doubts = CASE WHEN c.moved THEN 0 ELSE r.doubts END,
    due_at = CASE
      WHEN NOT c.moved AND (c.email IS NULL OR r.rejection IS NOT NULL) THEN r.due_at
      WHEN c.email IS NULL AND r.acked_email IS NULL THEN NULL
      WHEN r.due_at IS NULL OR r.attempts > 0 THEN $3
      ELSE least(r.due_at, $3)
    END,
    received_at = CASE WHEN r.due_at IS NULL THEN $4 ELSE coalesce(r.received_at, $4) END
  FROM compared c
  WHERE r.audience_id = c.audience_id AND r.customer_id = c.customer_id AND NOT c.is_new
    AND (c.member OR c.acked_email IS NOT NULL)
  RETURNING r.audience_id, r.due_at
),
released AS (
  UPDATE audience_members r SET due_at = $3
  FROM present held JOIN audiences a ON a.id = held.audience_id AND a.guard ->> 'held' IS NOT NULL
    JOIN profiles p ON p.shop_id = $1 AND p.customer_id = held.customer_id
  WHERE r.audience_id = held.audience_id AND r.customer_id = held.customer_id AND NOT held.member AND held.due_at > $3
    AND (NOT ${CONSENTS} OR ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")})
    AND NOT EXISTS (SELECT FROM compared c WHERE c.audience_id = held.audience_id AND c.customer_id = held.customer_id)
  RETURNING r.audience_id, r.due_at
),
created AS (
  INSERT INTO audience_members
    (shop_id, audience_id, customer_id, member, exception, email, first_name, last_name, traits, due_at, received_at)
  SELECT $1, audience_id, customer_id, true, exception, email, first_name, last_name, traits,
    CASE WHEN email IS NOT NULL THEN $3::timestamptz END, $4
  FROM compared WHERE is_new
  ON CONFLICT (audience_id, customer_id) DO NOTHING
  RETURNING audience_id, due_at
)
SELECT DISTINCT audience_id FROM (TABLE changed UNION ALL TABLE released UNION ALL TABLE created) AS touched WHERE due_at IS NOT NULL`;
