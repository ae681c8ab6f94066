import { countUpTo } from "../../platform/count-up-to.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import { cutIdPage, type IdPage, idRange, type IdWindow } from "../../platform/id-window.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { MembershipKey } from "../membership-difference.ts";
import type { Run } from "./automation.ts";
import type { Standing, Transition } from "./due-transitions.ts";

/** A segment in which something may fire: its live rule, and when that was published. */
export interface WatchedSegment {
  segmentId: number;
  version: number;
  publishedAt: Date;
  /** Whether those whom its publication moves are told. */
  announced: boolean;
}

export async function watchedSegments(sql: Sql, shop: ShopId): Promise<WatchedSegment[]> {
  const { rows } = await sql.query<WatchedSegment>(
    `SELECT id AS "segmentId", version, published_at AS "publishedAt", moves_announced AS announced FROM segments
     WHERE shop_id = $1 AND id IN (SELECT segment_id FROM automations WHERE shop_id = $1)`,
    [shop],
  );
  return rows;
}

/** Everybody is decided under the live rules: whoever moves from now on was not moved by their publication. */
export async function endMoves(tx: Sql, shop: ShopId, segmentIds: readonly number[]): Promise<void> {
  await tx.query(
    "UPDATE segments SET moves_announced = false WHERE shop_id = $1 AND id = ANY($2::int[]) AND moves_announced",
    [shop, segmentIds],
  );
}

export async function readStandings(
  sql: Sql,
  shop: ShopId,
  segmentIds: readonly number[],
  customerIds: readonly string[],
): Promise<(MembershipKey & Standing)[]> {
  const { rows } = await sql.query<MembershipKey & Standing>(
    `SELECT segment_id AS "segmentId", customer_id AS "customerId", version, inside, at FROM automation_standings
     WHERE shop_id = $1 AND segment_id = ANY($2::int[]) AND customer_id = ANY($3::bigint[])`,
    [shop, segmentIds, customerIds],
  );
  return rows;
}

/** Where somebody is who was told of; null where nothing was told, or a correction brought back who was told to have left. */
export async function readStanding(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  customerId: string,
): Promise<"inside" | "outside" | null> {
  const { rows } = await sql.query<{ standing: "inside" | "outside" | null }>(
    `SELECT CASE WHEN s.inside THEN 'inside' WHEN NOT EXISTS (SELECT FROM memberships m WHERE m.shop_id = $1
         AND m.segment_id = $2 AND m.customer_id = $3 AND m.left_at IS NULL) THEN 'outside' END AS standing
     FROM automation_standings s WHERE s.shop_id = $1 AND s.segment_id = $2 AND s.customer_id = $3`,
    [shop, segmentId, customerId],
  );
  return rows[0]?.standing ?? null;
}

/**
 * Writes what is accounted for now and one run for each active automation that waits for such a transition and existed when it
 * happened. @returns the automations that have something to do
 */
export async function announceTransitions(
  tx: Sql,
  shop: ShopId,
  given: { standings: readonly (MembershipKey & Standing)[]; due: readonly (MembershipKey & Transition)[] },
  realNow: Date,
): Promise<number[]> {
  await tx.query(
    `INSERT INTO automation_standings (shop_id, segment_id, customer_id, version, inside, at)
     SELECT $1, "segmentId", "customerId", version, inside, at FROM json_to_recordset($2::json)
       AS given ("segmentId" int, "customerId" bigint, version int, inside boolean, at timestamptz)
     ON CONFLICT (shop_id, segment_id, customer_id)
       DO UPDATE SET version = excluded.version, inside = excluded.inside, at = excluded.at`,
    [shop, JSON.stringify(given.standings)],
  );
  if (given.due.length === 0) return [];
  const { rows } = await tx.query<{ automation_id: number }>(
    `WITH given AS (
       SELECT * FROM json_to_recordset($2::json)
         AS given ("segmentId" int, "customerId" bigint, change text, at timestamptz, reason text, place int)
     ), added AS (
       INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, due_at, created_at)
       SELECT $1, a.id, "customerId", change, at, reason, 'waiting', 'msg_' || gen_random_uuid(), $3, $3
       FROM given JOIN automations a ON a.shop_id = $1 AND a.segment_id = "segmentId" AND a.state = 'active'
         AND at > a.since AND CASE change WHEN 'entered' THEN a.on_entry ELSE a.on_exit END
       ORDER BY place RETURNING automation_id
     )
     SELECT DISTINCT automation_id FROM added`,
    [shop, JSON.stringify(given.due.map((one, place) => ({ ...one, place }))), realNow],
  );
  return rows.map((row) => row.automation_id);
}

