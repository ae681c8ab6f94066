import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { credentialsPlace } from "../sync/credentials-place.ts";
import {
  audiencesOf,
  connectDestination,
  type DestinationKind,
  listDestinations,
} from "../sync/destination-store.server.ts";
import {
  type Destinations,
  isSamePlace,
  type NewConnection,
  secretToShow,
  serializeCredentials,
  toConnection,
} from "../sync/destinations.ts";
import type { Place } from "../sync/destination.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";
import { ensureAudiences } from "../sync/projection-store.server.ts";
import { t } from "../texts/text.ts";

export type ConnectAnswer =
  /** `secret` is shown this once; null where it is the platform's. `goesOn`: it was there before, with audiences. */
  | { outcome: "connected"; account: string; destinationId: number; secret: string | null; goesOn: boolean }
  /** `reason` is a sentence for the merchant. */
  | { outcome: "refused"; reason: string }
  /** The account holds several places for audiences and one has to be chosen. */
  | { outcome: "choose"; places: Place[] }
  | { outcome: "unknown_shop" };

export interface ConnectOptions {
  db: Db;
  crypto: Crypto;
  destinations: Destinations;
  queue: Queue<Jobs>;
}

/** What is connected in the admin sends nothing before somebody has chosen what. */
const CHOSEN = { everySegment: false, review: true };

/** Connects with credentials, in the name of a member of staff, asking for a place where the account holds several. @throws RetryLater: nothing was changed then */
export async function connectPlace(
  options: ConnectOptions,
  shop: ShopId,
  { kind, credentials, place, by }: { kind: DestinationKind; credentials: object; place: string | null; by: string },
): Promise<Exclude<ConnectAnswer, { outcome: "unknown_shop" }>> {
  const { db, destinations, queue } = options;
  let chosen = place;
  if (chosen === null) {
    const found = await destinations.places(kind, credentials);
    if (found.outcome === "refused") return found;
    if (found.places.length > 1) return { outcome: "choose", places: found.places };
    chosen = found.places[0]?.id ?? null;
  }
  const read = toConnection(kind, credentials, chosen);
  if (read.outcome === "refused") return read;
  const secret = secretToShow(read.connection);
  // Connected once more it would get another secret behind the back of the one that works.
  if (secret !== null && (await isConnected(options, shop, read.connection)))
    return { outcome: "refused", reason: t("This address is connected already. Its page gives it another secret.") };
  const connected = await connectAndBuild(options, shop, read.connection, { ...CHOSEN, by });
  if (connected.outcome === "refused") return connected;
  const { account, destinationId } = connected;
  // One that was paused goes on.
  const audiences = await audiencesOf(db, shop, destinationId);
  for (const audienceId of audiences) {
    await queue.ring("sync", { shopId: shop, audienceId }, { key: String(audienceId) });
  }
  await queue.ring("hook", { shopId: shop, destinationId }, { key: String(destinationId) });
  return { outcome: "connected", account, destinationId, secret, goesOn: audiences.length > 0 };
}

async function isConnected(
  { db, destinations }: ConnectOptions,
  shop: ShopId,
  connection: NewConnection,
): Promise<boolean> {
  const rows = (await listDestinations(db, shop)).filter(({ kind }) => kind === connection.kind);
  return rows.some((row) => isSamePlace(destinations.stored(shop, row), connection));
}

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
