import { holdOffErasures } from "../ingest/erased/erased-store.server.ts";
import type { Db } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { TRY_AGAIN } from "./answers.ts";
import type { Destination, MemberOutcome, Person, Traits } from "./destination.ts";
import { countForGuard, endWarmUp, forgetAudience, holdRemovals, saveGuard } from "./audience-store.server.ts";
import { beginCreation, completeCreation, findAudience, knownRemoteIds } from "./destination-store.server.ts";
import { pauseAudience, pauseDestination } from "./destination-store.server.ts";
import type { Audience } from "./destination-store.server.ts";
import type { Destinations } from "./destinations.ts";
import {
  afterAddition,
  afterRemoval,
  afterSettling,
  asRead,
  difference,
  givenUp,
  isGuarded,
  urgencyOf,
} from "./difference.ts";
import type { Difference, MemberRow } from "./difference.ts";
import { nextEventDue } from "./events/events-store.server.ts";
import { sendEvents } from "./events/send-events.server.ts";
import { guardRemovals } from "./guard.ts";
import { writePass } from "./log-store.server.ts";
import { describePass } from "./pass-log.ts";
import { projectAudiences } from "./projection-store.server.ts";
import { PauseAudience, PauseConnection, Refused, RetryLater } from "./retry-classes.ts";
import {
  claimMembers,
  dueMembers,
  filledElsewhere,
  forgetCleared,
  keptAddresses,
  nextDue,
  recordResults,
} from "./sync-store.server.ts";
import { fieldsOf } from "./traits.ts";
import { warmUp } from "./warm-up.ts";

export interface SyncOptions {
  db: Db;
  shop: ShopId;
  audienceId: number;
  destinations: Pick<Destinations, "open">;
  /** Real time; moves on while the vendor works. */
  now(): Date;
  /** 0 to 1. */
  random?(): number;
  /** Members in one pass. */
  limit?: number;
  /** Passes in one run; then others get their turn. */
  passes?: number;
}

export type SyncResult =
  | { outcome: "settled"; nextAt: null; receivedAt: Date[] }
  /** More is due already: run again at once. */
  | { outcome: "more"; nextAt: Date; receivedAt: Date[] }
  | { outcome: "waiting"; nextAt: Date; receivedAt: Date[] }
  | { outcome: "paused"; reason: string };

const MEMBERS_IN_A_PASS = 5_000;
/** Passes that only add may be under way together, so that none waits for another's answers. */
const PASSES_AT_ONCE = 4;
const PASSES_IN_A_RUN = 40;
/** Longer than a pass takes, unless the vendor keeps an import waiting. A large one also waits for the vendor's limits. */
const LEASE_MS = 30_000;
const LEASE_MS_PER_MEMBER = 30;
const BUILDING_RETRY_MS = 1_000;
const CREATION_RETRY_MS = 15_000;

/**
 * One pass over what an audience has to send: takes up to `limit` due members, has the vendor apply them outside any transaction
 * and records an answer for each. Creates the audience at the vendor first if there is none. `receivedAt` are the arrival times of the
 * deliveries whose changes the vendor has now acknowledged. One pass per audience at a time; a second one finds nothing to take.
 */
export async function syncAudience(options: SyncOptions): Promise<SyncResult> {
  const { db, shop, audienceId, now } = options;
  const audience = await findAudience(db, shop, audienceId);
  if (!audience) return settled([]);
  const paused = whyPaused(audience);
  if (paused !== null) return { outcome: "paused", reason: paused };
  // What is not at the vendor yet has nobody to be taken out, and is not made for a segment that is gone.
  if (audience.retired !== null && audience.remoteId === null) return settled([]);
  if (audience.state === "review" && audience.leaving === null) return settled([]);
  if (audience.state === "building") return waiting(new Date(now().getTime() + BUILDING_RETRY_MS), []);
  try {
    const destination = options.destinations.open(shop, audience.destination);
    if (audience.leaving !== null && (audience.leaving === "delete" || audience.remoteId === null)) {
      if (audience.remoteId !== null) await destination.deleteAudience(audience.remoteId);
      await forgetAudience(db, shop, audienceId);
      return settled([]);
    }
    const ready = makeReady(options, audience, destination);
    // While one that is new is made, whoever is to be in it is read and claimed.
    if (audience.remoteId !== null) await ready;
    const filling = fill(options, audience, destination, ready);
    await Promise.allSettled([ready, filling]);
    await ready;
    const { room, receivedAt } = await filling;
    if (audience.destination.segmentEvents && destination.sendEvent && audience.leaving === null) {
      const firstLoad = audience.reconciledAt === null;
      await sendEvents({ db, shop, audienceId, now, firstLoad, send: destination.sendEvent });
    }
    return await whatNext(options, audience, room, receivedAt);
  } catch (error) {
    if (error instanceof PauseConnection) {
      await pauseDestination(db, shop, audience.destination.id, error.message);
      return { outcome: "paused", reason: error.message };
    }
    if (error instanceof PauseAudience) {
      await pauseAudience(db, shop, audienceId, error.message);
      return { outcome: "paused", reason: error.message };
    }
    // Members are answered for one by one, so what is left is the audience's creation.
    if (error instanceof RetryLater)
      return waiting(new Date(now().getTime() + (error.afterMs ?? CREATION_RETRY_MS)), []);
    throw error;
  }
}

