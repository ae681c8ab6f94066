import { isDeepStrictEqual } from "node:util";
import { countUpTo } from "../platform/count-up-to.server.ts";
import { cutIdPage, type IdPage, idRange, type IdWindow } from "../platform/id-window.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "./shop-id.ts";

export const AUDIT_SUBJECTS = [
  "segment",
  "automation",
  "destination",
  "recommendations",
  "api_key",
  "feed",
  "settings",
] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

/** Something that staff changed. No secrets, and nothing about a customer, goes into it. */
export interface Change {
  /** Who, by name. */
  author: string;
  subject: AuditSubject;
  /** A verb in the past: "published". */
  action: string;
  /** What it is called. */
  name: string | null;
  /** What of it matters to people, before and after; null: it was not there, or it is gone. */
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
}

export type LoggedChange = Required<Change> & { id: string; at: Date };

/** Writes down what staff change, in the transaction that changes it. What was saved as it was leaves no trace. */
export async function recordChange(
  tx: Sql,
  shop: ShopId,
  { author, subject, action, name, before = null, after = null }: Change,
): Promise<void> {
  if (before !== null && isDeepStrictEqual(before, after)) return;
  await tx.query(
    `INSERT INTO audit_log (shop_id, at, author, subject, action, name, before, after)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)`,
    [shop, new Date(), author, subject, action, name, json(before), json(after)],
  );
}

const json = (value: Record<string, unknown> | null): string | null => (value === null ? null : JSON.stringify(value));

/** A page of what was changed, the newest first. */
export async function pageOfChanges(
  sql: Sql,
  shop: ShopId,
  asked: { subject: AuditSubject | null; author: string | null; window: IdWindow; limit: number },
): Promise<IdPage<LoggedChange>> {
  const { below, above, order } = idRange(asked.window);
  const values: unknown[] = [shop];
  const conditions = ["shop_id = $1"];
  const only = (condition: string, value: unknown): void => {
    if (value !== null) conditions.push(`${condition} $${values.push(value)}`);
  };
  only("subject =", asked.subject);
  only("author =", asked.author);
  only("id <", below);
  only("id >", above);
  const { rows } = await sql.query<LoggedChange>(
    `SELECT id::text, at, author, subject, action, name, before, after FROM audit_log
     WHERE ${conditions.join(" AND ")} ORDER BY audit_log.id ${order} LIMIT $${values.push(asked.limit + 1)}`,
    values,
  );
  return cutIdPage(rows, asked.window, asked.limit);
}

/** Who changed anything, by name, at most `limit` of them: one look into the index for each. */
export async function listAuthors(sql: Sql, shop: ShopId, limit: number): Promise<string[]> {
  const { rows } = await sql.query<{ author: string }>(
    `WITH RECURSIVE authors AS (
       (SELECT author FROM audit_log WHERE shop_id = $1 ORDER BY author LIMIT 1)
       UNION ALL
       SELECT (SELECT l.author FROM audit_log l WHERE l.shop_id = $1 AND l.author > a.author ORDER BY l.author LIMIT 1)
       FROM authors a WHERE a.author IS NOT NULL
     )
     SELECT author FROM authors WHERE author IS NOT NULL LIMIT $2`,
    [shop, limit],
  );
  return rows.map((row) => row.author);
}

/** Forgets what was changed before, at most `limit` of it. @returns how much went. */
export async function dropChangesBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  // Ids grow with time, so the oldest are found at the beginning.
  const { rowCount } = await sql.query(
    `DELETE FROM audit_log WHERE id IN (
       SELECT id FROM (SELECT id, at FROM audit_log WHERE shop_id = $1 ORDER BY id LIMIT $3) AS oldest WHERE at < $2)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}

/** How much was changed before; counting ends at `most`. */
export async function countChangesBefore(sql: Sql, shop: ShopId, before: Date, most: number): Promise<number> {
  return countUpTo(sql, "audit_log WHERE shop_id = $1 AND at < $2", [shop, before], most);
}