/**
 * An entry for everybody who is in now, because the merchant asked for it; those who have a tag from it already are left out. It goes for
 * whoever turns out later to have been in by now, too: nothing is before `since` any more. In a transaction that waited for the decisions
 * under way. @returns how many
 */
export async function announcePresent(tx: Sql, shop: ShopId, automationId: number, realNow: Date): Promise<number> {
  await tx.query("UPDATE automations SET since = 'epoch' WHERE shop_id = $1 AND id = $2", [shop, automationId]);
  const { rowCount } = await tx.query(
    `INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, due_at, created_at)
     SELECT $1, a.id, m.customer_id, 'entered', m.entered_at, 'present', 'waiting', 'msg_' || gen_random_uuid(), $3, $3
     FROM automations a JOIN memberships m ON m.shop_id = $1 AND m.segment_id = a.segment_id AND m.left_at IS NULL
     WHERE a.shop_id = $1 AND a.id = $2
       AND NOT EXISTS (SELECT FROM automation_tags t WHERE t.automation_id = a.id AND t.shop_id = $1 AND t.customer_id = m.customer_id)
     ORDER BY m.customer_id`,
    [shop, automationId, realNow],
  );
  return rowCount ?? 0;
}

/**
 * Another tag for everybody who has one of the automation that is not `tag`: an entry for those who are in, an exit for the others.
 * @param given `at` in business time
 * @returns how many
 */
