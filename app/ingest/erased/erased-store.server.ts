import type { Crypto } from "../../platform/crypto.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Erased, Tombstone } from "./erased.ts";
import { type Mention, mentionKey } from "./mentions.ts";

/** Keyed hashes of a text, the current one first: the encryption key's `marks`. */
export type Marks = Crypto["marks"];

/** Of kinds that stay erased: a mention in no certain place may be either. */
type ErasedKind = Exclude<Mention["kind"], "number">;

const textOf = (shop: ShopId, kind: ErasedKind, value: string): string => `${shop}|${kind}|${value}`;
const LOCK_SPACE = 0x6d757374;

/**
 * Lets no erasure of the shop begin before this transaction has ended. Whoever writes what a person did takes it first: what is read
 * of the erased afterwards then holds until the end.
 */
export async function holdOffErasures(tx: Sql, shop: ShopId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [LOCK_SPACE, shop]);
}

/** Waits for every transaction that holds erasures of the shop off, and keeps new ones waiting until this one has ended. */
export async function beginErasure(tx: Sql, shop: ShopId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCK_SPACE, shop]);
}

/** Whether anybody of the shop was ever erased. */
export async function hasErased(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query<{ some: boolean }>("SELECT EXISTS (SELECT FROM erased WHERE shop_id = $1) AS some", [
    shop,
  ]);
  return rows[0]?.some ?? false;
}

/** Which of these mentions were erased. Costs one short query where nobody was. */
export async function findErased(sql: Sql, shop: ShopId, marks: Marks, mentions: readonly Mention[]): Promise<Erased> {
  if (mentions.length === 0 || !(await hasErased(sql, shop))) return new Map();
  const keys = new Map<string, string>();
  for (const { kind, value } of mentions) {
    const kinds: ErasedKind[] = kind === "number" ? ["customer", "order"] : [kind];
    for (const each of kinds) {
      for (const mark of marks(textOf(shop, each, value))) {
        keys.set(`${each} ${mark.toString("hex")}`, mentionKey({ kind: each, value }));
      }
    }
  }
  const { rows } = await sql.query<{ kind: string; mark: string; alone: boolean; erased_at: Date }>(
    `SELECT kind, encode(mark, 'hex') AS mark, alone, erased_at FROM erased
     WHERE shop_id = $1 AND mark = ANY (SELECT decode(given, 'hex') FROM unnest($2::text[]) AS marks (given))`,
    [shop, [...keys.keys()].map((key) => key.split(" ")[1])],
  );
  const found = new Map<string, Tombstone>();
  for (const row of rows) {
    const key = keys.get(`${row.kind} ${row.mark}`);
    if (key !== undefined) found.set(key, { alone: row.alone, erasedAt: row.erased_at });
  }
  return found;
}

/** Remembers, under keyed hashes, who and what is erased. Of two erasures of an address the later counts. */
export async function writeTombstones(
  tx: Sql,
  shop: ShopId,
  marks: Marks,
  given: readonly { kind: ErasedKind; value: string; alone: boolean }[],
  erasedAt: Date,
): Promise<void> {
  if (given.length === 0) return;
  const rows = new Map(
    given.map(({ kind, value, alone }) => {
      const mark = marks(textOf(shop, kind, value))[0].toString("hex");
      return [`${kind} ${mark}`, { kind, mark, alone }];
    }),
  );
  await tx.query(
    `INSERT INTO erased AS kept (shop_id, kind, mark, alone, erased_at)
     SELECT $1, kind, decode(mark, 'hex'), alone, $3 FROM json_to_recordset($2::json) AS given (kind text, mark text, alone boolean)
     ON CONFLICT (shop_id, kind, mark) DO UPDATE
     SET alone = kept.alone OR excluded.alone, erased_at = greatest(kept.erased_at, excluded.erased_at)`,
    [shop, JSON.stringify([...rows.values()]), erasedAt],
  );
}

/** Remembers that a shop was erased. */
export async function entombShop(tx: Sql, shopDomain: string, marks: Marks, erasedAt: Date): Promise<void> {
  await tx.query(
    `INSERT INTO erased_shops (mark, erased_at) VALUES ($1, $2)
     ON CONFLICT (mark) DO UPDATE SET erased_at = greatest(erased_shops.erased_at, excluded.erased_at)`,
    [marks(shopText(shopDomain))[0], erasedAt],
  );
}

/** Whether the shop was erased, and the app not installed there again since. */
export async function isShopErased(sql: Sql, shopDomain: string, marks: Marks): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM erased_shops e WHERE mark = ANY($2::bytea[])
       AND NOT EXISTS (SELECT FROM shops WHERE domain = $1 AND installed_at > e.erased_at)`,
    [shopDomain, marks(shopText(shopDomain))],
  );
  return rows.length > 0;
}

const shopText = (shopDomain: string): string => `shop|${shopDomain}`;
