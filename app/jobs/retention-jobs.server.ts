import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { KEPT_KINDS, keptSince } from "../privacy/retention.ts";
import { readRetention, shopsToSweep } from "../privacy/retention-store.server.ts";
import { dropOlder } from "./retention.server.ts";

/** A process that runs for months does it every night; one that was just started does it at once. */
const SWEEP_EVERY_MS = 24 * 3_600_000;

/** Forgets what is kept for a while only and that no other job forgets. @returns the function that stops the sweep. */
export function startRetentionJobs({ db, clock, log }: { db: Db; clock: Clock; log: Log }): () => void {
  const begin = (): void =>
    void dropWhatIsOld(db, { now: clock.now(), real: new Date() }).catch((error: unknown) =>
      log.warn({ err: error }, "sweep failed"),
    );
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

/** Of every shop what is older than it keeps. @param at.now business time, in which visitors look at things; `real`: when Muster did something */
export async function dropWhatIsOld(db: Db, at: { now: Date; real: Date }): Promise<void> {
  for (const shop of await shopsToSweep(db)) {
    const retention = await readRetention(db, shop.id);
    for (const kind of KEPT_KINDS) {
      const days = retention[kind];
      if (days === null) continue;
      const before = keptSince(days, kind === "views" ? at.now : at.real);
      await dropOlder(db, shop, kind, { before, now: at.now });
    }
  }
}
