import { PARTS } from "../../ingest/parts.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { linkProfiles, unlinkProfiles } from "../identity/link-profiles.server.ts";
import { enqueueProfiles } from "../profile-store.server.ts";
import { decidePair, pairsOf } from "./pairs-store.server.ts";

/** `undo` takes back either: the link goes, or the pair waits again. */
export type PairDecision = "merge" | "not_same" | "undo";

export type DecisionAnswer =
  | { outcome: "decided" }
  /** They are one person already, or were never said to be the same or not. */
  | { outcome: "nothing_to_do" }
  | { outcome: "unknown_customer" };

/** Carries out what the merchant decided about two customers; the profiles it changes are queued. @param now real time */
export function decideAboutPair(
  db: Db,
  shop: ShopId,
  pair: readonly [string, string],
  decision: PairDecision,
  now: Date,
): Promise<DecisionAnswer> {
  return db.tx(async (tx): Promise<DecisionAnswer> => {
    switch (decision) {
      case "merge": {
        const { outcome } = await linkProfiles(tx, shop, pair, { automatic: false, now });
        if (outcome === "unknown_customer") return { outcome };
        if (outcome === "one_person_already") return { outcome: "nothing_to_do" };
        await decidePair(tx, shop, pair, "open", now);
        await enqueuePartners(tx, shop, pair, now);
        return { outcome: "decided" };
      }
      case "not_same": {
        if (!(await decidePair(tx, shop, pair, "not_same", now))) return { outcome: "nothing_to_do" };
        // Both may be suspected of nothing any more, which rules can ask for.
        await enqueueProfiles(tx, shop, pair, now);
        return { outcome: "decided" };
      }
      case "undo": {
        const unlinked = await unlinkProfiles(tx, shop, pair, now);
        const reopened = await decidePair(tx, shop, pair, "open", now);
        if (reopened && !unlinked) await enqueueProfiles(tx, shop, pair, now);
        await enqueuePartners(tx, shop, pair, now);
        return { outcome: unlinked || reopened ? "decided" : "nothing_to_do" };
      }
    }
  });
}

/** Of others who are suspected with one of the two: after the two, since it is their profiles that answer. */
async function enqueuePartners(tx: Sql, shop: ShopId, pair: readonly [string, string], now: Date): Promise<void> {
  const partners = new Set((await pairsOf(tx, shop, pair)).flatMap(({ low, high }) => [low, high]));
  const others = [...partners].filter((id) => !pair.includes(id));
  await enqueueProfiles(tx, shop, new Map(others.map((id) => [id, PARTS.quality])), new Date(now.getTime() + 1));
}
