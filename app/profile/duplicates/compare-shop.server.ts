import { holdOffErasures } from "../../ingest/erased/erased-store.server.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import type { Shop } from "../../shopify/shop-store.server.ts";
import { linkProfiles } from "../identity/link-profiles.server.ts";
import { readPersons } from "../identity/persons-store.server.ts";
import { type ComparedCustomer, customerRow, reasonsOf } from "./customer-rows.ts";
import { learnAside } from "./learn-aside.server.ts";
import { compareLearned, type Learned } from "./learned.ts";
import {
  countCustomers,
  countLikelyBetween,
  findCandidates,
  type LikelyPair,
  openPairsAfter,
  pairsOf,
  readCustomers,
  readCustomersAfter,
  readLearning,
  removePairs,
  takeToCompare,
  undecidedPairs,
  writeLearning,
  writePairs,
} from "./pairs-store.server.ts";

/** Two customers are suspected from here on: they are more likely one person than two. */
const SUSPECTED_FROM = 0.5;

const READ_AT_ONCE = 500;
const WRITTEN_AT_ONCE = 500;
const COMPARED_AT_ONCE = 100;
const CANDIDATES_OF_A_KIND = 20;
const MERGED_AT_ONCE = 200;
/** Past this many the memory of one machine is the limit; the newest are compared, who are those that come twice. */
const MOST_CUSTOMERS = 300_000;
const RELEARN_MS = 24 * 3_600_000;
/** With half as many again there is more to learn; a new shop waits for its first customers. */
const GROWTH = 1.5;
const FIRST_CUSTOMERS = 20;

type Ids = { low: string; high: string };

/**
 * Compares the customers of a shop who changed since they were last compared, and all of them with one another once a day or
 * when there are half as many again. Goes on where a run that was cut off had come to.
 * @param options.now business time, for since when somebody is suspected; options.real for when everything was learned.
 * @returns customers about whom suspicions changed, or who were merged by the automatic threshold.
 */
export async function compareShop(
  db: Db,
  shop: Shop,
  { signal, now, real }: { signal: AbortSignal; now(): Date; real(): Date },
): Promise<string[]> {
  const changed = new Set<string>();
  const note = (pairs: readonly Ids[]): void => pairs.forEach(({ low, high }) => changed.add(low).add(high));
  const { learned, customers, learnedAt } = await readLearning(db, shop.id);
  const present = await countCustomers(db, shop.id);
  const isOld = learnedAt !== null && real().getTime() - learnedAt.getTime() > RELEARN_MS;
  const hasGrown = present >= Math.max(FIRST_CUSTOMERS, customers * GROWTH);
  if (isOld || hasGrown) note(await learnShop(db, shop, present, { signal, now, real }));
  else if (learned) note(await compareChanged(db, shop, learned, signal, now));
  else await db.tx(async (tx) => void (await takeToCompare(tx, shop.id, WRITTEN_AT_ONCE)));
  for (const id of await mergeAutomatically(db, shop, real)) changed.add(id);
  return [...changed];
}

async function learnShop(
  db: Db,
  shop: Shop,
  present: number,
  { signal, now, real }: { signal: AbortSignal; now(): Date; real(): Date },
): Promise<Ids[]> {
  // Whoever changes from here on is compared again.
  while ((await db.tx((tx) => takeToCompare(tx, shop.id, WRITTEN_AT_ONCE))).length === WRITTEN_AT_ONCE)
    signal.throwIfAborted();
  const ids: string[] = [];
  const learnedAt = real();
  const found = await learnAside(pagesOf(db, shop, present, ids), {
    homeCountry: shop.country,
    from: SUSPECTED_FROM,
    signal,
  });
  const pairs = found.pairs.map(({ one, other, probability, reasons }) =>
    likelyPair(ids[one] ?? "", ids[other] ?? "", probability, reasons),
  );
  const changed: Ids[] = [];
  for (let at = 0; at < pairs.length; at += WRITTEN_AT_ONCE) {
    const some = pairs.slice(at, at + WRITTEN_AT_ONCE);
    changed.push(...(await db.tx((tx) => writeKnown(tx, shop, some, now()))));
  }
  changed.push(...(await removeOthers(db, shop, pairs)));
  await writeLearning(db, shop.id, { learned: found.learned, customers: ids.length, learnedAt });
  return changed;
}

/** @param ids gets the customers in the order in which they come */
async function* pagesOf(db: Db, shop: Shop, present: number, ids: string[]): AsyncGenerator<ComparedCustomer[]> {
  let left = Math.max(0, present - MOST_CUSTOMERS);
  for (let after = "-1"; ;) {
    const page = await readCustomersAfter(db, shop.id, after, READ_AT_ONCE);
    const last = page.at(-1);
    if (!last) return;
    after = last.customerId;
    const skipped = Math.min(left, page.length);
    left -= skipped;
    const compared = page.slice(skipped);
    for (const { customerId } of compared) ids.push(customerId);
    yield compared;
  }
}

