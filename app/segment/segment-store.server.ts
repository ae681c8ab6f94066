import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Membership, MembershipDifference } from "./membership-difference.ts";
import { type Rule, ruleSchema } from "./rule.ts";
import type { StarterSegment } from "./starter-segments.ts";

export interface Segment {
  id: number;
  key: string;
  name: string;
  rule: Rule;
}

/** Gives the shop the starter segments it does not have yet. @returns how many were added. */
export async function addStarterSegments(
  sql: Sql,
  shop: ShopId,
  segments: readonly StarterSegment[],
  now: Date,
): Promise<number> {
  const { rowCount } = await sql.query(
    `INSERT INTO segments (shop_id, key, name, definition, created_at)
     SELECT $1, key, name, rule, $3 FROM json_to_recordset($2::json) AS given (key text, name text, rule jsonb)
     ON CONFLICT (shop_id, key) DO NOTHING`,
    [shop, JSON.stringify(segments), now],
  );
  return rowCount ?? 0;
}

export async function listSegments(sql: Sql, shop: ShopId): Promise<Segment[]> {
  const { rows } = await sql.query<{ id: number; key: string; name: string; definition: unknown }>(
    "SELECT id, key, name, definition FROM segments WHERE shop_id = $1 ORDER BY id",
    [shop],
  );
  return rows.map((row) => ({ id: row.id, key: row.key, name: row.name, rule: ruleSchema.parse(row.definition) }));
}

/** All stored membership intervals of the customers. */
export async function readMemberships(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Membership[]> {
  const { rows } = await sql.query<{ segment_id: number; customer_id: string; entered_at: Date; left_at: Date | null }>(
    `SELECT segment_id, customer_id, entered_at, left_at FROM memberships
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) ORDER BY entered_at`,
    [shop, customerIds],
  );
  return rows.map((row) => ({
    segmentId: row.segment_id,
    customerId: row.customer_id,
    enteredAt: row.entered_at,
    leftAt: row.left_at,
  }));
}

export async function writeMemberships(
  tx: Sql,
  shop: ShopId,
  difference: Pick<MembershipDifference, "write" | "remove">,
  decidedAt: Date,
): Promise<void> {
  if (difference.remove.length > 0) {
    await tx.query(
      `DELETE FROM memberships m USING json_to_recordset($2::json)
         AS gone ("segmentId" int, "customerId" bigint, "enteredAt" timestamptz)
       WHERE m.shop_id = $1 AND m.customer_id = gone."customerId" AND m.segment_id = gone."segmentId"
         AND m.entered_at = gone."enteredAt"`,
      [shop, JSON.stringify(difference.remove)],
    );
  }
  if (difference.write.length > 0) {
    await tx.query(
      `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, left_at, decided_at)
       SELECT $1, "segmentId", "customerId", "enteredAt", "leftAt", $3 FROM json_to_recordset($2::json)
         AS given ("segmentId" int, "customerId" bigint, "enteredAt" timestamptz, "leftAt" timestamptz)
       ON CONFLICT (shop_id, customer_id, segment_id, entered_at)
         DO UPDATE SET left_at = excluded.left_at, decided_at = excluded.decided_at`,
      [shop, JSON.stringify(difference.write), decidedAt],
    );
  }
}
