import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Moved } from "../decide.server.ts";
import { dueTransitions } from "./due-transitions.ts";
import { announceTransitions, readStandings, watchedSegments } from "./runs-store.server.ts";

/**
 * Writes the runs that a decision makes due, in the transaction of the decision: either both are there or neither.
 * @param now business time @returns the automations that have something to do
 */
export async function announce(
  tx: Sql,
  shop: ShopId,
  moved: readonly Moved[],
  { now, realNow }: { now: Date; realNow: Date },
): Promise<number[]> {
  if (moved.length === 0) return [];
  const watched = new Map((await watchedSegments(tx, shop)).map((segment) => [segment.segmentId, segment]));
  const seen = moved.filter(({ segmentId }) => watched.has(segmentId));
  if (seen.length === 0) return [];
  const known = new Map(
    (
      await readStandings(
        tx,
        shop,
        [...watched.keys()],
        seen.map(({ customerId }) => customerId),
      )
    ).map((standing) => [`${standing.segmentId} ${standing.customerId}`, standing]),
  );
  const decided = seen.flatMap(({ segmentId, customerId, before, difference }) => {
    const segment = watched.get(segmentId);
    if (!segment) return [];
    const standing = known.get(`${segmentId} ${customerId}`) ?? null;
    return { segmentId, customerId, ...dueTransitions(standing, { before, difference, ...segment, now }) };
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
