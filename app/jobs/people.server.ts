import type { Db } from "../platform/db.server.ts";
import { readProfiles } from "../profile/profile-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { t } from "../texts/text.ts";

export interface Person {
  customerId: string;
  name: string;
}

/** Those of them who are known, by what they are called. */
export async function readPeople(db: Db, shop: ShopId, ids: readonly string[]): Promise<Person[]> {
  return (await readProfiles(db, shop, ids)).map(({ customerId, firstName, lastName, email }) => ({
    customerId,
    name: [firstName, lastName].filter((part) => part).join(" ") || email || t("Customer {id}", { id: customerId }),
  }));
}
