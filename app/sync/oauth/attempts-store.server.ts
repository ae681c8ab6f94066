import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { DestinationKind } from "../destination-store.server.ts";

/** How long a merchant may take at the platform. */
const MINUTES = 15;
const YOUNG = `created_at > now() - interval '${MINUTES} minutes'`;

/** Whose attempt a sealed text belongs to. */
export function attemptPlace(shop: ShopId, kind: string, userId: string): string {
  return `oauth_attempts|sealed|${shop}|${kind}|${userId}`;
}

/** Keeps an attempt. */
export async function insertAttempt(
  sql: Sql,
  shop: ShopId,
  attempt: { kind: DestinationKind; userId: string; stateMark: Buffer; sealed: Buffer },
): Promise<void> {
  await sql.query(
    `INSERT INTO oauth_attempts (shop_id, kind, user_id, state_mark, stage, sealed, created_at)
     VALUES ($1, $2, $3, $4, 'asked', $5, now())`,
    [shop, attempt.kind, attempt.userId, attempt.stateMark, attempt.sealed],
  );
}

export interface Attempt {
  id: string;
  shopId: ShopId;
  domain: string;
  kind: DestinationKind;
  userId: string;
  sealed: Buffer;
}

/** The attempt that a state belongs to, of every shop: a state becomes a shop here. @param marks of the state, under every key */
export async function askedAttempt(sql: Sql, kind: string, marks: readonly Buffer[]): Promise<Attempt | null> {
  const { rows } = await sql.query<Attempt>(
    `SELECT a.id, a.shop_id AS "shopId", s.domain, a.kind, a.user_id AS "userId", a.sealed
     FROM oauth_attempts a JOIN shops s ON s.id = a.shop_id
     WHERE a.kind = $1 AND a.state_mark = ANY ($2::bytea[]) AND a.stage = 'asked' AND a.${YOUNG}`,
    [kind, marks],
  );
  return rows[0] ?? null;
}

/** The platform has answered; a second answer to the same question is none. @returns whether it was the first. */
export async function recordAnswer(
  sql: Sql,
  shop: ShopId,
  id: string,
  given: { ticketMark: Buffer; sealed: Buffer },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE oauth_attempts SET stage = 'answered', ticket_mark = $3, sealed = $4
     WHERE shop_id = $1 AND id = $2 AND stage = 'asked'`,
    [shop, id, given.ticketMark, given.sealed],
  );
  return rowCount === 1;
}

/**
 * Takes what a ticket stands for, for whoever began it, so that nobody else can: a code, or the tokens that wait for the place to be
 * chosen. @returns null: it is not theirs, too old, used up, or being used.
 */
export async function takeAttempt(
  sql: Sql,
  shop: ShopId,
  userId: string,
  marks: readonly Buffer[],
): Promise<{ id: string; kind: DestinationKind; stage: "answered" | "exchanged"; sealed: Buffer } | null> {
  const { rows } = await sql.query<{
    id: string;
    kind: DestinationKind;
    stage: "answered" | "exchanged";
    sealed: Buffer;
  }>(
    `UPDATE oauth_attempts a SET stage = 'exchanging' FROM (
       SELECT id, stage FROM oauth_attempts
       WHERE shop_id = $1 AND user_id = $2 AND ticket_mark = ANY ($3::bytea[]) AND stage IN ('answered', 'exchanged') AND ${YOUNG}
       FOR UPDATE
     ) before WHERE a.id = before.id RETURNING a.id, a.kind, before.stage, a.sealed`,
    [shop, userId, marks],
  );
  return rows[0] ?? null;
}

export async function saveStage(
  sql: Sql,
  shop: ShopId,
  id: string,
  stage: "answered" | "exchanged",
  sealed: Buffer,
): Promise<void> {
  await sql.query(`UPDATE oauth_attempts SET stage = $3, sealed = $4 WHERE shop_id = $1 AND id = $2`, [
    shop,
    id,
    stage,
    sealed,
  ]);
}

/** Forgets attempts that came to nothing, of every shop: for the sweep. */
export async function dropOldAttempts(sql: Sql): Promise<void> {
  await sql.query(`DELETE FROM oauth_attempts WHERE NOT (${YOUNG})`);
}

export async function dropAttempt(sql: Sql, shop: ShopId, id: string): Promise<void> {
  await sql.query(`DELETE FROM oauth_attempts WHERE shop_id = $1 AND id = $2`, [shop, id]);
}
