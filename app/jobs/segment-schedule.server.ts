import type { Clock } from "../platform/clock.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { parseText } from "../segment/language/parse-text.ts";
import { printText } from "../segment/language/print-text.ts";
import type { Rule } from "../segment/language/tree.ts";
import { AWAITED, type Moment, NOBODY, readMoment } from "../segment/schedule.ts";
import { dropSchedule, holdSchedule, putSchedule, type Schedule } from "../segment/schedule-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { checkReferences, discardDraft, readDraft, saveDraft } from "../segment/versions-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop } from "../shopify/shop-store.server.ts";
import { t, type Text } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import { createNamedSegment, keyOf } from "./create-segment.server.ts";
import { largeMove } from "./publication.server.ts";
import { answerOf, type PublishAnswer } from "./publish-answer.ts";
import { followPublication } from "./publish-segment.server.ts";
import type { Queue } from "./queue.ts";

export interface SegmentSchedule {
  /**
   * Has a rule published by itself at a moment, in place of what was scheduled before. It is guarded now and then. A new segment is
   * there at once, and nobody is in it until then.
   * @param given.segmentId null: a new one
   * @param given.date, given.time what clocks in the shop show then, as they came with a form
   * @param given.until the same of when the rule of before is live again; null: not by itself
   */
  schedule(
    shopDomain: string,
    given: {
      segmentId: number | null;
      name: string;
      text: string;
      author: string;
      message: string;
      version: number;
      confirmed: number;
      announced: boolean;
      date: string;
      time: string;
      until: { date: string; time: string } | null;
    },
  ): Promise<PublishAnswer>;
  /** Has it not published; the rule is a draft again, where no other was saved meanwhile. */
  unschedule(shopDomain: string, segmentId: number, by: string): Promise<void>;
}

const NO_MOMENT: Record<Exclude<Moment["outcome"], "read">, Text> = {
  unreadable: "Say on which day and at what time it is to be published.",
  past: "That moment has passed.",
  too_far: "That is more than a year ahead.",
};

const NO_END: Record<Exclude<Moment["outcome"], "read">, Text> = {
  unreadable: "Say on which day and at what time it is to end.",
  past: "It ends before it begins.",
  too_far: "It ends more than a year after it begins.",
};

export function createSegmentSchedule(options: {
  db: Db;
  clock: Pick<Clock, "now">;
  queue: Queue<Jobs>;
}): SegmentSchedule {
  const { db, clock, queue } = options;
  return {
    async schedule(shopDomain, given) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const { author, announced, confirmed } = given;
      const name = given.name.trim();
      if (name === "" || name.length > 100) return { outcome: "refused", reason: t("A name has 1 to 100 characters.") };
      const now = clock.now();
      const moment = readMoment(given, shop.timeZone, now);
      if (moment.outcome !== "read") return { outcome: "refused", reason: t(NO_MOMENT[moment.outcome]) };
      const end = readEnd(given.until, shop.timeZone, moment.at);
      if (end.outcome === "refused") return end;
      const reading = parseText(given.text, await readDictionary(db, shop.id));
      if (reading.outcome === "refused") {
        return {
          outcome: "refused",
          reason: t("The rule cannot be read: {problem}", { problem: reading.problems[0].message }),
        };
      }
      const { rule } = reading;
      const { at } = moment;
      const { until } = end;
      if (given.segmentId !== null) {
        const large = await largeMove(db, shop.id, { rule, segmentId: given.segmentId, at: now }, confirmed);
        if (large) return { outcome: "guarded", ...large };
      }
      const answer = await db.tx(async (tx): Promise<PublishAnswer> => {
        const place = await placeOf(tx, shop.id, { ...given, name, rule, now });
        if ("outcome" in place) return place;
        const { segmentId, version, name: called, before } = place;
        await putSchedule(tx, shop.id, {
          segmentId,
          rule,
          name: name === called ? null : name,
          author,
          message: given.message.trim().slice(0, 500),
          announced,
          confirmed,
          version,
          at,
          until,
          returns: false,
          scheduledAt: now,
        });
        await discardDraft(tx, shop.id, segmentId);
        await recordChange(tx, shop.id, {
          author,
          subject: "segment",
          action: "scheduled",
          name: called,
          before: before && momentOf(before),
          after: momentOf({ rule, at, until }),
        });
        return { outcome: "scheduled", segmentId };
      });
      const wait = at.getTime() - now.getTime();
      if (answer.outcome === "scheduled" && given.segmentId === null) await followPublication({ db, queue }, shop.id);
      if (answer.outcome === "scheduled" && wait < SOON_MS) {
        await queue.ring("schedules", { shopId: shop.id }, { key: String(shop.id), delayMs: wait });
      }
      return answer;
    },

    async unschedule(shopDomain, segmentId, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return;
      await db.tx(async (tx) => {
        const taken = await holdSchedule(tx, shop.id, segmentId);
        if (!taken) return;
        await dropSchedule(tx, shop.id, segmentId);
        if (!taken.returns && !(await readDraft(tx, shop.id, segmentId))) {
          await saveDraft(tx, shop.id, segmentId, { rule: taken.rule, author: taken.author, at: clock.now() });
        }
        const name = (await listSegments(tx, shop.id)).find(({ id }) => id === segmentId)?.name ?? null;
        await recordChange(tx, shop.id, {
          author: by,
          subject: "segment",
          action: "taken off the schedule",
          name,
          before: momentOf(taken),
        });
      });
    },
  };
}

