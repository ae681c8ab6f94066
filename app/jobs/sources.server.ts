import { lastDelivery, waitingDeliveries } from "../ingest/inbox-pages-store.server.ts";
import { lastVisitAt } from "../ingest/pixel/pixel-store.server.ts";
import { readBackFill } from "../ingest/back-fill/back-fill-store.server.ts";
import { readLooks } from "../ingest/back-fill/drift-store.server.ts";
import type { Sql } from "../platform/db.server.ts";
import { listApiKeys } from "../profile/merchant-api/api-keys-store.server.ts";
import { readPixel, type Shop } from "../shopify/shop-store.server.ts";
import { type DestinationKind, listDestinations } from "../sync/destination-store.server.ts";
import { engagementReadAt } from "../sync/engagement/engagement-store.server.ts";
import type { ShopHistory, Waiting } from "./overview.server.ts";

/** From where a shop's facts come, and how each of it is. */
export interface Sources {
  webhooks: { last: Date | null; waiting: Waiting };
  /** Null where nothing was asked of Shopify yet. */
  history: ShopHistory | null;
  /** `last`: business time, as the browser had it. */
  pixel: { isOn: boolean; last: Date | null };
  platforms: { id: number; kind: DestinationKind; account: string | null; paused: boolean; readAt: Date | null }[];
  /** Keys of the merchant's own systems that work. */
  keys: { count: number; lastUsedAt: Date | null };
}

/** Each answer comes out of an index or a short table, whatever the size of the shop. */
export async function readSources(sql: Sql, shop: Shop): Promise<Sources> {
  const rows = await readBackFill(sql, shop.id);
  const platforms: Sources["platforms"] = [];
  for (const { id, kind, accountName: account, state, leaving } of await listDestinations(sql, shop.id)) {
    // A system of the merchant's own tells nothing of mails.
    if (leaving || kind === "webhook") continue;
    const readAt = await engagementReadAt(sql, shop.id, id);
    platforms.push({ id, kind, account, paused: state === "paused", readAt });
  }
  const keys = (await listApiKeys(sql, shop.id)).filter(({ revokedAt }) => revokedAt === null);
  const used = keys.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).sort((a, b) => b.getTime() - a.getTime());
  return {
    webhooks: {
      last: (await lastDelivery(sql, shop.domain))?.at ?? null,
      waiting: await waitingDeliveries(sql, shop.domain),
    },
    history: rows.length === 0 ? null : { rows, looks: await readLooks(sql, shop.id) },
    pixel: {
      isOn: (await readPixel(sql, shop.id)).webPixelId !== null,
      last: await lastVisitAt(sql, shop.id),
    },
    platforms,
    keys: { count: keys.length, lastUsedAt: used[0] ?? null },
  };
}
