import { findErased, holdOffErasures, type Marks } from "../../ingest/erased/erased-store.server.ts";
import { foldEmail, foldPhone, type Mention, mentionKey } from "../../ingest/erased/mentions.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { chunk } from "../chunk.ts";
import type { ConsentNews } from "../destination.ts";
import { bookConsent } from "../errands/errands-store.server.ts";
import { projectAudiences } from "../projection-store.server.ts";
import type { Addressee, Channel, Source } from "./decide-consent.ts";
import { toldSince } from "./told-since.ts";

/** On the embedded database a transaction holds up everything else. */
const NEWS_IN_A_TRANSACTION = 100;

/** What is learned, and from whom. */
export interface Lesson {
  /** Knows again who was erased. */
  marks: Marks;
  source: Source;
  news: readonly ConsentNews[];
  now: Date;
  /** We told the platform, and it did not tell us. */
  told?: boolean;
}

/**
 * Takes in what a platform says about addresses, and what that changes in every audience of the shop, in the same transaction.
 * Late and repeated news end in the same rows. Who is merely subscribed needs none, unless it is known how they came to be.
 * What others have to hear of it is booked there too. Of somebody who was erased nothing is kept.
 * @returns the audiences that have something to send.
 */
export async function learnConsents(
  db: Db,
  shop: ShopId,
  { marks, source, news, now, told = false }: Lesson,
): Promise<number[]> {
  const audiences = new Set<number>();
  for (const some of chunk(news, NEWS_IN_A_TRANSACTION)) {
    const touched = await db.tx(async (tx) => {
      await holdOffErasures(tx, shop);
      const kept = await withoutErased(tx, shop, marks, some);
      if (kept.length === 0) return [];
      const changed = await writeConsents(tx, shop, source, kept, now, told);
      if (changed.length === 0) return [];
      const customerIds = await customersWith(tx, shop, changed);
      await bookConsent(tx, shop, customerIds, now);
      return projectAudiences(tx, shop, customerIds, { now, receivedAt: null, dueAfterMs: 0 });
    });
    for (const audience of touched) audiences.add(audience);
  }
  return [...audiences];
}

/**
 * A platform goes on telling of an address after its person was erased, its own deletion included. It counts again once a customer of
 * the shop has it.
 */
async function withoutErased(
  tx: Sql,
  shop: ShopId,
  marks: Marks,
  news: readonly ConsentNews[],
): Promise<readonly ConsentNews[]> {
  const erased = await findErased(tx, shop, marks, news.map(mentionOf));
  if (erased.size === 0) return news;
  const gone = new Set(news.filter((one) => erased.has(mentionKey(mentionOf(one)))));
  const { rows } = await tx.query<{ address: string }>(
    `SELECT lower(btrim(email)) AS address FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = ANY ($2::text[])
     UNION SELECT regexp_replace(phone, '\\D', '', 'g') FROM profiles
       WHERE shop_id = $1 AND regexp_replace(phone, '\\D', '', 'g') = ANY ($2::text[])`,
    [shop, [...gone].map((one) => mentionOf(one).value)],
  );
  const held = new Set(rows.map(({ address }) => address));
  return news.filter((one) => !gone.has(one) || held.has(mentionOf(one).value));
}

function mentionOf({ channel = "email", email }: ConsentNews): Mention {
  return channel === "email" ? { kind: "email", value: foldEmail(email) } : { kind: "phone", value: foldPhone(email) };
}

/**
 * Folds the news into the rows, and keeps each as evidence; of what we told, when that was last. A subscription that a platform tells of right after we told it there is the
 * echo of that, and no word of the person's: taken for one it would outrank an unsubscribe from in between.
 * @returns what of it changed.
 */
