import { beginErasure } from "../ingest/erased/erased-store.server.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Rule, ruleSchema } from "./language/tree.ts";
import { type Stopped, stoppedSchema } from "./schedule.ts";

/** A rule that is to be published when its moment comes. */
export interface Schedule {
  segmentId: number;
  rule: Rule;
  /** As the segment is to be called from then on; null: as it is called then. */
  name: string | null;
  author: string;
  message: string;
  announced: boolean;
  /** How many moves were agreed to. */
  confirmed: number;
  /** The live version it was looked at beside. */
  version: number;
  /** Business time. */
  at: Date;
  /** When the rule that was live before it is to be live again; null: not by itself. */
  until: Date | null;
  /** Whether it is such a return, which was agreed to with the rule that ends. */
  returns: boolean;
  scheduledAt: Date;
  /** Why it was not published when its moment had come; null: it waits. */
  stopped: Stopped | null;
}

const SCHEDULE = `segment_id AS "segmentId", rule, name, author, message, announced, confirmed, version, publish_at AS at,
  until_at AS until, returns, scheduled_at AS "scheduledAt", stopped`;

/** What is scheduled in the shop, by segment. */
export async function readSchedules(sql: Sql, shop: ShopId): Promise<Map<number, Schedule>> {
  const { rows } = await sql.query<Stored>(`SELECT ${SCHEDULE} FROM segment_schedules WHERE shop_id = $1`, [shop]);
  return new Map(rows.map((row) => [row.segmentId, scheduleOf(row)]));
}

export interface StoppedSchedule extends Pick<Schedule, "segmentId" | "at" | "stopped"> {
  /** What the segment is called. */
  name: string;
}

/** What was not published at its moment, or will not be as things are (`whyStopped`), of segments that are there. */
export async function stoppedSchedules(sql: Sql, shop: ShopId): Promise<StoppedSchedule[]> {
  const { rows } = await sql.query<Omit<StoppedSchedule, "stopped"> & { stopped: unknown }>(
    `SELECT segment_id AS "segmentId", s.name, publish_at AS at, stopped
     FROM segment_schedules JOIN segments s ON s.shop_id = $1 AND s.id = segment_id AND s.removed_at IS NULL
     WHERE segment_schedules.shop_id = $1 AND (stopped IS NOT NULL OR segment_schedules.version <> s.version)
     ORDER BY publish_at, segment_id`,
    [shop],
  );
  return rows.map((row) => ({ ...row, stopped: stoppedOf(row.stopped) }));
}

/** What is due, the earliest moment first. @param now business time */
export async function dueSchedules(sql: Sql, shop: ShopId, now: Date): Promise<Schedule[]> {
  const { rows } = await sql.query<Stored>(
    `SELECT ${SCHEDULE} FROM segment_schedules WHERE shop_id = $1 AND stopped IS NULL AND publish_at <= $2
     ORDER BY publish_at, segment_id`,
    [shop, now],
  );
  return rows.map(scheduleOf);
}

/** Shops in which something is due by then, and its first moment: for the sweep, which returns keys only. */
export async function shopsToPublish(sql: Sql, by: Date): Promise<{ shopId: ShopId; at: Date }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; at: Date }>(
    `SELECT shop_id AS "shopId", min(publish_at) AS at FROM segment_schedules
     WHERE stopped IS NULL AND publish_at <= $1 GROUP BY shop_id`,
    [by],
  );
  return rows;
}

/** Sets the moment, in place of what was scheduled of the segment before. */
export async function putSchedule(tx: Sql, shop: ShopId, schedule: Omit<Schedule, "stopped">): Promise<void> {
  await tx.query(
    `INSERT INTO segment_schedules AS s
       (shop_id, segment_id, rule, name, author, message, announced, confirmed, version, publish_at, scheduled_at, until_at, returns)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (segment_id) DO UPDATE SET rule = $3, name = $4, author = $5, message = $6, announced = $7, confirmed = $8, version = $9,
       publish_at = $10, scheduled_at = $11, until_at = $12, returns = $13, stopped = NULL WHERE s.shop_id = $1`,
    [
      shop,
      schedule.segmentId,
      schedule.rule,
      schedule.name,
      schedule.author,
      schedule.message,
      schedule.announced,
      schedule.confirmed,
      schedule.version,
      schedule.at,
      schedule.scheduledAt,
      schedule.until,
      schedule.returns,
    ],
  );
}

/** What is scheduled of the segment, held until the transaction ends. Whoever publishes takes the shop's lock before any row, so it is taken first. */
export async function holdSchedule(tx: Sql, shop: ShopId, segmentId: number): Promise<Schedule | null> {
  await beginErasure(tx, shop);
  const { rows } = await tx.query<Stored>(
    `SELECT ${SCHEDULE} FROM segment_schedules WHERE shop_id = $1 AND segment_id = $2 FOR UPDATE`,
    [shop, segmentId],
  );
  const [row] = rows;
  return row ? scheduleOf(row) : null;
}

export async function stopSchedule(tx: Sql, shop: ShopId, segmentId: number, why: Stopped): Promise<void> {
  await tx.query("UPDATE segment_schedules SET stopped = $3 WHERE shop_id = $1 AND segment_id = $2", [
    shop,
    segmentId,
    why,
  ]);
}

export async function dropSchedule(tx: Sql, shop: ShopId, segmentId: number): Promise<void> {
  await tx.query("DELETE FROM segment_schedules WHERE shop_id = $1 AND segment_id = $2", [shop, segmentId]);
}

/** Once this rule is live, the moment set for it has no object any more, and what was stopped has been looked at. */
export async function endSchedule(tx: Sql, shop: ShopId, segmentId: number, rule: Rule): Promise<void> {
  await tx.query(
    "DELETE FROM segment_schedules WHERE shop_id = $1 AND segment_id = $2 AND (stopped IS NOT NULL OR rule = $3::jsonb)",
    [shop, segmentId, rule],
  );
}

type Stored = Omit<Schedule, "rule" | "stopped"> & { rule: unknown; stopped: unknown };

function scheduleOf({ rule, stopped, ...row }: Stored): Schedule {
  return { ...row, rule: ruleSchema.parse(rule), stopped: stoppedOf(stopped) };
}

function stoppedOf(stored: unknown): Stopped | null {
  return stored === null ? null : stoppedSchema.parse(stored);
}
