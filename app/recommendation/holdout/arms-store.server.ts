import type { Sql } from "../../platform/db.server.ts";
import type { Case } from "../blend/confidence.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Arm, clientSubject, customerSubject, type KnownArm, type Person } from "./arm.ts";

interface ArmRow {
  subject: string;
  customer_id: string | null;
  arm: Arm;
  entered_at: Date;
}

/** Until the transaction ends nobody else settles the arm of this browser or of this customer. */
export async function takeTurns(tx: Sql, shop: ShopId, { customerId, clientId }: Person): Promise<void> {
  // Browsers before customers, always: nobody waits for somebody who waits for them.
  const subjects = [clientId && clientSubject(clientId), customerId && customerSubject(customerId)];
  for (const subject of subjects) {
    if (subject) await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", [`arm ${subject}`, shop]);
  }
}

/** What was recorded of a customer, and of a browser whoever it belongs to. */
export async function readArms(sql: Sql, shop: ShopId, { customerId, clientId }: Person): Promise<KnownArm[]> {
  const { rows } = await sql.query<ArmRow>(
    `SELECT subject, customer_id, arm, entered_at FROM recommendation_arms WHERE shop_id = $1 AND subject = $2
     UNION SELECT subject, customer_id, arm, entered_at FROM recommendation_arms WHERE shop_id = $1 AND customer_id = $3`,
    [shop, clientId === null ? null : clientSubject(clientId), customerId],
  );
  return rows.map((row) => ({
    subject: row.subject,
    customerId: row.customer_id,
    arm: row.arm,
    enteredAt: row.entered_at,
  }));
}

/** The arms of those customers of whom one was recorded: the first. */
export async function readCustomerArms(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
): Promise<Map<string, Arm>> {
  const { rows } = await sql.query<{ customer_id: string; arm: Arm }>(
    `SELECT DISTINCT ON (customer_id) customer_id, arm FROM recommendation_arms
     WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) ORDER BY customer_id, entered_at, subject`,
    [shop, customerIds],
  );
  return new Map(rows.map((row) => [row.customer_id, row.arm]));
}

/** Records an arm, with what kind of customer that is, or whose a browser is that was nobody's; an arm that belongs to somebody stays as it is. */
export async function recordArm(
  tx: Sql,
  shop: ShopId,
  { subject, customerId, arm }: Omit<KnownArm, "enteredAt">,
  kind: Case | null,
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO recommendation_arms AS kept (shop_id, subject, customer_id, arm, entered_at, lead, entries)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (shop_id, subject) DO UPDATE SET customer_id = excluded.customer_id, arm = excluded.arm, lead = excluded.lead,
       entries = excluded.entries
       WHERE kept.customer_id IS NULL AND excluded.customer_id IS NOT NULL`,
    [shop, subject, customerId, arm, now, kind?.lead, kind?.entries],
  );
}

/** Forgets browsers that came in before and were never a customer's, at most `limit` of them. @returns how many went. */
export async function dropArmsBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM recommendation_arms WHERE shop_id = $1 AND subject IN
       (SELECT subject FROM recommendation_arms WHERE shop_id = $1 AND entered_at < $2 AND customer_id IS NULL LIMIT $3)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}
