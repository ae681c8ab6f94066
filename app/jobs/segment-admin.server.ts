import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { parseText, type Reading } from "../segment/language/parse-text.ts";
import { NOBODY } from "../segment/schedule.ts";
import { discardDraft, saveDraft } from "../segment/versions-store.server.ts";
import type { Finding } from "../segment/watch/finding.ts";
import { reviewFinding } from "../segment/watch/findings-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { t } from "../texts/text.ts";
import type { Jobs } from "./catalogue.ts";
import { createNamedSegment } from "./create-segment.server.ts";
import { createPageFigures } from "./figures.ts";
import { answerOf, type PublishAnswer } from "./publish-answer.ts";
import { followPublication, publishSegment, putReturn } from "./publish-segment.server.ts";
import type { Queue } from "./queue.ts";
import { createSegmentOverlap, type SegmentOverlap } from "./segment-overlap.server.ts";
import { createSegmentRemoval, type SegmentRemoval } from "./segment-removal.server.ts";
import { createSegmentSchedule, readEnd, type SegmentSchedule } from "./segment-schedule.server.ts";
import { createSegmentReads, type SegmentReads } from "./segment-reads.server.ts";
import { createRuleTrials, type RuleTrials } from "./rule-trials.server.ts";

/** What the pages of segments read and change. */
export interface SegmentAdmin extends SegmentReads, RuleTrials, SegmentRemoval, SegmentSchedule, SegmentOverlap {
  /** Takes note that somebody looked at what was found. */
  review(shopDomain: string, segmentId: number, finding: Pick<Finding, "kind" | "subject">): Promise<void>;
  saveDraft(shopDomain: string, segmentId: number, given: { text: string; author: string }): Promise<PublishAnswer>;
  discardDraft(shopDomain: string, segmentId: number): Promise<void>;
  publish(
    shopDomain: string,
    given: {
      segmentId: number | null;
      name: string;
      text: string;
      author: string;
      message: string;
      /** The live version the rule was written over; 0 for a new segment. */
      version: number;
      /** How many the merchant was told would move, and agreed to; 0: nothing was agreed to. */
      confirmed: number;
      /** Whether the segment's automations run for those who move. */
      announced: boolean;
      /** What clocks in the shop show when the rule of before is to be live again; without it, not by itself. */
      until?: { date: string; time: string } | null;
    },
  ): Promise<PublishAnswer>;
}

export function createSegmentAdmin(options: { db: Db; clock: Pick<Clock, "now">; queue: Queue<Jobs> }): SegmentAdmin {
  const { db, clock, queue } = options;
  const figures = createPageFigures();

  const read = async (shop: Shop, text: string): Promise<Reading> => parseText(text, await readDictionary(db, shop.id));

  const publish: SegmentAdmin["publish"] = async (shopDomain, given) => {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    const name = given.name.trim();
    if (name === "" || name.length > 100) return { outcome: "refused", reason: t("A name has 1 to 100 characters.") };
    const reading = await read(shop, given.text);
    if (reading.outcome === "refused") {
      return {
        outcome: "refused",
        reason: t("The rule cannot be read: {problem}", { problem: reading.problems[0].message }),
      };
    }
    const { rule } = reading;
    const { segmentId, author } = given;
    const now = clock.now();
    const end = readEnd(given.until ?? null, shop.timeZone, now);
    if (end.outcome === "refused") return end;
    const { until } = end;
    const publication = { rule, author, message: given.message.trim().slice(0, 500), now };
    if (segmentId !== null) {
      const { version, confirmed, announced } = given;
      const publishing = { ...publication, segmentId, name, version, confirmed, announced, until };
      return answerOf(await publishSegment({ db, queue }, shop.id, publishing, null));
    }
    const created = await db.tx(async (tx) => {
      const made = await createNamedSegment(tx, shop.id, { ...publication, name });
      if (until && made.outcome === "published") {
        await putReturn(tx, shop.id, { ...made, rule: NOBODY, name: null, author, announced: false, until, now });
      }
      return made;
    });
    if (created.outcome === "published") await followPublication({ db, queue }, shop.id);
    return answerOf(created);
  };

  return {
    ...createSegmentReads({ db, clock, figures }),
    ...createRuleTrials({ db, clock, queue }),
    ...createSegmentRemoval(options),
    ...createSegmentSchedule(options),
    ...createSegmentOverlap({ db, clock, figures }),

    async saveDraft(shopDomain, segmentId, { text, author }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = await read(shop, text);
      if (reading.outcome === "refused") {
        return {
          outcome: "refused",
          reason: t("A draft has to be readable: {problem}", { problem: reading.problems[0].message }),
        };
      }
      const saved = await saveDraft(db, shop.id, segmentId, { rule: reading.rule, author, at: clock.now() });
      return saved
        ? { outcome: "unchanged", segmentId }
        : { outcome: "refused", reason: t("This segment does not exist any more.") };
    },

    async review(shopDomain, segmentId, finding) {
      const shop = await findShop(db, shopDomain);
      if (shop) await reviewFinding(db, shop.id, segmentId, finding, clock.now());
    },

    async discardDraft(shopDomain, segmentId) {
      const shop = await findShop(db, shopDomain);
      if (shop) await discardDraft(db, shop.id, segmentId);
    },

    publish,
  };
}
