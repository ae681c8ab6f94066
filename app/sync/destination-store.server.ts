import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

export type DestinationKind = "klaviyo" | "mailchimp";

/** A row of destinations as it is stored: the credentials sealed, the settings not yet parsed. */
export interface DestinationRow {
  id: number;
  kind: DestinationKind;
  credentials: Buffer;
  settings: unknown;
  state: "live" | "paused";
  stateReason: string | null;
}

export interface Connection {
  kind: DestinationKind;
  /** Sealed for `credentialsPlace(shop, kind)`. */
  sealed: Buffer;
  /** What names the account: with other settings the destination is another place, and its audiences start anew. */
  settings: object;
}

/**
 * Connects a destination or replaces its credentials, and lifts a pause. The audiences are made by `ensureAudiences`.
 * Not for use inside a transaction.
 */
export async function connectDestination(sql: Sql, shop: ShopId, connection: Connection, now: Date): Promise<number> {
  const { kind, sealed, settings } = connection;
  const json = JSON.stringify(settings);
  const { rows: elsewhere } = await sql.query(
    `SELECT id FROM destinations WHERE shop_id = $1 AND kind = $2 AND settings <> $3::jsonb`,
    [shop, kind, json],
  );
  if (elsewhere.length > 0) await disconnectDestination(sql, shop, kind);
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO destinations (shop_id, kind, credentials, settings, state, created_at)
     VALUES ($1, $2, $3, $4::jsonb, 'live', $5)
     ON CONFLICT (shop_id, kind) DO UPDATE SET credentials = excluded.credentials, state = 'live', state_reason = NULL
     RETURNING id`,
    [shop, kind, sealed, json, now],
  );
  const [row] = rows;
  if (!row) throw new Error("The destination was not stored.");
  return row.id;
}

/** Forgets a destination, its credentials and its audiences here; what is at the vendor stays. Not for use inside a transaction. */
async function disconnectDestination(sql: Sql, shop: ShopId, kind: DestinationKind): Promise<void> {
  const { rows } = await sql.query<{ id: number }>(
    `SELECT a.id FROM audiences a JOIN destinations d ON d.id = a.destination_id WHERE d.shop_id = $1 AND d.kind = $2`,
    [shop, kind],
  );
  for (const { id } of rows) await forgetMembers(sql, shop, id);
  await sql.query(`DELETE FROM destinations WHERE shop_id = $1 AND kind = $2`, [shop, kind]);
}

export async function listDestinations(sql: Sql, shop: ShopId): Promise<DestinationRow[]> {
  const { rows } = await sql.query<DestinationRow>(
    `SELECT id, kind, credentials, settings, state, state_reason AS "stateReason"
     FROM destinations WHERE shop_id = $1 ORDER BY kind`,
    [shop],
  );
  return rows;
}

/** @param reason for the merchant: what has to be done about it. */
export async function pauseDestination(sql: Sql, shop: ShopId, destinationId: number, reason: string): Promise<void> {
  await setDestinationState(sql, shop, destinationId, "paused", reason);
}

async function setDestinationState(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  state: DestinationRow["state"],
  reason: string | null,
): Promise<void> {
  await sql.query(`UPDATE destinations SET state = $3, state_reason = $4 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    state,
    reason,
  ]);
}

/**
 * An audience's life: `building` while its members are computed for the first time, `ready` to be created at the vendor,
 * `creating` from before that call until its answer is stored, `live`. A paused one says why.
 */
export type AudienceState = "building" | "ready" | "creating" | "live" | "paused";

export interface Audience {
  id: number;
  segmentName: string;
  remoteId: string | null;
  state: AudienceState;
  stateReason: string | null;
  /** When it was last compared with its segment; null: never. */
  reconciledAt: Date | null;
  destination: DestinationRow;
}

/** @returns null when the audience is not there (any more). */
export async function findAudience(sql: Sql, shop: ShopId, audienceId: number): Promise<Audience | null> {
  const { rows } = await sql.query<Omit<Audience, "destination"> & { destination_id: number }>(
    `SELECT a.id, s.name AS "segmentName", a.remote_id AS "remoteId", a.state, a.state_reason AS "stateReason",
       a.reconciled_at AS "reconciledAt", a.destination_id
     FROM audiences a JOIN segments s ON s.id = a.segment_id WHERE a.shop_id = $1 AND a.id = $2`,
    [shop, audienceId],
  );
  const [audience] = rows;
  const destination = (await listDestinations(sql, shop)).find(({ id }) => id === audience?.destination_id);
  return audience && destination ? { ...audience, destination } : null;
}

/** Marks that the vendor is about to be asked: from here on the audience may exist there without our knowing its id. */
export async function beginCreation(sql: Sql, shop: ShopId, audienceId: number): Promise<void> {
  await sql.query(`UPDATE audiences SET state = 'creating' WHERE shop_id = $1 AND id = $2 AND state = 'ready'`, [
    shop,
    audienceId,
  ]);
}

export async function completeCreation(sql: Sql, shop: ShopId, audienceId: number, remoteId: string): Promise<void> {
  await sql.query(`UPDATE audiences SET state = 'live', remote_id = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    audienceId,
    remoteId,
  ]);
}

/** The vendor's ids that audiences of this shop already go by. */
export async function knownRemoteIds(sql: Sql, shop: ShopId): Promise<Set<string>> {
  const { rows } = await sql.query<{ remote_id: string }>(
    `SELECT remote_id FROM audiences WHERE shop_id = $1 AND remote_id IS NOT NULL`,
    [shop],
  );
  return new Set(rows.map((row) => row.remote_id));
}

/** @param reason for the merchant: what happened. */
export async function pauseAudience(sql: Sql, shop: ShopId, audienceId: number, reason: string): Promise<void> {
  await sql.query(`UPDATE audiences SET state = 'paused', state_reason = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    audienceId,
    reason,
  ]);
}

const ROWS_AT_ONCE = 2_000;

async function forgetMembers(sql: Sql, shop: ShopId, audienceId: number): Promise<void> {
  for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE;) {
    const { rowCount } = await sql.query(
      `DELETE FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND customer_id IN (
         SELECT customer_id FROM audience_members WHERE shop_id = $1 AND audience_id = $2 LIMIT $3)`,
      [shop, audienceId, ROWS_AT_ONCE],
    );
    deleted = rowCount ?? 0;
  }
}
