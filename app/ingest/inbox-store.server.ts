import { countUpTo } from "../platform/count-up-to.server.ts";
import type { Sql } from "../platform/db.server.ts";

export interface Arrival {
  shop: string;
  topic: string;
  webhookId: string;
  eventId: string | null;
  apiVersion: string | null;
  triggeredAt: Date;
  receivedAt: Date;
  /** SHA-256 over topic, event id and body: the same event delivered again under another delivery id. */
  digest: Buffer;
  body: Buffer;
}

export interface InboxRow {
  id: string;
  topic: string;
  webhookId: string;
  triggeredAt: Date;
  receivedAt: Date;
  body: Buffer;
  /** It was not understood before and is read again. */
  replayed: boolean;
}

const INSERT = `
INSERT INTO inbox (shop, topic, webhook_id, event_id, api_version, triggered_at, received_at, digest, body)
SELECT shop, topic, webhook_id, event_id, api_version, triggered_at, received_at,
       substring($11::bytea FROM digest_at + 1 FOR 32), substring($11::bytea FROM body_at + 1 FOR body_size)
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
            $8::int[], $9::int[], $10::int[])
  AS given (shop, topic, webhook_id, event_id, api_version, triggered_at, received_at, digest_at, body_at, body_size)
ON CONFLICT DO NOTHING
RETURNING shop, webhook_id`;

/**
 * Records deliveries of any number of shops in one statement. All bytes travel as one binary parameter, which is cheaper than
 * an array of hex strings.
 * @returns for each arrival, in order, whether it is new.
 */
export async function insertArrivals(sql: Sql, arrivals: readonly Arrival[]): Promise<("recorded" | "duplicate")[]> {
  const offsets: number[] = [];
  const bytes: Buffer[] = [];
  let offset = 0;
  for (const { digest, body } of arrivals) {
    offsets.push(offset);
    bytes.push(digest, body);
    offset += digest.length + body.length;
  }
  const column = <K extends keyof Arrival>(name: K): Arrival[K][] => arrivals.map((arrival) => arrival[name]);
  const { rows } = await sql.query<{ shop: string; webhook_id: string }>(INSERT, [
    column("shop"),
    column("topic"),
    column("webhookId"),
    column("eventId"),
    column("apiVersion"),
    column("triggeredAt"),
    column("receivedAt"),
    offsets,
    offsets.map((at) => at + 32),
    arrivals.map(({ body }) => body.length),
    Buffer.concat(bytes),
  ]);
  const fresh = new Set(rows.map((row) => `${row.shop}|${row.webhook_id}`));
  // Of two copies in one batch only the first was written.
  return arrivals.map((arrival) => (fresh.delete(`${arrival.shop}|${arrival.webhookId}`) ? "recorded" : "duplicate"));
}

