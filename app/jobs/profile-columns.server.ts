import type { Sql } from "../platform/db.server.ts";
import { type ProfileColumn, readColumns } from "../profile/profile-columns.ts";
import { type ListedOwnColumn, listOwnColumns } from "../profile/told-values-store.server.ts";
import { ownTrait } from "../segment/language/dictionary.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readProfileColumns } from "../shopify/shop-store.server.ts";

export interface ColumnChoice {
  columns: ProfileColumn[];
  /** What there is of the shop's own to choose from. */
  own: ListedOwnColumn[];
}

/** Which columns the shop's list of profiles has, and which of its own it can have. @param names those of a form; without: the kept ones */
export async function readColumnChoice(sql: Sql, shop: ShopId, names?: readonly string[]): Promise<ColumnChoice> {
  const known = await listOwnColumns(sql, shop);
  // A trait that Muster computes since then is Muster's.
  const own = known.filter(({ name }) => !name.startsWith("traits.") || ownTrait(name) !== null);
  const chosen = names ?? (await readProfileColumns(sql, shop));
  const columns = readColumns(
    chosen,
    own.map(({ name }) => name),
  );
  return { columns, own };
}
