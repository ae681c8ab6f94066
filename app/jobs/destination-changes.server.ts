import type { Db, Sql } from "../platform/db.server.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import { type Change, recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { forgetAudience, leaveAudience } from "../sync/audience-store.server.ts";
import { type DestinationRow, findDestination, type Leaving } from "../sync/destination-store.server.ts";
import { reasonSentence } from "../sync/reason-words.ts";
import { PauseConnection, Refused, RetryLater } from "../sync/retry-classes.ts";
import { t, type Text } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export type Missing = { outcome: "unknown_shop" | "gone" };
/** `reason` is a sentence for the merchant. */
export type Changed = { outcome: "done"; said: string } | { outcome: "refused"; reason: string } | Missing;

/** What becomes at the vendor of what is given up: nothing, all leave the list, or the list is deleted. */
export type Parting = "keep" | Leaving;

export const PARTED: Record<Parting, Text> = {
  keep: "Forgotten here. The list stays at the platform as it is.",
  empty: "Everybody is being taken off the list, which stays.",
  delete: "The list is being deleted. The people stay at the platform.",
};

export type Changes = ReturnType<typeof createChanges>;

/** What changes of a connection and of its audiences have in common. */
export function createChanges({ db, queue }: { db: Db; queue: Queue<Jobs> }) {
  const ring = (shop: ShopId, audienceId: number) =>
    queue.ring("sync", { shopId: shop, audienceId }, { key: String(audienceId) });

  async function find(
    shopDomain: string,
    destinationId: string,
  ): Promise<{ outcome: "found"; shop: Shop; destination: DestinationRow } | Missing> {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    const destination = await findDestination(db, shop.id, Number(destinationId));
    return destination ? { outcome: "found", shop, destination } : { outcome: "gone" };
  }

  /** Writes down what staff did with a destination, or with the audience of a segment there. */
  async function logged(
    tx: Sql,
    shop: ShopId,
    author: string,
    action: string,
    about: { destination: Pick<DestinationRow, "kind" | "accountName">; segmentId?: number } & Pick<
      Change,
      "before" | "after"
    >,
  ): Promise<void> {
    const { destination, segmentId, before, after } = about;
    const segment = (await segmentNames(tx, shop)).find(({ id }) => id === segmentId)?.name;
    const place = [destination.kind, destination.accountName].filter(Boolean).join(": ");
    const name = segment === undefined ? place : `${segment} in ${place}`;
    await recordChange(tx, shop, {
      author,
      subject: "destination",
      action,
      name,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    });
  }

  /** Gives an audience up. */
  async function part(shop: ShopId, audienceId: number, how: Parting): Promise<void> {
    if (how === "keep") return forgetAudience(db, shop, audienceId);
    await leaveAudience(db, shop, audienceId, how, new Date());
    await ring(shop, audienceId);
  }

  return { find, logged, part, ring };
}

/** What a platform, or the way to it, had against something, for the merchant. */
export function refusal(error: unknown): { outcome: "refused"; reason: string } {
  if (error instanceof PauseConnection || error instanceof RetryLater)
    return { outcome: "refused", reason: reasonSentence(error.message) };
  if (error instanceof Refused)
    return { outcome: "refused", reason: t("The platform answered {status}.", { status: error.status }) };
  throw error;
}
