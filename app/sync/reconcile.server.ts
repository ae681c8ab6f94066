import type { Db } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { accountFor, MOST_NAMED } from "./account-for.ts";
import type { ReconcileReport, Stranger } from "./account-for.ts";
import type { Destination } from "./destination.ts";
import { saveGuard } from "./audience-store.server.ts";
import { type Audience, findAudience, pauseAudience, pauseDestination } from "./destination-store.server.ts";
import { guardRemovals } from "./guard.ts";
import type { Destinations } from "./destinations.ts";
import { CannotRead, PauseAudience, PauseConnection, RetryLater } from "./retry-classes.ts";
import { whyPaused } from "./sync-audience.server.ts";
import { saveComparison } from "./comparisons-store.server.ts";
import { correctMembers, mentionedAddresses, readMembers } from "./sync-store.server.ts";

export interface ReconcileOptions {
  db: Db;
  shop: ShopId;
  audienceId: number;
  destinations: Pick<Destinations, "open">;
  /** Real time. */
  now(): Date;
  /** Whether differences are made to be sent again, and strangers removed. The audience is to be synced afterwards. */
  repair: boolean;
}

export type ReconcileResult =
  | { outcome: "read"; report: ReconcileReport }
  /** The vendor could not be read now. */
  | { outcome: "waiting"; afterMs: number }
  | { outcome: "paused"; reason: string }
  /** The receiver does not tell who is in it. */
  | { outcome: "untold" };

const RETRY_MS = 15_000;

/**
 * Reads an audience back and accounts for every difference from its segment by name; the report is kept, with its date.
 * Not to run while the same audience is synced: what is under way would be taken for a difference.
 */
export async function reconcileAudience(options: ReconcileOptions): Promise<ReconcileResult> {
  const { db, shop, audienceId, now } = options;
  const audience = await findAudience(db, shop, audienceId);
  if (!audience) return { outcome: "paused", reason: "The audience does not exist any more" };
  const paused = whyPaused(audience);
  if (paused !== null) return { outcome: "paused", reason: paused };
  try {
    const destination = options.destinations.open(shop, audience.destination);
    const remote = await readRemote(destination, audience.remoteId);
    const { report, unlike, corrections, strangers } = await accountFor(readMembers(db, shop, audienceId), remote);
    // What is looked at before it begins is only counted.
    if (options.repair && audience.state === "live") {
      report.repaired += await correctMembers(db, shop, audienceId, corrections, now());
      if (await mayLeave(options, audience, strangers.length, remote.size))
        report.repaired += await removeStrangers(options, destination, audience.remoteId, strangers);
    }
    // Where a platform has no id but the address, they are counted alone.
    const ids = strangers.flatMap(({ remoteId, email }) => (remoteId === email ? [] : [remoteId]));
    await saveComparison(db, shop, audienceId, { report, unlike, strangers: ids.slice(0, MOST_NAMED) }, now());
    return { outcome: "read", report };
  } catch (error) {
    if (error instanceof CannotRead) {
      await saveComparison(db, shop, audienceId, null, now());
      return { outcome: "untold" };
    }
    if (error instanceof RetryLater) return { outcome: "waiting", afterMs: error.afterMs ?? RETRY_MS };
    if (error instanceof PauseConnection) await pauseDestination(db, shop, audience.destination.id, error.message);
    else if (error instanceof PauseAudience) await pauseAudience(db, shop, audienceId, error.message);
    else throw error;
    return { outcome: "paused", reason: error.message };
  }
}

async function readRemote(destination: Destination, remoteId: string | null): Promise<Map<string, string>> {
  const remote = new Map<string, string>();
  if (remoteId === null) return remote;
  for await (const { email, remoteId: id } of destination.readAudience(remoteId)) remote.set(email.toLowerCase(), id);
  return remote;
}

/** Whoever is in a list that was taken over was counted before it began; after that the guard is asked. */
async function mayLeave(
  { db, shop, now }: ReconcileOptions,
  audience: Audience,
  pending: number,
  size: number,
): Promise<boolean> {
  const { guardShare: share, guard, reconciledAt } = audience;
  if (share === null || pending === 0 || (audience.adopted && reconciledAt === null)) return true;
  const { state, allowed } = guardRemovals(guard, { share, size, pending, now: now() });
  await saveGuard(db, shop, audience.id, state);
  return allowed > 0;
}

/** The audience is ours alone: whoever was put into it by hand is taken out again, and stays a contact. */
async function removeStrangers(
  { db, shop, audienceId }: ReconcileOptions,
  destination: Destination,
  remoteId: string | null,
  strangers: readonly Stranger[],
): Promise<number> {
  if (remoteId === null || strangers.length === 0) return 0;
  // Reading took a while: an address may have become someone's meanwhile.
  const emails = strangers.map((stranger) => stranger.email);
  const mentioned = await mentionedAddresses(db, shop, audienceId, emails);
  const removals = strangers
    .filter((stranger) => !mentioned.has(stranger.email))
    .map((stranger) => ({ ...stranger, customerId: stranger.remoteId }));
  const results = await destination.apply(remoteId, {
    removals,
    additions: [],
    urgency: { removals: "removal", additions: "addition" },
  });
  return results.filter((result) => result.outcome === "done").length;
}
