import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import type { Sql } from "../platform/db.server.ts";
import type { History } from "../profile/history.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Cause, causeOf } from "./evaluation/cause.ts";
import type { CustomerHistory, Interval } from "./evaluation/customer-history.ts";
import { stitchIntervals } from "./evaluation/stitch-intervals.ts";
import { membershipOf } from "./evaluation/policies.ts";
import { loadCustomerHistories } from "./history-store.server.ts";
import {
  type Change,
  membershipDifference,
  type MembershipDifference,
  type MembershipKey,
} from "./membership-difference.ts";
import { type MembershipWrites, readMemberships, writeMemberships } from "./membership-store.server.ts";
import { affectedSegments, dictionary, knownFrom, type Segment } from "./segment.ts";
import { readTimers, setTimers, type Timers } from "./timer-store.server.ts";

export interface ToDecide {
  history: History;
  /** Which parts of the facts changed (ingest/parts.ts). */
  parts: number;
  /** What is told by name, where `parts` says that such changed. */
  names: readonly string[];
}

/** Somebody is in now and was not, or the other way round. */
export type Turned = MembershipKey & { member: boolean; at: Date };

/** Stays of somebody that changed, and were not decided because of a new rule. */
export type Moved = MembershipKey & { before: readonly Interval[]; difference: MembershipDifference };

export interface Decided {
  turned: Turned[];
  moved: Moved[];
}

/**
 * Decides the segments that read what changed for the given customers, writes what is different and sets the timers, in the
 * caller's transaction. Intervals are recomputed from the whole history, so a late fact corrects the stretch it affects and a
 * worker that was away records the true times of entry and exit.
 * @param build segments to decide whatever changed, because their rules are new; in the order of `segments`
 */
export async function decideMemberships(
  tx: Sql,
  shop: ShopId,
  segments: readonly Segment[],
  customers: readonly ToDecide[],
  now: Date,
  build: readonly Segment[] | null = null,
): Promise<Decided> {
  const ids = customers.map(({ history }) => history.customerId);
  // Where everything is decided anew, no other timer has to be kept.
  const everything = build === null && customers.every(({ parts }) => parts === ALL_PARTS);
  const timers = everything ? [] : await readTimers(tx, shop, ids);
  const waiting = new Map(timers.map(({ customerId, dueAts }) => [customerId, dueAts]));
  const work = customers.flatMap(({ history, parts, names }) => {
    const dueAts = waiting.get(history.customerId) ?? new Map<number, Date>();
    const due = new Set<number>();
    for (const [id, at] of dueAts) if (at.getTime() <= now.getTime()) due.add(id);
    const affected = build ?? affectedSegments(segments, { parts, names: new Set(names), due });
    // A timer may have been taken by a clock that was ahead of this one: it is set again and comes back.
    return affected.length > 0 || (parts & PARTS.time && dueAts.size > 0) ? [{ history, affected, dueAts }] : [];
  });
  if (work.length === 0) return { turned: [], moved: [] };
  return decideAffected(tx, shop, segments, work, now, build !== null);
}

interface Work {
  history: History;
  affected: readonly Segment[];
  dueAts: ReadonlyMap<number, Date>;
}

async function decideAffected(
  tx: Sql,
  shop: ShopId,
  segments: readonly Segment[],
  work: readonly Work[],
  now: Date,
  isBuild: boolean,
): Promise<Decided> {
  const union = new Set(work.flatMap(({ affected }) => affected));
  const asked = new Set([...union].flatMap(({ compiled }) => [...compiled.reads.segments]));
  const others = segments.filter((segment) => asked.has(segment.key) && !union.has(segment));
  const histories = await loadCustomerHistories(
    tx,
    shop,
    [...union].map(({ compiled }) => compiled.reads),
    work.map(({ history }) => history),
    dictionary,
  );
  const rows = await readMemberships(
    tx,
    shop,
    [...histories.keys()],
    [...union, ...others].map(({ id }) => id),
  );
  const stored = new Map<string, Map<number, Interval[]>>();
  for (const [customerId, own] of Map.groupBy(rows, (row) => row.customerId)) {
    stored.set(
      customerId,
      Map.groupBy(own, ({ segmentId }) => segmentId),
    );
  }
  const storedOf = (customerId: string, segment: Segment): Interval[] => stored.get(customerId)?.get(segment.id) ?? [];
  const askedSegments = segments.filter(({ key }) => asked.has(key));
  const writes: MembershipWrites = { write: [], remove: [], changes: [] };
  const turned: Turned[] = [];
  const moved: Moved[] = [];
  const timers: Timers[] = [];
  const known = new Set(segments.map(({ id }) => id));
  // A rule that is new is as if it had always been, as far as is known.
  const knownFroms = new Map(isBuild ? [] : [...union].map((segment) => [segment, knownFrom(segment, now)]));
  for (const { history: profile, affected, dueAts } of work) {
    const { customerId } = profile;
    const history = histories.get(customerId);
    if (!history) continue;
    const memberships: Record<string, readonly Interval[]> = {};
    for (const segment of askedSegments) memberships[segment.key] = storedOf(customerId, segment);
    const decided = { ...history, memberships };
    const next = new Map<number, Date>();
    for (const [id, at] of dueAts) if (known.has(id)) next.set(id, at);
    for (const segment of affected) {
      const { intervals: given, changesAt } = membershipOf(segment.compiled, decided, now);
      const from = knownFroms.get(segment) ?? null;
      const before = storedOf(customerId, segment);
      const intervals = from ? stitchIntervals(before, given, from) : given;
      if (asked.has(segment.key)) memberships[segment.key] = intervals;
      if (changesAt) next.set(segment.id, changesAt);
      else next.delete(segment.id);
      const key = { customerId, segmentId: segment.id };
      const closeAt = segment.undated ? closingInstant(segment, decided, now) : null;
      const difference = membershipDifference(before, intervals, now, closeAt);
      if (!isBuild && difference.changes.length > 0) moved.push({ ...key, before, difference });
      for (const interval of difference.write) writes.write.push({ ...key, ...interval });
      for (const enteredAt of difference.remove) writes.remove.push({ ...key, enteredAt });
      for (const change of isBuild ? changeByRule(difference.turned, now) : difference.changes) {
        const cause: Cause = isBuild
          ? { cause: "rule", eventKind: null }
          : causeOf(segment.compiled.reads, decided, change.at);
        writes.changes.push({ ...key, ...change, ...cause, version: segment.version });
      }
      if (difference.turned) turned.push({ ...key, ...difference.turned });
    }
    timers.push({ customerId, dueAts: next });
  }
  await writeMemberships(tx, shop, writes, now);
  await setTimers(tx, shop, timers);
  return { turned, moved };
}

/** A new rule is as if it had always been; what is recorded is who is in or out because of it, from now on. */
function changeByRule(turned: MembershipDifference["turned"], now: Date): Change[] {
  return turned ? [{ change: turned.member ? "entered" : "left", at: now }] : [];
}

/** When what the rule reads last took another value, as far as that is told; else now, when it is known. */
function closingInstant({ compiled }: Segment, history: CustomerHistory, now: Date): Date {
  const told = [...compiled.reads.attributes]
    .flatMap((name) => history.attributes[name] ?? [])
    .flatMap(({ since }) => (since && since <= now ? [since.getTime()] : []));
  return told.length === 0 ? now : new Date(Math.max(...told));
}
