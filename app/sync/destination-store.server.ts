import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Channel } from "./consent/decide-consent.ts";
import type { GuardState } from "./guard.ts";

export type DestinationKind = "klaviyo" | "mailchimp" | "webhook";

/** A row of destinations as it is stored: the credentials sealed, the settings not yet parsed. */
export interface DestinationRow {
  id: number;
  kind: DestinationKind;
  credentials: Buffer;
  settings: unknown;
  state: "live" | "paused";
  stateReason: string | null;
  /** The account at the vendor, as its limits are counted and as the merchant knows it; null: never asked. */
  accountId: string | null;
  accountName: string | null;
  /** Every segment has an audience here, later ones too. */
  everySegment: boolean;
  /** A new audience waits until somebody has looked at what would be sent. */
  review: boolean;
  /** The platform hears of each entry and exit as an event. */
  segmentEvents: boolean;
  /** It is being disconnected. */
  leaving: boolean;
  /** What it is called where sides say something of consent: the account and the place in it, whenever they are connected. */
  consentSource: string;
}

/** In which channels a platform hears of consent. */
export const HEARS: Readonly<Record<DestinationKind, readonly Channel[]>> = {
  klaviyo: ["email", "sms", "whatsapp"],
  mailchimp: ["email"],
  webhook: ["email"],
};

export interface Connection {
  kind: DestinationKind;
  /** Sealed for `credentialsPlace(shop, kind)`. */
  sealed: Buffer;
  /** What names, with the account, the place: another one is another destination beside this one. */
  settings: object;
  account?: { id: string; name: string };
  everySegment?: boolean;
  review?: boolean;
}

/**
 * Connects a destination, or gives the one there is for the same account and place new credentials and lifts its pause. The audiences are
 * made by `ensureAudiences`. Not for use inside a transaction.
 */
export async function connectDestination(sql: Sql, shop: ShopId, connection: Connection, now: Date): Promise<number> {
  const { kind, sealed, settings, account, everySegment = true, review = false } = connection;
  const json = JSON.stringify(settings);
  const { rows: known } = await sql.query<{ id: number }>(
    `UPDATE destinations SET credentials = $4, renewing_until = NULL, state = 'live', state_reason = NULL, tried_at = NULL, tries = 0,
       account_id = coalesce($5, account_id), account_name = coalesce($6, account_name)
     WHERE id = (
       SELECT id FROM destinations WHERE shop_id = $1 AND kind = $2 AND settings = $3::jsonb
         AND ($5::text IS NULL OR account_id IS NULL OR account_id = $5) ORDER BY id LIMIT 1
     ) RETURNING id`,
    [shop, kind, json, sealed, account?.id ?? null, account?.name ?? null],
  );
  if (known[0]) return known[0].id;
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO destinations (shop_id, kind, credentials, settings, state, created_at, account_id, account_name,
       every_segment, review)
     VALUES ($1, $2, $3, $4::jsonb, 'live', $5, $6, $7, $8, $9)
     ON CONFLICT (shop_id, kind, account_id, settings) DO UPDATE SET credentials = excluded.credentials, state = 'live',
       state_reason = NULL
     RETURNING id`,
    [shop, kind, sealed, json, now, account?.id ?? null, account?.name ?? null, everySegment, review],
  );
  const [row] = rows;
  if (!row) throw new Error("The destination was not stored.");
  return row.id;
}

export async function listDestinations(sql: Sql, shop: ShopId): Promise<DestinationRow[]> {
  const { rows } = await sql.query<DestinationRow>(
    `SELECT id, kind, credentials, settings, state, state_reason AS "stateReason", account_id AS "accountId",
       account_name AS "accountName", every_segment AS "everySegment", review,
       segment_events AS "segmentEvents", leaving, consent_source AS "consentSource"
     FROM destinations WHERE shop_id = $1 ORDER BY kind, id`,
    [shop],
  );
  return rows;
}

export async function findDestination(sql: Sql, shop: ShopId, destinationId: number): Promise<DestinationRow | null> {
  return (await listDestinations(sql, shop)).find(({ id }) => id === destinationId) ?? null;
}

/** @param sealed for `credentialsPlace(shop, kind)`. */
export async function saveCredentials(sql: Sql, shop: ShopId, destinationId: number, sealed: Buffer): Promise<void> {
  await sql.query(`UPDATE destinations SET credentials = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    sealed,
  ]);
}

/** @returns false: another process renews the access, or did since these credentials were read. */
export async function claimRenewal(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  credentials: Buffer,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE destinations SET renewing_until = now() + interval '30 seconds'
     WHERE shop_id = $1 AND id = $2 AND credentials = $3 AND coalesce(renewing_until < now(), true)`,
    [shop, destinationId, credentials],
  );
  return rowCount === 1;
}

/** Ends a claim. @returns false: the connection was given other credentials meanwhile, which stay. */
export async function saveRenewal(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  { before, sealed }: { before: Buffer; sealed: Buffer },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE destinations SET credentials = $4, renewing_until = NULL WHERE shop_id = $1 AND id = $2 AND credentials = $3`,
    [shop, destinationId, before, sealed],
  );
  return rowCount === 1;
}