const GUARD_LOOKS_AGAIN_MS = 3_600_000;

/** How many a run may add and, of those who merely left the segment, remove. `until`: when more may be added. */
interface Room {
  additions: number;
  until: Date | null;
  removals: number;
}

async function roomFor(options: SyncOptions, audience: Audience): Promise<Room> {
  const { db, shop, audienceId, now } = options;
  const room: Room = { additions: Infinity, until: null, removals: Infinity };
  if (audience.warmFrom === null && audience.guardShare === null) return room;
  const { size, pending } = await countForGuard(db, shop, audienceId, now());
  if (audience.warmFrom !== null) {
    const { most, until } = warmUp(audience.warmFrom, now());
    Object.assign(room, { additions: Math.max(0, most - size), until });
  }
  // Whoever removed the segment said what becomes of its list.
  if (audience.guardShare === null || audience.retired !== null || pending === 0) return room;
  const { state, allowed } = guardRemovals(audience.guard, { share: audience.guardShare, size, pending, now: now() });
  // Before they go: of a process that dies too many are counted and never too few.
  await saveGuard(db, shop, audienceId, state);
  if (state.held !== null) {
    const until = new Date(now().getTime() + GUARD_LOOKS_AGAIN_MS);
    await holdRemovals(db, shop, audienceId, { now: now(), until });
  }
  return { ...room, removals: allowed };
}

