import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { credentialsPlace } from "../sync/credentials-place.ts";
import { connectDestination } from "../sync/destination-store.server.ts";
import { type Destinations, type NewConnection, serializeCredentials } from "../sync/destinations.ts";
import { ensureAudiences } from "../sync/projection-store.server.ts";

export type Connected =
  | { outcome: "connected"; account: string; destinationId: number; audiences: number[] }
  | { outcome: "refused"; reason: string };

/**
 * Tries a connection, stores it sealed if it works, and builds an audience for every segment of the shop, unless the merchant is to choose.
 * `by`: who does it, by name, where staff do. Repeating it with the same account lifts its pause and changes nothing else. The caller rings the sync of the audiences that are returned.
 */
export async function connectAndBuild(
  { db, crypto, destinations }: { db: Db; crypto: Crypto; destinations: Destinations },
  shop: ShopId,
  connection: NewConnection,
  { everySegment, review, by }: { everySegment: boolean; review: boolean; by?: string } = {
    everySegment: true,
    review: false,
  },
): Promise<Connected> {
  const checked = await destinations.connect(connection).check();
  const account = checked.outcome === "ok" ? { id: checked.accountId, name: checked.account } : checked.unproven;
  if (!account) return { outcome: "refused", reason: checked.outcome === "refused" ? checked.reason : "" };
  const now = new Date();
  const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, connection.kind));
  const { kind, settings } = connection;
  const stored = { kind, sealed, settings, account, everySegment, review };
  const destinationId = await db.tx(async (tx) => {
    const id = await connectDestination(tx, shop, stored, now);
    const name = `${kind}: ${account.name}`;
    if (by !== undefined) {
      await recordChange(tx, shop, { author: by, subject: "destination", action: "connected", name });
    }
    return id;
  });
  const audiences = await ensureAudiences(db, shop, { now, receivedAt: null, dueAfterMs: 0 });
  return { outcome: "connected", account: account.name, destinationId, audiences };
}
