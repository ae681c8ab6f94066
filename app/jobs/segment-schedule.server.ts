import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { parseText } from "../segment/language/parse-text.ts";
import { printText } from "../segment/language/print-text.ts";
import { type Moment, readMoment } from "../segment/schedule.ts";
import { dropSchedule, holdSchedule, putSchedule } from "../segment/schedule-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { checkReferences, discardDraft, readDraft, saveDraft } from "../segment/versions-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import { findShop } from "../shopify/shop-store.server.ts";
import { t, type Text } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import { largeMove } from "./publication.server.ts";
import { answerOf, type PublishAnswer } from "./publish-answer.ts";
import type { Queue } from "./queue.ts";

export interface SegmentSchedule {
  /**
   * Has a rule published by itself at a moment, in place of what was scheduled before. It is guarded now and then.
   * @param given.date, given.time what clocks in the shop show then, as they came with a form
   */
  schedule(
    shopDomain: string,
    given: {
      segmentId: number;
      name: string;
      text: string;
      author: string;
      message: string;
      version: number;
      confirmed: number;
      announced: boolean;
      date: string;
      time: string;
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
      const { segmentId, author, announced, confirmed, version } = given;
      const name = given.name.trim();
      if (name === "" || name.length > 100) return { outcome: "refused", reason: t("A name has 1 to 100 characters.") };
      const now = clock.now();
      const moment = readMoment(given, shop.timeZone, now);
      if (moment.outcome !== "read") return { outcome: "refused", reason: t(NO_MOMENT[moment.outcome]) };
      const reading = parseText(given.text, await readDictionary(db, shop.id));
      if (reading.outcome === "refused") {
        return {
          outcome: "refused",
          reason: t("The rule cannot be read: {problem}", { problem: reading.problems[0].message }),
        };
      }
      const { rule } = reading;
      const { at } = moment;
      const large = await largeMove(db, shop.id, { rule, segmentId, at: now }, confirmed);
      if (large) return { outcome: "guarded", ...large };
      const answer = await db.tx(async (tx): Promise<PublishAnswer> => {
        const before = await holdSchedule(tx, shop.id, segmentId);
        const live = (await listSegments(tx, shop.id)).find(({ id }) => id === segmentId);
        if (!live) return answerOf({ outcome: "not_found" });
        if (live.version !== version) return answerOf({ outcome: "outdated", version: live.version });
        const text = printText(rule);
        if (printText(live.rule) === text) {
          return { outcome: "refused", reason: t("The live rule says the same already.") };
        }
        const refused = await checkReferences(tx, shop.id, live.key, rule);
        if (refused) return answerOf(refused);
        await putSchedule(tx, shop.id, {
          segmentId,
          rule,
          name: name === live.name ? null : name,
          author,
          message: given.message.trim().slice(0, 500),
          announced,
          confirmed,
          version,
          at,
          scheduledAt: now,
        });
        await discardDraft(tx, shop.id, segmentId);
        await recordChange(tx, shop.id, {
          author,
          subject: "segment",
          action: "scheduled",
          name: live.name,
          before: before && { rule: printText(before.rule), scheduledFor: before.at.toISOString() },
          after: { rule: text, scheduledFor: at.toISOString() },
        });
        return { outcome: "scheduled", segmentId };
      });
      const wait = at.getTime() - now.getTime();
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
        if (!(await readDraft(tx, shop.id, segmentId))) {
          await saveDraft(tx, shop.id, segmentId, { rule: taken.rule, author: taken.author, at: clock.now() });
        }
        const name = (await listSegments(tx, shop.id)).find(({ id }) => id === segmentId)?.name ?? null;
        const before = { rule: printText(taken.rule), scheduledFor: taken.at.toISOString() };
        await recordChange(tx, shop.id, {
          author: by,
          subject: "segment",
          action: "taken off the schedule",
          name,
          before,
        });
      });
    },
  };
}

/** What comes before the sweep's next look is rung for at once. */
const SOON_MS = 60_000;
