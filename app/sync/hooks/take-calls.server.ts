import type { Marks } from "../../ingest/erased/erased-store.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { learnConsents } from "../consent/consent-store.server.ts";
import { audiencesOf, type DestinationRow, listDestinations } from "../destination-store.server.ts";
import type { ConsentNews } from "../destination.ts";
import type { Destinations } from "../destinations.ts";
import { recordEngagement } from "../engagement/engagement-store.server.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import { askAgain, type DueCall, dueCalls, endedBefore, recordLater, recordTaken } from "./hooks-store.server.ts";

export interface TakeCallsOptions {
  db: Db;
  shop: ShopId;
  marks: Marks;
  destinations: Pick<Destinations, "open">;
  /** Real time. */
  now(): Date;
}

export interface CallsTaken {
  taken: number;
  /** Audiences with something to send, or whose destination is to be asked, now. */
  audiences: number[];
  /** Events of people that were new. */
  recorded: number;
}

const CALLS_AT_ONCE = 200;
const FIRST_BACK_OFF_MS = 5_000;
const LONGEST_BACK_OFF_MS = 5 * 60_000;

/**
 * Takes in what platforms called about, the same way as what polling tells: a decision leaves every audience of the shop in the
 * transaction that learns of it, and books what others have to hear. Taking a call in twice changes nothing.
 */
export async function takeCalls(options: TakeCallsOptions): Promise<CallsTaken> {
  const { db, shop, now } = options;
  const calls = await dueCalls(db, shop, CALLS_AT_ONCE, now());
  const rows = new Map((await listDestinations(db, shop)).map((row) => [row.id, row]));
  const answer: CallsTaken = { taken: 0, audiences: [], recorded: 0 };
  for (const [destinationId, its] of Map.groupBy(calls, (call) => call.destinationId)) {
    const row = rows.get(destinationId);
    if (row) await takeFrom(options, row, its, answer);
  }
  answer.audiences = [...new Set(answer.audiences)];
  return answer;
}

async function takeFrom(
  options: TakeCallsOptions,
  row: DestinationRow,
  calls: readonly DueCall[],
  answer: CallsTaken,
): Promise<void> {
  const { db, shop, marks, now } = options;
  const learn = async (news: readonly ConsentNews[]): Promise<void> => {
    const lesson = { marks, source: row.consentSource, news, now: now() };
    answer.audiences.push(...(await learnConsents(db, shop, lesson)));
  };
  await learn(calls.flatMap(({ said }) => said.consents));
  await learn(await newsOfMoved(options, row, calls));
  let ask = calls.some(({ said }) => said.ask);
  const named = calls.filter(({ said }) => said.events.length > 0);
  const trouble = named.length === 0 ? null : await complete(options, row, named, learn, answer);
  // What nobody can be found for now is told by the platform when it is asked.
  if (trouble === "refused") ask = true;
  const later = typeof trouble === "object" && trouble !== null ? named : [];
  if (later.length > 0)
    await recordLater(
      db,
      shop,
      later.map(({ id }) => id),
      trouble as Date,
    );
  const taken = calls.filter((call) => !later.includes(call));
  if (ask) {
    await askAgain(db, shop, row.id);
    answer.audiences.push(...(await audiencesOf(db, shop, row.id)).slice(0, 1));
  }
  await recordTaken(
    db,
    shop,
    taken.map(({ id }) => id),
  );
  answer.taken += taken.length;
}

/** @returns null when it is done, a moment when it is to be tried again, "refused" when it never will be. */
async function complete(
  { db, shop, destinations, now }: TakeCallsOptions,
  row: DestinationRow,
  calls: readonly DueCall[],
  learn: (news: readonly ConsentNews[]) => Promise<void>,
  answer: CallsTaken,
): Promise<Date | "refused" | null> {
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  const attempts = Math.max(...calls.map((call) => call.attempts));
  try {
    const { hooks } = destinations.open(shop, row);
    if (!hooks) return "refused";
    for await (const page of hooks.complete(calls.flatMap(({ said }) => said.events))) {
      await learn(page.consents);
      answer.recorded += await recordEngagement(db, shop, row.kind, page.events, now());
    }
    return null;
  } catch (error) {
    if (error instanceof Refused) return "refused";
    if (error instanceof PauseConnection) return later(LONGEST_BACK_OFF_MS);
    if (!(error instanceof RetryLater)) throw error;
    return later(error.afterMs ?? Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** attempts));
  }
}

/** An address that became another one there brings its unsubscribe along. */
async function newsOfMoved(
  { db, shop }: TakeCallsOptions,
  { consentSource }: DestinationRow,
  calls: readonly DueCall[],
): Promise<ConsentNews[]> {
  const moved = calls.flatMap(({ said }) => said.moved);
  const ended = await endedBefore(
    db,
    shop,
    consentSource,
    moved.map(({ from }) => from),
  );
  return moved.flatMap(({ from, to }) =>
    ended
      .filter(({ address }) => address === from)
      .map(({ at, lasting, reason }): ConsentNews => ({
        email: to,
        state: "unsubscribed",
        at,
        lasting,
        ...(reason !== null && { reason }),
      })),
  );
}