/** Takes the shop's oldest unread deliveries, at most `limit`, and keeps them from other workers until the transaction ends. */
export async function takeArrivals(tx: Sql, shopDomain: string, limit: number): Promise<InboxRow[]> {
  const { rows } = await tx.query<{
    id: string;
    topic: string;
    webhook_id: string;
    triggered_at: Date;
    received_at: Date;
    body: Buffer;
    replayed: boolean;
  }>(
    `SELECT id, topic, webhook_id, triggered_at, received_at, body,
       EXISTS (SELECT FROM dead_letters d WHERE d.inbox_id = inbox.id) AS replayed FROM inbox
     WHERE shop = $1 AND done_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [shopDomain, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic,
    webhookId: row.webhook_id,
    triggeredAt: row.triggered_at,
    receivedAt: row.received_at,
    body: row.body,
    replayed: row.replayed,
  }));
}

/** Marks deliveries as read; those that were not understood are kept with the reason, and those that now were are kept no longer. */
export async function finishArrivals(
  tx: Sql,
  shopDomain: string,
  rows: readonly Pick<InboxRow, "id" | "replayed">[],
  dead: readonly { id: string; topic: string; reason: string }[],
  now: Date,
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  await tx.query("UPDATE inbox SET done_at = $2 WHERE id = ANY($1::bigint[])", [ids, now]);
  if (dead.length > 0) {
    await tx.query(
      `INSERT INTO dead_letters AS kept (inbox_id, shop, topic, reason, at)
       SELECT id, $1, topic, reason, $2 FROM json_to_recordset($3::json) AS given (id bigint, topic text, reason text)
       ON CONFLICT (inbox_id) DO UPDATE
       SET reason = excluded.reason, at = excluded.at, attempts = kept.attempts + 1, replay_at = NULL`,
      [shopDomain, now, JSON.stringify(dead)],
    );
  }
  const replayed = rows.filter((row) => row.replayed).map(({ id }) => id);
  if (replayed.length === 0) return;
  const failed = dead.filter(({ id }) => replayed.includes(id)).length;
  await tx.query(
    `WITH understood AS (
       DELETE FROM dead_letters WHERE shop = $1 AND inbox_id = ANY($2::bigint[]) AND replay_at IS NOT NULL RETURNING inbox_id)
     UPDATE dead_letter_replays SET failed = failed + $3, understood = understood + (SELECT count(*) FROM understood) WHERE shop = $1`,
    [shopDomain, replayed, failed],
  );
}

/**
 * Empties the bodies of deliveries and takes back their dead letters. The receipts stay, so that the same delivery is still known
 * when it comes again. @returns how many bodies and dead letters there were.
 */
export async function forgetBodies(
  tx: Sql,
  shopDomain: string,
  ids: readonly string[],
  now: Date,
): Promise<{ bodies: number; deadLetters: number }> {
  if (ids.length === 0) return { bodies: 0, deadLetters: 0 };
  const bodies = await tx.query(
    `UPDATE inbox SET body = '', done_at = coalesce(done_at, $3)
     WHERE shop = $1 AND id = ANY($2::bigint[]) AND length(body) > 0`,
    [shopDomain, ids, now],
  );
  const dead = await tx.query("DELETE FROM dead_letters WHERE shop = $1 AND inbox_id = ANY($2::bigint[])", [
    shopDomain,
    ids,
  ]);
  return { bodies: bodies.rowCount ?? 0, deadLetters: dead.rowCount ?? 0 };
}

/** Of deliveries that were read before and have a body: a dead letter keeps its own until it is understood or discarded. */
const OLD_BODIES = `inbox i WHERE i.shop = $1 AND i.done_at IS NOT NULL AND octet_length(i.body) > 0 AND i.received_at < $2
  AND NOT EXISTS (SELECT FROM dead_letters d WHERE d.inbox_id = i.id)`;

/** Empties bodies of deliveries that came before and were read, at most `limit` of them; their receipts stay. @returns how many. */
export async function emptyBodiesBefore(sql: Sql, shopDomain: string, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE inbox SET body = '' WHERE id IN (
       SELECT i.id FROM ${OLD_BODIES} ORDER BY i.received_at LIMIT $3 FOR UPDATE OF i SKIP LOCKED)`,
    [shopDomain, before, limit],
  );
  return rowCount ?? 0;
}

/** How many bodies that would empty; counting ends at `most`. */
export async function countBodiesBefore(sql: Sql, shopDomain: string, before: Date, most: number): Promise<number> {
  return countUpTo(sql, OLD_BODIES, [shopDomain, before], most);
}

/** Deletes what came unread for a shop that was erased. */
export async function dropArrivals(tx: Sql, shopDomain: string): Promise<void> {
  await tx.query("DELETE FROM inbox WHERE shop = $1 AND done_at IS NULL", [shopDomain]);
}

/** Shops with unread deliveries: for the sweep, which looks across shops and returns their names only. */
export async function shopsWithArrivals(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ shop: string }>("SELECT DISTINCT shop FROM inbox WHERE done_at IS NULL");
  return rows.map((row) => row.shop);
}
