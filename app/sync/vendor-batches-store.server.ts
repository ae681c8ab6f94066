import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** What a batch is kept under: a destination and, at the platform, an audience. */
export interface BatchPlace {
  destinationId: number;
  audience: string;
}

export interface KeptBatch {
  id: string;
  /** Digests of what it writes. */
  marks: string[];
  /** Nobody else follows it. */
  isOurs: boolean;
  /** It was begun so long ago that its end is not waited for any more. */
  isStale: boolean;
}

/** Shorter than the lease of the members it writes, so that whoever takes them over takes it over too. */
const FOLLOWED_MS = 25_000;
const STALE_MS = 3_600_000;
const LONGEST_KEPT_MS = 24 * 3_600_000;

/** Every batch of an audience whose end nobody has seen, the oldest first. Those that nobody follows are taken. */
export async function takeBatches(
  sql: Sql,
  shop: ShopId,
  { destinationId, audience }: BatchPlace,
  now: Date,
): Promise<KeptBatch[]> {
  const { rows } = await sql.query<KeptBatch>(
    `WITH taken AS (
       UPDATE vendor_batches SET followed_until = $5
       WHERE shop_id = $1 AND destination_id = $2 AND audience = $3 AND followed_until <= $4 RETURNING batch_id
     )
     SELECT b.batch_id AS id, b.marks, b.batch_id IN (SELECT batch_id FROM taken) AS "isOurs", b.begun_at <= $6 AS "isStale"
     FROM vendor_batches b WHERE b.shop_id = $1 AND b.destination_id = $2 AND b.audience = $3 ORDER BY b.begun_at, b.batch_id`,
    [shop, destinationId, audience, now, later(now, FOLLOWED_MS), later(now, -STALE_MS)],
  );
  return rows;
}

/** Keeps a batch that was just begun, as one that is being followed. Those of a day ago go: nobody asked for them again. */
export async function keepBatch(
  sql: Sql,
  shop: ShopId,
  { destinationId, audience }: BatchPlace,
  { id, marks }: Pick<KeptBatch, "id" | "marks">,
  now: Date,
): Promise<void> {
  await sql.query(
    `WITH old AS (DELETE FROM vendor_batches WHERE shop_id = $1 AND destination_id = $2 AND begun_at < $8)
     INSERT INTO vendor_batches (shop_id, destination_id, audience, batch_id, marks, begun_at, followed_until)
     VALUES ($1, $2, $3, $4, $5::text[], $6, $7) ON CONFLICT DO NOTHING`,
    [shop, destinationId, audience, id, marks, now, later(now, FOLLOWED_MS), later(now, -LONGEST_KEPT_MS)],
  );
}

/** Whoever comes next may follow it. */
export async function releaseBatch(
  sql: Sql,
  shop: ShopId,
  { destinationId }: BatchPlace,
  id: string,
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE vendor_batches SET followed_until = $4 WHERE shop_id = $1 AND destination_id = $2 AND batch_id = $3`,
    [shop, destinationId, id, now],
  );
}

export async function forgetBatch(sql: Sql, shop: ShopId, { destinationId }: BatchPlace, id: string): Promise<void> {
  await sql.query(`DELETE FROM vendor_batches WHERE shop_id = $1 AND destination_id = $2 AND batch_id = $3`, [
    shop,
    destinationId,
    id,
  ]);
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
