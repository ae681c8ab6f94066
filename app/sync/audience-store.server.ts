import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { DestinationKind, Leaving, MappedTrait } from "./destination-store.server.ts";
import { forgetLeft } from "./destination-store.server.ts";
import { platformsRefuse } from "./consent/platforms-refuse.ts";
import type { GuardState } from "./guard.ts";
import { CONSENTS } from "./projection-store.server.ts";

/** How the merchant wants a segment's audience. */
export interface AudienceChoice {
  /** An audience that exists at the vendor already; null: a new one. Fixed once it is made. */
  remoteId: string | null;
  /** Also people who never said yes or no, without subscribing them. */
  nonSubscribed: boolean;
  traits: MappedTrait[];
  /** The share that may leave within a day before somebody is asked; null: all of it. */
  guardShare: number | null;
}

/**
 * Makes an audience for a segment in a destination, or changes how it is kept. It is computed anew by `ensureAudiences`; a new one then
 * waits in `review`.
 * @returns its id; null when there is no such segment or destination, or the audience is being given up.
 */
export async function chooseAudience(
  sql: Sql,
  shop: ShopId,
  at: { destinationId: number; segmentId: number },
  choice: AudienceChoice,
): Promise<{ id: number; created: boolean } | null> {
  const { rows } = await sql.query<{ id: number; created: boolean }>(
    `INSERT INTO audiences AS known (shop_id, destination_id, segment_id, state, review, remote_id, adopted, non_subscribed,
       traits, guard_share)
     SELECT d.shop_id, d.id, s.id, 'building', true, $4::text, $4 IS NOT NULL, $5, $6::jsonb, $7::real
     FROM destinations d JOIN segments s ON s.shop_id = d.shop_id AND s.removed_at IS NULL
     WHERE d.shop_id = $1 AND d.id = $2 AND s.id = $3 AND NOT d.leaving
     ON CONFLICT (destination_id, segment_id) DO UPDATE SET
       non_subscribed = excluded.non_subscribed, traits = excluded.traits, guard_share = excluded.guard_share
       WHERE known.leaving IS NULL
     RETURNING id, xmax = 0 AS created`,
    [
      shop,
      at.destinationId,
      at.segmentId,
      choice.remoteId,
      choice.nonSubscribed,
      choice.traits.length === 0 ? null : JSON.stringify(choice.traits),
      choice.guardShare,
    ],
  );
  // What was said there of a list that was nobody's of ours is heard anew, from the beginning.
  if (rows[0]?.created && choice.remoteId !== null)
    await sql.query(`UPDATE destinations SET consent_read_at = NULL WHERE shop_id = $1 AND id = $2`, [
      shop,
      at.destinationId,
    ]);
  return rows[0] ?? null;
}

/** How every audience of a destination is kept, by its id. */
export async function readChoices(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
): Promise<Map<number, AudienceChoice & { adopted: boolean }>> {
  const { rows } = await sql.query<
    Omit<AudienceChoice, "traits"> & { id: number; adopted: boolean; traits: MappedTrait[] | null }
  >(
    `SELECT id, remote_id AS "remoteId", adopted, non_subscribed AS "nonSubscribed", traits, guard_share AS "guardShare"
     FROM audiences WHERE shop_id = $1 AND destination_id = $2`,
    [shop, destinationId],
  );
  return new Map(rows.map(({ id, traits, ...row }) => [id, { ...row, traits: traits ?? [] }]));
}

/** Lets an audience that waits for it be sent. @returns whether it waited. */
export async function startAudience(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  options: { warmUp: boolean; now: Date },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE audiences SET state = CASE WHEN remote_id IS NULL THEN 'ready' ELSE 'live' END, review = false,
       warm_from = CASE WHEN $3 THEN $4::timestamptz END, report = NULL, reconciled_at = NULL
     WHERE shop_id = $1 AND id = $2 AND state = 'review'`,
    [shop, audienceId, options.warmUp, options.now],
  );
  return rowCount === 1;
}

export async function endWarmUp(sql: Sql, shop: ShopId, audienceId: number): Promise<void> {
  await sql.query(`UPDATE audiences SET warm_from = NULL WHERE shop_id = $1 AND id = $2`, [shop, audienceId]);
}

/** After its list was deleted by hand: everybody is put into a new one. @returns whether it was paused for that. */
export async function renewAudience(tx: Sql, shop: ShopId, audienceId: number, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE audiences SET state = 'ready', state_reason = NULL, remote_id = NULL, adopted = false, guard = NULL,
       report = NULL, reconciled_at = NULL
     WHERE shop_id = $1 AND id = $2 AND state = 'paused'`,
    [shop, audienceId],
  );
  if (rowCount !== 1) return false;
  await tx.query(`DELETE FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND NOT member`, [
    shop,
    audienceId,
  ]);
  await tx.query(
    `UPDATE audience_members SET acked_email = NULL, remote_id = NULL, rejection = NULL, attempts = 0, doubts = 0,
       revision = revision + 1, due_at = CASE WHEN email IS NOT NULL THEN $3::timestamptz END
     WHERE shop_id = $1 AND audience_id = $2`,
    [shop, audienceId, now],
  );
  return true;
}

