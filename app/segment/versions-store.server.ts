import { beginErasure } from "../ingest/erased/erased-store.server.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { startBuilds } from "./builds-store.server.ts";
import { segmentOrder, segmentsAsking, segmentsRead } from "./language/needs.ts";
import { printText } from "./language/print-text.ts";
import { type Rule, ruleSchema } from "./language/tree.ts";
import { listSegments } from "./segment-store.server.ts";

export interface SegmentVersion {
  number: number;
  rule: Rule;
  text: string;
  author: string;
  message: string;
  publishedAt: Date;
  /** Whether it went live by itself at a moment that was set for it. */
  scheduled: boolean;
}

export interface Draft {
  rule: Rule;
  author: string;
  at: Date;
}

export type Published =
  | { outcome: "published"; segmentId: number; version: number }
  /** The live rule says the same already. */
  | { outcome: "unchanged"; segmentId: number }
  | { outcome: "not_found" }
  /** Another segment of the shop has this key. */
  | { outcome: "taken" }
  /** Keys of segments, from the first round to the same one again. */
  | { outcome: "cycle"; keys: string[] }
  /** Keys the rule names that no segment has. */
  | { outcome: "unknown_segments"; keys: string[] };

export interface Publication {
  rule: Rule;
  author: string;
  message: string;
  now: Date;
  /** Whether automations of the segment, and of those that ask for it, run for those whom the new rule puts in and out. */
  announced?: boolean;
  /** Whether its moment was set before: then a draft that somebody saved meanwhile stays. */
  scheduled?: boolean;
}

/** All versions of a segment, the latest first. */
export async function listVersions(sql: Sql, shop: ShopId, segmentId: number): Promise<SegmentVersion[]> {
  const { rows } = await sql.query<Omit<SegmentVersion, "rule"> & { rule: unknown }>(
    `SELECT number, rule, text, author, message, published_at AS "publishedAt", scheduled FROM segment_versions
     WHERE shop_id = $1 AND segment_id = $2 ORDER BY number DESC`,
    [shop, segmentId],
  );
  return rows.map((row) => ({ ...row, rule: ruleSchema.parse(row.rule) }));
}

/** Whom the publication of each version put in and out, by its number. */
export async function movedByVersions(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
): Promise<Map<number, { entered: number; left: number }>> {
  const { rows } = await sql.query<{ version: number; entered: number; left: number }>(
    `SELECT version, (count(*) FILTER (WHERE change = 'entered'))::int AS entered, (count(*) FILTER (WHERE change = 'left'))::int AS "left"
     FROM membership_changes WHERE shop_id = $1 AND segment_id = $2 AND cause = 'rule' GROUP BY version`,
    [shop, segmentId],
  );
  return new Map(rows.map(({ version, entered, left }) => [version, { entered, left }]));
}

/** The first whom the publication of each version put in and out, `limit` of either. */
export async function movedFirst(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  limit: number,
): Promise<{ version: number; change: "entered" | "left"; customerId: string }[]> {
  const { rows } = await sql.query<{ version: number; change: "entered" | "left"; customerId: string }>(
    `SELECT v.number AS version, kinds.change, first.customer_id AS "customerId"
     FROM segment_versions v CROSS JOIN (VALUES ('entered'), ('left')) AS kinds (change)
     CROSS JOIN LATERAL (
       SELECT id, customer_id FROM membership_changes c
       WHERE c.shop_id = $1 AND c.segment_id = $2 AND c.cause = 'rule' AND c.version = v.number AND c.change = kinds.change
       ORDER BY id LIMIT $3
     ) AS first
     WHERE v.shop_id = $1 AND v.segment_id = $2 ORDER BY v.number, kinds.change, first.id`,
    [shop, segmentId, limit],
  );
  return rows;
}

