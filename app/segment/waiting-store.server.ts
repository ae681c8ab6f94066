import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { WaitingWork } from "./freshness.ts";

interface WaitingRow {
  what: "customers" | "timers" | "unattributed";
  /** The parts that changed, or the segment. */
  which: number | null;
  waiting: number;
  oldest_at: Date | null;
}

/** What of the shop is recorded and not decided yet, behind the deliveries that are still to be read. */
export async function waitingWork(sql: Sql, shop: ShopId, now: Date): Promise<Omit<WaitingWork, "deliveries">> {
  const { rows } = await sql.query<WaitingRow>(
    `SELECT 'customers' AS what, parts AS which, count(*)::int AS waiting, min(received_at) AS oldest_at
     FROM profile_queue WHERE shop_id = $1 GROUP BY parts
     UNION ALL
     SELECT 'timers', segment_id, count(*)::int, min(due)
     FROM timers t, unnest(t.segment_ids, t.due_ats) AS waiting (segment_id, due)
     WHERE t.shop_id = $1 AND (t.due_at <= $2 OR t.due_at IS NULL) AND due <= $2 GROUP BY segment_id
     UNION ALL
     SELECT 'unattributed', NULL, count(*)::int, min(received_at) FROM (
       SELECT received_at FROM visitor_queue WHERE shop_id = $1
       UNION ALL
       SELECT NULL FROM api_identifiers WHERE shop_id = $1 AND pending
     ) AS nobodys`,
    [shop, now],
  );
  const of = (kind: WaitingRow["what"]) => rows.filter(({ what }) => what === kind);
  const waiting = ({ waiting: count, oldest_at: oldestAt }: WaitingRow) => ({ waiting: count, oldestAt });
  return {
    customers: of("customers").map((row) => ({ parts: row.which ?? 0, ...waiting(row) })),
    timers: of("timers").map((row) => ({ segmentId: row.which ?? 0, ...waiting(row) })),
    unattributed: of("unattributed").map(waiting)[0] ?? { waiting: 0, oldestAt: null },
  };
}
