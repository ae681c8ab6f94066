import { z } from "zod";
import type { Db, Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { knownPastSchema } from "./known-past.ts";
import type { BacktestPoint } from "./preview-store.server.ts";

/** A rule, or two beside each other, over the past: asked for, being worked out, or kept. */
export interface Backtest {
  id: string;
  /** The rules as they are kept. */
  texts: string[];
  days: number;
  /** The last instant, in business time. */
  endsAt: Date;
  past: z.infer<typeof pastSchema>;
  askedAt: Date;
  /** Those of the first rule before those of the second; all of them once it is finished. */
  points: BacktestPoint[];
  state: "running" | "finished" | "failed";
}

/** @property segmentId null: a segment that is not there yet */
export interface BacktestSubject {
  segmentId: number | null;
  texts: readonly string[];
  days: number;
}

export const DAYS_KEPT = 7;
/** Of one segment, the newest. */
const MOST_KEPT = 20;

/** With from when on what visitors did is kept, where the rules count that; null: they do not, or all of it is. */
const pastSchema = knownPastSchema.extend({ viewsFrom: z.coerce.date().nullable() });
const pointsSchema = z.array(
  z.object({ at: z.coerce.date(), members: z.number(), entered: z.number(), left: z.number() }),
);

const OF_SEGMENT = "shop_id = $1 AND segment_id IS NOT DISTINCT FROM $2::int";

/** Asks for one, in place of one of the same rules that is not finished. @returns its id; null: there is no such segment */
export async function askForBacktest(
  db: Db,
  shop: ShopId,
  { segmentId, texts, days }: BacktestSubject,
  { endsAt, askedAt, past }: Pick<Backtest, "endsAt" | "askedAt" | "past">,
): Promise<string | null> {
  return db.tx(async (tx) => {
    await tx.query(`DELETE FROM backtests WHERE ${OF_SEGMENT} AND texts = $3 AND days = $4 AND finished_at IS NULL`, [
      shop,
      segmentId,
      texts,
      days,
    ]);
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO backtests (shop_id, segment_id, texts, days, ends_at, past, asked_at)
       SELECT $1, $2, $3, $4, $5, $6, $7
       WHERE $2::int IS NULL OR EXISTS (SELECT FROM segments WHERE shop_id = $1 AND id = $2 AND removed_at IS NULL) RETURNING id::text`,
      [shop, segmentId, texts, days, endsAt, past, askedAt],
    );
    await tx.query(
      `DELETE FROM backtests WHERE ${OF_SEGMENT}
         AND id NOT IN (SELECT id FROM backtests WHERE ${OF_SEGMENT} ORDER BY id DESC LIMIT $3)`,
      [shop, segmentId, MOST_KEPT],
    );
    return rows[0]?.id ?? null;
  });
}

const COLUMNS = `id::text, texts, days, ends_at AS "endsAt", past, asked_at AS "askedAt", points,
  CASE WHEN finished_at IS NOT NULL THEN 'finished' WHEN failed_at IS NOT NULL THEN 'failed' ELSE 'running' END AS state`;

/** The newest of these rules; where there is none, the newest of the segment, which is of others. @param now real time */
export async function findBacktest(
  sql: Sql,
  shop: ShopId,
  { segmentId, texts, days }: BacktestSubject,
  now: Date,
): Promise<Backtest | null> {
  const { rows } = await sql.query<Stored>(
    `SELECT ${COLUMNS} FROM backtests WHERE ${OF_SEGMENT} AND days = $4 AND (texts = $3 OR segment_id IS NOT NULL)
       AND asked_at > $5::timestamptz - make_interval(days => $6) ORDER BY texts = $3 DESC, id DESC LIMIT 1`,
    [shop, segmentId, texts, days, now, DAYS_KEPT],
  );
  return rows[0] ? backtestOf(rows[0]) : null;
}

export async function readBacktest(sql: Sql, shop: ShopId, id: string): Promise<Backtest | null> {
  const { rows } = await sql.query<Stored>(`SELECT ${COLUMNS} FROM backtests WHERE shop_id = $1 AND id = $2`, [
    shop,
    id,
  ]);
  return rows[0] ? backtestOf(rows[0]) : null;
}

/** @param place how many points there are before it. @returns false: it was cancelled, or another worker was there first */
export async function addPoint(
  sql: Sql,
  shop: ShopId,
  id: string,
  place: number,
  point: BacktestPoint,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE backtests SET points = points || jsonb_build_array($4::jsonb)
     WHERE shop_id = $1 AND id = $2 AND jsonb_array_length(points) = $3 AND finished_at IS NULL AND failed_at IS NULL`,
    [shop, id, place, point],
  );
  return rowCount === 1;
}

/** It is whole, and takes the place of the one of the same rules before it. */
export async function finishBacktest(sql: Sql, shop: ShopId, id: string, now: Date): Promise<void> {
  await sql.query(
    `WITH finished AS (UPDATE backtests SET finished_at = $3 WHERE shop_id = $1 AND id = $2 RETURNING *)
     DELETE FROM backtests b USING finished f WHERE b.shop_id = $1 AND b.id < f.id
       AND b.segment_id IS NOT DISTINCT FROM f.segment_id AND b.texts = f.texts AND b.days = f.days`,
    [shop, id, now],
  );
}

export async function failBacktest(sql: Sql, shop: ShopId, id: string, now: Date): Promise<void> {
  await sql.query("UPDATE backtests SET failed_at = $3 WHERE shop_id = $1 AND id = $2 AND finished_at IS NULL", [
    shop,
    id,
    now,
  ]);
}

/** Whoever works it out finds it gone. */
export async function cancelBacktest(sql: Sql, shop: ShopId, id: string): Promise<void> {
  await sql.query("DELETE FROM backtests WHERE shop_id = $1 AND id = $2 AND finished_at IS NULL", [shop, id]);
}

/** Forgets what is old, of every shop, and names what is not worked out: for the sweep. @param now real time */
export async function backtestsToRun(sql: Sql, now: Date): Promise<{ shopId: ShopId; backtestId: string }[]> {
  await sql.query("DELETE FROM backtests WHERE asked_at <= $1::timestamptz - make_interval(days => $2)", [
    now,
    DAYS_KEPT,
  ]);
  const { rows } = await sql.query<{ shopId: ShopId; backtestId: string }>(
    `SELECT shop_id AS "shopId", id::text AS "backtestId" FROM backtests WHERE finished_at IS NULL AND failed_at IS NULL`,
  );
  return rows;
}

type Stored = Omit<Backtest, "points" | "past"> & { points: unknown; past: unknown };

function backtestOf({ points, past, ...row }: Stored): Backtest {
  return { ...row, points: pointsSchema.parse(points), past: pastSchema.parse(past) };
}
