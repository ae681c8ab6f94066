import type { Db, Sql } from "../platform/db.server.ts";
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
  /** When the rule that is live until now is to be live again; null: not by itself. */
  until: Date | null;
  /** Business time. */
  now: Date;
}

export type Publication =
  | Published
  /** More would move than the guard lets pass unasked. */
  | ({ outcome: "guarded" } & LargeMove)
  /** Another version was published meanwhile. */
  | { outcome: "outdated"; version: number }
  /** It is to end, and its end would take the place of what is scheduled of the segment. */
  | { outcome: "awaited" }
  /** It is to end, and is what is live already. */
  | { outcome: "same" }
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
  const { segmentId, rule, author, message, announced, until, now } = given;
  const large = scheduled?.returns ? null : await largeMove(db, shop, { rule, segmentId, at: now }, given.confirmed);
  if (large) return { outcome: "guarded", ...large };
  const published = await db.tx(async (tx): Promise<Publication> => {
    if (scheduled && !isStill(scheduled, await holdSchedule(tx, shop, segmentId))) return { outcome: "gone" };
    const live = (await listSegments(tx, shop)).find(({ id }) => id === segmentId);
    if (live && live.version !== given.version) return { outcome: "outdated", version: live.version };
    if (until && !scheduled) {
      if (live && printText(live.rule) === printText(rule)) return { outcome: "same" };
      const waiting = await holdSchedule(tx, shop, segmentId);
      if (waiting && !waiting.stopped && printText(waiting.rule) !== printText(rule)) return { outcome: "awaited" };
    }
    const publication = { rule, author, message, announced, now, scheduled: scheduled !== null };
    const answer = await publishRule(tx, shop, segmentId, publication);
    if (answer.outcome !== "published" && answer.outcome !== "unchanged") return answer;
    const name = given.name ?? live?.name ?? "";
    await renameSegment(tx, shop, segmentId, name);
    await endSchedule(tx, shop, segmentId, rule);
    if (until && live && answer.outcome === "published") {
      const called = name === live.name ? null : live.name;
      const { version } = answer;
      await putReturn(tx, shop, { segmentId, rule: live.rule, name: called, author, announced, version, until, now });
    }
    const before = live ? { name: live.name, rule: printText(live.rule) } : null;
    const after = { name, rule: printText(rule), ...momentsOf(scheduled, until) };
    await recordChange(tx, shop, { author, subject: "segment", action: "published", name, before, after });
    return answer;
  });
  if (published.outcome === "published") await followPublication({ db, queue }, shop);
  return published;
}

function momentsOf(scheduled: Schedule | null, until: Date | null): Record<string, string> {
  return {
    ...(scheduled && { scheduledFor: scheduled.at.toISOString() }),
    ...(until && { until: until.toISOString() }),
  };
}

/** Has the rule of before live again when a version ends. */
export async function putReturn(
  tx: Sql,
  shop: ShopId,
  {
    until,
    now,
    ...given
  }: Pick<Schedule, "segmentId" | "rule" | "name" | "author" | "announced" | "version"> & {
    until: Date;
    now: Date;
  },
): Promise<void> {
  const agreed = { message: "", confirmed: 0, until: null, returns: true };
  await putSchedule(tx, shop, { ...given, ...agreed, at: until, scheduledAt: now });
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