async function whatNext(
  { db, shop, audienceId, now }: SyncOptions,
  audience: Audience,
  room: Room,
  receivedAt: Date[],
): Promise<SyncResult> {
  const nextAt = earlier(await nextDue(db, shop, audienceId), await nextEventDue(db, shop, audienceId));
  if (nextAt === null) {
    if (audience.warmFrom !== null) await endWarmUp(db, shop, audienceId);
    if (audience.leaving !== null) await forgetAudience(db, shop, audienceId);
    return settled(receivedAt);
  }
  if (nextAt > now()) return waiting(nextAt, receivedAt);
  if (room.until === null || room.additions > 0) return { outcome: "more", nextAt, receivedAt };
  const removal = await nextDue(db, shop, audienceId, true);
  return waiting(removal !== null && removal < room.until ? removal : room.until, receivedAt);
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

export function whyPaused({ state, stateReason, destination }: Audience): string | null {
  if (destination.state === "paused") return destination.stateReason ?? "paused";
  return state === "paused" ? (stateReason ?? "paused") : null;
}

function settled(receivedAt: Date[]): SyncResult {
  return { outcome: "settled", nextAt: null, receivedAt };
}

function waiting(nextAt: Date, receivedAt: Date[]): SyncResult {
  return { outcome: "waiting", nextAt, receivedAt };
}

/** The audience's id at the vendor, with the fields that traits go into. */
async function makeReady(options: SyncOptions, audience: Audience, destination: Destination): Promise<string> {
  const remoteId = audience.remoteId ?? (await create(options, audience, destination));
  if (audience.traits) await destination.prepareFields?.(fieldsOf(audience.traits));
  return remoteId;
}

async function fill(
  options: SyncOptions,
  audience: Audience,
  destination: Destination,
  ready: Promise<string>,
): Promise<{ room: Room; receivedAt: Date[] }> {
  const room = await roomFor(options, audience);
  const receivedAt = await pass(options, {
    destination,
    ready,
    firstLoad: audience.reconciledAt === null,
    room,
    names: { destinationId: audience.destination.id, segmentName: audience.segmentName },
    fields: new Set(audience.traits?.map(({ field }) => field)),
  });
  return { room, receivedAt };
}

/** A creation that was begun before may have succeeded: what bears the name and is nobody's is taken over. */
async function create({ db, shop }: SyncOptions, audience: Audience, destination: Destination): Promise<string> {
  const name = `Muster: ${audience.segmentName}`;
  const remoteId = (await findLost({ db, shop }, audience, destination, name)) ?? (await createNew());
  await completeCreation(db, shop, audience.id, remoteId);
  return remoteId;

  async function createNew(): Promise<string> {
    await beginCreation(db, shop, audience.id);
    try {
      return await destination.createAudience(name, String(audience.id));
    } catch (error) {
      throw error instanceof Refused
        ? new PauseAudience(`The audience could not be created (HTTP ${error.status})`)
        : error;
    }
  }
}

async function findLost(
  { db, shop }: Pick<SyncOptions, "db" | "shop">,
  audience: Audience,
  destination: Destination,
  name: string,
): Promise<string | undefined> {
  if (audience.state !== "creating") return undefined;
  const known = await knownRemoteIds(db, shop);
  return (await destination.findAudiences(name)).find((id) => !known.has(id));
}

/** Where a pass goes. */
interface Place {
  destination: Destination;
  /** Its id at the vendor, once it is there. */
  ready: Promise<string>;
  /** The audience has never been settled and compared. */
  firstLoad: boolean;
  room: Room;
  /** What traits go into. */
  fields: ReadonlySet<string>;
  /** For the log. */
  names: { destinationId: number; segmentName: string };
}

/**
 * One pass, or a few at a time while there is more than one has room for. What removes never runs beside what adds: an address that one
 * person gives up may be the one that another gets.
 */
async function pass(options: SyncOptions, place: Place): Promise<Date[]> {
  const { limit = MEMBERS_IN_A_PASS, passes: most = PASSES_IN_A_RUN } = options;
  const passes: Promise<Date[]>[] = [];
  const underWay = new Set<Promise<unknown>>();
  let { additions } = place.room;
  try {
    while (passes.length < most) {
      if (underWay.size === PASSES_AT_ONCE) await Promise.race(underWay);
      const room = { ...place.room, additions };
      const plan = await take({ ...options, room, additionsOnly: passes.length > 0 }, place);
      additions -= plan.additions.length;
      const carriedOut = carryOut(options, place, plan);
      passes.push(carriedOut);
      underWay.add(carriedOut);
      carriedOut.then(
        () => underWay.delete(carriedOut),
        () => {},
      );
      if (plan.removals.length > 0 || plan.additions.length < limit) break;
    }
  } finally {
    await Promise.allSettled(passes);
  }
  return (await Promise.all(passes)).flat();
}

async function carryOut(options: SyncOptions, place: Place, plan: Difference): Promise<Date[]> {
  const { db, shop, audienceId, now, random = Math.random } = options;
  const outcomes = await apply(options, place, plan);
  const moment = { now: now(), random: random() };
  const calls = place.destination.takeCalls();
  const changes = [
    ...plan.settled.map((row) => afterSettling(row, moment)),
    ...plan.removals.map((row) => afterRemoval(row, outcomes.get(row.customerId) ?? TRY_AGAIN, moment)),
    ...plan.additions.map((row) => afterAddition(row, outcomes.get(row.customerId) ?? TRY_AGAIN, moment)),
  ];
  const cleared = plan.additions.flatMap(({ customerId, revision, traits }) => {
    const fields = formerFields(traits, place.fields);
    return fields.length > 0 && outcomes.get(customerId)?.outcome === "done" ? [{ customerId, revision, fields }] : [];
  });
  if (cleared.length > 0) await forgetCleared(db, shop, audienceId, cleared);
  const receivedAt = await recordResults(db, shop, audienceId, changes, moment.now);
  const entry = describePass(plan, outcomes, calls);
  if (entry) {
    await db.tx(async (tx) => {
      await holdOffErasures(tx, shop);
      await writePass(tx, shop, { ...place.names, audienceId, now: moment.now }, entry);
    });
  }
  return receivedAt;
}

/** Fields that nothing goes into any more and that are to be emptied. */
function formerFields(traits: Traits | null, fields: ReadonlySet<string>): string[] {
  return Object.entries(traits ?? {}).flatMap(([field, value]) =>
    value === null && !fields.has(field) ? [field] : [],
  );
}

/** A field that another audience of the same platform fills with the same person's trait is not emptied. */
async function withoutFilledElsewhere(
  { db, shop, audienceId }: SyncOptions,
  rows: Difference["additions"],
  fields: ReadonlySet<string>,
): Promise<Difference["additions"]> {
  const clearing = rows.filter(({ traits }) => formerFields(traits, fields).length > 0);
  if (clearing.length === 0) return rows;
  const customerIds = clearing.map(({ customerId }) => customerId);
  const filled = await filledElsewhere(db, shop, audienceId, customerIds);
  return rows.map((row) => {
    const keeps = formerFields(row.traits, fields).filter((field) => filled.get(row.customerId)?.has(field));
    if (keeps.length === 0) return row;
    const traits = Object.entries(row.traits ?? {}).filter(([field]) => !keeps.includes(field));
    return { ...row, traits: traits.length === 0 ? null : Object.fromEntries(traits) };
  });
}

/** Reads what is due, puts right what is out of date, and claims what is to be sent. */
async function take(
  options: SyncOptions & { room: Room; additionsOnly: boolean },
  { destination, firstLoad }: Pick<Place, "destination" | "firstLoad">,
): Promise<Difference> {
  const { db, shop, audienceId, now, room, limit = MEMBERS_IN_A_PASS } = options;
  const most = { members: limit, additions: Math.min(limit, room.additions) };
  const rows = await dueMembers(db, shop, audienceId, most, now());
  const compared = difference(rows, await keptAddresses(db, shop, audienceId, givenUp(rows)));
  // Who came to leave since the guard looked is looked at by the next run.
  const overdue = new Set(compared.removals.filter(isGuarded).slice(room.removals));
  compared.removals = compared.removals.filter((row) => !overdue.has(row));
  const plan = options.additionsOnly ? { ...compared, removals: [], settled: [] } : compared;
  const outdated = plan.outdated.map((row) => row.customerId);
  if (outdated.length > 0) {
    await db.tx((tx) => projectAudiences(tx, shop, outdated, { now: now(), receivedAt: null, dueAfterMs: 0 }));
  }
  destination.foresee?.(plan.additions.length, urgencyOf(plan, firstLoad).additions);
  const sending: MemberRow[] = [...plan.removals, ...plan.additions];
  const times = { now: now(), until: new Date(now().getTime() + LEASE_MS + LEASE_MS_PER_MEMBER * sending.length) };
  const claimed = await claimMembers(db, shop, audienceId, sending, times);
  return {
    ...plan,
    removals: plan.removals.filter((row) => claimed.has(row.customerId)),
    additions: plan.additions.filter((row) => claimed.has(row.customerId)),
  };
}

/** Calls the vendor, outside any transaction. What could not be answered at all is due again, as it was taken. */
async function apply(
  options: SyncOptions,
  { destination, ready, firstLoad, fields }: Place,
  plan: Difference,
): Promise<Map<string, MemberOutcome>> {
  const { db, shop, audienceId, now } = options;
  const { removals } = plan;
  const additions = await withoutFilledElsewhere(options, plan.additions, fields);
  if (removals.length + additions.length === 0) return new Map();
  const remoteId = await ready.catch(async (error: unknown) => {
    // Nothing was sent of anybody, so that everybody is as they were read.
    const changes = [...removals, ...plan.additions].map((row) => asRead(row, now()));
    await recordResults(db, shop, audienceId, changes, now());
    throw error;
  });
  // Two people with one address are one member there: the first is sent and answers for all.
  const byAddress = Map.groupBy(additions, (row) => row.email);
  try {
    const results = await destination.apply(remoteId, {
      removals: removals.map((row) => ({ customerId: row.customerId, email: row.ackedEmail, remoteId: row.remoteId })),
      additions: [...byAddress.values()].flatMap(([row]) => (row ? [toPerson(row)] : [])),
      urgency: urgencyOf(plan, firstLoad),
    });
    const outcomes = new Map<string, MemberOutcome>(results.map((result) => [result.customerId, result]));
    for (const [first, ...others] of byAddress.values()) {
      const outcome = first && outcomes.get(first.customerId);
      if (outcome) for (const row of others) outcomes.set(row.customerId, outcome);
    }
    return outcomes;
  } catch (error) {
    const unanswered = { outcome: "retry", afterMs: 0, countsAsAttempt: false } as const;
    const moment = { now: now(), random: 0 };
    const changes = [
      ...removals.map((row) => afterRemoval(row, unanswered, moment)),
      ...additions.map((row) => afterAddition(row, unanswered, moment)),
    ];
    await recordResults(db, shop, audienceId, changes, moment.now);
    throw error;
  }
}

function toPerson({
  customerId,
  email,
  firstName,
  lastName,
  consent,
  consentedAt,
  remoteId,
  traits,
}: Difference["additions"][number]): Person {
  return { customerId, email, firstName, lastName, consent: consent ?? "unknown", consentedAt, remoteId, traits };
}
