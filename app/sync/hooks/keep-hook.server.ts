import { randomBytes } from "node:crypto";
import type { Crypto } from "../../platform/crypto.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type DestinationRow, findDestination, forgetLeft } from "../destination-store.server.ts";
import type { Destinations } from "../destinations.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import { openSecrets, sealSecrets } from "./hook-secrets.ts";
import { beginHook, findHook, forgetHook, saveHook } from "./hooks-store.server.ts";

export interface KeepHookOptions {
  db: Db;
  shop: ShopId;
  destinationId: number;
  destinations: Pick<Destinations, "open">;
  crypto: Crypto;
  /** Where the app is reached from outside. */
  appUrl: string;
  /** Real time. */
  now(): Date;
}

export type KeptHook =
  | { outcome: "kept" | "removed" | "none" }
  /** The account has none, or the address will not do; it is polled alone. */
  | { outcome: "refused"; reason: string }
  | { outcome: "waiting" };

/** Platforms drop hooks that failed for long, and merchants by mistake. */
const LOOK_AFTER_MS = 24 * 3_600_000;
const RETRY_MS = 60_000;

/**
 * Has the platform call us when somebody decides something there, looks once a day that it still does, and ends it with the connection.
 * Safe to repeat: what is chosen is kept before the platform is told of it.
 */
export async function keepHook(options: KeepHookOptions): Promise<KeptHook> {
  const { db, shop, destinationId, crypto, now } = options;
  const row = await findDestination(db, shop, destinationId);
  if (!row) return { outcome: "none" };
  if (row.leaving) return removeHook(options, row);
  const { hooks } = options.destinations.open(shop, row);
  if (!hooks) return { outcome: "none" };
  if (row.state === "paused") return { outcome: "waiting" };
  const fresh = { token: randomBytes(32).toString("base64url"), secret: randomBytes(32).toString("base64url") };
  const hook =
    (await findHook(db, shop, destinationId)) ??
    (await beginHook(db, shop, destinationId, sealSecrets(crypto, shop, destinationId, fresh), now()));
  if (!hook) return { outcome: "none" };
  const secrets = openSecrets(crypto, shop, hook);
  const save = (remoteId: string | null, refusal: string | null, afterMs: number): Promise<void> =>
    saveHook(db, shop, destinationId, {
      remoteId,
      refusal,
      dueAt: new Date(now().getTime() + afterMs),
      renewed: sealSecrets(crypto, shop, destinationId, secrets),
    });
  try {
    const remoteId = await hooks.register({ url: `${options.appUrl}/hooks/${secrets.token}`, secret: secrets.secret });
    // The app is reached elsewhere than it was.
    if (hook.remoteId !== null && hook.remoteId !== remoteId) await hooks.remove(hook.remoteId);
    await save(remoteId, null, LOOK_AFTER_MS);
    return { outcome: "kept" };
  } catch (error) {
    if (error instanceof RetryLater) {
      await save(hook.remoteId, null, error.afterMs ?? RETRY_MS);
      return { outcome: "waiting" };
    }
    if (!(error instanceof Refused) && !(error instanceof PauseConnection)) throw error;
    await save(null, error.message, LOOK_AFTER_MS);
    return { outcome: "refused", reason: error.message };
  }
}

/** A connection that no longer works cannot end it; the address is unknown here then, and the platform soon gives up on it. */
async function removeHook(
  { db, shop, destinationId, destinations, crypto, now }: KeepHookOptions,
  row: DestinationRow,
): Promise<KeptHook> {
  const hook = await findHook(db, shop, destinationId);
  if (!hook) return { outcome: "none" };
  try {
    if (hook.remoteId !== null && row.state === "live") await destinations.open(shop, row).hooks?.remove(hook.remoteId);
  } catch (error) {
    if (error instanceof RetryLater) {
      await saveHook(db, shop, destinationId, {
        remoteId: hook.remoteId,
        refusal: null,
        dueAt: new Date(now().getTime() + (error.afterMs ?? RETRY_MS)),
        renewed: sealSecrets(crypto, shop, destinationId, openSecrets(crypto, shop, hook)),
      });
      return { outcome: "waiting" };
    }
    if (!(error instanceof Refused) && !(error instanceof PauseConnection)) throw error;
  }
  await forgetHook(db, shop, destinationId);
  await forgetLeft(db, shop, destinationId);
  return { outcome: "removed" };
}
