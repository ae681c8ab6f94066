import type { Sql } from "../platform/db.server.ts";
import { readPersons } from "../profile/identity/persons-store.server.ts";
import { readLanguage, readTraits } from "../profile/told-values-store.server.ts";
import { readProfile } from "../profile/profile-pages-store.server.ts";
import { createWrittenLists } from "../recommendation/written-lists.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { ContentSubject } from "./content-data.ts";

/** Of whom nothing is known. */
export const NOBODY: Omit<ContentSubject, "popular"> = {
  profile: null,
  traits: [],
  segments: [],
  list: null,
  locale: null,
};

/** What blocks are told of a customer, whose profile another one's may be part of. */
export async function readContentSubject(
  sql: Sql,
  shop: ShopId,
  customerId: string,
): Promise<Omit<ContentSubject, "popular">> {
  const own = await readProfile(sql, shop, customerId);
  const person = (await readPersons(sql, shop, [customerId])).get(customerId);
  const head = own ? customerId : person?.head;
  const profile = own ?? (head ? await readProfile(sql, shop, head) : null);
  if (!profile) return NOBODY;
  return {
    profile,
    traits: await readTraits(sql, shop, person?.members ?? [customerId]),
    segments: await segmentsOf(sql, shop, profile.customerId),
    list: await createWrittenLists(sql).ofCustomer(shop, profile.customerId),
    locale: (await readLanguage(sql, shop, customerId)) ?? (await readLanguage(sql, shop, profile.customerId)),
  };
}

async function segmentsOf(sql: Sql, shop: ShopId, customerId: string): Promise<{ name: string; key: string }[]> {
  const { rows } = await sql.query<{ name: string; key: string }>(
    `SELECT s.name, s.key FROM memberships m JOIN segments s ON s.id = m.segment_id AND s.shop_id = m.shop_id
     WHERE m.shop_id = $1 AND m.customer_id = $2 AND m.left_at IS NULL ORDER BY s.id`,
    [shop, customerId],
  );
  return rows;
}

/** What blocks may call the shop's own traits by. */
export async function traitsToName(sql: Sql, shop: ShopId): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>("SELECT name FROM trait_types WHERE shop_id = $1 ORDER BY name", [
    shop,
  ]);
  return rows.map(({ name }) => name);
}

/** What blocks may call segments by. */
export async function segmentsToName(sql: Sql, shop: ShopId): Promise<{ name: string; key: string }[]> {
  const { rows } = await sql.query<{ name: string; key: string }>(
    "SELECT name, key FROM segments WHERE shop_id = $1 ORDER BY lower(name)",
    [shop],
  );
  return rows;
}