export async function announceTagChange(
  tx: Sql,
  shop: ShopId,
  given: { automationId: number; tag: string; at: Date; realNow: Date },
): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, due_at, created_at)
     SELECT $1, a.id, held.customer_id, CASE WHEN EXISTS (SELECT FROM memberships m WHERE m.shop_id = $1 AND m.segment_id = a.segment_id
         AND m.customer_id = held.customer_id AND m.left_at IS NULL) THEN 'entered' ELSE 'left' END,
       $4, 'retagged', 'waiting', 'msg_' || gen_random_uuid(), $5, $5
     FROM automations a
       JOIN (SELECT DISTINCT customer_id FROM automation_tags WHERE shop_id = $1 AND automation_id = $2 AND tag <> $3) held ON true
     WHERE a.shop_id = $1 AND a.id = $2 ORDER BY held.customer_id`,
    [shop, given.automationId, given.tag, given.at, given.realNow],
  );
  return rowCount ?? 0;
}

/**
 * An exit for everybody who has a tag of the automation, which is ending, in place of what it has still to do. Where a tag may be on its way
 * to a customer, it is waited for.
 * @param given `at` in business time; by `busyUntil` whoever sends something now has done so
 * @returns how many
 */
export async function announceEnd(
  tx: Sql,
  shop: ShopId,
  given: { automationId: number; at: Date; realNow: Date; busyUntil: Date },
): Promise<number> {
  const { rowCount } = await tx.query(
    `WITH waiting AS (
       SELECT id, customer_id, due_at FROM automation_runs WHERE shop_id = $1 AND automation_id = $2 AND state = 'waiting' FOR UPDATE
     ), cancelled AS (
       UPDATE automation_runs r SET state = 'cancelled', due_at = NULL FROM waiting w WHERE r.shop_id = $1 AND r.id = w.id
     )
     INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, due_at, created_at)
     SELECT $1::int, $2::int, customer_id, 'left', $3::timestamptz, 'ended', 'waiting', 'msg_' || gen_random_uuid(),
       greatest($4::timestamptz, least($5::timestamptz, coalesce(
         (SELECT max(due_at) FROM waiting w WHERE w.customer_id = held.customer_id), $4::timestamptz))), $4::timestamptz
     FROM (SELECT DISTINCT customer_id FROM automation_tags WHERE shop_id = $1 AND automation_id = $2) held ORDER BY customer_id`,
    [shop, given.automationId, given.at, given.realNow, given.busyUntil],
  );
  return rowCount ?? 0;
}

/** From how many customers the automations of a segment that are ending take their tags, and from how many they have still to. */
export async function endingAutomations(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
): Promise<Map<number, { total: number; left: number }>> {
  const { rows } = await sql.query<{ id: number; total: number; left: number }>(
    `SELECT a.id, count(r.id)::int AS total, count(r.due_at)::int AS left
     FROM automations a LEFT JOIN automation_runs r ON r.automation_id = a.id AND r.reason = 'ended'
     WHERE a.shop_id = $1 AND a.segment_id = $2 AND a.state = 'ending' GROUP BY a.id`,
    [shop, segmentId],
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** How many customers have a tag that the automation put on. */
export async function countTagged(sql: Sql, shop: ShopId, automationId: number): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    "SELECT count(DISTINCT customer_id)::int AS count FROM automation_tags WHERE shop_id = $1 AND automation_id = $2",
    [shop, automationId],
  );
  return rows[0]?.count ?? 0;
}

/**
 * An exit for those who were put out with the removal of their segment, where the merchant asked for it. Who was not told to be inside is
 * not told to have left. Without a word too they stand outside from then on, so that once the segment is restored their next entry is one.
 * @returns the automations that have something to do
 */
export async function announceRemoval(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  customerIds: readonly string[],
  realNow: Date,
): Promise<number[]> {
  const { rows } = await tx.query<{ automation_id: number }>(
    `WITH removed AS (
       SELECT id, version, removed_at, exits_announced FROM segments WHERE shop_id = $1 AND id = $2 AND removed_at IS NOT NULL
     ), gone AS (
       SELECT customer_id, version, removed_at, exits_announced FROM unnest($3::bigint[]) AS given (customer_id), removed
       WHERE NOT EXISTS (SELECT FROM automation_standings s WHERE s.shop_id = $1 AND s.segment_id = $2
         AND s.customer_id = given.customer_id AND s.version = removed.version AND NOT s.inside)
     ), said AS (
       INSERT INTO automation_standings (shop_id, segment_id, customer_id, version, inside, at)
       SELECT $1, $2, customer_id, version, false, removed_at FROM gone
       WHERE exits_announced OR EXISTS (SELECT FROM automation_standings s WHERE s.shop_id = $1 AND s.segment_id = $2
         AND s.customer_id = gone.customer_id)
       ON CONFLICT (shop_id, segment_id, customer_id)
         DO UPDATE SET version = excluded.version, inside = false, at = excluded.at
     ), added AS (
       INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, due_at, created_at)
       SELECT $1, a.id, customer_id, 'left', removed_at, 'removed', 'waiting', 'msg_' || gen_random_uuid(), $4, $4
       FROM gone JOIN automations a ON a.shop_id = $1 AND a.segment_id = $2 AND a.state = 'active' AND a.on_exit AND removed_at >= a.since
         AND exits_announced
       ORDER BY customer_id RETURNING automation_id
     )
     SELECT DISTINCT automation_id FROM added`,
    [shop, segmentId, customerIds, realNow],
  );
  return rows.map((row) => row.automation_id);
}

/** What the automations of a segment have still to do is not done. @returns how many runs */
export async function cancelRuns(tx: Sql, shop: ShopId, segmentId: number): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE automation_runs SET state = 'cancelled', due_at = NULL
     WHERE shop_id = $1 AND state = 'waiting' AND reason <> 'ended'
       AND automation_id IN (SELECT id FROM automations WHERE shop_id = $1 AND segment_id = $2)`,
    [shop, segmentId],
  );
  return rowCount ?? 0;
}

/** Of an automation `a`: that it sends. One that is paused does not, nor one of a removed segment unless exits were asked for or it is ending. */
const SENDS = `(a.state = 'ending' OR a.state = 'active' AND EXISTS (SELECT FROM segments s WHERE s.id = a.segment_id
  AND (s.removed_at IS NULL OR s.exits_announced)))`;

const RUN = `id, customer_id AS "customerId", change, at, reason, message_id AS "messageId", attempts`;

/**
 * Takes what is due of an active automation until `leaseUntil`, an attempt each. What is about one customer goes in order: a run waits
 * while an earlier one about the same customer does.
 */
export async function takeRuns(
  sql: Sql,
  shop: ShopId,
  automationId: number,
  given: { limit: number; now: Date; leaseUntil: Date },
): Promise<Run[]> {
  const { rows } = await sql.query<Run>(
    `UPDATE automation_runs SET due_at = $4, attempts = attempts + 1 WHERE id IN (
       SELECT r.id FROM automation_runs r
       WHERE r.shop_id = $1 AND r.automation_id = $2 AND r.due_at <= $3
         AND EXISTS (SELECT FROM automations a WHERE a.id = $2 AND ${SENDS})
         AND NOT EXISTS (SELECT FROM automation_runs earlier WHERE earlier.automation_id = $2
           AND earlier.shop_id = $1 AND earlier.customer_id = r.customer_id AND earlier.id < r.id AND earlier.state = 'waiting')
       ORDER BY r.id LIMIT $5 FOR UPDATE SKIP LOCKED
     ) RETURNING ${RUN}`,
    [shop, automationId, given.now, given.leaseUntil, given.limit],
  );
  return rows.toSorted((left, right) => Number(BigInt(left.id) - BigInt(right.id)));
}