/** @param reason for the merchant: what has to be done about it. */
export async function pauseDestination(sql: Sql, shop: ShopId, destinationId: number, reason: string): Promise<void> {
  await sql.query(
    `UPDATE destinations SET state = 'paused', state_reason = $3, tried_at = now(),
       tries = CASE WHEN tried_at < now() - interval '1 day' THEN 0 ELSE tries END
     WHERE shop_id = $1 AND id = $2`,
    [shop, destinationId, reason],
  );
}

/** Counts a try of a paused destination. @param reason why it is still paused; null: it works again. */
export async function recordTry(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  reason: string | null,
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE destinations SET state = CASE WHEN $3::text IS NULL THEN 'live' ELSE 'paused' END, state_reason = $3,
       tried_at = $4, tries = tries + 1
     WHERE shop_id = $1 AND id = $2 AND state = 'paused'`,
    [shop, destinationId, reason, now],
  );
}

/** The audiences of a destination. */
export async function audiencesOf(sql: Sql, shop: ShopId, destinationId: number): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `SELECT id FROM audiences WHERE shop_id = $1 AND destination_id = $2 ORDER BY id`,
    [shop, destinationId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Paused destinations whose time has come to be tried again, of every shop: for the sweep. Five minutes after the pause, then
 * twice as long each time, up to an hour.
 */
export async function destinationsToTry(sql: Sql, now: Date): Promise<{ shopId: ShopId; destinationId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; destinationId: number }>(
    `SELECT shop_id AS "shopId", id AS "destinationId" FROM destinations
     WHERE state = 'paused'
       AND coalesce(tried_at, '-infinity') <= $1::timestamptz - least(60, 5 * 2 ^ least(tries, 6)) * interval '1 minute'`,
    [now],
  );
  return rows;
}

/** Whether segments get audiences here by themselves. */
export async function setEverySegment(sql: Sql, shop: ShopId, destinationId: number, every: boolean): Promise<void> {
  await sql.query(`UPDATE destinations SET every_segment = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    every,
  ]);
}

/** From here on nothing new comes into its audiences, and it is forgotten with the last of them. */
export async function beginLeaving(sql: Sql, shop: ShopId, destinationId: number): Promise<void> {
  await sql.query(`UPDATE destinations SET leaving = true, every_segment = false WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
  ]);
}

/**
 * Forgets a destination that is being disconnected and has neither audience nor hook left. Its credentials are kept until what the platform
 * permitted has been given back there: `oauth/give-back`.
 */
export async function forgetLeft(sql: Sql, shop: ShopId, destinationId: number): Promise<void> {
  await sql.query(
    `WITH gone AS (
       DELETE FROM destinations d WHERE shop_id = $1 AND id = $2 AND leaving
         AND NOT EXISTS (SELECT FROM audiences a WHERE a.destination_id = d.id)
         AND NOT EXISTS (SELECT FROM destination_hooks h WHERE h.destination_id = d.id)
       RETURNING *
     )
     INSERT INTO permissions_given_up (shop_id, kind, account_id, credentials, settings, given_up_at, due_at)
     SELECT shop_id, kind, account_id, credentials, settings, now(), now() FROM gone`,
    [shop, destinationId],
  );
}

/**
 * An audience's life: `building` while its members are computed for the first time, `review` while somebody is to look at what would be
 * sent, `ready` to be created at the vendor, `creating` from before that call until its answer is stored, `live`. A paused one says why.
 */
export type AudienceState = "building" | "review" | "ready" | "creating" | "live" | "paused";

/** What becomes at the vendor of an audience that is given up: all leave it, or it is deleted. */
export type Leaving = "empty" | "delete";

/** One trait that goes along, and the vendor's field it goes into. */
export interface MappedTrait {
  trait: string;
  field: string;
}

/** What became of the list of a removed segment: nobody is added any more, and it is left as it is or emptied. */
export type Retired = "kept" | "emptied";

export interface Audience {
  id: number;
  segmentName: string;
  remoteId: string | null;
  state: AudienceState;
  stateReason: string | null;
  /** When it was last compared with its segment; null: never. */
  reconciledAt: Date | null;
  /** It was there before us. */
  adopted: boolean;
  traits: MappedTrait[] | null;
  /** Since when it grows in portions; null: it does not. */
  warmFrom: Date | null;
  guardShare: number | null;
  guard: GuardState | null;
  leaving: Leaving | null;
  retired: Retired | null;
  destination: DestinationRow;
}

/** @returns null when the audience is not there (any more). */
export async function findAudience(sql: Sql, shop: ShopId, audienceId: number): Promise<Audience | null> {
  const { rows } = await sql.query<Omit<Audience, "destination"> & { destination_id: number }>(
    `SELECT a.id, s.name AS "segmentName", a.remote_id AS "remoteId", a.state, a.state_reason AS "stateReason",
       a.reconciled_at AS "reconciledAt", a.adopted, a.traits, a.warm_from AS "warmFrom", a.guard_share AS "guardShare",
       a.guard, a.leaving, a.retired, a.destination_id
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
