import type { Sql } from "../platform/db.server.ts";
import { cutIdPage, type IdPage, idRange, type IdWindow } from "../platform/id-window.ts";
import { forgetBodies } from "./inbox-store.server.ts";

// Like the inbox itself, these know a shop by its domain.

/** A delivery that could not be understood. */
export interface DeadLetter {
  /** Of its row in the inbox. */
  id: string;
  topic: string;
  /** Names the field that was not as expected, never its value. */
  reason: string;
  /** When it was last read, in real time. */
  at: Date;
  receivedAt: Date;
  /** How often it was read. */
  attempts: number;
  /** Length of the body in bytes. */
  size: number;
  /** It waits to be read again. */
  waiting: boolean;
}

export interface DeadLetterBody extends DeadLetter {
  webhookId: string;
  apiVersion: string | null;
  triggeredAt: Date;
  /** At most as much of it as was asked for. */
  body: Buffer;
}

/** The latest replay: how many were asked for, and what came of them so far. */
export interface Replay {
  askedAt: Date;
  asked: number;
  understood: number;
  failed: number;
  waiting: number;
}

interface StoredLetter {
  inbox_id: string;
  topic: string;
  reason: string;
  at: Date;
  received_at: Date;
  attempts: number;
  size: number;
  waiting: boolean;
}

const COLUMNS = `d.inbox_id, d.topic, d.reason, d.at, i.received_at, d.attempts, octet_length(i.body) AS size, d.replay_at IS NOT NULL AS waiting`;

export async function countDeadLetters(sql: Sql, shopDomain: string): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM dead_letters WHERE shop = $1",
    [shopDomain],
  );
  return rows[0]?.count ?? 0;
}

/** A page of them in the order of arrival, the latest first. */
export async function pageOfDeadLetters(
  sql: Sql,
  shopDomain: string,
  window: IdWindow,
  limit: number,
): Promise<IdPage<DeadLetter>> {
  const { below, above, order } = idRange(window);
  const { rows } = await sql.query<StoredLetter>(
    `SELECT ${COLUMNS} FROM dead_letters d JOIN inbox i ON i.id = d.inbox_id
     WHERE d.shop = $1 AND ($2::bigint IS NULL OR d.inbox_id < $2) AND ($3::bigint IS NULL OR d.inbox_id > $3)
     ORDER BY d.inbox_id ${order} LIMIT $4`,
    [shopDomain, below, above, limit + 1],
  );
  return cutIdPage(rows.map(toLetter), window, limit);
}

/** @param most bytes of the body */
export async function readDeadLetter(
  sql: Sql,
  shopDomain: string,
  id: string,
  most: number,
): Promise<DeadLetterBody | null> {
  const { rows } = await sql.query<
    StoredLetter & { webhook_id: string; api_version: string | null; triggered_at: Date; body: Buffer }
  >(
    `SELECT ${COLUMNS}, i.webhook_id, i.api_version, i.triggered_at, substring(i.body FROM 1 FOR $3::int) AS body
     FROM dead_letters d JOIN inbox i ON i.id = d.inbox_id WHERE d.shop = $1 AND d.inbox_id = $2`,
    [shopDomain, id, most],
  );
  const [row] = rows;
  if (!row) return null;
  const { webhook_id: webhookId, api_version: apiVersion, triggered_at: triggeredAt, body } = row;
  return { ...toLetter(row), webhookId, apiVersion, triggeredAt, body };
}

export async function readReplay(sql: Sql, shopDomain: string): Promise<Replay | null> {
  const { rows } = await sql.query<{
    asked_at: Date;
    asked: number;
    understood: number;
    failed: number;
    waiting: number;
  }>(
    `SELECT asked_at, asked, understood, failed,
       (SELECT count(*)::int FROM dead_letters d WHERE d.shop = r.shop AND d.replay_at IS NOT NULL) AS waiting
     FROM dead_letter_replays r WHERE shop = $1`,
    [shopDomain],
  );
  const [row] = rows;
  if (!row) return null;
  const { asked_at: askedAt, ...counts } = row;
  return { askedAt, ...counts };
}

/** The next dead letters after `after` that do not wait to be read again, in the order of arrival. */
export async function deadLettersAfter(sql: Sql, shopDomain: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql.query<{ inbox_id: string }>(
    `SELECT inbox_id FROM dead_letters WHERE shop = $1 AND inbox_id > $2 AND replay_at IS NULL ORDER BY inbox_id LIMIT $3`,
    [shopDomain, after, limit],
  );
  return rows.map((row) => row.inbox_id);
}

/**
 * Puts dead letters back among the unread deliveries; they stay dead letters until they were understood. While an earlier replay
 * is under way these are counted with it.
 * @returns how many there were.
 */
export async function askReplay(tx: Sql, shopDomain: string, ids: readonly string[], now: Date): Promise<number> {
  // Whoever reads or empties deliveries locks them before their dead letters.
  await tx.query("SELECT FROM inbox WHERE shop = $1 AND id = ANY($2::bigint[]) ORDER BY id FOR UPDATE", [
    shopDomain,
    ids,
  ]);
  const { rows } = await tx.query<{ busy: boolean }>(
    "SELECT EXISTS (SELECT FROM dead_letters WHERE shop = $1 AND replay_at IS NOT NULL) AS busy",
    [shopDomain],
  );
  const asked = await tx.query<{ inbox_id: string }>(
    `UPDATE dead_letters SET replay_at = $3 WHERE shop = $1 AND inbox_id = ANY($2::bigint[]) AND replay_at IS NULL RETURNING inbox_id`,
    [shopDomain, ids, now],
  );
  if (asked.rows.length === 0) return 0;
  await tx.query("UPDATE inbox SET done_at = NULL WHERE shop = $1 AND id = ANY($2::bigint[])", [
    shopDomain,
    asked.rows.map((row) => row.inbox_id),
  ]);
  await tx.query(
    `INSERT INTO dead_letter_replays AS kept (shop, asked_at, asked) VALUES ($1, $2, $3)
     ON CONFLICT (shop) DO UPDATE SET asked_at = CASE WHEN $4 THEN kept.asked_at ELSE excluded.asked_at END,
       asked = CASE WHEN $4 THEN kept.asked ELSE 0 END + excluded.asked,
       understood = CASE WHEN $4 THEN kept.understood ELSE 0 END, failed = CASE WHEN $4 THEN kept.failed ELSE 0 END`,
    [shopDomain, now, asked.rows.length, rows[0]?.busy ?? false],
  );
  return asked.rows.length;
}

/** Gives a dead letter up: its bytes are emptied, its receipt stays. @returns whether there was such a one. */
export async function discardDeadLetter(tx: Sql, shopDomain: string, id: string, now: Date): Promise<boolean> {
  await tx.query("SELECT FROM inbox WHERE shop = $1 AND id = $2 FOR UPDATE", [shopDomain, id]);
  const { rows } = await tx.query("SELECT FROM dead_letters WHERE shop = $1 AND inbox_id = $2", [shopDomain, id]);
  if (rows.length === 0) return false;
  await forgetBodies(tx, shopDomain, [id], now);
  return true;
}

function toLetter(row: StoredLetter): DeadLetter {
  const { inbox_id: id, topic, reason, at, received_at: receivedAt, attempts, size, waiting } = row;
  return { id, topic, reason, at, receivedAt, attempts, size, waiting };
}
