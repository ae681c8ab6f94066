import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { OwnColumn } from "./profile-columns.ts";
import { THEIRS } from "./history-store.server.ts";

/** As it is stored: an instant is {"at": milliseconds}, a day {"day": "1990-05-30"}. */
export type ToldValue = string | number | boolean | string[] | { at: number } | { day: string };

/** A trait that the shop's own systems told, as it is now. */
export interface ToldTrait {
  name: string;
  value: ToldValue;
  /** Since when it is so, and when that was said last. */
  saidAt: Date;
  confirmedAt: Date;
  /** What the merchant calls the key it came with; null: the key is not known any more. */
  key: string | null;
}

/** Of all names of customers who are one person the last word counts, and what it took away is left out. */
export async function readTraits(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<ToldTrait[]> {
  const { rows } = await sql.query<ToldTrait & { value: ToldValue | null }>(
    `${THEIRS} SELECT last.name, last.value, last.said_at AS "saidAt", last.confirmed_at AS "confirmedAt", k.name AS key FROM (
       SELECT DISTINCT ON (t.name) t.* FROM theirs JOIN api_identifiers i ON i.shop_id = $1 AND i.customer_id = theirs.own
       JOIN profile_traits t ON t.shop_id = $1 AND t.identifier_id = i.id
       ORDER BY t.name, t.said_at DESC, coalesce(t.value::text, '') COLLATE "C" DESC) AS last
     LEFT JOIN api_keys k ON k.shop_id = $1 AND k.id = last.key_id
     WHERE last.value IS NOT NULL ORDER BY last.name`,
    [shop, customerIds, customerIds],
  );
  return rows;
}

/** Of people, by the id their profile stands under, what of these columns is known. @param people whose customers are whose, by their ids */
export async function readOwnColumns(
  sql: Sql,
  shop: ShopId,
  people: readonly { head: string; members: readonly string[] }[],
  columns: readonly OwnColumn[],
): Promise<Map<string, Map<OwnColumn, ToldValue>>> {
  const held = new Map<string, Map<OwnColumn, ToldValue>>();
  if (columns.length === 0 || people.length === 0) return held;
  const theirs = people.flatMap(({ head, members }) => members.map((own) => ({ own, head })));
  const after = (prefix: string): string[] =>
    columns.filter((column) => column.startsWith(prefix)).map((column) => column.slice(prefix.length));
  const { rows } = await sql.query<{ id: string; name: OwnColumn; value: ToldValue }>(
    `${THEIRS} SELECT id, 'traits.' || name AS name, value FROM (
       SELECT DISTINCT ON (theirs.customer_id, t.name) theirs.customer_id AS id, t.name, t.value
       FROM theirs JOIN api_identifiers i ON i.shop_id = $1 AND i.customer_id = theirs.own
       JOIN profile_traits t ON t.shop_id = $1 AND t.identifier_id = i.id AND t.name = ANY($4::text[])
       ORDER BY theirs.customer_id, t.name, t.said_at DESC, coalesce(t.value::text, '') COLLATE "C" DESC) AS last
     WHERE value IS NOT NULL
     UNION ALL SELECT customer_id, 'metafields.' || name, value FROM customer_metafields
     WHERE shop_id = $1 AND customer_id = ANY($5::bigint[]) AND name = ANY($6::text[]) AND value IS NOT NULL`,
    [
      shop,
      theirs.map(({ own }) => own),
      theirs.map(({ head }) => head),
      after("traits."),
      people.map(({ head }) => head),
      after("metafields."),
    ],
  );
  for (const { id, name, value } of rows)
    held.set(id, (held.get(id) ?? new Map<OwnColumn, ToldValue>()).set(name, value));
  return held;
}

export interface ListedOwnColumn {
  name: OwnColumn;
  /** What the merchant calls a metafield in Shopify. */
  label: string | null;
  /** Whether its values are numbers. */
  figure: boolean;
}

/** What columns of its own the shop can have, in the order of names. */
export async function listOwnColumns(sql: Sql, shop: ShopId): Promise<ListedOwnColumn[]> {
  const { rows } = await sql.query<Omit<ListedOwnColumn, "figure"> & { type: string }>(
    `(SELECT 'traits.' || name AS name, NULL AS label, type FROM trait_types WHERE shop_id = $1 ORDER BY trait_types.name)
     UNION ALL (SELECT 'metafields.' || namespace || '.' || key, name, type FROM metafield_definitions WHERE shop_id = $1
       ORDER BY namespace, key)`,
    [shop],
  );
  return rows.map(({ name, label, type }) => ({ name, label, figure: FIGURES.has(type) }));
}

/** A trait's own type, and Shopify's of metafields. */
const FIGURES: ReadonlySet<string> = new Set(["number", "number_integer", "number_decimal"]);

export interface HeldMetafield {
  /** "namespace.key" */
  name: string;
  /** What the merchant calls it; null: it is not defined any more. */
  label: string | null;
  value: ToldValue;
  changedAt: Date;
}

export async function readMetafields(sql: Sql, shop: ShopId, customerId: string): Promise<HeldMetafield[]> {
  const { rows } = await sql.query<HeldMetafield>(
    `SELECT m.name, d.name AS label, m.value, m.changed_at AS "changedAt" FROM customer_metafields m
     LEFT JOIN metafield_definitions d ON d.shop_id = $1 AND d.namespace || '.' || d.key = m.name
     WHERE m.shop_id = $1 AND m.customer_id = $2 AND m.value IS NOT NULL ORDER BY m.name`,
    [shop, customerId],
  );
  return rows;
}

/** The language Shopify has of a customer, "pt-BR". */
export async function readLanguage(sql: Sql, shop: ShopId, customerId: string): Promise<string | null> {
  const { rows } = await sql.query<{ locale: string }>(
    "SELECT locale FROM customer_locales WHERE shop_id = $1 AND customer_id = $2",
    [shop, customerId],
  );
  return rows[0]?.locale ?? null;
}
