import { z } from "zod";
import type { AskAdmin } from "../../shopify/ask-admin.server.ts";
import { UPDATE_EMAIL_CONSENT, UPDATE_SMS_CONSENT } from "../../shopify/operations.ts";
import type { Marks } from "../../ingest/erased/erased-store.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { learnConsents, toldSubscribed } from "../consent/consent-store.server.ts";
import type { ConsentNews } from "../destination.ts";
import { type DestinationRow, listDestinations } from "../destination-store.server.ts";
import type { Destinations } from "../destinations.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";
import { dueErrands, type Errand, isHeld, isStillWanted, recordErrand } from "./errands-store.server.ts";

export interface RunErrandsOptions {
  db: Db;
  shop: ShopId;
  marks: Marks;
  destinations: Pick<Destinations, "open">;
  ask: AskAdmin;
  /** Scopes the merchant granted; null: not known yet. */
  scopes: readonly string[] | null;
  /** Real time. */
  now(): Date;
}

export interface ErrandsDone {
  done: number;
  /** Audiences with something to send now. */
  audiences: number[];
  /** Whether a platform forgot somebody: whoever asked for it may go on. */
  forgotten: boolean;
}

const ERRANDS_AT_ONCE = 50;
const FIRST_BACK_OFF_MS = 5_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;
/** The merchant has to grant a permission, which is soon noticed enough. */
const NO_SCOPE_MS = 15 * 60_000;

type Result = { outcome: string; afterMs: number | null; counted: boolean };
const done = (outcome: string): Result => ({ outcome, afterMs: null, counted: false });

/**
 * Does what is due: tells the shop and the platforms who unsubscribed, with the consent sync who subscribed, and has platforms forget
 * people. Each errand is held against what is known at that moment before it is done, and repeating one changes nothing.
 */
export async function runErrands(options: RunErrandsOptions): Promise<ErrandsDone> {
  const { db, shop, now } = options;
  const errands = await dueErrands(db, shop, ERRANDS_AT_ONCE, now());
  const rows = new Map((await listDestinations(db, shop)).map((row) => [row.id, row]));
  const answer: ErrandsDone = { done: 0, audiences: [], forgotten: false };
  for (const errand of errands) {
    const row = rows.get(errand.destinationId ?? 0);
    const result = await attempt(options, errand, row, answer);
    const dueAt = result.afterMs === null ? null : new Date(now().getTime() + result.afterMs);
    await recordErrand(db, shop, errand, { outcome: result.outcome, dueAt, counted: result.counted });
    if (dueAt === null) answer.done += 1;
  }
  return answer;
}

async function attempt(
  options: RunErrandsOptions,
  errand: Errand,
  row: DestinationRow | undefined,
  answer: ErrandsDone,
): Promise<Result> {
  const backOff = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** errand.attempts);
  try {
    if (errand.kind === "forget") return await forget(options, errand, row, answer);
    if (!(await isStillWanted(options.db, options.shop, errand))) return done("overtaken");
    return errand.destinationId === null
      ? await tellShop(options, errand)
      : await tellPlatform(options, errand, row, answer, backOff);
  } catch (error) {
    if (error instanceof RetryLater) {
      const { afterMs, countsAsAttempt } = error;
      return { outcome: "waiting", afterMs: afterMs ?? backOff, counted: countsAsAttempt };
    }
    // What is asked for has to happen: a refusal or a lost permission is tried again, less and less often.
    if (error instanceof Refused || error instanceof PauseConnection)
      return { outcome: error.message, afterMs: backOff, counted: true };
    throw error;
  }
}

async function forget(
  { shop, destinations }: RunErrandsOptions,
  { address }: Errand,
  row: DestinationRow | undefined,
  answer: ErrandsDone,
): Promise<Result> {
  if (!row) return done("disconnected");
  await destinations.open(shop, row).forgetPerson(address);
  answer.forgotten = true;
  return done("forgotten");
}

const updated = z.object({
  update: z.object({ userErrors: z.array(z.object({ message: z.string() })) }).nullable(),
});

/** Scope write_customers. What Shopify refuses of one customer (deleted meanwhile, no such address) is given up. */
async function tellShop(
  { ask, scopes }: RunErrandsOptions,
  { channel, customerId, kind, since }: Errand,
): Promise<Result> {
  if (scopes !== null && !scopes.includes("write_customers"))
    return { outcome: "no_scope", afterMs: NO_SCOPE_MS, counted: false };
  const consent = {
    marketingState: kind === "subscribe" ? "SUBSCRIBED" : "UNSUBSCRIBED",
    marketingOptInLevel: "SINGLE_OPT_IN",
    consentUpdatedAt: since.toISOString(),
  };
  const id = `gid://shopify/Customer/${customerId}`;
  const said =
    channel === "email"
      ? await ask(UPDATE_EMAIL_CONSENT, { input: { customerId: id, emailMarketingConsent: consent } }, updated)
      : await ask(UPDATE_SMS_CONSENT, { input: { customerId: id, smsMarketingConsent: consent } }, updated);
  if (said.outcome === "later") return { outcome: "waiting", afterMs: said.afterMs, counted: false };
  if (said.outcome === "refused") return { outcome: said.reason, afterMs: NO_SCOPE_MS, counted: true };
  return done((said.data.update?.userErrors.length ?? 0) > 0 ? "refused" : "told");
}

async function tellPlatform(
  { db, shop, marks, destinations, now }: RunErrandsOptions,
  errand: Errand,
  row: DestinationRow | undefined,
  answer: ErrandsDone,
  backOff: number,
): Promise<Result> {
  if (!row) return done("disconnected");
  const { channel, address: email, kind, since } = errand;
  const begun = now();
  const learn = async (news: Omit<ConsentNews, "channel" | "email">): Promise<void> => {
    const said = { channel, email, ...news };
    const lesson = { marks, source: row.consentSource, news: [said], now: begun, told: true };
    answer.audiences.push(...(await learnConsents(db, shop, lesson)));
  };
  const destination = destinations.open(shop, row);
  if (kind === "subscribe") {
    // Before it is told: the answer may get lost, and an unsubscribe that comes then has to reach the platform.
    await learn({ state: "subscribed", at: since, lasting: false, proven: true });
    const raised = await destination.raiseConsent(email, since);
    return done(raised.outcome === "done" ? "told" : raised.reason);
  }
  const of = { channel, address: email };
  const own = await toldSubscribed(db, shop, row.consentSource, of);
  const lowered = await destination.lowerConsent(of, own !== null && own > since ? own : since);
  // An addition may be under way that makes them there, with the consent they had when it began.
  if (lowered === "absent" && (await isHeld(db, shop, errand)))
    return { outcome: "waiting", afterMs: backOff, counted: true };
  // Whoever is not known there has nothing to end; what they said there since is the platform's own word.
  if (lowered === "lowered") await learn({ state: "unsubscribed", at: since, lasting: false, reason: "told" });
  // A subscription that we told may be taken there after this: once it surely was, this is done again.
  if (own !== null && own > begun && lowered !== "newer_there")
    return { outcome: "waiting", afterMs: own.getTime() - begun.getTime(), counted: false };
  return done(lowered === "lowered" ? "told" : lowered);
}
