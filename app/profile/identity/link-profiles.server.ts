import { lockFacts } from "../../ingest/facts-store.server.ts";
import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import { queueVisitorsOf } from "../../ingest/pixel/visitors-store.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { touchCustomers } from "../touch-customers.server.ts";
import { markGuestsOf } from "./guest-orders-store.server.ts";
import { addLink, existing, readPersons, removeLink } from "./persons-store.server.ts";

export type LinkAnswer =
  | { outcome: "linked" }
  /** By this link, by others or by a merge in Shopify. */
  | { outcome: "one_person_already" }
  | { outcome: "unknown_customer" };

/**
 * Makes two customers one person inside Muster: one profile, under the smaller id, with everything of both. Shopify is told
 * nothing. In the caller's transaction; the profiles are queued to be recomputed.
 * @param how.now real time
 */
export async function linkProfiles(
  tx: Sql,
  shop: ShopId,
  pair: readonly [string, string],
  how: { automatic: boolean; now: Date },
): Promise<LinkAnswer> {
  await holdOffErasures(tx, shop);
  await lockFacts(tx, shop);
  if ((await existing(tx, shop, pair)).length < 2) return { outcome: "unknown_customer" };
  const persons = await readPersons(tx, shop, pair);
  if (persons.get(pair[0])?.members.includes(pair[1])) return { outcome: "one_person_already" };
  await addLink(tx, shop, pair, how);
  await queueVisitorsOf(tx, shop, pair, how.now);
  await touchCustomers(tx, shop, pair, how.now);
  return { outcome: "linked" };
}

/** Takes a link away, as if it had never been. @returns false: there was none. */
export async function unlinkProfiles(
  tx: Sql,
  shop: ShopId,
  pair: readonly [string, string],
  now: Date,
): Promise<boolean> {
  await holdOffErasures(tx, shop);
  await lockFacts(tx, shop);
  // While they are one person still: what is everybody's is looked up anew.
  await queueVisitorsOf(tx, shop, pair, now);
  await markGuestsOf(tx, shop, pair);
  const removed = await removeLink(tx, shop, pair);
  if (removed) await touchCustomers(tx, shop, pair, now);
  return removed;
}