/** Somebody may have been erased since their row was read. */
async function writeKnown(tx: Sql, shop: Shop, pairs: readonly LikelyPair[], now: Date): Promise<Ids[]> {
  await holdOffErasures(tx, shop.id);
  const present = await readCustomers(tx, shop.id, [...new Set(pairs.flatMap(({ low, high }) => [low, high]))]);
  const known = new Set(present.map(({ customerId }) => customerId));
  return writePairs(
    tx,
    shop.id,
    pairs.filter(({ low, high }) => known.has(low) && known.has(high)),
    now,
  );
}

async function removeOthers(db: Db, shop: Shop, pairs: readonly LikelyPair[]): Promise<Ids[]> {
  const kept = new Set(pairs.map(keyOf));
  const removed: Ids[] = [];
  for (let after: Ids = { low: "-1", high: "-1" }; ;) {
    const page = await openPairsAfter(db, shop.id, after, WRITTEN_AT_ONCE);
    const last = page.at(-1);
    if (!last) return removed;
    after = last;
    removed.push(
      ...(await removePairs(
        db,
        shop.id,
        page.filter((pair) => !kept.has(keyOf(pair))),
      )),
    );
  }
}

async function compareChanged(
  db: Db,
  shop: Shop,
  learned: Learned,
  signal: AbortSignal,
  now: () => Date,
): Promise<Ids[]> {
  const changed: Ids[] = [];
  for (;;) {
    signal.throwIfAborted();
    const step = await db.tx((tx) => compareSome(tx, shop, learned, now()));
    changed.push(...step.changed);
    if (step.taken < COMPARED_AT_ONCE) return changed;
  }
}

async function compareSome(
  tx: Sql,
  shop: Shop,
  learned: Learned,
  now: Date,
): Promise<{ taken: number; changed: Ids[] }> {
  await holdOffErasures(tx, shop.id);
  const taken = await takeToCompare(tx, shop.id, COMPARED_AT_ONCE);
  if (taken.length === 0) return { taken: 0, changed: [] };
  const candidates = await findCandidates(tx, shop.id, taken, CANDIDATES_OF_A_KIND);
  const customers = await readCustomers(tx, shop.id, [
    ...new Set(candidates.flatMap(({ one, other }) => [one, other])),
  ]);
  const place = new Map(customers.map(({ customerId }, at) => [customerId, at]));
  const compare = compareLearned(
    learned,
    customers.map((customer) => customerRow(customer, shop.country)),
  );
  const likely = new Map<string, LikelyPair>();
  for (const { one, other } of candidates) {
    const [here, there] = [place.get(one), place.get(other)];
    if (here === undefined || there === undefined) continue;
    const { probability, levels } = compare(here, there);
    const pair = likelyPair(one, other, probability, reasonsOf(learned.columns, levels));
    if (probability >= SUSPECTED_FROM) likely.set(keyOf(pair), pair);
  }
  const before = await pairsOf(tx, shop.id, taken);
  const fresh = await writePairs(tx, shop.id, [...likely.values()], now);
  const gone = await removePairs(
    tx,
    shop.id,
    before.filter((pair) => !likely.has(keyOf(pair))),
  );
  return { taken: taken.length, changed: [...fresh, ...gone] };
}

/**
 * Links what is at least as sure as the merchant asked for, where they asked, the surest first. A person grows only by somebody
 * who is that sure to be one with every member: a chain of likely pairs does not join its ends.
 */
async function mergeAutomatically(db: Db, shop: Shop, real: () => Date): Promise<string[]> {
  const merged: string[] = [];
  const { automaticFrom } = await readLearning(db, shop.id);
  if (automaticFrom === null) return merged;
  for (const pair of await undecidedPairs(db, shop.id, automaticFrom, MERGED_AT_ONCE)) {
    const linked = await db.tx(async (tx) => {
      const persons = await readPersons(tx, shop.id, pair);
      const [these, those] = [persons.get(pair[0])?.members ?? [pair[0]], persons.get(pair[1])?.members ?? [pair[1]]];
      if (these.includes(pair[1])) return false;
      const sure = await countLikelyBetween(tx, shop.id, [these, those], automaticFrom);
      if (sure < these.length * those.length) return false;
      return (await linkProfiles(tx, shop.id, pair, { automatic: true, now: real() })).outcome === "linked";
    });
    if (linked) merged.push(...pair);
  }
  return merged;
}

function likelyPair(one: string, other: string, probability: number, reasons: LikelyPair["reasons"]): LikelyPair {
  const [low, high] = BigInt(one) < BigInt(other) ? [one, other] : [other, one];
  return { low, high, probability, reasons };
}

function keyOf({ low, high }: Ids): string {
  return `${low} ${high}`;
}
