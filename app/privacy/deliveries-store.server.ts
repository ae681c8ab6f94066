import type { Sql } from "../platform/db.server.ts";

// Like the inbox itself, these know a shop by its domain.

export interface KeptDelivery {
  id: string;
  topic: string;
  webhookId: string;
  triggeredAt: Date;
  receivedAt: Date;
  body: Buffer;
}

/**
 * The next deliveries of the shop that were read, in the order of their delivery ids: of `limit` of them those whose bytes hold
 * one of the needles, in any case. Nothing is kept of what a body mentions, so an erasure reads them all; it is rare.
 */
export async function deliveriesWith(
  sql: Sql,
  shopDomain: string,
  needles: readonly string[],
  page: { after: string; limit: number },
): Promise<{ found: KeptDelivery[]; last: string | null }> {
  const { rows } = await sql.query<{
    id: string;
    topic: string;
    webhook_id: string;
    triggered_at: Date;
    received_at: Date;
    body: Buffer | null;
  }>(
    `SELECT id, topic, webhook_id, triggered_at, received_at,
       CASE WHEN lower(encode(body, 'escape')) LIKE ANY ($3::text[]) THEN body END AS body
     FROM inbox WHERE shop = $1 AND webhook_id > $2 AND done_at IS NOT NULL ORDER BY webhook_id LIMIT $4`,
    [shopDomain, page.after, needles.map(toPattern), page.limit],
  );
  const found = rows.flatMap(({ body, ...row }) =>
    body === null
      ? []
      : {
          id: row.id,
          topic: row.topic,
          webhookId: row.webhook_id,
          triggeredAt: row.triggered_at,
          receivedAt: row.received_at,
          body,
        },
  );
  return { found, last: rows.length < page.limit ? null : (rows.at(-1)?.webhook_id ?? null) };
}

/** How PostgreSQL's `encode(…, 'escape')` writes the needle, as a pattern that finds it anywhere. */
function toPattern(needle: string): string {
  const escaped = [...Buffer.from(needle)]
    .map((byte) => {
      if (byte === 0 || byte > 127) return `\\${byte.toString(8).padStart(3, "0")}`;
      return byte === 92 ? "\\\\" : String.fromCharCode(byte);
    })
    .join("");
  return `%${escaped.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Whether deliveries that came by then are still unread. */
export async function hasUnread(sql: Sql, shopDomain: string, by: Date): Promise<boolean> {
  const { rows } = await sql.query(
    "SELECT FROM inbox WHERE shop = $1 AND done_at IS NULL AND received_at <= $2 LIMIT 1",
    [shopDomain, by],
  );
  return rows.length > 0;
}
