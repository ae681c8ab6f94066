import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import type { Crypto } from "../../platform/crypto.server.ts";
import type { Db } from "../../platform/db.server.ts";
import { credentialsPlace } from "../credentials-place.ts";
import { claimRenewal, type DestinationRow, findDestination, saveRenewal } from "../destination-store.server.ts";
import type { Tokens } from "../destination.ts";
import type { RenewStored } from "../destinations.ts";
import { PauseConnection, RetryLater } from "../retry-classes.ts";

const LOOK_AGAIN_MS = 100;
const PATIENCE_MS = 20_000;

const stored = z.object({
  oauth: z.object({ access: z.string(), refresh: z.string(), expiresAt: z.coerce.date() }),
});

/**
 * Renews a connection's access once, whichever processes find it run out: one claims the row, asks the platform and stores what it
 * answered; the others wait for that. A claim that its process does not end runs out after half a minute.
 */
export function createRenewStored({ db, crypto }: { db: Db; crypto: Pick<Crypto, "seal" | "open"> }): RenewStored {
  const read = (row: DestinationRow, place: string): Tokens => {
    const opened = stored.safeParse(JSON.parse(crypto.open(row.credentials, place).toString("utf8")));
    // Connected anew by a key meanwhile: whoever asks again gets that.
    if (!opened.success) throw new RetryLater("The connection was given a key meanwhile", 1_000);
    return opened.data.oauth;
  };

  return async ({ shop, destinationId }, stale, renew) => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await setTimeout(LOOK_AGAIN_MS)) {
      const row = await findDestination(db, shop, destinationId);
      if (!row) throw new PauseConnection("It was disconnected");
      const place = credentialsPlace(shop, row.kind);
      const held = read(row, place);
      if (held.access !== stale.access) return held;
      if (!(await claimRenewal(db, shop, destinationId, row.credentials))) continue;
      try {
        const oauth = await renew(held);
        const sealed = crypto.seal(JSON.stringify({ oauth }), place);
        // Connected anew in between: that is newer.
        if (await saveRenewal(db, shop, destinationId, { before: row.credentials, sealed })) return oauth;
      } catch (error) {
        await saveRenewal(db, shop, destinationId, { before: row.credentials, sealed: row.credentials });
        throw error;
      }
    }
    throw new RetryLater("Another process is renewing the access", 1_000);
  };
}
