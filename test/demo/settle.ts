import { setTimeout as pause } from "node:timers/promises";
import { pendingWork } from "../../app/jobs/pending-store.server.ts";
import type { Progress } from "./progress.ts";
import type { DemoApp } from "./start-app.ts";

const GIVE_UP_AFTER_MS = 10 * 60_000;

/**
 * Waits until nothing is left to do: no delivery, profile, due timer or change of an audience, and unless only the audiences matter no
 * list of recommendations. @throws after ten minutes.
 */
export async function settle(app: DemoApp, progress: Progress, what: "everything" | "audiences"): Promise<void> {
  const until = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const { deliveries, profiles, timers, members, recommendations, visitors, names } = await pendingWork(
      app.muster.db,
      app.shop.id,
      app.shop.domain,
      app.clock.now(),
    );
    const lists = what === "everything" ? recommendations : 0;
    if (deliveries + visitors + names + profiles + timers + members + lists === 0) return;
    const left = `${deliveries} deliveries, ${profiles} profiles, ${timers} timers, ${members} audience changes, ${recommendations} recommendations`;
    if (Date.now() > until) throw new Error(`It did not settle within ten minutes: ${left} are left.`);
    progress.show(`Settling: ${left}`);
    await pause(50);
  }
}

/** Waits until every platform has heard what it is to hear: unsubscribes, entries and exits. @throws after ten minutes. */
export async function settleErrands({ muster, shop }: DemoApp): Promise<void> {
  for (const until = Date.now() + GIVE_UP_AFTER_MS; ; await pause(100)) {
    const { rows } = await muster.db.query<{ left: number }>(
      `SELECT (SELECT count(*) FROM errands WHERE shop_id = $1 AND destination_id IS NOT NULL AND due_at IS NOT NULL)::int
         + (SELECT count(*) FROM segment_events WHERE shop_id = $1 AND due_at IS NOT NULL)::int AS left`,
      [shop.id],
    );
    if (rows[0]?.left === 0) return;
    if (Date.now() > until)
      throw new Error(`${rows[0]?.left} errands and events for platforms are left after ten minutes.`);
  }
}
