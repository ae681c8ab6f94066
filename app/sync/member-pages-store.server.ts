import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { DestinationKind } from "./destination-store.server.ts";
import type { ExceptionName } from "./exceptions.ts";

/** What one audience holds of one person, by our own books. */
export type Holding = { kind: DestinationKind; segmentName: string; paused: boolean } & (
  | { outcome: "in_audience" }
  /** Something is still to be sent. */
  | { outcome: "pending"; change: "add" | "remove" }
  /** In the segment and kept out of the audience: `no_consent` or `no_email`. */
  | { outcome: "exception"; reason: string }
  /** The destination will not have this address; `code: words`. */
  | { outcome: "rejected"; reason: string }
);

interface HoldingRow {
  kind: DestinationKind;
  segment_name: string;
  paused: boolean;
  member: boolean;
  email: string | null;
  exception: string | null;
  rejection: string | null;
  due: boolean;
}

/** The audiences that hold the customer, are to hold them, or name a reason why they do not. */
export async function holdingsOf(sql: Sql, shop: ShopId, customerId: string): Promise<Holding[]> {
  const { rows } = await sql.query<HoldingRow>(
    `SELECT d.kind, s.name AS segment_name, d.state = 'paused' OR a.state = 'paused' AS paused, m.member, m.email,
       m.exception, m.rejection, m.due_at IS NOT NULL AS due
     FROM audience_members m JOIN audiences a ON a.id = m.audience_id AND a.shop_id = m.shop_id
     JOIN destinations d ON d.id = a.destination_id JOIN segments s ON s.id = a.segment_id
     WHERE m.shop_id = $1 AND m.customer_id = $2 ORDER BY d.kind, s.id`,
    [shop, customerId],
  );
  return rows.map(toHolding);
}

function toHolding(row: HoldingRow): Holding {
  const place = { kind: row.kind, segmentName: row.segment_name, paused: row.paused };
  const wanted = row.email !== null && row.rejection === null;
  if (row.due) return { ...place, outcome: "pending", change: wanted ? "add" : "remove" };
  if (row.exception !== null) return { ...place, outcome: "exception", reason: row.exception };
  if (row.rejection !== null) return { ...place, outcome: "rejected", reason: row.rejection };
  return wanted ? { ...place, outcome: "in_audience" } : { ...place, outcome: "pending", change: "remove" };
}

/** One thing that was sent of a person to a destination. */
export interface Sent {
  destinationId: number;
  kind: DestinationKind;
  accountName: string | null;
  segmentName: string;
  at: Date;
  /** As `pass-log.ts` writes it, or of an event `event entered` or `event left`. */
  outcome: string;
  /** Of an event: what came back. */
  answer: string | null;
}

/** What was sent of a customer in the last 30 days, and what came back, the newest first. */
export async function sentOf(sql: Sql, shop: ShopId, customerId: string, limit: number): Promise<Sent[]> {
  const { rows } = await sql.query<Sent>(
    `SELECT * FROM (
       (SELECT d.id AS "destinationId", d.kind, d.account_name AS "accountName", l.segment_name AS "segmentName", l.at,
          l.members ->> $2 AS outcome, NULL AS answer
        FROM sync_log l JOIN destinations d ON d.id = l.destination_id
        WHERE l.shop_id = $1 AND l.members ? $2 ORDER BY l.at DESC LIMIT $3)
       UNION ALL
       (SELECT d.id, d.kind, d.account_name, s.name, coalesce(e.done_at, e.due_at), 'event ' || e.change,
          coalesce(e.outcome, 'waiting')
        FROM segment_events e JOIN audiences a ON a.id = e.audience_id JOIN destinations d ON d.id = a.destination_id
        JOIN segments s ON s.id = a.segment_id
        WHERE e.shop_id = $1 AND e.customer_id = $2::bigint AND coalesce(e.outcome, 'waiting') <> 'not_in_audience'
        ORDER BY e.id DESC LIMIT $3)
     ) AS sent ORDER BY at DESC LIMIT $3`,
    [shop, customerId, limit],
  );
  return rows;
}

/** A member of a segment who is not in its audience. */
export interface ExceptedMember {
  customerId: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  exception: ExceptionName;
  /** What the platform refused them with, as `code: words`. */
  rejection: string | null;
}

/** The next of them, by customer id: who makes up the numbers that `audienceStates` names. */
export async function exceptedMembers(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  after: string,
  limit: number,
): Promise<ExceptedMember[]> {
  const { rows } = await sql.query<ExceptedMember>(
    `SELECT m.customer_id AS "customerId", p.email, p.first_name AS "firstName", p.last_name AS "lastName",
       coalesce(m.exception, CASE WHEN m.rejection IS NOT NULL THEN 'rejected' ELSE 'pending' END) AS exception, m.rejection
     FROM audience_members m LEFT JOIN profiles p ON p.shop_id = $1 AND p.customer_id = m.customer_id
     WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id > $3 AND m.member
       AND (m.exception IS NOT NULL OR m.rejection IS NOT NULL OR m.acked_email IS DISTINCT FROM m.email OR m.due_at IS NOT NULL)
     ORDER BY m.customer_id LIMIT $4`,
    [shop, audienceId, after, limit],
  );
  return rows;
}
