import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Place } from "./content-data.ts";
import type { Fallbacks } from "./scope.ts";

/** What a merchant writes of a block. */
export interface Written {
  source: string;
  fallbacks: Fallbacks;
}

export interface Block {
  id: number;
  handle: string;
  name: string;
  place: Place;
  /** Number of the version that is shown; null: nothing was published yet. */
  liveVersion: number | null;
  draft: (Written & { author: string; at: Date }) | null;
  deletedAt: Date | null;
}

export interface BlockVersion extends Written {
  number: number;
  author: string;
  message: string;
  publishedAt: Date;
}

/** What is served of a block. */
export interface LiveBlock extends Written {
  id: number;
  place: Place;
  number: number;
}

export type BlockPublished =
  | { outcome: "published"; version: number }
  /** The live version says the same already. */
  | { outcome: "unchanged" }
  /** Another version was published since this one was begun. */
  | { outcome: "outdated"; version: number }
  | { outcome: "not_found" };

interface BlockRow {
  id: number;
  handle: string;
  name: string;
  place: Place;
  live_version: number | null;
  draft_source: string | null;
  draft_fallbacks: Fallbacks | null;
  draft_author: string | null;
  draft_at: Date | null;
  deleted_at: Date | null;
}

const COLUMNS =
  "id, handle, name, place, live_version, draft_source, draft_fallbacks, draft_author, draft_at, deleted_at";
const NO_DRAFT = "draft_source = NULL, draft_fallbacks = NULL, draft_author = NULL, draft_at = NULL";

/** All blocks by name; the deleted ones last. */
export async function listBlocks(sql: Sql, shop: ShopId): Promise<Block[]> {
  const { rows } = await sql.query<BlockRow>(
    `SELECT ${COLUMNS} FROM content_blocks WHERE shop_id = $1 ORDER BY deleted_at NULLS FIRST, lower(name), id`,
    [shop],
  );
  return rows.map(toBlock);
}

export async function readBlock(sql: Sql, shop: ShopId, blockId: number): Promise<Block | null> {
  const { rows } = await sql.query<BlockRow>(`SELECT ${COLUMNS} FROM content_blocks WHERE shop_id = $1 AND id = $2`, [
    shop,
    blockId,
  ]);
  return rows[0] ? toBlock(rows[0]) : null;
}

/** The version that is shown; null for a block that is not there, deleted, or not published. */
export async function readLiveBlock(sql: Sql, shop: ShopId, handle: string): Promise<LiveBlock | null> {
  const { rows } = await sql.query<LiveBlock>(
    `SELECT b.id, b.place, v.number, v.source, v.fallbacks FROM content_blocks b
     JOIN content_versions v ON v.block_id = b.id AND v.number = b.live_version AND v.shop_id = b.shop_id
     WHERE b.shop_id = $1 AND b.handle = $2 AND b.deleted_at IS NULL`,
    [shop, handle],
  );
  return rows[0] ?? null;
}

/** All versions of a block, the latest first. */
export async function listBlockVersions(sql: Sql, shop: ShopId, blockId: number): Promise<BlockVersion[]> {
  const { rows } = await sql.query<BlockVersion>(
    `SELECT number, source, fallbacks, author, message, published_at AS "publishedAt" FROM content_versions
     WHERE shop_id = $1 AND block_id = $2 ORDER BY number DESC`,
    [shop, blockId],
  );
  return rows;
}