/**
 * What came of an attempt, and when the next one is. Of a run that somebody else ended meanwhile only the attempt is kept; one that was
 * cancelled while it was being sent, and was taken, is done.
 */
export async function recordAttempt(
  sql: Sql,
  shop: ShopId,
  runId: string,
  given: {
    state: "waiting" | "done" | "failed" | "skipped";
    dueAt: Date | null;
    /** False: what was tried costs no attempt. */
    counts: boolean;
    at: Date;
    status: number | null;
    words: string;
    ms: number;
  },
): Promise<void> {
  await sql.query(
    `WITH ended AS (
       UPDATE automation_runs SET state = $3, due_at = $4, attempts = attempts - CASE WHEN $9 THEN 0 ELSE 1 END
       WHERE shop_id = $1 AND id = $2 AND (state = 'waiting' OR (state = 'cancelled' AND $3 = 'done'))
     )
     INSERT INTO automation_attempts (shop_id, run_id, at, status, words, ms)
     SELECT $1, id, $5, $6, $7, $8 FROM automation_runs WHERE shop_id = $1 AND id = $2`,
    [shop, runId, given.state, given.dueAt, given.at, given.status, given.words, given.ms, given.counts],
  );
}

/** A sample is tried once, by whoever asked for it. */
export async function addSample(
  sql: Sql,
  shop: ShopId,
  automationId: number,
  given: { customerId: string | null; change: Run["change"]; at: Date; now: Date },
): Promise<Run> {
  const { rows } = await sql.query<Run>(
    `INSERT INTO automation_runs (shop_id, automation_id, customer_id, change, at, reason, state, message_id, attempts, created_at)
     VALUES ($1, $2, $3, $4, $5, 'sample', 'waiting', 'msg_' || gen_random_uuid(), 1, $6) RETURNING ${RUN}`,
    [shop, automationId, given.customerId, given.change, given.at, given.now],
  );
  const [run] = rows;
  if (!run) throw new Error("A sample that was just written cannot be read back.");
  return run;
}

/** Of a run: that its segment is there and its automation stays, so that it may be sent again. */
const LIVE = `automation_id IN (SELECT a.id FROM automations a JOIN segments s ON s.id = a.segment_id
  WHERE s.removed_at IS NULL AND a.state <> 'ending')`;

/** Does it once more, as the same message. Samples and what still waits are not repeated. */
export async function replayRun(sql: Sql, shop: ShopId, runId: string, now: Date): Promise<number | null> {
  const { rows } = await sql.query<{ automation_id: number }>(
    `UPDATE automation_runs SET state = 'waiting', attempts = 0, due_at = $3
     WHERE shop_id = $1 AND id = $2 AND state <> 'waiting' AND reason <> 'sample' AND ${LIVE} RETURNING automation_id`,
    [shop, runId, now],
  );
  return rows[0]?.automation_id ?? null;
}

/** Everything of a segment that failed, once more. Samples are not repeated. @returns how many, and the automations that have to do them */
export async function replayFailed(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  now: Date,
): Promise<{ count: number; automationIds: number[] }> {
  const { rows } = await sql.query<{ automation_id: number }>(
    `UPDATE automation_runs SET state = 'waiting', attempts = 0, due_at = $3
     WHERE shop_id = $1 AND automation_id IN (SELECT id FROM automations WHERE shop_id = $1 AND segment_id = $2)
       AND state = 'failed' AND reason <> 'sample' AND ${LIVE} RETURNING automation_id`,
    [shop, segmentId, now],
  );
  return { count: rows.length, automationIds: [...new Set(rows.map((row) => row.automation_id))] };
}

export interface RunCounts {
  automationId: number;
  /** With something still to send. */
  waiting: number;
  /** Samples are not counted. */
  failed: number;
}