/** Makes a segment, live at once. */
export async function createSegment(
  tx: Sql,
  shop: ShopId,
  { key, name, ...publication }: Publication & { key: string; name: string },
): Promise<Published> {
  await beginErasure(tx, shop);
  const refused = await checkReferences(tx, shop, key, publication.rule);
  if (refused) return refused;
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at) VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (shop_id, key) DO NOTHING RETURNING id`,
    [shop, key, name, publication.rule, publication.now],
  );
  const [row] = rows;
  if (!row) return { outcome: "taken" };
  return recordVersion(tx, shop, row.id, 1, publication);
}

/** Makes the rule the segment's live one. Decisions under the old rule end first; then everybody is decided anew. */
export async function publishRule(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  publication: Publication,
): Promise<Published> {
  await beginErasure(tx, shop);
  const segments = await listSegments(tx, shop);
  const live = segments.find(({ id }) => id === segmentId);
  if (!live) return { outcome: "not_found" };
  if (printText(live.rule) === printText(publication.rule)) {
    if (!publication.scheduled) await discardDraft(tx, shop, segmentId);
    return { outcome: "unchanged", segmentId };
  }
  const refused = await checkReferences(tx, shop, live.key, publication.rule);
  if (refused) return refused;
  const { rows } = await tx.query<{ version: number }>(
    `UPDATE segments SET definition = $3, version = version + 1, published_at = $4, moves_announced = $5
     WHERE shop_id = $1 AND id = $2 RETURNING version`,
    [shop, segmentId, publication.rule, publication.now, publication.announced ?? false],
  );
  if (!publication.scheduled) await discardDraft(tx, shop, segmentId);
  if (publication.announced) {
    const rules = new Map(segments.map(({ key, rule }) => [key, rule])).set(live.key, publication.rule);
    const asking = new Set(segmentsAsking(rules, live.key));
    await tx.query("UPDATE segments SET moves_announced = true WHERE shop_id = $1 AND id = ANY($2::int[])", [
      shop,
      segments.flatMap(({ id, key }) => (asking.has(key) ? [id] : [])),
    ]);
  }
  return recordVersion(tx, shop, segmentId, rows[0]?.version ?? 1, publication);
}

/** Publishes the draft that stands beside the live rule. */
export async function publishDraft(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  publication: Omit<Publication, "rule">,
): Promise<Published> {
  const draft = await readDraft(tx, shop, segmentId);
  return draft ? publishRule(tx, shop, segmentId, { ...publication, rule: draft.rule }) : { outcome: "not_found" };
}

/** Publishes the rule of an earlier version as a new one. */
export async function restoreVersion(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  number: number,
  { author, now }: Pick<Publication, "author" | "now">,
): Promise<Published> {
  const version = (await listVersions(tx, shop, segmentId)).find((each) => each.number === number);
  if (!version) return { outcome: "not_found" };
  return publishRule(tx, shop, segmentId, { rule: version.rule, author, message: `Version ${number} restored`, now });
}

export async function readDraft(sql: Sql, shop: ShopId, segmentId: number): Promise<Draft | null> {
  const { rows } = await sql.query<{ draft: unknown; author: string; at: Date }>(
    `SELECT draft, draft_author AS author, draft_at AS at FROM segments WHERE shop_id = $1 AND id = $2 AND draft IS NOT NULL`,
    [shop, segmentId],
  );
  const [row] = rows;
  return row ? { rule: ruleSchema.parse(row.draft), author: row.author, at: row.at } : null;
}

/** @returns false: there is no such segment. */
export async function saveDraft(
  sql: Sql,
  shop: ShopId,
  segmentId: number,
  { rule, author, at }: Draft,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE segments SET draft = $3, draft_author = $4, draft_at = $5 WHERE shop_id = $1 AND id = $2 AND removed_at IS NULL",
    [shop, segmentId, rule, author, at],
  );
  return rowCount === 1;
}

export async function discardDraft(sql: Sql, shop: ShopId, segmentId: number): Promise<void> {
  await sql.query(
    "UPDATE segments SET draft = NULL, draft_author = NULL, draft_at = NULL WHERE shop_id = $1 AND id = $2",
    [shop, segmentId],
  );
}

/** @returns what is wrong with the segments that a rule asks for; null: nothing. */
export async function checkReferences(
  tx: Sql,
  shop: ShopId,
  key: string,
  rule: Rule,
): Promise<Extract<Published, { outcome: "cycle" | "unknown_segments" }> | null> {
  const others = new Map((await listSegments(tx, shop)).map((segment) => [segment.key, segment.rule]));
  const unknown = [...segmentsRead(rule.when)].filter((named) => named !== key && !others.has(named));
  if (unknown.length > 0) return { outcome: "unknown_segments", keys: unknown };
  const order = segmentOrder(others.set(key, rule));
  return order.outcome === "cycle" ? order : null;
}

async function recordVersion(
  tx: Sql,
  shop: ShopId,
  segmentId: number,
  version: number,
  { rule, author, message, now, scheduled = false }: Publication,
): Promise<Published> {
  await tx.query(
    `INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at, scheduled)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [segmentId, version, shop, rule, printText(rule), author, message, now, scheduled],
  );
  await startBuilds(tx, shop, await listSegments(tx, shop), new Date());
  return { outcome: "published", segmentId, version };
}
