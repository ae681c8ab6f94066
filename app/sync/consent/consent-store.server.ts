import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { chunk } from "../chunk.ts";
import type { DestinationKind } from "../destination-store.server.ts";
import type { ConsentNews } from "../destination.ts";
import { projectAudiences } from "../projection-store.server.ts";

/** On the embedded database a transaction holds up everything else. */
const NEWS_IN_A_TRANSACTION = 100;

/**
 * Takes in what a platform says about addresses, and what that changes in every audience of the shop, in the same transaction.
 * Late and repeated news end in the same rows. An address that nobody has unsubscribed needs no row.
 * @returns the audiences that have something to send.
 */
export async function learnConsents(
  db: Db,
  shop: ShopId,
  source: DestinationKind,
  news: readonly ConsentNews[],
  now: Date,
): Promise<number[]> {
  const audiences = new Set<number>();
  for (const some of chunk(news, NEWS_IN_A_TRANSACTION)) {
    const touched = await db.tx(async (tx) => {
      const emails = await writeConsents(tx, shop, source, some);
      if (emails.length === 0) return [];
      const customerIds = await customersWith(tx, shop, emails);
      return projectAudiences(tx, shop, customerIds, { now, receivedAt: null, dueAfterMs: 0 });
    });
    for (const audience of touched) audiences.add(audience);
  }
  return [...audiences];
}

/** @returns the addresses whose row changed. */
async function writeConsents(
  tx: Sql,
  shop: ShopId,
  source: DestinationKind,
  news: readonly ConsentNews[],
): Promise<string[]> {
  const newest = new Map<string, ConsentNews>();
  for (const one of news) newest.set(`${one.email.trim().toLowerCase()} ${one.state}`, one);
  const of = (state: ConsentNews["state"]) => [...newest.values()].filter((one) => one.state === state);
  const unsubscribed = of("unsubscribed");
  const { rows: refused } = await tx.query<{ email: string }>(
    `INSERT INTO platform_consents AS known (shop_id, email, source, unsubscribed_at, lasting)
     SELECT $1, said.email, $2, said.at, said.lasting
     FROM unnest($3::text[], $4::timestamptz[], $5::boolean[]) AS said (email, at, lasting)
     ON CONFLICT (shop_id, email, source) DO UPDATE SET
       unsubscribed_at = greatest(known.unsubscribed_at, excluded.unsubscribed_at),
       lasting = known.lasting OR excluded.lasting
     WHERE NOT known.lasting AND excluded.lasting
       OR known.subscribed_at IS NOT NULL AND known.subscribed_at > known.unsubscribed_at
         AND excluded.unsubscribed_at >= known.subscribed_at
     RETURNING email`,
    [
      shop,
      source,
      unsubscribed.map(({ email }) => email.trim().toLowerCase()),
      unsubscribed.map(({ at }) => at),
      unsubscribed.map(({ lasting }) => lasting),
    ],
  );
  const subscribed = of("subscribed");
  const { rows: regained } = await tx.query<{ email: string }>(
    `UPDATE platform_consents known SET subscribed_at = said.at
     FROM unnest($3::text[], $4::timestamptz[]) AS said (email, at)
     WHERE known.shop_id = $1 AND known.source = $2 AND known.email = said.email AND NOT known.lasting
       AND said.at > known.unsubscribed_at AND (known.subscribed_at IS NULL OR said.at > known.subscribed_at)
     RETURNING known.email`,
    [shop, source, subscribed.map(({ email }) => email.trim().toLowerCase()), subscribed.map(({ at }) => at)],
  );
  return [...refused, ...regained].map(({ email }) => email);
}

async function customersWith(tx: Sql, shop: ShopId, emails: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = ANY ($2::text[]) ORDER BY customer_id`,
    [shop, emails],
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
