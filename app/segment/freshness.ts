import { PARTS } from "../ingest/parts.ts";
import type { Segment } from "./segment.ts";

/** What is recorded and not decided yet. Arrivals are in real time, timers in business time. */
export interface WaitingWork {
  /** Nobody knows yet whom they concern. */
  deliveries: Waiting;
  /** Browsers and names of which it is not known yet whose they are: events and traits of somebody. */
  unattributed: Waiting;
  /** Customers who wait to be decided, by the parts of their facts that changed. */
  customers: readonly ({ parts: number } & Waiting)[];
  /** Customers whose answer should have changed by itself, by segment. */
  timers: readonly ({ segmentId: number } & Waiting)[];
}

export interface Waiting {
  waiting: number;
  oldestAt: Date | null;
}

/** How current a segment is: what may still change it, on what is recorded already. */
export interface Freshness {
  /** Business time up to which the members are exact; null while its rule, or one it asks for, is still decided for everybody. */
  asOf: Date | null;
  deliveries: number;
  unattributed: number;
  customers: number;
  timers: number;
}

/** Who comes to be, is gone or exists from another instant is decided for every segment, and these parts tell of it. */
const CONCERNS_ALL = PARTS.record | PARTS.orders;

/**
 * How current each segment is. A segment is behind where it may be: what waits counts for every segment that reads it, whether or
 * not it will change an answer, so that "exact" is never said too early.
 * @param segments each after those it asks for
 * @param building ids of segments whose rule is not decided for everybody yet
 */
export function freshnessOf(
  segments: readonly Pick<Segment, "id" | "key" | "parts" | "compiled">[],
  work: WaitingWork,
  building: ReadonlySet<number>,
  { now, realNow }: { now: Date; realNow: Date },
): Map<number, Freshness> {
  const known = new Map<string, { parts: number; ids: ReadonlySet<number> }>();
  const fresh = new Map<number, Freshness>();
  for (const { id, key, parts: own, compiled } of segments) {
    const asked = [...compiled.reads.segments].flatMap((other) => known.get(other) ?? []);
    const parts = asked.reduce((sum, other) => sum | other.parts, own);
    const ids = new Set([id, ...asked.flatMap((other) => [...other.ids])]);
    known.set(key, { parts, ids });
    const customers = work.customers.filter((queued) => queued.parts & (parts | CONCERNS_ALL));
    const timers = work.timers.filter(({ segmentId }) => ids.has(segmentId));
    const unattributed = parts & (PARTS.events | PARTS.named) ? [work.unattributed] : [];
    const lags = [work.deliveries, ...unattributed, ...customers].map((one) => lagOf(one, realNow));
    const late = timers.map((one) => lagOf(one, now));
    fresh.set(id, {
      asOf: building.isDisjointFrom(ids) ? new Date(now.getTime() - Math.max(0, ...lags, ...late)) : null,
      deliveries: work.deliveries.waiting,
      unattributed: countOf(unattributed),
      customers: countOf(customers),
      timers: countOf(timers),
    });
  }
  return fresh;
}

function lagOf({ oldestAt }: Waiting, now: Date): number {
  return oldestAt ? now.getTime() - oldestAt.getTime() : 0;
}

function countOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, one) => sum + one.waiting, 0);
}
