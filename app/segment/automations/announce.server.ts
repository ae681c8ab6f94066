import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Moved, Turned } from "../decide.server.ts";
import type { MembershipKey } from "../membership-difference.ts";
import { dueTransitions, ruleTransition, type Standing, type Transition } from "./due-transitions.ts";
import { announceTransitions, readStandings, type WatchedSegment, watchedSegments } from "./runs-store.server.ts";

interface Moment {
  /** Business time. */
  now: Date;
  realNow: Date;
}

/**
 * Writes the runs that a decision makes due, in the transaction of the decision: either both are there or neither.
 * @returns the automations that have something to do
 */
export async function announce(
  tx: Sql,
  shop: ShopId,
  moved: readonly Moved[],
  { now, realNow }: Moment,
): Promise<number[]> {
  if (moved.length === 0) return [];
  const watched = await watchedSegments(tx, shop);
  return announceWith(tx, shop, moved, watched, realNow, (standing, segment, { before, difference }) =>
    dueTransitions(standing, { before, difference, ...segment, now }),
  );
}

/**
 * The same for those whom the build of a new rule put in or out: told of are they in segments where the merchant asked for it, and in the
 * others it is noted that they stand there now, so that nobody is told of it later.
 */
export async function announceMoves(
  tx: Sql,
  shop: ShopId,
  turned: readonly Turned[],
  { now, realNow }: Moment,
): Promise<number[]> {
  if (turned.length === 0) return [];
  const watched = await watchedSegments(tx, shop);
  return announceWith(tx, shop, turned, watched, realNow, (standing, { version, announced }, { member }) => {
    const moved = ruleTransition(standing, { member, version, now });
    return announced ? moved : { ...moved, due: [] };
  });
}

async function announceWith<T extends MembershipKey>(
  tx: Sql,
  shop: ShopId,
  decisions: readonly T[],
  watched: readonly WatchedSegment[],
  realNow: Date,
  decide: (
    standing: Standing | null,
    segment: WatchedSegment,
    decision: T,
  ) => { due: Transition[]; standing: Standing },
): Promise<number[]> {
  const segments = new Map(watched.map((segment) => [segment.segmentId, segment]));
  const seen = decisions.filter(({ segmentId }) => segments.has(segmentId));
  if (seen.length === 0) return [];
  const customerIds = seen.map(({ customerId }) => customerId);
  const standings = await readStandings(tx, shop, [...segments.keys()], customerIds);
  const known = new Map(standings.map((standing) => [`${standing.segmentId} ${standing.customerId}`, standing]));
  const decided = seen.flatMap((decision) => {
    const { segmentId, customerId } = decision;
    const segment = segments.get(segmentId);
    if (!segment) return [];
    const standing = known.get(`${segmentId} ${customerId}`) ?? null;
    return { segmentId, customerId, ...decide(standing, segment, decision) };
  });
  return announceTransitions(
    tx,
    shop,
    {
      standings: decided.map(({ segmentId, customerId, standing }) => ({ segmentId, customerId, ...standing })),
      due: decided.flatMap(({ segmentId, customerId, due }) => due.map((one) => ({ segmentId, customerId, ...one }))),
    },
    realNow,
  );
}
