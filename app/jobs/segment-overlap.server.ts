import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { countProfiles } from "../profile/profile-pages-store.server.ts";
import { countOverlap } from "../segment/overlap-store.server.ts";
import { segmentSizes } from "../segment/segment-pages-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import type { Figures } from "./figures.ts";

/** How segments overlap: who is in some of them and not in others. */
export interface Overlap {
  shop: Shop;
  now: Date;
  /** All segments there are, in the order in which they were made. */
  segments: { id: number; key: string; name: string }[];
  /** Those that are compared, in the order in which they were asked for; none: there are not two. */
  chosen: number[];
  /** How many are in just these of them: the bit 2^n stands for the one with index n. */
  regions: ReadonlyMap<number, number>;
  profiles: number;
}

export interface SegmentOverlap {
  /** @param asked ids of two or three segments; where two of them are not there, the two largest */
  overlap(
    shopDomain: string,
    asked: readonly number[],
  ): Promise<({ outcome: "found" } & Overlap) | { outcome: "unknown_shop" }>;
}

const MOST_COMPARED = 3;
/** A count that takes longer is shown as it was before. */
const COUNT_WAIT_MS = 100;

export function createSegmentOverlap(options: { db: Db; clock: Pick<Clock, "now">; figures: Figures }): SegmentOverlap {
  const { db, clock, figures } = options;

  const largest = async ({ id }: Shop): Promise<number[]> => {
    const sizes = await figures.kept(`${id}|sizes`, COUNT_WAIT_MS, () => segmentSizes(db, id));
    return sizes
      .toSorted((a, b) => b.members - a.members)
      .slice(0, 2)
      .map((size) => size.id);
  };

  return {
    async overlap(shopDomain, asked) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const live = (await listSegments(db, shop.id)).toSorted((a, b) => a.id - b.id);
      const known = new Set(live.map(({ id }) => id));
      const given = [...new Set(asked)].filter((id) => known.has(id)).slice(0, MOST_COMPARED);
      const wanted = given.length < 2 ? [...new Set([...given, ...(await largest(shop))])].slice(0, 2) : given;
      const chosen = wanted.length < 2 ? [] : wanted;
      const count = (): Promise<Map<number, number>> => countOverlap(db, shop.id, chosen);
      return {
        outcome: "found",
        shop,
        now: clock.now(),
        segments: live.map(({ id, key, name }) => ({ id, key, name })),
        chosen,
        regions:
          chosen.length === 0
            ? new Map()
            : await figures.kept(`${shop.id}|overlap ${chosen.join(" ")}`, COUNT_WAIT_MS, count),
        profiles: await figures.kept(`${shop.id}|profiles`, COUNT_WAIT_MS, () => countProfiles(db, shop.id)),
      };
    },
  };
}
