import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Cause } from "./evaluation/cause.ts";
import type { Interval } from "./evaluation/customer-history.ts";
import type { Change, Membership, MembershipKey } from "./membership-difference.ts";

export type MembershipChange = MembershipKey & Change & Cause & { version: number };

export interface MembershipWrites {
  /** Rows to write or overwrite, by customer, segment and time of entry. */
  write: Membership[];
  remove: (MembershipKey & Pick<Interval, "enteredAt">)[];
  changes: MembershipChange[];
}

/** All stored membership intervals of the customers in the segments, oldest first. */
export async function readMemberships(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  segmentIds: readonly number[],
): Promise<Membership[]> {
  const { rows } = await sql.query<{ segment_id: number; customer_id: string; entered_at: Date; left_at: Date | null }>(
    // Two lists in one index would be looked up pair by pair; a customer's few rows are read and sifted.
    `SELECT segment_id, customer_id, entered_at, left_at FROM memberships
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND segment_id IN (SELECT unnest($3::int[])) ORDER BY entered_at`,
    [shop, customerIds, segmentIds],
  );
  return rows.map((row) => ({
    segmentId: row.segment_id,
    customerId: row.customer_id,
    enteredAt: row.entered_at,
    leftAt: row.left_at,
  }));
}

/** Writes what changed, and the changes themselves, in one statement. */
export async function writeMemberships(
  tx: Sql,
  shop: ShopId,
  { write, remove, changes }: MembershipWrites,
  decidedAt: Date,
): Promise<void> {
  if (write.length + remove.length + changes.length === 0) return;
  await tx.query(
    `WITH gone AS (
       DELETE FROM memberships m USING json_to_recordset($2::json)
         AS gone ("segmentId" int, "customerId" bigint, "enteredAt" timestamptz)
       WHERE m.shop_id = $1 AND m.customer_id = gone."customerId" AND m.segment_id = gone."segmentId"
         AND m.entered_at = gone."enteredAt"
     ), written AS (
       INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, left_at, decided_at)
       SELECT $1, "segmentId", "customerId", "enteredAt", "leftAt", $5 FROM json_to_recordset($3::json)
         AS given ("segmentId" int, "customerId" bigint, "enteredAt" timestamptz, "leftAt" timestamptz)
       ON CONFLICT (shop_id, customer_id, segment_id, entered_at)
         DO UPDATE SET left_at = excluded.left_at, decided_at = excluded.decided_at
     )
     INSERT INTO membership_changes (shop_id, segment_id, customer_id, change, at, cause, event_kind, version, decided_at)
     SELECT $1, "segmentId", "customerId", change, at, cause, "eventKind", version, $5 FROM json_to_recordset($4::json)
       AS given ("segmentId" int, "customerId" bigint, change text, at timestamptz, cause text, "eventKind" text, version int)`,
    [shop, JSON.stringify(remove), JSON.stringify(write), JSON.stringify(changes), decidedAt],
  );
}
