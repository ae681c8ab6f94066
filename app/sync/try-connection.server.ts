import type { Db } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { audiencesOf, findDestination, recordTry } from "./destination-store.server.ts";
import type { Destinations } from "./destinations.ts";
import { RetryLater } from "./retry-classes.ts";

export interface TryOptions {
  db: Db;
  shop: ShopId;
  destinationId: number;
  destinations: Pick<Destinations, "open">;
  /** Real time. */
  now(): Date;
}

/**
 * Tries a paused connection: somebody may have mended at the vendor what paused it.
 * @returns the audiences that go on; none when it is not paused or still does not work.
 */
export async function tryConnection({ db, shop, destinationId, destinations, now }: TryOptions): Promise<number[]> {
  const destination = await findDestination(db, shop, destinationId);
  if (destination?.state !== "paused") return [];
  try {
    const checked = await destinations.open(shop, destination).check();
    await recordTry(db, shop, destinationId, checked.outcome === "ok" ? null : checked.reason, now());
    return checked.outcome === "ok" ? await audiencesOf(db, shop, destinationId) : [];
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    await recordTry(db, shop, destinationId, destination.stateReason ?? error.message, now());
    return [];
  }
}
