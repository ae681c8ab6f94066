import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { parseText } from "../segment/language/parse-text.ts";
import { printText } from "../segment/language/print-text.ts";
import { type Stopped, whyStopped } from "../segment/schedule.ts";
import {
  dueSchedules,
  holdSchedule,
  type Schedule,
  shopsToPublish,
  stopSchedule,
} from "../segment/schedule-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import { isStill, type Publication, publishSegment } from "./publish-segment.server.ts";
import type { Queue } from "./queue.ts";

export interface ScheduleJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Clock;
  log: Log;
}

const LOOK_EVERY_MS = 15_000;
const MUSTER = "Muster";

/** Publishes rules at the moment that was set for them. @returns the function that stops the sweep. */
export function startScheduleJobs({ db, queue, clock, log }: ScheduleJobsOptions): () => void {
  queue.work("schedules", { concurrency: 1 }, async ({ shopId }) => {
    const shop = shopId as ShopId;
    for (const due of await dueSchedules(db, shop, clock.now())) {
      const outcome = await publishScheduled({ db, queue }, shop, due, clock.now());
      log.info({ shop, segment: due.segmentId, outcome }, "a scheduled publication was due");
    }
  });

  // What is due before the next look is rung for its very moment.
  async function look(): Promise<void> {
    const now = clock.now().getTime();
    for (const { shopId, at } of await shopsToPublish(db, new Date(now + LOOK_EVERY_MS))) {
      await queue.ring("schedules", { shopId }, { key: String(shopId), delayMs: Math.max(0, at.getTime() - now) });
    }
  }
  const begin = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const stopListening = clock.onMove(begin);
  const interval = setInterval(begin, LOOK_EVERY_MS);
  begin();
  return () => {
    clearInterval(interval);
    stopListening();
  };
}

/**
 * Publishes what is due as if somebody had pressed the button now, or keeps it for somebody to look at and says why. However often and
 * by however many workers it is tried, one of them does it once.
 * @param now business time
 */
export async function publishScheduled(
  { db, queue }: { db: Db; queue: Queue<Jobs> },
  shop: ShopId,
  due: Schedule,
  now: Date,
): Promise<Publication["outcome"] | Stopped["why"]> {
  const stop = async (why: Stopped): Promise<Stopped["why"] | "gone"> =>
    (await stopped(db, shop, due, why)) ? why.why : "gone";
  const live = (await listSegments(db, shop)).find(({ id }) => id === due.segmentId);
  if (!live) return stop({ why: "removed" });
  const overtaken = whyStopped(due, live.version);
  if (overtaken) return stop(overtaken);
  if (due.until !== null && due.until <= now) return stop({ why: "over" });
  // Its words may mean something else by now, or nothing.
  const reading = parseText(printText(due.rule), await readDictionary(db, shop));
  if (reading.outcome === "refused") return stop({ why: "unreadable", problem: reading.problems[0].message });
  const answer = await publishSegment({ db, queue }, shop, { ...due, rule: reading.rule, now }, due);
  switch (answer.outcome) {
    case "guarded": {
      const moves = [answer, ...answer.dependents].reduce((sum, { enters, leaves }) => sum + enters + leaves, 0);
      return stop({ why: "guarded", moves });
    }
    case "outdated":
      return stop({ why: "overtaken", version: answer.version });
    case "cycle":
    case "unknown_segments":
      return stop({ why: answer.outcome, keys: answer.keys });
    case "not_found":
      return stop({ why: "removed" });
    default:
      return answer.outcome;
  }
}

/** @returns false: it was published, changed or cancelled meanwhile. */
function stopped(db: Db, shop: ShopId, due: Schedule, why: Stopped): Promise<boolean> {
  return db.tx(async (tx) => {
    if (!isStill(due, await holdSchedule(tx, shop, due.segmentId))) return false;
    await stopSchedule(tx, shop, due.segmentId, why);
    const name = (await listSegments(tx, shop)).find(({ id }) => id === due.segmentId)?.name ?? null;
    const after = { rule: printText(due.rule), scheduledFor: due.at.toISOString() };
    await recordChange(tx, shop, { author: MUSTER, subject: "segment", action: "not published", name, after });
    return true;
  });
}
