import type { Sql } from "../platform/db.server.ts";

// Like the inbox itself, these know a shop by its domain: a delivery may come before the shop has a row.

/** How many different deliveries of the shop were recorded. */
export async function countDeliveries(sql: Sql, shopDomain: string): Promise<number> {
  const { rows } = await sql.query<{ count: number }>("SELECT count(*)::int AS count FROM inbox WHERE shop = $1", [
    shopDomain,
  ]);
  return rows[0]?.count ?? 0;
}

/** When the latest delivery of the shop was received, in real time, and what it was about. */
export async function lastDelivery(sql: Sql, shopDomain: string): Promise<{ at: Date; topic: string } | null> {
  const { rows } = await sql.query<{ received_at: Date; topic: string }>(
    "SELECT received_at, topic FROM inbox WHERE shop = $1 ORDER BY id DESC LIMIT 1",
    [shopDomain],
  );
  return rows[0] ? { at: rows[0].received_at, topic: rows[0].topic } : null;
}

/** Deliveries that are recorded and not read yet, and since when the oldest of them waits. */
export async function waitingDeliveries(
  sql: Sql,
  shopDomain: string,
): Promise<{ waiting: number; oldestAt: Date | null }> {
  const { rows } = await sql.query<{ waiting: number; oldest_at: Date | null }>(
    `SELECT count(*)::int AS waiting, min(coalesce(d.replay_at, received_at)) AS oldest_at
     FROM inbox i LEFT JOIN dead_letters d ON d.inbox_id = i.id WHERE i.shop = $1 AND i.done_at IS NULL`,
    [shopDomain],
  );
  return { waiting: rows[0]?.waiting ?? 0, oldestAt: rows[0]?.oldest_at ?? null };
}

export interface DeadLetters {
  count: number;
  /** The latest causes, each once. */
  reasons: { topic: string; reason: string; count: number; lastAt: Date }[];
}

/** Deliveries that could not be understood. Their bytes are kept. */
export async function deadLetters(sql: Sql, shopDomain: string, reasons: number): Promise<DeadLetters> {
  const { rows } = await sql.query<{ topic: string; reason: string; count: number; last_at: Date; total: number }>(
    `SELECT topic, reason, count(*)::int AS count, max(at) AS last_at, (sum(count(*)) OVER ())::int AS total
     FROM dead_letters WHERE shop = $1 GROUP BY topic, reason ORDER BY last_at DESC LIMIT $2`,
    [shopDomain, reasons],
  );
  return {
    count: rows[0]?.total ?? 0,
    reasons: rows.map((row) => ({ topic: row.topic, reason: row.reason, count: row.count, lastAt: row.last_at })),
  };
}