export async function writeConsents(
  tx: Sql,
  shop: ShopId,
  source: Source,
  news: readonly ConsentNews[],
  now: Date,
  told: boolean,
): Promise<Addressee[]> {
  const given = news.map(({ channel = "email", email, state, at, lasting, proven = false, reason }) => ({
    channel,
    address: email.trim().toLowerCase(),
    state,
    at,
    lasting,
    proven,
    reason: reason ?? null,
  }));
  const said = told ? given : await withoutEchoes(tx, shop, source, given);
  // A status that is merely found subscribed is no news of somebody who never unsubscribed there.
  await tx.query(
    `INSERT INTO consent_evidence AS known (shop_id, channel, address, source, state, reason, told, at, heard_at)
     SELECT $1, channel, address, $2, state, reason, $5::boolean, at, $4
     FROM json_to_recordset($3::json) AS said (channel text, address text, state text, at timestamptz, reason text, proven boolean)
     WHERE state = 'unsubscribed' OR proven OR EXISTS (SELECT FROM platform_consents p
       WHERE p.shop_id = $1 AND p.channel = said.channel AND p.address = said.address AND p.source = $2)
     ORDER BY 2, 3 ON CONFLICT ${told ? TOLD_AGAIN : "DO NOTHING"}`,
    [shop, source, JSON.stringify(said), now, told],
  );
  const { rows } = await tx.query<Addressee>(
    `INSERT INTO platform_consents AS known (shop_id, channel, address, source, unsubscribed_at, subscribed_at, proven_at, lasting, reason)
     SELECT $1, channel, address, $2, unsubscribed_at, subscribed_at, proven_at, lasting, reason FROM (
       SELECT channel, address, max(at) FILTER (WHERE state = 'unsubscribed') AS unsubscribed_at,
         max(at) FILTER (WHERE state = 'subscribed') AS subscribed_at, max(at) FILTER (WHERE state = 'subscribed' AND proven) AS proven_at,
         bool_or(lasting) AS lasting, (array_agg(reason ORDER BY at DESC) FILTER (WHERE state = 'unsubscribed'))[1] AS reason
       FROM json_to_recordset($3::json) AS said (channel text, address text, state text, at timestamptz, lasting boolean,
         proven boolean, reason text)
       GROUP BY channel, address
     ) AS folded
     WHERE unsubscribed_at IS NOT NULL OR proven_at IS NOT NULL OR EXISTS (SELECT FROM platform_consents p
       WHERE p.shop_id = $1 AND p.channel = folded.channel AND p.address = folded.address AND p.source = $2)
     ORDER BY channel, address
     ON CONFLICT (shop_id, channel, address, source) DO UPDATE SET
       unsubscribed_at = greatest(known.unsubscribed_at, excluded.unsubscribed_at),
       subscribed_at = greatest(known.subscribed_at, excluded.subscribed_at),
       proven_at = greatest(known.proven_at, excluded.proven_at),
       lasting = known.lasting OR excluded.lasting,
       reason = CASE WHEN coalesce(excluded.unsubscribed_at > known.unsubscribed_at, known.unsubscribed_at IS NULL)
         THEN coalesce(excluded.reason, known.reason) ELSE known.reason END
     WHERE excluded.lasting AND NOT known.lasting
       OR coalesce(excluded.unsubscribed_at > known.unsubscribed_at, known.unsubscribed_at IS NULL AND excluded.unsubscribed_at IS NOT NULL)
       OR coalesce(excluded.subscribed_at > known.subscribed_at, known.subscribed_at IS NULL AND excluded.subscribed_at IS NOT NULL)
       OR coalesce(excluded.proven_at > known.proven_at, known.proven_at IS NULL AND excluded.proven_at IS NOT NULL)
     RETURNING channel, address`,
    [shop, source, JSON.stringify(said)],
  );
  return rows;
}

const TOLD_AGAIN = `(shop_id, channel, address, source, state, told, at)
  DO UPDATE SET heard_at = greatest(known.heard_at, excluded.heard_at)`;

interface Said extends Addressee {
  state: ConsentNews["state"];
  at: Date;
  lasting: boolean;
  proven: boolean;
  reason: string | null;
}

const ECHOES_WITHIN = "1 hour";

async function withoutEchoes(tx: Sql, shop: ShopId, source: Source, said: readonly Said[]): Promise<Said[]> {
  const yes = said.filter(({ state }) => state === "subscribed");
  if (yes.length === 0) return [...said];
  const { rows } = await tx.query<Addressee & { at: Date }>(
    `SELECT DISTINCT said.channel, said.address, said.at FROM json_to_recordset($3::json) AS said (channel text, address text, at timestamptz)
     JOIN consent_evidence e ON e.shop_id = $1 AND e.channel = said.channel AND e.address = said.address AND e.source = $2
       AND e.told AND e.state = 'subscribed' AND said.at >= e.at AND said.at <= e.heard_at + interval '${ECHOES_WITHIN}'`,
    [shop, source, JSON.stringify(yes)],
  );
  const key = ({ channel, address, at }: Addressee & { at: Date }): string => `${channel} ${address} ${at.getTime()}`;
  const echoes = new Set(rows.map(key));
  return said.filter((one) => one.state !== "subscribed" || !echoes.has(key(one)));
}

