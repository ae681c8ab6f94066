import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { TableEntry } from "./personal-tables.ts";

export interface Erasure {
  requestId: string;
  kind: string;
  source: string;
  shopMark: Buffer;
  subjectMark: Buffer;
  requestedAt: Date;
  dueAt: Date;
  doneAt: Date;
}

/**
 * The proof of an erasure: what, when, and how many rows of each table, as the request has counted them. Nothing in it names the
 * person or the shop.
 */
export async function recordErasure(tx: Sql, shop: ShopId, erasure: Erasure): Promise<void> {
  await tx.query(
    `INSERT INTO erasures (request_id, kind, source, shop_mark, subject_mark, requested_at, due_at, done_at, counts)
     SELECT id, $3, $4, $5, $6, $7, $8, $9, coalesce(counts, '{}') FROM privacy_requests WHERE shop_id = $1 AND id = $2`,
    [
      shop,
      erasure.requestId,
      erasure.kind,
      erasure.source,
      erasure.shopMark,
      erasure.subjectMark,
      erasure.requestedAt,
      erasure.dueAt,
      erasure.doneAt,
    ],
  );
}

/** Deletes some of the shop's rows of a table. @returns how many; the shop's own row does not count. */
export async function eraseSomeRows(
  tx: Sql,
  shop: ShopId,
  shopDomain: string,
  table: TableEntry,
  limit: number,
): Promise<number> {
  if (table.shop !== "shop_id" && table.shop !== "shop") return 0;
  const { rowCount } = await tx.query(
    `DELETE FROM ${table.table} WHERE ctid IN (SELECT ctid FROM ${table.table} WHERE ${table.shop} = $1 LIMIT $2)`,
    [table.shop === "shop" ? shopDomain : shop, limit],
  );
  return rowCount ?? 0;
}

/** The shop's own row and its requests, last. */
export async function eraseShopRow(tx: Sql, shop: ShopId): Promise<void> {
  await tx.query("DELETE FROM privacy_requests WHERE shop_id = $1", [shop]);
  await tx.query("DELETE FROM shops WHERE id = $1", [shop]);
}
