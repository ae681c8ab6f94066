import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { dropRunsBefore, RUNS_KEPT_DAYS, shopsWithRunsBefore } from "../segment/automations/runs-store.server.ts";
import { CHANGES_KEPT_DAYS, dropChangesBefore } from "../shopify/audit-store.server.ts";

/** A process that runs for months does it every night; one that was just started does it at once. */
const SWEEP_EVERY_MS = 24 * 3_600_000;
const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 1_000;

/** Forgets what is kept for a while only and that no other job forgets. @returns the function that stops the sweep. */
export function startRetentionJobs({ db, log }: { db: Db; log: Log }): () => void {
  const begin = (): void =>
    void dropWhatIsOld(db, new Date()).catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

/** @param now real time */
export async function dropWhatIsOld(db: Db, now: Date): Promise<void> {
  const daysAgo = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
  const runsBefore = daysAgo(RUNS_KEPT_DAYS);
  for (const shop of await shopsWithRunsBefore(db, runsBefore)) {
    while ((await dropRunsBefore(db, shop, runsBefore, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
  }
  while ((await dropChangesBefore(db, daysAgo(CHANGES_KEPT_DAYS), ROWS_AT_ONCE)) === ROWS_AT_ONCE);
}
