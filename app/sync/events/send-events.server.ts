import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { chunk } from "../chunk.ts";
import type { Destination } from "../destination.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import {
  type BookedEvent,
  bookHistory,
  claimEvents,
  type EventResult,
  recordEvents,
  stillBooked,
} from "./events-store.server.ts";

export interface SendEventsOptions {
  db: Db;
  shop: ShopId;
  audienceId: number;
  send: NonNullable<Destination["sendEvent"]>;
  /** The audience has never been settled and compared: whoever is in came in before anybody was told of it. */
  firstLoad: boolean;
  /** Real time. */
  now(): Date;
}

const EVENTS_IN_A_RUN = 500;
const EVENTS_AT_ONCE = 20;
const LEASE_MS = 120_000;
const FIRST_BACK_OFF_MS = 2_000;
const LONGEST_BACK_OFF_MS = 600_000;
/** The merchant has to give a key that may. */
const NO_PERMISSION_MS = 15 * 60_000;

/**
 * Sends the entries and exits of an audience that are due. Each goes under a name that follows from the change itself, so that one that is
 * sent again, since its answer got lost or the process died, is the same event there.
 * @throws PauseConnection when the credentials no longer work; a permission that lacks for events alone pauses nothing else.
 */
export async function sendEvents({ db, shop, audienceId, send, firstLoad, now }: SendEventsOptions): Promise<void> {
  if (firstLoad) await bookHistory(db, shop, audienceId, now());
  const times = { now: now(), until: new Date(now().getTime() + LEASE_MS), limit: EVENTS_IN_A_RUN };
  for (const some of chunk(await claimEvents(db, shop, audienceId, times), EVENTS_AT_ONCE)) {
    const there = await stillBooked(db, shop, some);
    const settled = await Promise.allSettled(there.map((event) => sendOne(send, shop, event, now)));
    await recordEvents(
      db,
      shop,
      settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
      now(),
    );
    for (const one of settled) if (one.status === "rejected") throw one.reason;
  }
}

async function sendOne(
  send: SendEventsOptions["send"],
  shop: ShopId,
  event: BookedEvent,
  now: () => Date,
): Promise<EventResult> {
  const { id, attempts } = event;
  const later = (outcome: string, afterMs: number, counted: boolean): EventResult => ({
    id,
    outcome,
    dueAt: new Date(now().getTime() + afterMs),
    counted,
  });
  try {
    await send({ ...event, name: eventName(shop, event) });
    return { id, outcome: "sent", dueAt: null, counted: false };
  } catch (error) {
    if (error instanceof RetryLater) {
      const backOff = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** attempts);
      return later("waiting", error.afterMs ?? backOff, error.countsAsAttempt);
    }
    if (error instanceof PauseConnection && error.status === 403)
      return later("no_permission", NO_PERMISSION_MS, false);
    // A gateway's page, or half an answer, is no word of the platform's on the event.
    const isWordless = error instanceof Refused && (typeof error.body !== "object" || error.body === null);
    if (isWordless && error.status !== 413)
      return later("waiting", Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** attempts), true);
    if (error instanceof Refused) return { id, outcome: `refused (HTTP ${error.status})`, dueAt: null, counted: true };
    throw error;
  }
}

/** What makes the event itself: who did what in which segment, and when. */
function eventName(shop: ShopId, { segmentId, customerId, change, at }: BookedEvent): string {
  return `muster:${shop}:${segmentId}:${customerId}:${change}:${at.toISOString()}`;
}
