import type { CallOut } from "../platform/call-out.server.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { Automation, Run } from "../segment/automations/automation.ts";
import { readAutomation, removeEnded, setAutomationState } from "../segment/automations/automations-store.server.ts";
import { deliver, type Reaching } from "../segment/automations/deliver.server.ts";
import { retryDelay } from "../segment/automations/retry-delay.ts";
import { dueAutomations, nextRun, recordAttempt, takeRuns } from "../segment/automations/runs-store.server.ts";
import { createAskAdmin } from "../shopify/ask-admin.server.ts";
import type { AdminGraphql } from "../shopify/shop-info.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { isInstalled, readShop } from "../shopify/shop-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface AutomationJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  crypto: Crypto;
  callOut: CallOut;
  adminOf(shop: string): Promise<AdminGraphql>;
}

const SWEEP_EVERY_MS = 15_000;
const RUNS_AT_ONCE = 10;
/** Longer than any attempt takes; whoever takes the run after that finds the other one dead. */
export const LEASE_MS = 120_000;
const LONGEST_WAIT_MS = 60_000;

/** Does what automations have to do, each automation on its own. @returns the function that stops the sweep. */
export function startAutomationJobs(options: AutomationJobsOptions): () => void {
  const { db, queue, log, crypto, callOut, adminOf } = options;

  queue.work("automations", { concurrency: 8 }, async ({ shopId, automationId }, { signal }) => {
    const shop = await readShop(db, shopId as ShopId);
    if (!shop || !isInstalled(shop)) return;
    const ask = createAskAdmin(() => adminOf(shop.domain));
    for (let taken = RUNS_AT_ONCE; taken > 0 && !signal.aborted;) {
      taken = await deliverDue({ sql: db, shop: shop.id, crypto, callOut, ask, now: new Date() }, automationId);
    }
    const next = await nextRun(db, shop.id, automationId);
    if (!next) return;
    const delayMs = Math.min(Math.max(next.getTime() - Date.now(), 1_000), LONGEST_WAIT_MS);
    await queue.ring("automations", { shopId, automationId }, { key: String(automationId), delayMs });
  });

  async function sweep(): Promise<void> {
    for (const due of await dueAutomations(db, new Date())) {
      await queue.ring("automations", due, { key: String(due.automationId) });
    }
  }
  const begin = (): void => void sweep().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, SWEEP_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

/** Takes what is due of an automation and tries it; one that is ending goes where nothing of it waits. @returns how many runs were tried */
export async function deliverDue(reaching: Reaching, automationId: number): Promise<number> {
  const { sql, shop, now } = reaching;
  const automation = await readAutomation(sql, shop, automationId);
  if (!automation) return 0;
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const runs = await takeRuns(sql, shop, automationId, { limit: RUNS_AT_ONCE, now, leaseUntil });
  await Promise.all(runs.map((run) => attempt(reaching, automation, run)));
  if (automation.state === "ending" && runs.length === 0) await removeEnded(sql, shop, automationId);
  return runs.length;
}

/** One attempt, and what becomes of the run. A sample is not repeated. */
export async function attempt(reaching: Reaching, automation: Automation, run: Run) {
  const { sql, shop, now } = reaching;
  const begun = performance.now();
  const delivered = await deliver(reaching, automation, run);
  const ms = Math.round(performance.now() - begun);
  const isSample = run.reason === "sample";
  const base = { at: now, status: delivered.status, words: delivered.words, ms, counts: true };
  const end = (state: "done" | "failed" | "skipped") =>
    recordAttempt(sql, shop, run.id, { ...base, state, dueAt: null });
  const again = async (afterMs: number | null): Promise<void> => {
    const wait = retryDelay(run.attempts, afterMs, Math.random());
    if (wait === null) return end("failed");
    const dueAt = new Date(Date.now() + wait);
    await recordAttempt(sql, shop, run.id, { ...base, state: "waiting", dueAt });
  };
  switch (delivered.outcome) {
    case "done":
    case "failed":
    case "skipped":
      await end(delivered.outcome);
      break;
    case "pause":
      if (isSample) await end("failed");
      // What is ending cannot be paused and mended: it is tried for a day, and goes.
      else if (automation.state === "ending") await again(null);
      else {
        await recordAttempt(sql, shop, run.id, { ...base, counts: false, state: "waiting", dueAt: now });
        await setAutomationState(sql, shop, automation.id, { state: "paused", reason: delivered.words });
      }
      break;
    case "retry":
      if (isSample) await end("failed");
      else await again(delivered.afterMs);
  }
  return { ...delivered, ms };
}
