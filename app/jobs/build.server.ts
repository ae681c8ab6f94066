import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { Db, Sql } from "../platform/db.server.ts";
import { loadHistories } from "../profile/history-store.server.ts";
import { type Build, readBuilds, recordStretch, startBuilds, takeStretch } from "../segment/builds-store.server.ts";
import { announceMoves } from "../segment/automations/announce.server.ts";
import { endMoves } from "../segment/automations/runs-store.server.ts";
import { decideMemberships, type Turned } from "../segment/decide.server.ts";
import { fillMembers } from "../segment/fill-store.server.ts";
import { affectedSegments } from "../segment/segment.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { bookEvents } from "../sync/events/events-store.server.ts";
import { projectAudiences } from "../sync/projection-store.server.ts";
import type { RecomputeBatch } from "./recompute.server.ts";

const PROJECTED_AT_ONCE = 5_000;

export interface Built {
  /** Whether a segment is left that is not decided for everybody. */
  more: boolean;
  /** Audiences that have something to send now. */
  audiences: number[];
  /** Automations that have something to do now. */
  automations: number[];
}

/** Decides the segments whose rule or clocks are new for the next stretch of customers, in one transaction. */
export function buildSegments(db: Db, shop: ShopId, batch: RecomputeBatch): Promise<Built> {
  return db.tx((tx) => buildInto(tx, shop, batch, !db.embedded));
}

/** @param mayBeLong whether a transaction may look at the whole shop: then everybody is in or out before the first stretch */
async function buildInto(
  tx: Sql,
  shop: ShopId,
  { limit, now, coalesceMs }: RecomputeBatch,
  mayBeLong: boolean,
): Promise<Built> {
  await holdOffErasures(tx, shop);
  const segments = await listSegments(tx, shop);
  const realNow = new Date();
  let builds = await readBuilds(tx, shop);
  const built = new Map(builds.map(({ segmentId, target }) => [segmentId, target]));
  const stale = segments.filter(({ id, target }) => built.get(id) !== target);
  if (stale.length > 0) {
    await startBuilds(tx, shop, stale, realNow);
    builds = await readBuilds(tx, shop);
  }
  const open = builds.filter(({ finishedAt }) => finishedAt === null);
  const { first, group, upTo } = together(open);
  if (!first) return { more: false, audiences: [], automations: [] };
  const ids = group.map(({ segmentId }) => segmentId);
  const moved = new Set<string>();
  const transitions: Turned[] = [];
  const automations = new Set<number>();
  const tell = async (turned: readonly Turned[]): Promise<void> => {
    transitions.push(...turned);
    for (const id of await announceMoves(tx, shop, turned, { now, realNow })) automations.add(id);
  };
  if (mayBeLong && first.position === "-1") {
    for (const segment of segments.filter(({ id }) => ids.includes(id))) {
      const filled = await fillMembers(tx, shop, segment, now);
      for (const { customerId } of filled) moved.add(customerId);
      await tell(filled);
    }
  }
  const customerIds = await takeStretch(tx, shop, { after: first.position, upTo }, limit);
  const isOver = upTo === null && customerIds.length < limit;
  const histories = await loadHistories(tx, shop, customerIds);
  // Segments that ask for these are decided with them.
  const affected = affectedSegments(segments, { parts: 0, names: new Set(), due: new Set(ids) });
  const { turned } = await decideMemberships(
    tx,
    shop,
    segments,
    histories.map((history) => ({ history, parts: 0, names: [] })),
    now,
    affected,
  );
  await tell(turned);
  const audiences = new Set<number>();
  const touched = [...new Set([...moved, ...customerIds])];
  for (let done = 0; done < touched.length; done += PROJECTED_AT_ONCE) {
    const some = touched.slice(done, done + PROJECTED_AT_ONCE);
    const due = await projectAudiences(tx, shop, some, { now: realNow, receivedAt: null, dueAfterMs: coalesceMs });
    for (const audienceId of due) audiences.add(audienceId);
  }
  await bookEvents(tx, shop, transitions, { now, realNow, backfill: true });
  const position = isOver ? null : customerIds.length < limit ? upTo : (customerIds.at(-1) ?? upTo);
  await recordStretch(tx, shop, ids, { done: customerIds.length, position, now: realNow });
  if (isOver) {
    const behind = new Set(open.filter((build) => !group.includes(build)).map(({ segmentId }) => segmentId));
    await endMoves(
      tx,
      shop,
      affected.flatMap(({ id }) => (behind.has(id) ? [] : [id])),
    );
  }
  return { more: !isOver || open.length > group.length, audiences: [...audiences], automations: [...automations] };
}

/** The builds that are furthest behind go on together, until they meet the next ones. */
function together(open: readonly Build[]): { first: Build | undefined; group: Build[]; upTo: string | null } {
  const positions = [...new Set(open.map(({ position }) => BigInt(position)))].sort((left, right) =>
    left < right ? -1 : 1,
  );
  const group = open.filter(({ position }) => BigInt(position) === positions[0]);
  return { first: group[0], group, upTo: positions[1]?.toString() ?? null };
}