/** What the automations of a segment still have to do, and what failed; those with neither are left out. */
export async function countRuns(sql: Sql, shop: ShopId, segmentId: number): Promise<RunCounts[]> {
  const { rows } = await sql.query<RunCounts>(
    `SELECT automation_id AS "automationId", count(*) FILTER (WHERE due_at IS NOT NULL)::int AS waiting,
       count(*) FILTER (WHERE state = 'failed' AND reason <> 'sample')::int AS failed
     FROM automation_runs WHERE shop_id = $1 AND (due_at IS NOT NULL OR state = 'failed')
       AND automation_id IN (SELECT id FROM automations WHERE shop_id = $1 AND segment_id = $2) GROUP BY automation_id`,
    [shop, segmentId],
  );
  return rows;
}

/** Of removed segments: how many automations each has, and how many runs are still to be sent. */
export async function automationsOfRemoved(
  sql: Sql,
  shop: ShopId,
): Promise<{ segmentId: number; automations: number; waiting: number }[]> {
  const { rows } = await sql.query<{ segmentId: number; automations: number; waiting: number }>(
    `SELECT a.segment_id AS "segmentId", count(*)::int AS automations,
       coalesce(sum((SELECT count(*) FROM automation_runs r WHERE r.automation_id = a.id AND r.due_at IS NOT NULL)), 0)::int AS waiting
     FROM automations a JOIN segments s ON s.id = a.segment_id AND s.removed_at IS NOT NULL
     WHERE a.shop_id = $1 GROUP BY a.segment_id`,
    [shop],
  );
  return rows;
}

/** When the automation has something to do next; null: nothing, or it is paused. */
export async function nextRun(sql: Sql, shop: ShopId, automationId: number): Promise<Date | null> {
  const { rows } = await sql.query<{ due_at: Date | null }>(
    `SELECT min(r.due_at) AS due_at FROM automation_runs r JOIN automations a ON a.id = r.automation_id AND ${SENDS}
     WHERE r.shop_id = $1 AND r.automation_id = $2 AND r.due_at IS NOT NULL`,
    [shop, automationId],
  );
  return rows[0]?.due_at ?? null;
}

/** Automations of all shops that have something to do, if only to go: for the sweep, which returns keys only. */
export async function dueAutomations(sql: Sql, now: Date): Promise<{ shopId: ShopId; automationId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; automationId: number }>(
    `SELECT a.shop_id AS "shopId", a.id AS "automationId" FROM automations a WHERE ${SENDS}
       AND (EXISTS (SELECT FROM automation_runs r WHERE r.automation_id = a.id AND r.due_at <= $1) OR (a.state = 'ending'
         AND NOT EXISTS (SELECT FROM automation_runs r WHERE r.automation_id = a.id AND r.due_at IS NOT NULL)))`,
    [now],
  );
  return rows;
}

export interface LoggedRun extends Run {
  automationId: number;
  /** `cancelled`: its segment was removed first, or its automation. */
  state: "waiting" | "done" | "failed" | "skipped" | "cancelled";
  dueAt: Date | null;
  createdAt: Date;
  tries: { at: Date; status: number | null; words: string; ms: number }[];
}

/** A page of what the automations of a segment did and have to do, the latest first, with every attempt. */
export async function listRuns(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  asked: { customerId: string | null; state: LoggedRun["state"] | null; window: IdWindow; limit: number },
): Promise<IdPage<LoggedRun>> {
  const { below, above, order } = idRange(asked.window);
  const { rows } = await sql.query<
    Omit<LoggedRun, "tries"> & { tries: (LoggedRun["tries"][number] & { at: string })[] }
  >(
    `SELECT ${RUN}, automation_id AS "automationId", state, due_at AS "dueAt", created_at AS "createdAt",
       coalesce((SELECT json_agg(json_build_object('at', t.at, 'status', t.status, 'words', t.words, 'ms', t.ms) ORDER BY t.id)
         FROM automation_attempts t WHERE t.run_id = r.id), '[]') AS tries
     FROM automation_runs r
     WHERE shop_id = $1 AND automation_id IN (SELECT id FROM automations WHERE shop_id = $1 AND segment_id = $2)
       AND ($3::bigint IS NULL OR customer_id = $3) AND ($4::text IS NULL OR state = $4) AND ($5::bigint IS NULL OR id < $5)
       AND ($6::bigint IS NULL OR id > $6)
     ORDER BY id ${order} LIMIT $7`,
    [shop, segmentId, asked.customerId, asked.state, below, above, asked.limit + 1],
  );
  const runs = rows.map((row) => ({ ...row, tries: row.tries.map((one) => ({ ...one, at: new Date(one.at) })) }));
  return cutIdPage(runs, asked.window, asked.limit);
}

