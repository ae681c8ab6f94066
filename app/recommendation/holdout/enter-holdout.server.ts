import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Case } from "../blend/confidence.ts";
import { enqueueRecommendations, readCustomerList } from "../lists-store.server.ts";
import type { Recommender } from "../recommender.server.ts";
import type { SettingsOf } from "../settings-of.server.ts";
import { type Arm, customerSubject, drawArm, type Person, settleArm } from "./arm.ts";
import { readArms, recordArm, takeTurns } from "./arms-store.server.ts";

export type ArmOf = (shop: ShopId, person: Person) => Promise<Arm | null>;

/** The arm of whoever is about to be shown a list. */
export function createArmOf(db: Db, recommender: Pick<Recommender, "listsOf">, settingsOf: SettingsOf): ArmOf {
  const kindOf = (shop: ShopId) => async (customerId: string) => {
    const list = recommender.listsOf(shop)?.forCustomer(customerId) ?? (await readCustomerList(db, shop, customerId));
    return list?.kind ?? null;
  };
  return async (shop, person) => {
    if (person.customerId === null && person.clientId === null) return null;
    return enterHoldout(db, shop, person, (await settingsOf(shop)).holdoutShare, kindOf(shop), new Date());
  };
}

/**
 * The arm of somebody who is about to be shown a list, recorded where that is allowed and new. Null: they are not compared.
 * @param now real time, as feedback's is
 */
async function enterHoldout(
  db: Db,
  shop: ShopId,
  person: Person,
  share: number,
  kindOf: (customerId: string) => Promise<Case | null>,
  now: Date,
): Promise<Arm | null> {
  if (share === 0) return null;
  const settled = settleArm(shop, person, share, await readArms(db, shop, person));
  if (!settled?.record) return settled?.arm ?? null;
  const kind = person.customerId === null ? null : await kindOf(person.customerId);
  return db.tx(async (tx) => {
    await holdOffErasures(tx, shop);
    // Pages of one browser, or of one customer, may come at once: the first one's word counts.
    await takeTurns(tx, shop, person);
    const { arm, record } = settleArm(shop, person, share, await readArms(tx, shop, person)) ?? settled;
    if (record) {
      const { customerId } = record;
      await recordArm(tx, shop, record, kind, now);
      const moved = customerId !== null && drawArm(shop, customerSubject(customerId), share) !== arm;
      if (moved) await enqueueRecommendations(tx, shop, [customerId], now);
    }
    return arm;
  });
}
