import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PARTS } from "../../app/ingest/parts.ts";
import { buildSegments } from "../../app/jobs/build.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { takeDueTimers } from "../../app/jobs/take-due-timers.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { writeTraits } from "../../app/profile/merchant-api/rows-store.server.ts";
import { enqueueNamed, enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { startBuilds } from "../../app/segment/builds-store.server.ts";
import { compileRule } from "../../app/segment/evaluation/compile.ts";
import type { CustomerHistory, Interval, Shop } from "../../app/segment/evaluation/customer-history.ts";
import { intervalsUpTo, type Stretch } from "../../app/segment/evaluation/intervals.ts";
import { activityOf, applyPolicies } from "../../app/segment/evaluation/policies.ts";
import { printText } from "../../app/segment/language/print-text.ts";
import type { Rule } from "../../app/segment/language/tree.ts";
import { isUndated } from "../../app/segment/segment.ts";
import { listSegments } from "../../app/segment/segment-store.server.ts";
import { createSegment, publishRule } from "../../app/segment/versions-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import {
  arbitraryFacts,
  type CustomerFacts,
  historyOfFacts,
  identifierOf,
  insertFacts,
  traitValue,
} from "./arbitrary-facts.ts";
import { PLACES } from "./arbitrary-history.ts";
import { arbitraryRule, dictionary } from "./arbitrary-rule.ts";
import { oracleCandidates, oracleHolds } from "./oracle.ts";
import { openAnyDatabase } from "../support/database.ts";

const WORLDS = process.env["MUSTER_LONG"] ? 1_000 : 8;
const CUSTOMERS = 3;
const DAY = 86_400_000;
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
}, 60_000);

afterAll(async () => {
  await db.close();
});

/** What the app itself finds out, and what has no past, is no question of when something arrived. */
const dated = arbitraryRule.filter(({ when }) => {
  const { reads } = compileRule({ when }, { timeZone: "UTC", currency: "EUR" }, dictionary);
  const own = ["data_quality_findings", "suspected_duplicate"];
  return ![...reads.attributes].some((name) => isUndated(name) || own.includes(name));
});
const alone = dated.filter(({ when }) => !JSON.stringify(when).includes('"segments"'));

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("arrive" as const), which: fc.nat(1_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      // A minute, a night, or as long as a worker that was down for days.
      for: fc.constantFrom(60_000, 900_001, 3_600_000, 43_200_000, 5 * DAY),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("timers" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("work" as const), behind: fc.constantFrom(0, 0, 60_000, DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("look" as const) }) },
);