/**
 * When a rule ends that begins at an instant.
 * @param local what clocks in the shop show then, as it came with a form; null: it does not end
 */
export function readEnd(
  local: { date: string; time: string } | null,
  timeZone: string,
  begin: Date,
): { outcome: "read"; until: Date | null } | { outcome: "refused"; reason: string } {
  if (!local) return { outcome: "read", until: null };
  const end = readMoment(local, timeZone, begin);
  return end.outcome === "read"
    ? { outcome: "read", until: end.at }
    : { outcome: "refused", reason: t(NO_END[end.outcome]) };
}

/** The segment that is scheduled, held, and what was scheduled of it before; or why it cannot be. One that is not there is made. */
async function placeOf(
  tx: Sql,
  shop: ShopId,
  given: { segmentId: number | null; name: string; rule: Rule; author: string; version: number; now: Date },
): Promise<{ segmentId: number; version: number; name: string; before: Schedule | null } | PublishAnswer> {
  const { segmentId, name, rule, author, now } = given;
  if (segmentId === null) {
    const refused = await checkReferences(tx, shop, keyOf(name), rule);
    if (refused) return answerOf(refused);
    const made = await createNamedSegment(tx, shop, { rule: NOBODY, name, author, message: AWAITED, now });
    if (made.outcome !== "published") return answerOf(made);
    return { segmentId: made.segmentId, version: made.version, name, before: null };
  }
  const before = await holdSchedule(tx, shop, segmentId);
  const live = (await listSegments(tx, shop)).find(({ id }) => id === segmentId);
  if (!live) return answerOf({ outcome: "not_found" });
  if (live.version !== given.version) return answerOf({ outcome: "outdated", version: live.version });
  if (printText(live.rule) === printText(rule)) {
    return { outcome: "refused", reason: t("The live rule says the same already.") };
  }
  const refused = await checkReferences(tx, shop, live.key, rule);
  return refused ? answerOf(refused) : { segmentId, version: live.version, name: live.name, before };
}

/** What of a schedule is written down where somebody changes it. */
function momentOf({ rule, at, until }: Pick<Schedule, "rule" | "at" | "until">): Record<string, string> {
  const end = until && { until: until.toISOString() };
  return { rule: printText(rule), scheduledFor: at.toISOString(), ...end };
}

/** What comes before the sweep's next look is rung for at once. */
const SOON_MS = 60_000;
