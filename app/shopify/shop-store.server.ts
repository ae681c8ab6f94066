import { randomUUID } from "node:crypto";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "./shop-id.ts";

export interface Shop {
  id: ShopId;
  domain: string;
  name: string | null;
  currency: string | null;
  timeZone: string;
  /** ISO 3166-1 alpha-2; null while nothing was told. */
  country: string | null;
  /** What its pages are in where a visitor chose nothing else, "pt-BR"; null while nothing was told. */
  locale: string | null;
  installedAt: Date | null;
  uninstalledAt: Date | null;
}

interface ShopRow {
  id: ShopId;
  domain: string;
  name: string | null;
  currency: string | null;
  time_zone: string;
  country: string | null;
  locale: string | null;
  installed_at: Date | null;
  uninstalled_at: Date | null;
}

const COLUMNS = "id, domain, name, currency, time_zone, country, locale, installed_at, uninstalled_at";

/** The shop of a signed delivery or session, made known if it is new. */
export async function ensureShop(sql: Sql, domain: string): Promise<Shop> {
  const found = await findShop(sql, domain);
  if (found) return found;
  const pixelKey = randomUUID().replaceAll("-", "");
  await sql.query("INSERT INTO shops (domain, pixel_key) VALUES ($1, $2) ON CONFLICT DO NOTHING", [domain, pixelKey]);
  const created = await findShop(sql, domain);
  if (!created) throw new Error("A shop that was just written cannot be read back.");
  return created;
}

export async function findShop(sql: Sql, domain: string): Promise<Shop | null> {
  const { rows } = await sql.query<ShopRow>(`SELECT ${COLUMNS} FROM shops WHERE domain = $1`, [domain]);
  return rows[0] ? toShop(rows[0]) : null;
}

export async function readShop(sql: Sql, shop: ShopId): Promise<Shop | null> {
  const { rows } = await sql.query<ShopRow>(`SELECT ${COLUMNS} FROM shops WHERE id = $1`, [shop]);
  return rows[0] ? toShop(rows[0]) : null;
}

/** Those of the shops that were not erased: for what a process keeps in memory, of many shops. */
export async function shopsThere(sql: Sql, shops: readonly ShopId[]): Promise<ShopId[]> {
  const { rows } = await sql.query<{ id: ShopId }>("SELECT id FROM shops WHERE id = ANY($1::int[])", [shops]);
  return rows.map(({ id }) => id);
}