/** Has an audience that is kept compared with its platform now. @returns whether there is one to compare. */
export async function askForComparison(sql: Sql, shop: ShopId, audienceId: number, now: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE audiences SET compare_asked_at = $3 WHERE shop_id = $1 AND id = $2 AND state = 'live' AND leaving IS NULL AND retired IS NULL`,
    [shop, audienceId, now],
  );
  return rowCount === 1;
}

/** Who is in by our books, and how many of them wait to leave although nothing was withdrawn: what the guard looks at. */
export async function countForGuard(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  now: Date,
): Promise<{ size: number; pending: number }> {
  const { rows } = await sql.query<{ size: number; pending: number }>(
    `SELECT (SELECT count(*) FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND acked_email IS NOT NULL)::int
         AS size,
       (SELECT count(*) FROM audience_members m WHERE ${HELD_UP})::int AS pending`,
    [shop, audienceId, now],
  );
  return rows[0] ?? { size: 0, pending: 0 };
}

/** Rows that wait to leave and belong to people whose profile is still there and who withdrew nothing: `isGuarded` in SQL. */
const HELD_UP = `m.shop_id = $1 AND m.audience_id = $2 AND m.due_at <= $3 AND m.email IS NULL AND NOT m.member
  AND m.acked_email IS NOT NULL AND EXISTS (SELECT FROM profiles p JOIN audiences a ON a.id = m.audience_id
    WHERE p.shop_id = $1 AND p.customer_id = m.customer_id AND ${CONSENTS}
      AND NOT ${platformsRefuse("lower(btrim(p.email))", "p.customer_id")})`;

export async function saveGuard(sql: Sql, shop: ShopId, audienceId: number, guard: GuardState): Promise<void> {
  await sql.query(`UPDATE audiences SET guard = $3::jsonb WHERE shop_id = $1 AND id = $2`, [
    shop,
    audienceId,
    JSON.stringify(guard),
  ]);
}

/** Puts off who waits to leave; then the guard looks again. */
export async function holdRemovals(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  times: { now: Date; until: Date },
): Promise<void> {
  await sql.query(`UPDATE audience_members m SET due_at = $4 WHERE ${HELD_UP}`, [
    shop,
    audienceId,
    times.now,
    times.until,
  ]);
}

/** Lets who was put off leave now. */
export async function releaseRemovals(sql: Sql, shop: ShopId, audienceId: number, now: Date): Promise<void> {
  await sql.query(
    `UPDATE audience_members SET due_at = $3 WHERE shop_id = $1 AND audience_id = $2 AND due_at > $3 AND email IS NULL`,
    [shop, audienceId, now],
  );
}

/**
 * Begins to give an audience up. Emptied ones have everybody leave; either kind is forgotten once that is done at the vendor.
 * @returns false when it does not exist.
 */
export async function leaveAudience(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  how: Leaving,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE audiences SET leaving = $3, guard_share = NULL, warm_from = NULL WHERE shop_id = $1 AND id = $2`,
    [shop, audienceId, how],
  );
  if (rowCount !== 1) return false;
  if (how === "empty") {
    await sql.query(
      `UPDATE audience_members SET member = false, exception = NULL, email = NULL, first_name = NULL, last_name = NULL,
         traits = NULL, rejection = NULL, attempts = 0, revision = revision + 1,
         due_at = CASE WHEN acked_email IS NOT NULL THEN $3::timestamptz END
       WHERE shop_id = $1 AND audience_id = $2`,
      [shop, audienceId, now],
    );
  }
  return true;
}

const ROWS_AT_ONCE = 2_000;

/**
 * Forgets an audience and who was in it; what is at the vendor stays as it is. A destination that is being disconnected goes with its
 * last one. Not for use inside a transaction.
 */
export async function forgetAudience(sql: Sql, shop: ShopId, audienceId: number): Promise<void> {
  for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE;) {
    const { rowCount } = await sql.query(
      `DELETE FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND customer_id IN (
         SELECT customer_id FROM audience_members WHERE shop_id = $1 AND audience_id = $2 LIMIT $3)`,
      [shop, audienceId, ROWS_AT_ONCE],
    );
    deleted = rowCount ?? 0;
  }
  const { rows } = await sql.query<{ id: number }>(
    `DELETE FROM audiences WHERE shop_id = $1 AND id = $2 RETURNING destination_id AS id`,
    [shop, audienceId],
  );
  if (rows[0]) await forgetLeft(sql, shop, rows[0].id);
}

/** The lists that follow a segment. */
export async function listsOfSegment(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
): Promise<{ kind: DestinationKind; nonSubscribed: boolean }[]> {
  const { rows } = await sql.query<{ kind: DestinationKind; nonSubscribed: boolean }>(
    `SELECT d.kind, a.non_subscribed AS "nonSubscribed" FROM audiences a JOIN destinations d ON d.id = a.destination_id
     WHERE a.shop_id = $1 AND a.segment_id = $2 AND a.retired IS NULL AND a.leaving IS NULL ORDER BY d.kind, d.id`,
    [shop, segmentId],
  );
  return rows;
}
