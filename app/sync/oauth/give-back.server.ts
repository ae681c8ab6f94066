import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Destinations, tokensOf } from "../destinations.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import { duePermissions, forgetPermission, type GivenUp, putOffPermission } from "./given-up-store.server.ts";

export interface GiveBackOptions {
  db: Db;
  shop: ShopId;
  destinations: Pick<Destinations, "stored" | "oauth">;
  /** Real time. */
  now(): Date;
}

const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 6 * 3_600_000;
/** A permission that nobody used for so long has run out by itself. */
const RUNS_OUT_MS = 90 * 86_400_000;

/**
 * Gives back what platforms had permitted for connections that were forgotten, until they have taken it. Of an account that was connected
 * again nothing is given back: nobody tells whether the new permission would go with the old one. @returns how many are done with.
 */
export async function giveBack(options: GiveBackOptions): Promise<number> {
  const { db, shop, now } = options;
  let done = 0;
  for (const given of await duePermissions(db, shop, now())) {
    const afterMs = await tryOne(options, given);
    const until = new Date(now().getTime() + (afterMs ?? 0));
    if (afterMs === null || until.getTime() - given.givenUpAt.getTime() > RUNS_OUT_MS) {
      await forgetPermission(db, shop, given.id);
      done += 1;
    } else await putOffPermission(db, shop, given.id, until);
  }
  return done;
}

/** @returns in how many milliseconds to try again; null: it is done, or there was nothing to give back. */
async function tryOne({ shop, destinations }: GiveBackOptions, given: GivenUp): Promise<number | null> {
  if (given.connectedAgain) return null;
  const backOff = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(given.attempts, 20));
  try {
    const tokens = tokensOf(destinations.stored(shop, given));
    if (tokens) await destinations.oauth[given.kind]?.revoke?.(tokens);
    return null;
  } catch (error) {
    if (error instanceof RetryLater) return error.afterMs ?? backOff;
    if (error instanceof PauseConnection) return backOff;
    // It was withdrawn at the platform before.
    if (error instanceof Refused) return null;
    throw error;
  }
}
