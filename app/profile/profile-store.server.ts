import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { ProfileRecord } from "./compute-profile.ts";
import type { History } from "./history.ts";

/**
 * Customers to recompute, and which parts of their facts changed (ingest/parts.ts); all of them where only ids are given. A
 * customer who waits already keeps the older time of receipt.
 */
export async function enqueueProfiles(
  tx: Sql,
  shop: ShopId,
  customers: readonly string[] | ReadonlyMap<string, number>,
  receivedAt: Date,
): Promise<void> {
  const changed = "size" in customers ? customers : new Map(customers.map((id) => [id, ALL_PARTS]));
  if (changed.size === 0) return;
  await tx.query(
    `INSERT INTO profile_queue AS waiting (shop_id, customer_id, received_at, parts)
     SELECT $1, id, $4, parts FROM unnest($2::bigint[], $3::int[]) AS given (id, parts) ORDER BY id
     ON CONFLICT (shop_id, customer_id) DO UPDATE
       SET received_at = least(waiting.received_at, excluded.received_at), parts = waiting.parts | excluded.parts`,
    [shop, [...changed.keys()], [...changed.values()], receivedAt],
  );
}

/**
 * Customers of whom nothing changed but what rules name one by one: traits of the shop's own such as `traits.points`, and kinds of
 * events such as `email.opened`.
 */
export async function enqueueNamed(
  tx: Sql,
  shop: ShopId,
  changed: ReadonlyMap<string, Iterable<string>>,
  receivedAt: Date,
): Promise<void> {
  if (changed.size === 0) return;
  const rows = [...changed].map(([id, names]) => ({ id, names: [...new Set(names)] }));
  await tx.query(
    `INSERT INTO profile_queue AS waiting (shop_id, customer_id, received_at, parts, attributes)
     SELECT $1, id, $3, ${PARTS.named}, ARRAY(SELECT json_array_elements_text(names))
     FROM json_to_recordset($2::json) AS given (id bigint, names json) ORDER BY id
     ON CONFLICT (shop_id, customer_id) DO UPDATE
       SET received_at = least(waiting.received_at, excluded.received_at), parts = waiting.parts | excluded.parts,
         attributes = ARRAY(SELECT DISTINCT unnest(waiting.attributes || excluded.attributes))`,
    [shop, JSON.stringify(rows), receivedAt],
  );
}

/**
 * Profiles that follow from those which were just computed: of whom is part of another's profile that profile, and of a profile
 * with several customers whatever profiles the others still have from before they were joined.
 * @returns whether there were any.
 */
export async function enqueueRestOfPersons(
  tx: Sql,
  shop: ShopId,
  computed: readonly History[],
  receivedAt: Date,
): Promise<boolean> {
  const done = new Set(computed.map(({ customerId }) => customerId));
  const heads = new Set<string>();
  const others = new Set<string>();
  for (const { customerId, person } of computed) {
    if (!person?.head) continue;
    if (person.head !== customerId) heads.add(person.head);
    else for (const member of person.members) others.add(member);
  }
  const missing = (ids: ReadonlySet<string>): string[] => [...ids].filter((id) => !done.has(id));
  if (missing(heads).length + missing(others).length === 0) return false;
  const { rowCount } = await tx.query(
    `INSERT INTO profile_queue (shop_id, customer_id, received_at)
     SELECT $1, id, $4 FROM (SELECT unnest($2::bigint[]) AS id
       UNION SELECT customer_id FROM profiles WHERE shop_id = $1 AND customer_id = ANY($3::bigint[])) AS rest ORDER BY id
     ON CONFLICT (shop_id, customer_id) DO UPDATE SET parts = excluded.parts`,
    [shop, missing(heads), missing(others), receivedAt],
  );
  return (rowCount ?? 0) > 0;
}

/**
 * Takes waiting customers off the queue. A change that commits afterwards puts its customer back, because it had to wait for
 * this transaction or was not seen by it.
 */
export async function takeQueuedProfiles(
  tx: Sql,
  shop: ShopId,
  limit: number,
): Promise<{ customerId: string; receivedAt: Date; parts: number; names: string[] }[]> {
  const { rows } = await tx.query<{ customer_id: string; received_at: Date; parts: number; names: string[] }>(
    // With IN the subquery might be asked again for every row, and each time skip what is locked and take others.
    `DELETE FROM profile_queue WHERE shop_id = $1 AND customer_id = ANY(ARRAY(
       SELECT customer_id FROM profile_queue WHERE shop_id = $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))
     RETURNING customer_id, received_at, parts, attributes AS names`,
    [shop, limit],
  );
  return rows.map(({ customer_id: customerId, received_at: receivedAt, ...changed }) => ({
    customerId,
    receivedAt,
    ...changed,
  }));
}