/** A tag that Muster put on a customer, and for which automation. */
export interface TagClaim {
  tag: string;
  automationId: number;
}

/** What of a customer's tags is Muster's doing, for any automation of the shop. */
export async function readTagClaims(sql: Sql, shop: ShopId, customerId: string): Promise<TagClaim[]> {
  const { rows } = await sql.query<TagClaim>(
    `SELECT tag, automation_id AS "automationId" FROM automation_tags WHERE shop_id = $1 AND customer_id = $2`,
    [shop, customerId],
  );
  return rows;
}

/**
 * Notes that a tag is Muster's doing, before it is put on. Whoever changes the automation's tag waits for this, or this for them; an erasure
 * of the customer takes the run away before the tags, and waits or is waited for too.
 * @returns false: the automation has another tag by now, is ending or is gone, or the run is, as after an erasure
 */
export async function claimTag(
  sql: Sql,
  shop: ShopId,
  claim: TagClaim & { customerId: string; runId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql.query<{ wanted: boolean }>(
    `WITH run AS (
       SELECT FROM automation_runs WHERE shop_id = $1 AND id = $6 FOR SHARE
     ), wanted AS (
       SELECT FROM automations WHERE shop_id = $1 AND id = $4 AND settings->>'tag' = $3 AND state <> 'ending' FOR SHARE
     ), claimed AS (
       INSERT INTO automation_tags (shop_id, customer_id, tag, automation_id, added_at)
       SELECT $1, $2, $3, $4, $5 FROM wanted, run ON CONFLICT DO NOTHING
     )
     SELECT EXISTS (SELECT FROM wanted, run) AS wanted`,
    [shop, claim.customerId, claim.tag, claim.automationId, claim.now, claim.runId],
  );
  return rows[0]?.wanted ?? false;
}

export async function dropTagClaim(sql: Sql, shop: ShopId, claim: TagClaim & { customerId: string }): Promise<void> {
  await sql.query(
    "DELETE FROM automation_tags WHERE shop_id = $1 AND customer_id = $2 AND tag = $3 AND automation_id = $4",
    [shop, claim.customerId, claim.tag, claim.automationId],
  );
}

/** An automation that Muster paused, or whose runs were given up lately. */
export interface FailingAutomation {
  id: number;
  segmentId: number;
  name: string;
  /** Why Muster paused it; null: it goes on. */
  paused: string | null;
  /** Runs since then that were given up, 100 at most. */
  failed: number;
}

/** Automations of live segments with something to mend. @param since real time */
export async function failingAutomations(sql: Sql, shop: ShopId, since: Date): Promise<FailingAutomation[]> {
  const { rows } = await sql.query<FailingAutomation>(
    `SELECT id, segment_id AS "segmentId", name, paused, failed FROM (
       SELECT a.id, a.segment_id, a.name, CASE a.state WHEN 'paused' THEN a.state_reason END AS paused,
         (SELECT count(*)::int FROM (SELECT created_at FROM automation_runs r
            WHERE r.automation_id = a.id AND r.state = 'failed' ORDER BY id DESC LIMIT 100) latest WHERE created_at > $2) AS failed
       FROM automations a JOIN segments s ON s.id = a.segment_id AND s.removed_at IS NULL WHERE a.shop_id = $1
     ) AS each WHERE paused IS NOT NULL OR failed > 0 ORDER BY id`,
    [shop, since],
  );
  return rows;
}

/** Forgets runs that were made before and have nothing left to do, with their attempts, at most `limit` of them. @returns how many went. */
export async function dropRunsBefore(sql: Sql, shop: ShopId, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM automation_runs WHERE shop_id = $1 AND id IN
       (SELECT id FROM automation_runs WHERE shop_id = $1 AND created_at < $2 AND state <> 'waiting' ORDER BY created_at LIMIT $3)`,
    [shop, before, limit],
  );
  return rowCount ?? 0;
}

/** How many runs were made before and have nothing left to do; counting ends at `most`. */
export async function countRunsBefore(sql: Sql, shop: ShopId, before: Date, most: number): Promise<number> {
  return countUpTo(
    sql,
    "automation_runs WHERE shop_id = $1 AND created_at < $2 AND state <> 'waiting'",
    [shop, before],
    most,
  );
}
