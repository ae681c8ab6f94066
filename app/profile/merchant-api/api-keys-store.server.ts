import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Scope } from "./api-key.server.ts";

/** A key as the merchant sees it once it was shown. Times are real. */
export interface ApiKey {
  id: number;
  name: string;
  scopes: Scope[];
  /** Its last characters. */
  hint: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Whom a request that carries a key speaks for. */
export interface KeyHolder {
  keyId: number;
  shop: ShopId;
  country: string | null;
  scopes: Scope[];
}

const USED_AGAIN_AFTER = "1 minute";

export async function addApiKey(
  sql: Sql,
  shop: ShopId,
  key: { name: string; scopes: readonly Scope[]; hash: Buffer; hint: string; createdAt: Date },
): Promise<void> {
  await sql.query(
    "INSERT INTO api_keys (shop_id, name, scopes, hash, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    [shop, key.name, key.scopes, key.hash, key.hint, key.createdAt],
  );
}

/** The newest first; those that work before those that were revoked. */
export async function listApiKeys(sql: Sql, shop: ShopId): Promise<ApiKey[]> {
  const { rows } = await sql.query<{
    id: number;
    name: string;
    scopes: Scope[];
    hint: string;
    created_at: Date;
    last_used_at: Date | null;
    revoked_at: Date | null;
  }>(
    `SELECT id, name, scopes, hint, created_at, last_used_at, revoked_at FROM api_keys WHERE shop_id = $1
     ORDER BY revoked_at DESC NULLS FIRST, created_at DESC, id DESC`,
    [shop],
  );
  return rows.map(({ id, name, scopes, hint, created_at, last_used_at, revoked_at }) => {
    return { id, name, scopes, hint, createdAt: created_at, lastUsedAt: last_used_at, revokedAt: revoked_at };
  });
}

/** @returns false when the shop has no such key that still works. */
export async function revokeApiKey(sql: Sql, shop: ShopId, keyId: number, at: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE api_keys SET revoked_at = $3 WHERE shop_id = $1 AND id = $2 AND revoked_at IS NULL",
    [shop, keyId, at],
  );
  return rowCount === 1;
}

/** Whose key it is, and that it is used now. Null when it is unknown, revoked, or of a shop that removed the app. */
export async function useApiKey(sql: Sql, hash: Buffer, now: Date): Promise<KeyHolder | null> {
  const { rows } = await sql.query<{ id: number; shop_id: ShopId; country: string | null; scopes: Scope[] }>(
    `WITH used AS (
       UPDATE api_keys SET last_used_at = $2
       WHERE hash = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '${USED_AGAIN_AFTER}')
     )
     SELECT k.id, k.shop_id, k.scopes, s.country FROM api_keys k JOIN shops s ON s.id = k.shop_id
     WHERE k.hash = $1 AND k.revoked_at IS NULL AND (s.uninstalled_at IS NULL OR s.uninstalled_at < s.installed_at)`,
    [hash, now],
  );
  const [row] = rows;
  return row ? { keyId: row.id, shop: row.shop_id, country: row.country, scopes: row.scopes } : null;
}
