import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { DestinationKind, Retired } from "./destination-store.server.ts";

/** The list of a removed segment at one destination. */
export interface RetiredAudience {
  segmentId: number;
  kind: DestinationKind;
  retired: Retired;
  /** People who are on the list because of us. */
  people: number;
  /** Of them, those still to be taken off it. */
  leaving: number;
}

/**
 * Parts the segment's lists from it, in the transaction that removes it: from here on nobody is added to them. Kept lists lose only
 * those whose consent or address goes; emptied ones lose everybody as the segment's members are put out.
 */
export async function retireAudiences(tx: Sql, shop: ShopId, segmentId: number, retired: Retired): Promise<void> {
  await tx.query("UPDATE audiences SET retired = $3 WHERE shop_id = $1 AND segment_id = $2", [
    shop,
    segmentId,
    retired,
  ]);
}

/** Lets the lists follow their segment again. */
export async function reviveAudiences(tx: Sql, shop: ShopId, segmentId: number): Promise<void> {
  await tx.query("UPDATE audiences SET retired = NULL WHERE shop_id = $1 AND segment_id = $2", [shop, segmentId]);
}

export async function retiredAudiences(sql: Sql, shop: ShopId): Promise<RetiredAudience[]> {
  const { rows } = await sql.query<RetiredAudience>(
    `SELECT a.segment_id AS "segmentId", d.kind, a.retired, count(m.acked_email)::int AS people,
       (count(*) FILTER (WHERE m.acked_email IS NOT NULL AND NOT m.member))::int AS leaving
     FROM audiences a JOIN destinations d ON d.id = a.destination_id LEFT JOIN audience_members m ON m.audience_id = a.id
     WHERE a.shop_id = $1 AND a.retired IS NOT NULL GROUP BY a.id, d.kind ORDER BY d.kind, a.segment_id`,
    [shop],
  );
  return rows;
}