const world = fc.record({
  place: fc.constantFrom(...PLACES),
  elsewhere: fc.constantFrom("Asia/Kolkata", "America/New_York", "Pacific/Apia"),
  customers: fc.array(
    arbitraryFacts.map((facts) => ({ ...facts, deleted: false, findings: [], stays: [], suspected: null })),
    { minLength: CUSTOMERS, maxLength: CUSTOMERS },
  ),
  rules: fc.tuple(alone, alone, dated, dated, dated, dated),
  other: dated,
  steps: fc.array(step, { minLength: 25, maxLength: 40 }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
type Step = World["steps"][number];

it(
  "memberships kept step by step are the oracle's, with their times, whatever came late or never and however time jumped",
  async () => {
    const seed = Number(process.env["MUSTER_SEED"] ?? Date.now() % 1_000_000_000);
    const seen = { intervals: 0, ended: 0, looks: 0 };
    for (let round = 0; round < WORLDS; round += 1) {
      const [given] = fc.sample(world, { seed: seed + round, numRuns: 1 });
      if (given) await liveThrough(given, seed + round, seen);
    }
    expect(seen.looks).toBeGreaterThan(WORLDS * 3);
    expect(seen.intervals).toBeGreaterThan(WORLDS * 10);
    expect(seen.ended).toBeGreaterThan(WORLDS * 3);
  },
  process.env["MUSTER_LONG"] ? 3 * 3_600_000 : 300_000,
);

async function liveThrough(
  given: World,
  seed: number,
  seen: { intervals: number; ended: number; looks: number },
): Promise<void> {
  const { place, elsewhere, customers, rules, other, steps } = given;
  const base = Date.parse(place[1]);
  const shop: Shop = { timeZone: place[0], currency: "EUR" };
  const { id } = await ensureShop(db, `incremental-${seed}.myshopify.com`);
  await setZone(id, shop.timeZone);
  const live = new Map<string, Rule>();
  for (const [index, rule] of rules.entries()) {
    const key = ["loyal", "vip"][index] ?? `segment ${index}`;
    const about = { author: "test", message: "", now: new Date(base) };
    await db.tx((tx) => createSegment(tx, id, { key, name: key, rule, ...about }));
    live.set(key, rule);
  }
  await begin(id, base, customers);
  const arrived = new Set<string>();
  const clock = { now: base - 3 * DAY };
  const look = async (context: Shop): Promise<void> => {
    await settle(id, clock.now);
    seen.looks += 1;
    const stored = await readStored(id);
    const now = new Date(clock.now);
    for (let customer = 1; customer <= CUSTOMERS; customer += 1) {
      const truth = truthOf(customers, customer, base, arrived);
      const expected = expectedStays(live, context, truth, now);
      for (const [key, stays] of expected) {
        seen.intervals += stays.length;
        seen.ended += stays.filter(({ leftAt }) => leftAt !== null).length;
        const found = stored.get(`${customer} ${key}`) ?? [];
        if (!isDeepStrictEqual(found, stays)) {
          const text = printText(live.get(key) as Rule);
          throw new Error(inspect({ seed, key, text, now, context, customer, found, stays, truth }, { depth: 9 }));
        }
      }
    }
  };
  await enqueueProfiles(db, id, ["1", "2", "3"], new Date());
  for (const each of steps) await take(each, { id, base, customers, arrived, clock, look: () => look(shop) });
  await look(shop);
  await expectChanges(id, seed);
  const [segment] = (await listSegments(db, id)).filter(({ key }) => key === "segment 3");
  if (!segment) throw new Error("no segment");
  live.set(segment.key, other);
  await db.tx((tx) => publishRule(tx, id, segment.id, { rule: other, author: "test", message: "", now: new Date() }));
  await build(id, clock.now);
  await look(shop);
  await setZone(id, elsewhere);
  await db.tx(async (tx) => startBuilds(tx, id, await listSegments(tx, id), new Date()));
  await build(id, clock.now);
  await look({ ...shop, timeZone: elsewhere });
}

interface Living {
  id: ShopId;
  base: number;
  customers: readonly CustomerFacts[];
  arrived: Set<string>;
  clock: { now: number };
  look(): Promise<void>;
}

async function take(step: Step, { id, base, customers, arrived, clock, look }: Living): Promise<void> {
  switch (step.do) {
    case "arrive": {
      const waiting = customers.flatMap((facts, index) =>
        [
          ...facts.orders.flatMap(({ counts }, place) => (counts ? [`orders ${index + 1} ${place}`] : [])),
          ...facts.events.map((_event, place) => `events ${index + 1} ${place}`),
          ...facts.checkouts.map((_checkout, place) => `checkouts ${index + 1} ${place}`),
          ...facts.traits.map((_word, place) => `traits ${index + 1} ${place}`),
        ].filter((unit) => !arrived.has(unit)),
      );
      const unit = waiting[step.which % Math.max(waiting.length, 1)];
      if (unit?.startsWith("traits ")) await arriveWord(id, base, customers, unit, arrived);
      else if (unit !== undefined) await arrive(id, unit, arrived);
      return;
    }
    case "wait":
      clock.now += step.for;
      return;
    case "timers":
      return void (await takeDueTimers(db, new Date(clock.now), 2));
    case "work":
      // The clock of a worker may be behind the one by which timers were taken.
      await recompute(db, id, { limit: 2, now: new Date(clock.now - step.behind), coalesceMs: 0 });
      return;
    case "look":
      return look();
  }
}

/** Everything is in the tables but counts for nobody yet. */
async function begin(shop: ShopId, base: number, customers: readonly CustomerFacts[]): Promise<void> {
  await insertFacts(db, shop, base, customers);
  await db.query("UPDATE orders SET test = true WHERE shop_id = $1", [shop]);
  await db.query("UPDATE events SET customer_id = NULL WHERE shop_id = $1", [shop]);
  await db.query("UPDATE checkouts SET customer_id = NULL WHERE shop_id = $1", [shop]);
  await db.query("DELETE FROM profile_traits WHERE shop_id = $1", [shop]);
}

/** A pipeline tells of one trait, and nothing is said but which. */
async function arriveWord(
  shop: ShopId,
  base: number,
  customers: readonly CustomerFacts[],
  unit: string,
  arrived: Set<string>,
): Promise<void> {
  const [, customer = "", place = ""] = unit.split(" ");
  const word = customers[Number(customer) - 1]?.traits[Number(place)];
  if (!word) throw new Error("no such word");
  arrived.add(unit);
  await db.tx(async (tx) => {
    const identifierId = String(identifierOf(shop, Number(customer), word.under));
    const told = { identifierId, name: word.name, value: traitValue(word, base), saidAt: new Date(base + word.at) };
    await writeTraits(tx, shop, [told], { receivedAt: new Date(), keyId: null });
    await enqueueNamed(tx, shop, new Map([[customer, [`traits.${word.name}`]]]), new Date());
  });
}

async function arrive(shop: ShopId, unit: string, arrived: Set<string>): Promise<void> {
  const [kind, customer = "", place = ""] = unit.split(" ");
  arrived.add(unit);
  await db.tx(async (tx) => {
    if (kind === "orders") {
      const id = Number(customer) * 100 + Number(place);
      await tx.query("UPDATE orders SET test = false WHERE shop_id = $1 AND id = $2", [shop, id]);
    } else if (kind === "events") {
      const values = [shop, customer, `${customer} ${place}`];
      const { rows } = await tx.query<{ kind: string }>(
        "UPDATE events SET customer_id = $2 WHERE shop_id = $1 AND source_id = $3 RETURNING kind",
        values,
      );
      // Most doors say of which kind they are.
      if (Number(place) % 3 !== 2) {
        return void (await enqueueNamed(tx, shop, new Map([[customer, rows.map(({ kind: of }) => of)]]), new Date()));
      }
    } else {
      const values = [shop, customer, `${customer} ${place}`];
      await tx.query("UPDATE checkouts SET customer_id = $2 WHERE shop_id = $1 AND token = $3", values);
    }
    await enqueueProfiles(tx, shop, new Map([[customer, PARTS[kind as "orders"]]]), new Date());
  });
}

function truthOf(
  customers: readonly CustomerFacts[],
  customer: number,
  base: number,
  arrived: ReadonlySet<string>,
): CustomerHistory {
  const facts = customers[customer - 1];
  if (!facts) throw new Error("no such customer");
  const held = (kind: string, place: number): boolean => arrived.has(`${kind} ${customer} ${place}`);
  const part = {
    ...facts,
    orders: facts.orders.map((order, place) => ({ ...order, counts: order.counts && held("orders", place) })),
    events: facts.events.filter((_event, place) => held("events", place)),
    checkouts: facts.checkouts.filter((_checkout, place) => held("checkouts", place)),
    traits: facts.traits.filter((_word, place) => held("traits", place)),
  };
  const history = historyOfFacts(part, customer, base);
  // Starting a checkout and giving consent are activity too.
  const started = part.checkouts.map(({ started: by }) => ({ at: new Date(base + by), properties: {} }));
  const consented = facts.consent ? [{ at: new Date(base + facts.consent.at), properties: {} }] : [];
  return { ...history, events: { ...history.events, checkouts_started: started, consent_changed: consented } };
}

/** The stays of all segments up to now: the oracle at every instant at which it could turn, then the policies. */
function expectedStays(
  rules: ReadonlyMap<string, Rule>,
  shop: Shop,
  truth: CustomerHistory,
  now: Date,
): Map<string, Interval[]> {
  const all = new Map<string, Interval[]>();
  for (const [key, rule] of rules) {
    const memberships = Object.fromEntries([...all].filter(([other]) => JSON.stringify(rule).includes(`"${other}"`)));
    const known = { ...truth, memberships };
    const stays = applyPolicies(stretchesBy(rule, shop, known, now), activityOf(truth), rule);
    all.set(key, intervalsUpTo(stays, now).intervals);
  }
  return all;
}

function stretchesBy(rule: Rule, shop: Shop, truth: CustomerHistory, now: Date): Stretch[] {
  const from = truth.existsFrom.getTime();
  const days = Math.ceil((now.getTime() - from) / DAY) + 1;
  const instants = [from, ...oracleCandidates(rule.when, shop, truth, from, days).flatMap((at) => [at, at + 1])];
  const stretches: Stretch[] = [];
  let holds = false;
  for (const at of instants.filter((instant) => instant <= now.getTime())) {
    const next = oracleHolds(rule.when, shop, truth, at);
    if (next === holds) continue;
    if (next) stretches.push({ from: at, to: Infinity });
    else (stretches.at(-1) as Stretch).to = at;
    holds = next;
  }
  return stretches;
}

async function settle(shop: ShopId, now: number): Promise<void> {
  for (;;) {
    const { rows } = await db.query<{ work: boolean }>(
      `SELECT EXISTS (SELECT FROM profile_queue WHERE shop_id = $1)
         OR EXISTS (SELECT FROM timers WHERE shop_id = $1 AND due_at <= $2) AS work`,
      [shop, new Date(now)],
    );
    if (!rows[0]?.work) return;
    await takeDueTimers(db, new Date(now), 2);
    await recompute(db, shop, { limit: 2, now: new Date(now), coalesceMs: 0 });
  }
}

async function build(shop: ShopId, now: number): Promise<void> {
  while ((await buildSegments(db, shop, { limit: 2, now: new Date(now), coalesceMs: 0 })).more);
}

async function setZone(shop: ShopId, timeZone: string): Promise<void> {
  await db.query("UPDATE shops SET time_zone = $2, currency = 'EUR' WHERE id = $1", [shop, timeZone]);
}

async function readStored(shop: ShopId): Promise<Map<string, Interval[]>> {
  const { rows } = await db.query<{ at: string; entered_at: Date; left_at: Date | null }>(
    `SELECT m.customer_id || ' ' || s.key AS at, m.entered_at, m.left_at
     FROM memberships m JOIN segments s ON s.id = m.segment_id WHERE m.shop_id = $1 ORDER BY m.entered_at`,
    [shop],
  );
  return new Map(
    [...Map.groupBy(rows, ({ at }) => at)].map(([at, stays]) => [
      at,
      stays.map((stay) => ({ enteredAt: stay.entered_at, leftAt: stay.left_at })),
    ]),
  );
}

/** Every entry and every exit that stands was written down as a change. */
async function expectChanges(shop: ShopId, seed: number): Promise<void> {
  const { rows } = await db.query(
    `SELECT m.* FROM memberships m WHERE m.shop_id = $1 AND (
       NOT EXISTS (SELECT FROM membership_changes c WHERE c.shop_id = $1 AND c.segment_id = m.segment_id
         AND c.customer_id = m.customer_id AND c.change = 'entered' AND c.at = m.entered_at)
       OR (m.left_at IS NOT NULL AND NOT EXISTS (SELECT FROM membership_changes c WHERE c.shop_id = $1
         AND c.segment_id = m.segment_id AND c.customer_id = m.customer_id AND c.change = 'left' AND c.at = m.left_at)))`,
    [shop],
  );
  if (rows.length > 0) throw new Error(inspect({ seed, unrecorded: rows }));
}
