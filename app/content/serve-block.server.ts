import type { Sql } from "../platform/db.server.ts";
import type { ShownProduct } from "../recommendation/list.ts";
import type { Recommender } from "../recommendation/recommender.server.ts";
import { createWrittenLists } from "../recommendation/written-lists.server.ts";
import type { Shop } from "../shopify/shop-store.server.ts";
import { readLiveBlock } from "./blocks-store.server.ts";
import { contentData } from "./content-data.ts";
import type { Renderer, Stopped } from "./renderer.server.ts";
import { NOBODY, readContentSubject } from "./subject-store.server.ts";

export interface ServeOptions {
  sql: Sql;
  renderer: Pick<Renderer, "render">;
  recommender: Pick<Recommender, "listsOf">;
  /** Business time. */
  now(): Date;
}

export type ServedBlock =
  | { outcome: "served"; html: string }
  | { outcome: "unknown_block" }
  /** Nothing stands in its place: `reason` is for the log. */
  | { outcome: "not_rendered"; reason: Stopped["reason"] | "fault" | "resting" };

/** @param locale of the page or the mailing it stands in; absent: the customer's own, or else the shop's */
export type ServeBlock = (
  shop: Shop,
  handle: string,
  customerId: string | null,
  locale?: string,
) => Promise<ServedBlock>;

/** A version that had to be killed is not tried again for so long: it would only keep others waiting. */
const REST_MS = 30_000;
const MOST_RESTING = 1_000;

/** A block by its handle, as it is live, for one customer or for nobody. */
export function createServeBlock({ sql, renderer, recommender, now }: ServeOptions): ServeBlock {
  const resting = new Map<string, number>();

  return async (shop, handle, customerId, locale) => {
    const block = await readLiveBlock(sql, shop.id, handle);
    if (!block) return { outcome: "unknown_block" };
    const version = `${block.id} ${block.number}`;
    if ((resting.get(version) ?? 0) > Date.now()) return { outcome: "not_rendered", reason: "resting" };
    const subject = customerId === null ? NOBODY : await readContentSubject(sql, shop.id, customerId);
    const answer = await renderer.render({
      source: block.source,
      fallbacks: block.fallbacks,
      place: block.place,
      data: contentData(
        {
          ...subject,
          popular: await popularOf(sql, recommender, shop, subject.profile),
          locale: locale ?? subject.locale,
        },
        shop,
        block.place,
      ),
      now: now(),
    });
    switch (answer.outcome) {
      case "rendered":
        resting.delete(version);
        return { outcome: "served", html: answer.html };
      case "refused":
        return { outcome: "not_rendered", reason: "fault" };
      case "stopped":
        if (answer.reason === "time" || answer.reason === "memory") {
          if (resting.size >= MOST_RESTING) resting.clear();
          resting.set(version, Date.now() + REST_MS);
        }
        return { outcome: "not_rendered", reason: answer.reason };
    }
  };
}

/** What somebody is shown who has no list, without what they had already or do not want: from memory where this process has the shop's lists open, else as last written. */
export async function popularOf(
  sql: Sql,
  recommender: Pick<Recommender, "listsOf">,
  shop: Pick<Shop, "id">,
  profile: { customerId: string } | null,
): Promise<ShownProduct[]> {
  const who = profile && profile.customerId;
  const popular = recommender.listsOf(shop.id)?.forVisitor([], [], who);
  return popular ?? (await createWrittenLists(sql).popular(shop.id, who));
}
