import type { Marks } from "../../ingest/erased/erased-store.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ConsentNews } from "../destination.ts";
import { findAudience, knownRemoteIds, pauseDestination } from "../destination-store.server.ts";
import type { Destinations } from "../destinations.ts";
import { PauseConnection, RetryLater } from "../retry-classes.ts";
import { consentReadAt, learnConsents, saveConsentReadAt } from "./consent-store.server.ts";

export interface HearOptions {
  db: Db;
  shop: ShopId;
  marks: Marks;
  /** One of the destination's audiences. */
  audienceId: number;
  destinations: Pick<Destinations, "open">;
  /** Real time. */
  now(): Date;
}

export type HearResult =
  /** `audiences` have something to send now. */
  | { outcome: "heard"; audiences: number[] }
  /** The platform could not be read. Until it can, nothing is sent there. */
  | { outcome: "waiting"; afterMs: number }
  | { outcome: "paused"; reason: string };

/** How old a platform's word on consent may be when something is sent to it. */
const FRESH_MS = 5 * 60_000;
/** The platform's clock is not ours, and what it shows may lag behind what it knows. */
const OVERLAP_MS = 10 * 60_000;
const RETRY_MS = 15_000;
const NEWS_AT_ONCE = 500;

/**
 * Reads who unsubscribed, bounced or complained at the platform since the last time, before anything else is sent to it. At the
 * first time that is everyone who ever did: a platform is connected with its history.
 */
export async function hearConsents(options: HearOptions): Promise<HearResult> {
  const { db, shop, marks, audienceId, now } = options;
  const audience = await findAudience(db, shop, audienceId);
  if (!audience || audience.destination.state === "paused") return { outcome: "heard", audiences: [] };
  const { destination } = audience;
  const readAt = await consentReadAt(db, shop, destination.id);
  const begun = now();
  if (readAt !== null && begun.getTime() - readAt.getTime() < FRESH_MS) return { outcome: "heard", audiences: [] };
  try {
    const since = readAt && new Date(readAt.getTime() - OVERLAP_MS);
    const audiences = new Set<number>();
    const ours = await knownRemoteIds(db, shop);
    const learn = async (news: readonly ConsentNews[]): Promise<void> => {
      const lesson = { marks, source: destination.consentSource, news, now: now() };
      for (const touched of await learnConsents(db, shop, lesson)) audiences.add(touched);
    };
    let news: ConsentNews[] = [];
    for await (const one of options.destinations.open(shop, destination).readConsents(since)) {
      // Our lists hold no topic that somebody could be tired of alone: who wants no mails to one of them wants none from the shop.
      if (one.audience !== undefined && !ours.has(one.audience)) continue;
      news.push(one);
      if (news.length < NEWS_AT_ONCE) continue;
      await learn(news);
      news = [];
    }
    await learn(news);
    await saveConsentReadAt(db, shop, destination.id, begun);
    return { outcome: "heard", audiences: [...audiences] };
  } catch (error) {
    if (error instanceof RetryLater) return { outcome: "waiting", afterMs: error.afterMs ?? RETRY_MS };
    if (!(error instanceof PauseConnection)) throw error;
    await pauseDestination(db, shop, destination.id, error.message);
    return { outcome: "paused", reason: error.message };
  }
}
