import { z } from "zod";
import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { DestinationKind } from "../destination-store.server.ts";
import type { HookSaid } from "../destination.ts";

export interface HookRow {
  destinationId: number;
  /** Sealed: `hook-secrets.ts`. */
  secrets: Buffer;
  remoteId: string | null;
}

/** Whose hook is called. Every shop's: an address becomes a shop here. @param marks of the address's unguessable part, under every key */
export async function hookWithMark(
  sql: Sql,
  marks: readonly Buffer[],
): Promise<{
  shopId: ShopId;
  destinationId: number;
  kind: DestinationKind;
  settings: unknown;
  secrets: Buffer;
} | null> {
  const { rows } = await sql.query<{
    shopId: ShopId;
    destinationId: number;
    kind: DestinationKind;
    settings: unknown;
    secrets: Buffer;
  }>(
    `SELECT h.shop_id AS "shopId", h.destination_id AS "destinationId", d.kind, d.settings, h.secrets
     FROM destination_hooks h JOIN destinations d ON d.id = h.destination_id WHERE h.mark = ANY ($1::bytea[]) LIMIT 1`,
    [marks],
  );
  return rows[0] ?? null;
}

export async function findHook(sql: Sql, shop: ShopId, destinationId: number): Promise<HookRow | null> {
  const { rows } = await sql.query<HookRow>(
    `SELECT destination_id AS "destinationId", secrets, remote_id AS "remoteId" FROM destination_hooks
     WHERE shop_id = $1 AND destination_id = $2`,
    [shop, destinationId],
  );
  return rows[0] ?? null;
}

