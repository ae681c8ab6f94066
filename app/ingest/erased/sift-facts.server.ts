import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Facts } from "../facts.ts";
import { findErased, holdOffErasures, type Marks, writeTombstones } from "./erased-store.server.ts";
import { leaveOut, mentionsIn } from "./leave-out.ts";

/**
 * The facts that may be merged: nobody who was erased comes back with them. Belongs in front of every `mergeFacts`, in its
 * transaction. An order that becomes anonymous here stays so, whatever later names it.
 */
export async function siftFacts(tx: Sql, shop: ShopId, marks: Marks, facts: Facts): Promise<Facts> {
  await holdOffErasures(tx, shop);
  const erased = await findErased(tx, shop, marks, mentionsIn(facts));
  const sifted = leaveOut(facts, erased);
  const fresh = sifted.anonymous.filter((id) => !erased.has(`order ${id}`));
  const orders = fresh.map((value) => ({ kind: "order" as const, value, alone: false }));
  await writeTombstones(tx, shop, marks, orders, new Date());
  return sifted.facts;
}
