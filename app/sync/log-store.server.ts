import { cutIdPage, type IdPage, idRange, type IdWindow } from "../platform/id-window.ts";
import { countUpTo } from "../platform/count-up-to.server.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { CallRecord } from "./destination.ts";
import type { PassEntry } from "./pass-log.ts";

/** Who is erased is not named any more, not even as somebody who was taken out. */
export async function writePass(
  sql: Sql,
  shop: ShopId,
  at: { destinationId: number; audienceId: number; segmentName: string; now: Date },
  entry: PassEntry,
): Promise<void> {
  await sql.query(
    `INSERT INTO sync_log (shop_id, destination_id, audience_id, segment_name, at, added, removed, again, refused, calls, members)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, coalesce(jsonb_object_agg(member.key, member.value), '{}')
     FROM jsonb_each($11::jsonb) AS member JOIN customers c ON c.shop_id = $1 AND c.id = member.key::bigint`,
    [
      shop,
      at.destinationId,
      at.audienceId,
      at.segmentName,
      at.now,
      entry.added,
      entry.removed,
      entry.again,
      entry.refused,
      JSON.stringify(entry.calls),
      JSON.stringify(entry.members),
    ],
  );
}

export interface LoggedPass {
  id: string;
  segmentName: string;
  at: Date;
  added: number;
  removed: number;
  again: number;
  refused: number;
  calls: CallRecord[];
  /** What became of the customer who was searched for. */
  member: string | null;
}

export type LoggedOutcome = "added" | "removed" | "refused" | "again" | "unanswered";

/** What words of a query mean: what became of people, or of a call, and codes of why somebody was refused or not sent. */
export interface LogMeaning {
  outcomes: readonly LoggedOutcome[];
  reasons: readonly string[];
}

/**
 * A page of the passes of a connection, the newest first.
 * @param asked.query a platform's request id, a part of a call or of a segment's name, or a customer id; empty: all
 * @param asked.meant what else is found by its words
 */
export async function searchLog(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  asked: { query: string; meant: LogMeaning; window: IdWindow; limit: number },
): Promise<IdPage<LoggedPass>> {
  const { below, above, order } = idRange(asked.window);
  const { rows } = await sql.query<LoggedPass>(
    `SELECT id::text, segment_name AS "segmentName", at, added, removed, again, refused, calls, members ->> $3 AS member
     FROM sync_log
     WHERE shop_id = $1 AND destination_id = $2 AND ($4::bigint IS NULL OR id < $4) AND ($9::bigint IS NULL OR id > $9)
       AND ($3 = '' OR members ? $3 OR calls::text ILIKE '%' || $5 || '%' OR segment_name ILIKE '%' || $5 || '%'
         OR 'added' = ANY ($7) AND added > 0 OR 'removed' = ANY ($7) AND removed > 0 OR 'refused' = ANY ($7) AND refused > 0
         OR 'again' = ANY ($7) AND again > 0 OR 'unanswered' = ANY ($7) AND calls @> '[{"status": null}]'
         OR refused > 0 AND members::text ILIKE ANY ($8))
     ORDER BY sync_log.id ${order} LIMIT $6`,
    [
      shop,
      destinationId,
      asked.query,
      below,
      literally(asked.query),
      asked.limit + 1,
      asked.meant.outcomes,
      asked.meant.reasons.map((code) => `%: %${literally(code)}%`),
      above,
    ],
  );
  return cutIdPage(rows, asked.window, asked.limit);
}

function literally(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Forgets passes from before, at most `limit` of them. @returns how many went. */
export async function dropPassesBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM sync_log WHERE id IN (SELECT id FROM sync_log WHERE shop_id = $1 AND at < $2 ORDER BY at LIMIT $3)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}

/** How many passes are from before; counting ends at `most`. */
export async function countPassesBefore(sql: Sql, shop: ShopId, before: Date, most: number): Promise<number> {
  return countUpTo(sql, "sync_log WHERE shop_id = $1 AND at < $2", [shop, before], most);
}