/** Keeps what was chosen for a hook before the platform is told of it; another process' choice stays. @returns the hook that holds. */
export async function beginHook(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  chosen: { mark: Buffer; secrets: Buffer },
  now: Date,
): Promise<HookRow | null> {
  await sql.query(
    `INSERT INTO destination_hooks (destination_id, shop_id, mark, secrets, due_at)
     SELECT id, shop_id, $3, $4, $5 FROM destinations WHERE shop_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
    [shop, destinationId, chosen.mark, chosen.secrets, now],
  );
  return findHook(sql, shop, destinationId);
}

/** @param result.refusal a sentence; null where the platform calls. @param result.renewed the same secrets under the current key */
export async function saveHook(
  sql: Sql,
  shop: ShopId,
  destinationId: number,
  result: { remoteId: string | null; refusal: string | null; dueAt: Date; renewed: { mark: Buffer; secrets: Buffer } },
): Promise<void> {
  await sql.query(
    `UPDATE destination_hooks SET remote_id = $3, refusal = $4, due_at = $5, mark = $6, secrets = $7
     WHERE shop_id = $1 AND destination_id = $2`,
    [shop, destinationId, result.remoteId, result.refusal, result.dueAt, result.renewed.mark, result.renewed.secrets],
  );
}

export async function forgetHook(sql: Sql, shop: ShopId, destinationId: number): Promise<void> {
  await sql.query(`DELETE FROM destination_hooks WHERE shop_id = $1 AND destination_id = $2`, [shop, destinationId]);
}

/** Destinations whose hook is to be made, looked after or removed, of every shop: for the sweep. */
export async function hooksToKeep(
  sql: Sql,
  kinds: readonly string[],
  now: Date,
): Promise<{ shopId: ShopId; destinationId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; destinationId: number }>(
    `SELECT d.shop_id AS "shopId", d.id AS "destinationId" FROM destinations d
     LEFT JOIN destination_hooks h ON h.destination_id = d.id
     WHERE d.kind = ANY ($2::text[])
       AND ((d.state = 'live' AND NOT d.leaving AND coalesce(h.due_at <= $1, true)) OR (d.leaving AND h.due_at <= $1))`,
    [now, kinds],
  );
  return rows;
}

/** @returns whether it was new. */
export async function insertCall(
  sql: Sql,
  shop: ShopId,
  call: { destinationId: number; digest: Buffer; receivedAt: Date; said: HookSaid },
): Promise<boolean> {
  const { consents, moved } = call.said;
  const addresses = [...consents.map(({ email }) => email), ...moved.flatMap(({ from, to }) => [from, to])];
  const { rowCount } = await sql.query(
    `INSERT INTO hook_calls (shop_id, destination_id, digest, received_at, said, addresses, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $4) ON CONFLICT (destination_id, digest) DO NOTHING`,
    [shop, call.destinationId, call.digest, call.receivedAt, JSON.stringify(call.said), addresses],
  );
  return rowCount === 1;
}

export interface DueCall {
  id: string;
  destinationId: number;
  attempts: number;
  said: HookSaid;
}

const instant = z.coerce.date();
const said = z.object({
  consents: z.array(
    z.object({
      channel: z.enum(["email", "sms", "whatsapp"]).optional(),
      email: z.string(),
      state: z.enum(["subscribed", "unsubscribed"]),
      at: instant,
      lasting: z.boolean(),
      proven: z.boolean().optional(),
      reason: z.string().optional(),
    }),
  ),
  moved: z.array(z.object({ from: z.string(), to: z.string() })),
  events: z.array(z.object({ id: z.string(), name: z.string(), personId: z.string(), at: instant })),
  ask: z.boolean(),
});

/** What was called and is not taken in, the oldest first. */
export async function dueCalls(sql: Sql, shop: ShopId, limit: number, now: Date): Promise<DueCall[]> {
  const { rows } = await sql.query<Omit<DueCall, "said"> & { said: unknown }>(
    `SELECT id, destination_id AS "destinationId", attempts, said FROM hook_calls
     WHERE shop_id = $1 AND due_at <= $2 ORDER BY id LIMIT $3`,
    [shop, now, limit],
  );
  return rows.map((row) => ({ ...row, said: said.parse(row.said) as HookSaid }));
}

/** Of who moved, those whose old address was ended at this platform: the same is to hold of the new one. */
export async function endedBefore(
  sql: Sql,
  shop: ShopId,
  source: string,
  addresses: readonly string[],
): Promise<{ address: string; at: Date; lasting: boolean; reason: string | null }[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql.query<{ address: string; at: Date; lasting: boolean; reason: string | null }>(
    `SELECT address, unsubscribed_at AS at, lasting, reason FROM platform_consents
     WHERE shop_id = $1 AND channel = 'email' AND source = $2 AND address = ANY ($3::text[])
       AND unsubscribed_at IS NOT NULL AND (lasting OR subscribed_at IS NULL OR subscribed_at <= unsubscribed_at)`,
    [shop, source, addresses],
  );
  return rows;
}

/** What was said goes with it. */
export async function recordTaken(sql: Sql, shop: ShopId, ids: readonly string[]): Promise<void> {
  await sql.query(
    `UPDATE hook_calls SET said = NULL, addresses = '{}', due_at = NULL WHERE shop_id = $1 AND id = ANY ($2::bigint[])`,
    [shop, ids],
  );
}

export async function recordLater(sql: Sql, shop: ShopId, ids: readonly string[], until: Date): Promise<void> {
  await sql.query(
    `UPDATE hook_calls SET due_at = $3, attempts = attempts + 1 WHERE shop_id = $1 AND id = ANY ($2::bigint[])`,
    [shop, ids, until],
  );
}

/** The next time the destination is asked who decided what, it is asked, however lately it was. */
export async function askAgain(sql: Sql, shop: ShopId, destinationId: number): Promise<void> {
  await sql.query(
    `UPDATE destinations SET consent_read_at = least(consent_read_at, now() - interval '6 minutes') WHERE shop_id = $1 AND id = $2`,
    [shop, destinationId],
  );
}

/** Shops with calls to take in, of every shop: for the sweep. */
export async function shopsWithCalls(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(`SELECT DISTINCT shop_id FROM hook_calls WHERE due_at <= $1`, [
    now,
  ]);
  return rows.map((row) => row.shop_id);
}

/** Forgets calls that nobody repeats any more, and those that could not be taken in for as long; a sweep, of every shop. */
export async function dropOldCalls(db: Pick<Db, "query">, before: Date): Promise<void> {
  await db.query(`DELETE FROM hook_calls WHERE received_at < $1`, [before]);
}