/** The app was installed, or its settings were read again. */
export async function recordInstall(
  sql: Sql,
  shop: ShopId,
  info: { name: string; currency: string; timeZone: string; country: string | null; locale: string | null },
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE shops SET name = $2, currency = $3, time_zone = $4, country = $6, locale = $7, told_at = $5,
       installed_at = CASE WHEN installed_at IS NULL OR uninstalled_at >= installed_at THEN $5 ELSE installed_at END
     WHERE id = $1`,
    [shop, info.name, info.currency, info.timeZone, now, info.country, info.locale],
  );
}

/** What a shop is from an instant on. */
export interface ShopChange {
  name: string;
  /** ISO 4217 */
  currency: string;
  /** IANA name */
  timeZone: string;
  /** ISO 3166-1 alpha-2 */
  country: string | null;
  locale: string | null;
  at: Date;
}

/** The shop is another from `at` on; an older word changes nothing, and of two of one instant always the same one holds. */
export async function recordShopChange(sql: Sql, shop: ShopId, change: ShopChange): Promise<void> {
  const { name, currency, timeZone, country, locale, at } = change;
  await sql.query(
    `UPDATE shops SET name = $2, currency = $3, time_zone = $4, country = $5, locale = $6, told_at = $7
     WHERE id = $1 AND (told_at IS NULL OR told_at < $7 OR told_at = $7
       AND concat_ws(' ', name, currency, time_zone, country, locale) COLLATE "C" < concat_ws(' ', $2::text, $3::text, $4::text, $5::text, $6::text))`,
    [shop, name, currency, timeZone, country, locale, at],
  );
}

/** The app was removed at `at`; a removal that is older than the latest installation changes nothing that counts. */
export async function recordUninstall(sql: Sql, shop: ShopId, at: Date): Promise<void> {
  await sql.query("UPDATE shops SET uninstalled_at = greatest(uninstalled_at, $2) WHERE id = $1", [shop, at]);
}

/** What the merchant grants since `at`; an older word changes nothing. */
export async function recordScopes(sql: Sql, shop: ShopId, scopes: readonly string[], at: Date): Promise<void> {
  await sql.query(
    `UPDATE shops SET granted_scopes = $2, granted_at = $3
     WHERE id = $1 AND (granted_at IS NULL OR granted_at < $3 OR (granted_at = $3 AND granted_scopes < $2))`,
    [shop, scopes.toSorted(), at],
  );
}

/** Null while nothing is known of it. */
export async function readScopes(sql: Sql, shop: ShopId): Promise<string[] | null> {
  const { rows } = await sql.query<{ granted_scopes: string[] }>(
    "SELECT granted_scopes FROM shops WHERE id = $1 AND granted_at IS NOT NULL",
    [shop],
  );
  return rows[0]?.granted_scopes ?? null;
}

/** Is the app installed there, as far as is known? A shop we only know by its deliveries counts as installed. */
export function isInstalled(shop: Shop): boolean {
  return !shop.uninstalledAt || (shop.installedAt !== null && shop.installedAt > shop.uninstalledAt);
}

function toShop(row: ShopRow): Shop {
  return {
    id: row.id,
    domain: row.domain,
    name: row.name,
    currency: row.currency,
    timeZone: row.time_zone,
    country: row.country,
    locale: row.locale,
    installedAt: row.installed_at,
    uninstalledAt: row.uninstalled_at,
  };
}

/** The app was removed at `at`: its tokens are dead. Those of a later installation stay. */
export async function forgetSessions(sql: Sql, shopDomain: string, at: Date): Promise<void> {
  await sql.query("DELETE FROM sessions WHERE shop = $1 AND updated_at < $2", [shopDomain, at]);
}

/** The public name of the shop's web pixel, and Shopify's id of it once it is switched on. */
export async function readPixel(sql: Sql, shop: ShopId): Promise<{ key: string | null; webPixelId: string | null }> {
  const { rows } = await sql.query<{ key: string | null; webPixelId: string | null }>(
    `SELECT pixel_key AS key, web_pixel_id AS "webPixelId" FROM shops WHERE id = $1`,
    [shop],
  );
  return rows[0] ?? { key: null, webPixelId: null };
}

export async function recordPixel(sql: Sql, shop: ShopId, webPixelId: string | null): Promise<void> {
  await sql.query("UPDATE shops SET web_pixel_id = $2 WHERE id = $1", [shop, webPixelId]);
}

/** Whether somebody in the shop put the set-up guide away. */
export async function isGuideDismissed(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query<{ dismissed: boolean }>(
    "SELECT guide_dismissed_at IS NOT NULL AS dismissed FROM shops WHERE id = $1",
    [shop],
  );
  return rows[0]?.dismissed ?? false;
}

/** @param at null: it is shown again. */
export async function dismissGuide(sql: Sql, shop: ShopId, at: Date | null): Promise<void> {
  await sql.query("UPDATE shops SET guide_dismissed_at = $2 WHERE id = $1", [shop, at]);
}

/** The columns that the shop's list of profiles has; null: nobody chose any. */
export async function readProfileColumns(sql: Sql, shop: ShopId): Promise<string[] | null> {
  const { rows } = await sql.query<{ columns: string[] | null }>(
    "SELECT profile_columns AS columns FROM shops WHERE id = $1",
    [shop],
  );
  return rows[0]?.columns ?? null;
}

export async function writeProfileColumns(sql: Sql, shop: ShopId, columns: readonly string[]): Promise<void> {
  await sql.query("UPDATE shops SET profile_columns = $2 WHERE id = $1", [shop, JSON.stringify(columns)]);
}