/** Until when a subscription there counts as the one that we told; null: we told none. A platform may date it by when it heard of it. */
export async function toldSubscribed(
  sql: Sql,
  shop: ShopId,
  source: Source,
  { channel, address }: Addressee,
): Promise<Date | null> {
  const { rows } = await sql.query<{ until: Date | null }>(
    `SELECT raised_until AS until FROM (
       ${toldSince("e.shop_id = $1 AND e.channel = $2 AND e.address = $3 AND e.source = $4")}) told`,
    [shop, channel, address, source],
  );
  return rows[0]?.until ?? null;
}

/** Unsubscribes that stand at platforms under addresses that customers gave up, as they hold of the new ones. */
export async function standingUnder(tx: Sql, shop: ShopId, moved: readonly Moved[]): Promise<Carried[]> {
  const { rows } = await tx.query<Carried>(
    `SELECT m."customerId", c.source, c.channel, m."to" AS email, 'unsubscribed' AS state, c.unsubscribed_at AS at, c.lasting, c.reason
     FROM json_to_recordset($2::json) AS m ("customerId" text, channel text, "from" text, "to" text)
     JOIN platform_consents c ON c.shop_id = $1 AND c.channel = m.channel AND c.address = m."from"
     WHERE c.unsubscribed_at IS NOT NULL AND coalesce(c.reason, '') NOT IN ('bounce', 'invalid')
       AND (c.lasting OR coalesce(c.subscribed_at <= c.unsubscribed_at, true))`,
    [shop, JSON.stringify(moved)],
  );
  return rows;
}

export type Carried = ConsentNews & { customerId: string; source: Source };

/** A customer's address, or phone number by its digits, became another one. */
export interface Moved {
  customerId: string;
  channel: Channel;
  from: string;
  to: string;
}

/**
 * The next customers of whom a platform said something, after the consent sync was switched; they count as done with the transaction.
 * @returns null when everybody is done.
 */
export async function takeOpposed(tx: Sql, shop: ShopId, limit: number): Promise<string[] | null> {
  const { rows: positions } = await tx.query<{ after: string | null }>(
    `SELECT consent_sync_after AS after FROM shops WHERE id = $1 FOR UPDATE`,
    [shop],
  );
  const after = positions[0]?.after ?? null;
  if (after === null) return null;
  const { rows } = await tx.query<{ id: string }>(
    `SELECT DISTINCT p.customer_id AS id FROM platform_consents c
     JOIN profiles p ON p.shop_id = $1 AND lower(btrim(p.email)) = c.address
     WHERE c.shop_id = $1 AND c.channel = 'email' AND p.customer_id > $2 ORDER BY p.customer_id LIMIT $3`,
    [shop, after, limit],
  );
  const last = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
  await tx.query(`UPDATE shops SET consent_sync_after = $2 WHERE id = $1`, [shop, last]);
  return rows.map(({ id }) => id);
}

async function customersWith(tx: Sql, shop: ShopId, addressees: readonly Addressee[]): Promise<string[]> {
  const of = (wanted: (channel: Channel) => boolean): string[] =>
    addressees.flatMap(({ channel, address }) => (wanted(channel) ? [address] : []));
  const emails = of((channel) => channel === "email");
  const phones = of((channel) => channel !== "email");
  const { rows } = await tx.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = ANY ($2::text[])
     UNION SELECT customer_id FROM profiles WHERE shop_id = $1 AND regexp_replace(phone, '\\D', '', 'g') = ANY ($3::text[])
     ORDER BY customer_id`,
    [shop, emails, phones],
  );
  return rows.map((row) => row.customer_id);
}

/** Since when nothing has been read from a destination; null: never. */
export async function consentReadAt(sql: Sql, shop: ShopId, destinationId: number): Promise<Date | null> {
  const { rows } = await sql.query<{ at: Date | null }>(
    `SELECT consent_read_at AS at FROM destinations WHERE shop_id = $1 AND id = $2`,
    [shop, destinationId],
  );
  return rows[0]?.at ?? null;
}

export async function saveConsentReadAt(sql: Sql, shop: ShopId, destinationId: number, at: Date): Promise<void> {
  await sql.query(`UPDATE destinations SET consent_read_at = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    at,
  ]);
}

/** One audience of every destination that was last read before `since`, or never, of every shop: for the sweep. */
export async function audiencesToHearFrom(sql: Sql, since: Date): Promise<{ shopId: ShopId; audienceId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; audienceId: number }>(
    `SELECT d.shop_id AS "shopId", min(a.id) AS "audienceId"
     FROM destinations d JOIN audiences a ON a.destination_id = d.id AND a.state <> 'building'
     WHERE d.state = 'live' AND coalesce(d.consent_read_at < $1, true) GROUP BY d.id`,
    [since],
  );
  return rows;
}
