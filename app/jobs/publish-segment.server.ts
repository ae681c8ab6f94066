import type { Db } from "../platform/db.server.ts";
import { printText } from "../segment/language/print-text.ts";
import type { Rule } from "../segment/language/tree.ts";
import { endSchedule, holdSchedule, putSchedule, type Schedule } from "../segment/schedule-store.server.ts";
import { renameSegment } from "../segment/segment-pages-store.server.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import { type Published, publishRule } from "../segment/versions-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { ensureAudiences } from "../sync/projection-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import { largeMove, type LargeMove } from "./publication.server.ts";
import type { Queue } from "./queue.ts";

export interface Publishing {
  segmentId: number;
  rule: Rule;
  /** As the segment is to be called; null: as it is. */
  name: string | null;
  author: string;
  message: string;
  /** The live version the rule was written over. */
  version: number;
  /** How many moves were agreed to; 0: nothing was agreed to. */
  confirmed: number;
  /** Whether the segment's automations run for those who move. */
  announced: boolean;
  /** Business time. */
  now: Date;
}

export type Publication =
  | Published
  /** More would move than the guard lets pass unasked. */
  | ({ outcome: "guarded" } & LargeMove)
  /** Another version was published meanwhile. */
  | { outcome: "outdated"; version: number }
  /** What was scheduled was published, changed or cancelled meanwhile. */
  | { outcome: "gone" };

/**
 * Publishes a rule of a segment that is there, whoever or whatever sets it off: guarded, once, written down and followed by its audiences.
 * @param scheduled what it was scheduled as; null: somebody pressed the button
 */
export async function publishSegment(
  { db, queue }: { db: Db; queue: Queue<Jobs> },
  shop: ShopId,
  given: Publishing,
  scheduled: Schedule | null,
): Promise<Publication> {
  const { segmentId, rule, author, message, announced, now } = given;
  const large = scheduled?.returns ? null : await largeMove(db, shop, { rule, segmentId, at: now }, given.confirmed);
  if (large) return { outcome: "guarded", ...large };
  const published = await db.tx(async (tx): Promise<Publication> => {
    if (scheduled && !isStill(scheduled, await holdSchedule(tx, shop, segmentId))) return { outcome: "gone" };
    const live = (await listSegments(tx, shop)).find(({ id }) => id === segmentId);
    if (live && live.version !== given.version) return { outcome: "outdated", version: live.version };
    const publication = { rule, author, message, announced, now, scheduled: scheduled !== null };
    const answer = await publishRule(tx, shop, segmentId, publication);
    if (answer.outcome !== "published" && answer.outcome !== "unchanged") return answer;
    const name = given.name ?? live?.name ?? "";
    await renameSegment(tx, shop, segmentId, name);
    await endSchedule(tx, shop, segmentId, rule);
    if (scheduled?.until && live && answer.outcome === "published") {
      await putSchedule(tx, shop, {
        segmentId,
        rule: live.rule,
        name: name === live.name ? null : live.name,
        author,
        message: "",
        announced,
        confirmed: 0,
        version: answer.version,
        at: scheduled.until,
        until: null,
        returns: true,
        scheduledAt: now,
      });
    }
    const before = live ? { name: live.name, rule: printText(live.rule) } : null;
    const after = { name, rule: printText(rule), ...(scheduled && { scheduledFor: scheduled.at.toISOString() }) };
    await recordChange(tx, shop, { author, subject: "segment", action: "published", name, before, after });
    return answer;
  });
  if (published.outcome === "published") await followPublication({ db, queue }, shop);
  return published;
}

/** Whether what was found to be due still waits, as it was found. */
export function isStill(found: Schedule, held: Schedule | null): boolean {
  return (
    held?.stopped === null &&
    held.at.getTime() === found.at.getTime() &&
    held.scheduledAt.getTime() === found.scheduledAt.getTime() &&
    printText(held.rule) === printText(found.rule)
  );
}

/** A new segment has an audience in every destination; members come into it as they are decided. */
export async function followPublication({ db, queue }: { db: Db; queue: Queue<Jobs> }, shop: ShopId): Promise<void> {
  await ensureAudiences(db, shop, { now: new Date(), receivedAt: null, dueAfterMs: 0 });
  await queue.ring("segments", { shopId: shop }, { key: String(shop) });
}
