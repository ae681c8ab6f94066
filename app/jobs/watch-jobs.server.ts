import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { countProfiles } from "../profile/profile-pages-store.server.ts";
import { type Calendar, calendarOf } from "../segment/language/calendar.ts";
import type { Dictionary } from "../segment/language/dictionary.ts";
import { missingData } from "../segment/language/needs.ts";
import { countMembers } from "../segment/preview-store.server.ts";
import type { Segment } from "../segment/segment.ts";
import { listSegments, ruleContext } from "../segment/segment-store.server.ts";
import { daysBack, driftOf } from "../segment/watch/band.ts";
import { membersAndValue, movesBetween, readDays, writeDays } from "../segment/watch/figures-store.server.ts";
import { type ClauseCount, clausesToCount, findingsOf } from "../segment/watch/finding.ts";
import { keepFindings, recordWatch, segmentsToWatch, shopsToWatch } from "../segment/watch/findings-store.server.ts";
import { namesInRule } from "../segment/watch/names-in-rule.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { goneNames } from "../segment/watch/names-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export interface WatchJobsOptions {
  db: Db;
  queue: Queue<Jobs>;
  clock: Pick<Clock, "now">;
  log: Log;
}

const LOOK_EVERY_MS = 60_000;
/** Eight weeks, and the day that is held against them. */
const DAYS = 57;
/** Of one rule; what is longer is looked at in part. */
const MOST_CLAUSES = 40;

/** Looks at every segment once a day, and at a new version once it is decided for everybody. @returns the function that stops the sweep. */
export function startWatchJobs({ db, queue, clock, log }: WatchJobsOptions): () => void {
  queue.work("watch", { concurrency: 1 }, ({ shopId }, { signal }) =>
    watchSegments(db, shopId as ShopId, { now: clock.now(), signal }),
  );

  async function look(): Promise<void> {
    for (const shop of await shopsToWatch(db, clock.now())) {
      await queue.ring("watch", { shopId: shop }, { key: String(shop) });
    }
  }
  const begin = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, LOOK_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

/**
 * Writes the daily figures of the segments that are due and what is worth a second look in them. Each segment is done by itself, so
 * that a run that is cut off has only the others left.
 * @param options.now business time
 */
export async function watchSegments(
  db: Db,
  shop: ShopId,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<void> {
  const due = await segmentsToWatch(db, shop, now);
  if (due.size === 0) return;
  const segments = (await listSegments(db, shop)).filter(({ id }) => due.has(id));
  const calendar = calendarOf((await ruleContext(db, shop)).timeZone);
  const today = calendar.dayOf(now.getTime());
  const figures = await figuresOfDays(db, shop, calendar, today);
  const customers = await countProfiles(db, shop);
  const words = await readDictionary(db, shop);
  for (const segment of segments) {
    signal.throwIfAborted();
    const { id: segmentId, version } = segment;
    const clauses = await countClauses(db, shop, segment, words, now);
    const gone = await goneNames(db, shop, namesInRule(segment.rule, words));
    await db.tx(async (tx) => {
      await writeDays(tx, shop, { segmentId, version }, figures(segmentId));
      const drift = driftOf(await readDays(tx, shop, segmentId), today - 1);
      await keepFindings(tx, shop, segmentId, findingsOf({ drift, clauses, customers, gone }), now);
      await recordWatch(tx, shop, { segmentId, version, dueAt: new Date(calendar.startOf(today + 1)) });
    });
  }
}

/** The last eight weeks of every segment, from its memberships; what members had spent is known of the last day alone. */
async function figuresOfDays(db: Db, shop: ShopId, calendar: Calendar, today: number) {
  const days = Array.from({ length: DAYS }, (_, index) => today - DAYS + index);
  const edges = [...days, today].map((day) => new Date(calendar.startOf(day)));
  const moves = Map.groupBy(await movesBetween(db, shop, edges), ({ segmentId }) => segmentId);
  const present = await membersAndValue(db, shop);
  return (segmentId: number) => {
    const { members, valueMinor } = present.get(segmentId) ?? { members: 0, valueMinor: 0n };
    const moved = (moves.get(segmentId) ?? []).map(({ stretch, ...move }) => ({
      ...move,
      day: today - DAYS + stretch - 1,
    }));
    return daysBack(members, moved, days).map((day) => ({
      ...day,
      valueMinor: day.day === today - 1 && members > 0 ? valueAtSize(valueMinor, members, day.members) : null,
    }));
  };
}

/** Seen a little after the day's end: the average of those who are in now, for as many as were in then. */
function valueAtSize(valueMinor: bigint, members: number, then: number): bigint {
  return (valueMinor * BigInt(then)) / BigInt(members);
}

async function countClauses(
  db: Db,
  shop: ShopId,
  { rule }: Segment,
  words: Dictionary,
  now: Date,
): Promise<ClauseCount[]> {
  const counts: ClauseCount[] = [];
  const clauses = clausesToCount(rule, (part) => missingData(part, words));
  for (const { text, clause } of clauses.slice(0, MOST_CLAUSES)) {
    counts.push({ text, count: await countMembers(db, shop, { when: clause }, now) });
  }
  return counts;
}