/** A new block, with what was written as its draft. @returns null: the shop has a block with this handle, perhaps a deleted one. */
export async function createBlock(
  sql: Sql,
  shop: ShopId,
  block: { handle: string; name: string; place: Place; author: string; at: Date } & Written,
): Promise<number | null> {
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO content_blocks (shop_id, handle, name, place, draft_source, draft_fallbacks, draft_author, draft_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (shop_id, handle) DO NOTHING RETURNING id`,
    [shop, block.handle, block.name, block.place, block.source, block.fallbacks, block.author, block.at],
  );
  return rows[0]?.id ?? null;
}

/** What is written and not shown yet. @returns false: there is no such block. */
export async function saveBlockDraft(
  sql: Sql,
  shop: ShopId,
  blockId: number,
  { name, source, fallbacks, author, at }: Written & { name: string; author: string; at: Date },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE content_blocks SET name = $3, draft_source = $4, draft_fallbacks = $5, draft_author = $6, draft_at = $7
     WHERE shop_id = $1 AND id = $2 AND deleted_at IS NULL`,
    [shop, blockId, name, source, fallbacks, author, at],
  );
  return rowCount === 1;
}

export async function discardBlockDraft(sql: Sql, shop: ShopId, blockId: number): Promise<void> {
  await sql.query(`UPDATE content_blocks SET ${NO_DRAFT} WHERE shop_id = $1 AND id = $2 AND live_version IS NOT NULL`, [
    shop,
    blockId,
  ]);
}

/** Makes what was written the version that is shown. @param given.over the live version it was written over; 0: there was none. */
export async function publishBlock(
  tx: Sql,
  shop: ShopId,
  blockId: number,
  given: Written & { name: string; author: string; message: string; over: number; now: Date },
): Promise<BlockPublished> {
  const { rows } = await tx.query<{ live_version: number | null; name: string }>(
    `SELECT live_version, name FROM content_blocks WHERE shop_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
    [shop, blockId],
  );
  const [block] = rows;
  if (!block) return { outcome: "not_found" };
  const [latest] = await listBlockVersions(tx, shop, blockId);
  if ((block.live_version ?? 0) !== given.over) return { outcome: "outdated", version: block.live_version ?? 0 };
  const unchanged = latest?.source === given.source && sameFallbacks(latest.fallbacks, given.fallbacks);
  const version = unchanged ? latest.number : (latest?.number ?? 0) + 1;
  if (!unchanged) {
    await tx.query(
      `INSERT INTO content_versions (block_id, number, shop_id, source, fallbacks, author, message, published_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [blockId, version, shop, given.source, given.fallbacks, given.author, given.message, given.now],
    );
  }
  await tx.query(`UPDATE content_blocks SET live_version = $3, name = $4, ${NO_DRAFT} WHERE shop_id = $1 AND id = $2`, [
    shop,
    blockId,
    version,
    given.name,
  ]);
  return unchanged ? { outcome: "unchanged" } : { outcome: "published", version };
}

/** Takes a block from wherever it is shown. Nothing of it is lost. @returns false: there is no such block. */
export async function deleteBlock(sql: Sql, shop: ShopId, blockId: number, at: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE content_blocks SET deleted_at = $3 WHERE shop_id = $1 AND id = $2 AND deleted_at IS NULL",
    [shop, blockId, at],
  );
  return rowCount === 1;
}

/** Brings a deleted block back as it was. @returns false: there is no such deleted block. */
export async function undeleteBlock(sql: Sql, shop: ShopId, blockId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE content_blocks SET deleted_at = NULL WHERE shop_id = $1 AND id = $2 AND deleted_at IS NOT NULL",
    [shop, blockId],
  );
  return rowCount === 1;
}

function sameFallbacks(left: Fallbacks, right: Fallbacks): boolean {
  const lines = (fallbacks: Fallbacks) => JSON.stringify(Object.entries(fallbacks).toSorted());
  return lines(left) === lines(right);
}

function toBlock(row: BlockRow): Block {
  return {
    id: row.id,
    handle: row.handle,
    name: row.name,
    place: row.place,
    liveVersion: row.live_version,
    draft:
      row.draft_source !== null && row.draft_author !== null && row.draft_at !== null
        ? {
            source: row.draft_source,
            fallbacks: row.draft_fallbacks ?? {},
            author: row.draft_author,
            at: row.draft_at,
          }
        : null,
    deletedAt: row.deleted_at,
  };
}
