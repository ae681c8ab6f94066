import type { Marks } from "../../ingest/erased/erased-store.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { learnConsents } from "../consent/consent-store.server.ts";
import { listDestinations } from "../destination-store.server.ts";
import type { Destinations } from "../destinations.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import {
  engagementReadAt,
  recordEngagement,
  saveEngagementReadAt,
  saveEngagementTriedAt,
} from "./engagement-store.server.ts";

export interface ReadEngagementOptions {
  db: Db;
  shop: ShopId;
  marks: Marks;
  destinationId: number;
  destinations: Pick<Destinations, "open">;
  /** Real time. */
  now(): Date;
  /** Read although it was read a moment ago. */
  atOnce?: boolean;
}

export type ReadResult =
  | { outcome: "read"; recorded: number; audiences: number[] }
  /** It was read a moment ago, or is not there any more. */
  | { outcome: "fresh" }
  | { outcome: "waiting"; afterMs: number }
  /** Not for this key. It is tried again with the next sweep. */
  | { outcome: "refused"; reason: string };

const FRESH_MS = 5 * 60_000;
/** Platforms take events in late and show them later: what was read is read again for so long, and known again by its id. */
const OVERLAP_MS = 30 * 60_000;
const FIRST_LOOK_BACK_MS = 30 * 86_400_000;
const RETRY_MS = 30_000;

/**
 * Reads what people did with a platform's mails since the last time, as events of theirs; the unsubscribes and complaints among it
 * are consent as well. A run that is cut off is begun anew from where the last whole one ended.
 */
export async function readEngagement(options: ReadEngagementOptions): Promise<ReadResult> {
  const { db, shop, marks, destinationId, now } = options;
  const destination = (await listDestinations(db, shop)).find(({ id }) => id === destinationId);
  if (!destination || destination.state === "paused") return { outcome: "fresh" };
  const readAt = await engagementReadAt(db, shop, destinationId);
  const begun = now();
  if (!options.atOnce && readAt !== null && begun.getTime() - readAt.getTime() < FRESH_MS) return { outcome: "fresh" };
  await saveEngagementTriedAt(db, shop, destinationId, begun);
  const since = new Date((readAt ?? begun).getTime() - (readAt ? OVERLAP_MS : FIRST_LOOK_BACK_MS));
  const audiences = new Set<number>();
  let recorded = 0;
  try {
    for await (const page of options.destinations.open(shop, destination).readEngagement(since)) {
      const lesson = { marks, source: destination.consentSource, news: page.consents, now: now() };
      const touched = await learnConsents(db, shop, lesson);
      for (const audience of touched) audiences.add(audience);
      recorded += await recordEngagement(db, shop, destination.kind, page.events, now());
    }
    await saveEngagementReadAt(db, shop, destinationId, begun);
    return { outcome: "read", recorded, audiences: [...audiences] };
  } catch (error) {
    if (error instanceof RetryLater) return { outcome: "waiting", afterMs: error.afterMs ?? RETRY_MS };
    // A key without these permissions keeps audiences all the same; one that is revoked is found out by them.
    if (error instanceof Refused || error instanceof PauseConnection)
      return { outcome: "refused", reason: error.message };
    throw error;
  }
}