/** As of when the latest of these profiles was computed, in business time; null: none was. */
export async function lastComputed(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    "SELECT max(computed_at) AS at FROM profiles WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])",
    [shop, customerIds],
  );
  return rows[0]?.at ?? null;
}

/**
 * Writes the profiles as they are now and removes those of `gone`.
 */
export async function writeProfiles(
  tx: Sql,
  shop: ShopId,
  profiles: readonly ProfileRecord[],
  gone: readonly string[],
  now: Date,
): Promise<Written> {
  if (gone.length > 0) {
    await tx.query("DELETE FROM profiles WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])", [shop, gone]);
  }
  if (profiles.length === 0) return { risen: new Set(), readdressed: [] };
  const { rows } = await tx.query<Readdressed & { risen: boolean; readdressed: boolean }>(
    `WITH before AS MATERIALIZED (
       SELECT customer_id, exists_from, email, phone FROM profiles WHERE shop_id = $1 AND customer_id = ANY($4::bigint[])
     ), written AS (
       INSERT INTO profiles (shop_id, customer_id, email, phone, first_name, last_name, email_consent, orders_count, gross_minor,
         refunded_minor, currency, first_order_at, last_order_at, last_seen_at, exists_from, sample_bucket, computed_at)
       SELECT $1, "customerId", email, phone, "firstName", "lastName", "emailConsent", "ordersCount", "grossMinor",
         "refundedMinor", currency, "firstOrderAt", "lastOrderAt", "lastSeenAt", "existsFrom", "sampleBucket", $3
       FROM json_to_recordset($2::json) AS given ("customerId" bigint, email text, phone text, "firstName" text, "lastName" text,
         "emailConsent" text, "ordersCount" int, "grossMinor" bigint, "refundedMinor" bigint, currency text,
         "firstOrderAt" timestamptz, "lastOrderAt" timestamptz, "lastSeenAt" timestamptz, "existsFrom" timestamptz, "sampleBucket" int)
       -- Whoever locks several profiles does it in this order.
       ORDER BY "customerId"
       ON CONFLICT (shop_id, customer_id) DO UPDATE SET email = excluded.email, phone = excluded.phone,
         first_name = excluded.first_name, last_name = excluded.last_name, email_consent = excluded.email_consent,
         orders_count = excluded.orders_count, gross_minor = excluded.gross_minor, refunded_minor = excluded.refunded_minor,
         currency = excluded.currency, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
         last_seen_at = excluded.last_seen_at, exists_from = excluded.exists_from, sample_bucket = excluded.sample_bucket,
         computed_at = excluded.computed_at,
         to_compare = profiles.to_compare OR (profiles.email, profiles.phone, profiles.first_name, profiles.last_name)
           IS DISTINCT FROM (excluded.email, excluded.phone, excluded.first_name, excluded.last_name)
       RETURNING customer_id, exists_from, email, phone
     )
     SELECT written.customer_id AS "customerId", before.email AS "emailBefore", written.email, before.phone AS "phoneBefore",
       written.phone, before.exists_from IS DISTINCT FROM written.exists_from AS risen,
       before.customer_id IS NOT NULL AND (before.email, before.phone) IS DISTINCT FROM (written.email, written.phone) AS readdressed
     FROM written LEFT JOIN before ON before.customer_id = written.customer_id
     WHERE (before.exists_from, before.email, before.phone) IS DISTINCT FROM (written.exists_from, written.email, written.phone)`,
    [
      shop,
      JSON.stringify(
        profiles.map(({ grossMinor, refundedMinor, ...profile }) => ({
          ...profile,
          grossMinor: String(grossMinor),
          refundedMinor: String(refundedMinor),
        })),
      ),
      now,
      profiles.map(({ customerId }) => customerId),
    ],
  );
  return {
    risen: new Set(rows.filter(({ risen }) => risen).map(({ customerId }) => customerId)),
    readdressed: rows.filter(({ readdressed }) => readdressed),
  };
}

export interface Written {
  /** Who is new, or exists from another instant on than before: every rule has to be asked about them. */
  risen: Set<string>;
  readdressed: Readdressed[];
}

/** Whose address or phone number is another one now. */
export interface Readdressed {
  customerId: string;
  emailBefore: string | null;
  email: string | null;
  phoneBefore: string | null;
  phone: string | null;
}

/** Shops with customers to recompute: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithQueuedProfiles(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>("SELECT DISTINCT shop_id FROM profile_queue");
  return rows.map((row) => row.shop_id);
}
