import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import { foldCase } from "../../platform/fold-case.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import { enqueueNamed } from "../../profile/profile-store.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { chunk } from "../chunk.ts";
import type { DestinationKind } from "../destination-store.server.ts";
import type { Engagement } from "../destination.ts";

/** On the embedded database a transaction holds up everything else. */
const EVENTS_IN_A_TRANSACTION = 250;

/**
 * Records what people did with mails as events of theirs, each once, and queues their profiles. Of several customers with one address
 * the oldest has them. Whoever is no customer leaves nothing here.
 * @returns how many were new.
 */
export async function recordEngagement(
  db: Db,
  shop: ShopId,
  service: DestinationKind,
  engagements: readonly Engagement[],
  receivedAt: Date,
): Promise<number> {
  let recorded = 0;
  for (const some of chunk(engagements, EVENTS_IN_A_TRANSACTION)) {
    recorded += await db.tx(async (tx) => {
      await holdOffErasures(tx, shop);
      const inserted = await insertEvents(tx, shop, service, some, receivedAt);
      const kinds = Map.groupBy(inserted, ({ customerId }) => customerId);
      await enqueueNamed(
        tx,
        shop,
        new Map([...kinds].map(([id, own]) => [id, own.map(({ kind }) => kind)])),
        receivedAt,
      );
      return inserted.length;
    });
  }
  return recorded;
}

/** @returns of each new one whose it is and of which kind. */
async function insertEvents(
  tx: Sql,
  shop: ShopId,
  service: DestinationKind,
  engagements: readonly Engagement[],
  receivedAt: Date,
): Promise<{ customerId: string; kind: string }[]> {
  const given = engagements.map(({ id, kind, email, at, campaignId, url, machine }) => {
    const properties = {
      service,
      ...(campaignId !== null && { campaign_id: campaignId }),
      ...(url !== null && { url }),
      ...(machine && { machine: "yes" }),
    };
    const folded = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, foldCase(value)]));
    return { id, kind: `email.${kind}`, address: email.trim().toLowerCase(), at, properties, folded };
  });
  const { rows } = await tx.query<{ customerId: string; kind: string }>(
    `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, customer_id, properties, folded)
     SELECT $1, kind, $2, id, at, $4, owner.customer_id, properties, folded
     FROM (SELECT DISTINCT ON (id) * FROM json_to_recordset($3::json) AS given (id text, kind text, address text, at timestamptz,
         properties jsonb, folded jsonb) ORDER BY id) AS given
     CROSS JOIN LATERAL (SELECT min(customer_id) AS customer_id FROM profiles
       WHERE shop_id = $1 AND lower(btrim(email)) = given.address) AS owner
     WHERE owner.customer_id IS NOT NULL
     ON CONFLICT (shop_id, source, source_id) DO NOTHING RETURNING customer_id AS "customerId", kind`,
    [shop, service, JSON.stringify(given), receivedAt],
  );
  return rows;
}

/** Until when the engagement of a destination has been read; null: never, or the destination is gone. */
export async function engagementReadAt(sql: Sql, shop: ShopId, destinationId: number): Promise<Date | null> {
  const { rows } = await sql.query<{ at: Date | null }>(
    `SELECT engagement_read_at AS at FROM destinations WHERE shop_id = $1 AND id = $2`,
    [shop, destinationId],
  );
  return rows[0]?.at ?? null;
}

export async function saveEngagementTriedAt(sql: Sql, shop: ShopId, destinationId: number, at: Date): Promise<void> {
  await sql.query(`UPDATE destinations SET engagement_tried_at = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    at,
  ]);
}

export async function saveEngagementReadAt(sql: Sql, shop: ShopId, destinationId: number, at: Date): Promise<void> {
  await sql.query(`UPDATE destinations SET engagement_read_at = $3 WHERE shop_id = $1 AND id = $2`, [
    shop,
    destinationId,
    at,
  ]);
}

/** Live destinations whose reading was last begun before `since`, or never, of every shop: for the sweep. */
export async function destinationsToRead(sql: Sql, since: Date): Promise<{ shopId: ShopId; destinationId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; destinationId: number }>(
    `SELECT d.shop_id AS "shopId", d.id AS "destinationId" FROM destinations d
     WHERE d.state = 'live' AND NOT d.leaving AND coalesce(d.engagement_tried_at < $1, true)`,
    [since],
  );
  return rows;
}
