import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Automation, type AutomationSettings, automationSettings } from "./automation.ts";

export interface GivenAutomation {
  segmentId: number;
  name: string;
  onEntry: boolean;
  onExit: boolean;
  settings: AutomationSettings;
  /** Sealed; of webhooks only. */
  secret: Buffer | null;
  /** Business time: nothing before it fires. */
  since: Date;
}

const COLUMNS = `a.id, a.segment_id AS "segmentId", s.key AS "segmentKey", s.name AS "segmentName", a.name, a.on_entry AS "onEntry",
  a.on_exit AS "onExit", a.settings, a.state, a.state_reason AS "stateReason", a.old_secret_until AS "oldSecretUntil",
  a.created_at AS "createdAt"`;

/** @returns null: the shop has no such segment. */
export async function addAutomation(
  sql: Sql,
  shop: ShopId,
  given: GivenAutomation,
  realNow: Date,
): Promise<number | null> {
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO automations (shop_id, segment_id, kind, name, on_entry, on_exit, settings, secret, state, since, created_at)
     SELECT $1, id, $3, $4, $5, $6, $7, $8, 'active', $9, $10 FROM segments WHERE shop_id = $1 AND id = $2 RETURNING id`,
    [
      shop,
      given.segmentId,
      given.settings.kind,
      given.name,
      given.onEntry,
      given.onExit,
      given.settings,
      given.secret,
      given.since,
      realNow,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Changes everything but its kind and its secret. @returns false: there is no such automation. */
export async function changeAutomation(
  sql: Sql,
  shop: ShopId,
  id: number,
  { name, onEntry, onExit, settings }: Pick<GivenAutomation, "name" | "onEntry" | "onExit" | "settings">,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE automations SET name = $3, on_entry = $4, on_exit = $5, settings = $6
     WHERE shop_id = $1 AND id = $2 AND kind = $7 AND state <> 'ending'`,
    [shop, id, name, onEntry, onExit, settings, settings.kind],
  );
  return rowCount === 1;
}

export async function listAutomations(sql: Sql, shop: ShopId, segmentId: number): Promise<Automation[]> {
  return read(sql, shop, "a.segment_id = $2 ORDER BY a.id", segmentId);
}

export async function readAutomation(sql: Sql, shop: ShopId, id: number): Promise<Automation | null> {
  const [found] = await read(sql, shop, "a.id = $2", id);
  return found ?? null;
}

async function read(sql: Sql, shop: ShopId, condition: string, value: number): Promise<Automation[]> {
  const { rows } = await sql.query<Omit<Automation, "settings"> & { settings: unknown }>(
    `SELECT ${COLUMNS} FROM automations a JOIN segments s ON s.id = a.segment_id WHERE a.shop_id = $1 AND ${condition}`,
    [shop, value],
  );
  return rows.map((row) => ({ ...row, settings: automationSettings.parse(row.settings) }));
}

/** What happened while it was paused fires nothing. @param since business time, when it goes on */
export async function setAutomationState(
  sql: Sql,
  shop: ShopId,
  id: number,
  given: { state: "active"; since: Date } | { state: "paused"; reason: string | null },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE automations SET state = $3, state_reason = $4, since = coalesce($5, since)
     WHERE shop_id = $1 AND id = $2 AND state NOT IN ($3, 'ending')`,
    [
      shop,
      id,
      given.state,
      given.state === "paused" ? given.reason : null,
      given.state === "active" ? given.since : null,
    ],
  );
  return rowCount === 1;
}

/** Nothing that happened before `now` fires: while its segment was away, nobody was looking. */
export async function rearmAutomations(tx: Sql, shop: ShopId, segmentId: number, now: Date): Promise<void> {
  await tx.query("UPDATE automations SET since = greatest(since, $3) WHERE shop_id = $1 AND segment_id = $2", [
    shop,
    segmentId,
    now,
  ]);
}

/** It fires nothing any more and puts no tag on: what it put on is taken off, and then it goes. @returns false: it is ending already, or gone */
export async function endAutomation(tx: Sql, shop: ShopId, id: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE automations SET state = 'ending', state_reason = NULL WHERE shop_id = $1 AND id = $2 AND state <> 'ending'`,
    [shop, id],
  );
  return rowCount === 1;
}

/** Deletes one that is ending once nothing of it waits, with its log. */
export async function removeEnded(sql: Sql, shop: ShopId, id: number): Promise<void> {
  await sql.query(
    `DELETE FROM automations WHERE shop_id = $1 AND id = $2 AND state = 'ending'
       AND NOT EXISTS (SELECT FROM automation_runs r WHERE r.shop_id = $1 AND r.automation_id = $2 AND r.due_at IS NOT NULL)`,
    [shop, id],
  );
}

/** With everything it has still to do, and its log. */
export async function removeAutomation(sql: Sql, shop: ShopId, id: number): Promise<boolean> {
  const { rowCount } = await sql.query("DELETE FROM automations WHERE shop_id = $1 AND id = $2", [shop, id]);
  return rowCount === 1;
}

/** The sealed secrets that sign now, the new one first. */
export async function readSecrets(sql: Sql, shop: ShopId, id: number, realNow: Date): Promise<Buffer[]> {
  const { rows } = await sql.query<{ secret: Buffer | null; old: Buffer | null }>(
    `SELECT secret, CASE WHEN old_secret_until > $3 THEN old_secret END AS old FROM automations WHERE shop_id = $1 AND id = $2`,
    [shop, id, realNow],
  );
  return [rows[0]?.secret, rows[0]?.old].filter((secret) => secret !== null && secret !== undefined);
}

/** The one that signed until now signs beside the new one for a while. */
export async function rotateSecret(
  sql: Sql,
  shop: ShopId,
  id: number,
  given: { secret: Buffer; oldUntil: Date },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE automations SET old_secret = secret, old_secret_until = $4, secret = $3
     WHERE shop_id = $1 AND id = $2 AND kind = 'webhook'`,
    [shop, id, given.secret, given.oldUntil],
  );
  return rowCount === 1;
}
