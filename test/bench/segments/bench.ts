import { readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createCallOut } from "../../../app/platform/call-out.server.ts";
import { catalogue } from "../../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../../app/jobs/local-queue.server.ts";
import { startPipeline } from "../../../app/jobs/pipeline.server.ts";
import { recompute } from "../../../app/jobs/recompute.server.ts";
import { enqueueProfiles } from "../../../app/profile/profile-store.server.ts";
import { systemClock } from "../../../app/platform/clock.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import { createLog } from "../../../app/platform/log.server.ts";
import { createMetrics } from "../../../app/platform/metrics.server.ts";
import { createDestinations } from "../../../app/sync/destinations.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { type BenchShop, membersText, openBenchShop, readRule, recordViews, type View } from "./bench-shop.ts";
import { VIEWED } from "./hundred-segments.ts";

const ROUNDS = 5;
const EVENTS_A_SECOND = 500;
const HOUR = 3_600_000;

const QUESTIONS = [
  {
    name: "Recent Browsers",
    file: "recent-browsers.sql",
    rule: "storefront.product_viewed MATCHES (date > -48h, distinct(id) >= 3) AND storefront.product_viewed MATCHES (date > -48h) THEN orders_placed NOT MATCHES ()",
  },
  {
    name: "a nested aggregate",
    file: "nested-aggregate.sql",
    rule: "orders_placed MATCHES (sum_amount > 200, average(amount) > 50) AND storefront.product_viewed MATCHES (date > -720h, distinct(id) >= 2)",
  },
  {
    name: "a sequence",
    file: "sequence.sql",
    rule: "storefront.product_viewed MATCHES (date > -168h) THEN WITHIN 2h orders_placed NOT MATCHES ()",
  },
];

/** Cost, throughput and punctuality of a hundred live segments, and new rules beside the same questions in hand-written SQL. */
export async function* benchSegments({ quick }: BenchOptions): AsyncIterable<Figure> {
  const sizes = quick ? [5_000, 50_000] : [10_000, 100_000, 1_000_000];
  const shops: BenchShop[] = [];
  const pool = quick ? 1_000 : 10_000;
  try {
    for (const size of sizes) shops.push(await openBenchShop(size, { eventsEach: quick ? 4 : 20 }));
    const largest = shops.at(-1);
    const smallest = shops[0];
    if (!largest || !smallest) return;
    yield* builds(largest);
    for (const shop of new Set([smallest, largest])) await settle(shop, pool);
    yield* growth(smallest, largest, pool, quick ? 200 : 1_000);
    yield line("events_per_s", await throughput(largest, pool, quick ? 3_000 : 30_000), "events/s");
    yield* punctuality(largest, pool, quick ? 8 : 60);
  } finally {
    for (const { drop } of shops) await drop();
  }
}

function line(figure: string, value: number, unit: string, more: Partial<Figure> = {}): Figure {
  return { bench: "segments", figure, value: Number(value.toPrecision(4)), unit, ...more };
}

/** A new rule over all profiles and their events beside hand-written SQL: equal answers, interleaved, the worst of the three. */
async function* builds(bench: BenchShop): AsyncIterable<Figure> {
  const ratios: number[] = [];
  for (const { name, file, rule } of QUESTIONS) {
    const at = new Date();
    const ours = await membersText(bench.db, bench.shop, readRule(rule), at);
    const theirs = {
      text: await readFile(new URL(`./${file}`, import.meta.url), "utf8"),
      values: [bench.shop, at] as unknown[],
    };
    const members = await idsOf(bench, ours);
    const expected = await idsOf(bench, theirs);
    if (members.length === 0 || members.join() !== expected.join()) {
      throw new Error(`${name}: ${members.length} members, hand-written SQL finds ${expected.length}.`);
    }
    const times: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push([await timeOf(() => countOf(bench, ours)), await timeOf(() => countOf(bench, theirs))]);
    }
    const [muster, baseline] = [median(times.map(([own]) => own)), median(times.map(([, other]) => other))];
    ratios.push(muster / baseline);
    const compared = {
      method: "muster",
      baseline: Number(baseline.toPrecision(4)),
      ratio: Number((muster / baseline).toPrecision(4)),
    };
    yield line(`build: ${name}, ${members.length} of ${bench.customers}`, muster, "ms", compared);
  }
  yield line("build_vs_sql", Math.max(...ratios), "times");
}

async function idsOf({ db }: BenchShop, { text, values }: { text: string; values: unknown[] }): Promise<string[]> {
  const { rows } = await db.query<{ customer_id: string }>(text, values);
  return rows.map((row) => row.customer_id).sort();
}

async function countOf({ db }: BenchShop, { text, values }: { text: string; values: unknown[] }): Promise<void> {
  await db.query(`SELECT count(*) FROM (${text}) AS members`, values);
}

/** What one event costs from its record to stored memberships, in the largest shop over the smallest. */
async function* growth(small: BenchShop, large: BenchShop, pool: number, events: number): AsyncIterable<Figure> {
  const rounds: { small: number; large: number }[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const cost = async (bench: BenchShop): Promise<number> =>
      (await timeOf(() => decideViews(bench, viewsOf(bench, pool, events)))) / events;
    const measured = { small: await cost(small), large: await cost(large) };
    // The first warms up.
    if (round >= 0) rounds.push(measured);
  }
  const [first, last] = [median(rounds.map((each) => each.small)), median(rounds.map((each) => each.large))];
  yield line(`cost of an event, ${small.customers} profiles`, first, "ms");
  yield line(`cost of an event, ${large.customers} profiles`, last, "ms");
  yield line("event_cost_growth", median(rounds.map((each) => each.large / each.small)), "times");
}

let turn = 0;

/** @param pool so many customers, all over the shop, are whose events are measured */
function customerAt(turn: number, { customers }: BenchShop, pool: number): number {
  return 1 + (((turn % pool) * 7_919) % customers);
}

/** What is stored of them when it begins is exact, as it is of everybody after a build, and vacuumed, as by then it is by itself. */
async function settle(bench: BenchShop, pool: number): Promise<void> {
  const measured = Array.from({ length: pool }, (_, index) => String(customerAt(index, bench, pool)));
  await enqueueProfiles(bench.db, bench.shop, measured, new Date());
  await decideWaiting(bench);
  await bench.db.query("VACUUM (ANALYZE)");
}

function viewsOf(bench: BenchShop, pool: number, count: number): View[] {
  return Array.from({ length: count }, () => {
    turn += 1;
    return { customer: customerAt(turn, bench, pool), product: String(1 + (turn % 100)), at: new Date() };
  });
}

async function decideViews(bench: BenchShop, views: readonly View[]): Promise<void> {
  for (let index = 0; index < views.length; index += 100) await recordViews(bench, views.slice(index, index + 100));
  await decideWaiting(bench);
}

/** Two workers at once, as in the app; the embedded database has one connection. */
async function decideWaiting(bench: BenchShop): Promise<void> {
  const work = async (): Promise<void> => {
    while ((await decideBatch(bench)).more);
  };
  await Promise.all(workersOf(bench).map(work));
}

function decideBatch({ db, shop }: BenchShop): ReturnType<typeof recompute> {
  return recompute(db, shop, { limit: db.embedded ? 100 : 200, now: new Date(), coalesceMs: 1_000 });
}

function workersOf({ db }: BenchShop): number[] {
  return db.embedded ? [1] : [1, 2];
}

/**
 * Events are recorded while the workers decide, as they are by the doors of the app; from the first record to the last stored
 * membership. So few are recorded ahead that nobody waits with two of them, which would be decided as one.
 */
async function throughput(bench: BenchShop, pool: number, events: number): Promise<number> {
  const ahead = Math.min(2_000, pool / 2);
  let recorded = 0;
  let decided = 0;
  const record = async (): Promise<void> => {
    while (recorded < events) {
      if (recorded - decided > ahead) await wait(1);
      else {
        await recordViews(bench, viewsOf(bench, pool, 100));
        recorded += 100;
      }
    }
  };
  const work = async (): Promise<void> => {
    while (decided < events) {
      const { taken } = await decideBatch(bench);
      decided += taken;
      if (taken > 0) continue;
      if (recorded >= events) return;
      await wait(1);
    }
  };
  const milliseconds = await timeOf(async () => {
    await Promise.all([record(), ...workersOf(bench).map(work)]);
  });
  if (decided !== recorded) throw new Error(`${recorded} events were recorded and ${decided} decided.`);
  return (recorded * 1_000) / milliseconds;
}

/**
 * With 500 events a second through the app's own jobs, each of which puts somebody into a segment: how long from an event to the
 * membership, and how long after the end of a window the member is out. Both as seen from outside, by looking every 20 ms.
 */
async function* punctuality(bench: BenchShop, pool: number, seconds: number): AsyncIterable<Figure> {
  const { db, shop } = bench;
  const [leave, ...enter] = VIEWED;
  // Nobody enters a segment twice.
  if (seconds * EVENTS_A_SECOND > enter.length * pool) throw new Error(`${pool} customers are too few.`);
  const exits = Math.min(pool, seconds * 100);
  const begin = Date.now() + 4_000;
  // They looked an hour ago, so that they leave one after the other while the events come.
  const leaving = Array.from({ length: exits }, (_, index) => ({
    customer: customerAt(index, bench, pool),
    product: leave?.product ?? "",
    at: new Date(begin + (index * seconds * 1_000) / exits - HOUR),
  }));
  await decideViews(bench, leaving);
  const log = createLog("silent");
  const queue = createLocalQueue({ catalogue, log });
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const nowhere = "http://127.0.0.1:9";
  const destinations = createDestinations({
    crypto,
    callOut: createCallOut(),
    klaviyoUrl: nowhere,
    mailchimpUrl: nowhere,
  });
  const stop = startPipeline({ db, queue, clock: systemClock, log, metrics: createMetrics(), crypto, destinations });
  const watch = watchMemberships(bench, leave?.key ?? "", begin);
  await wait(Math.max(0, begin - Date.now()));
  const perTurn = 10;
  for (let sent = 0; sent < seconds * EVENTS_A_SECOND; sent += perTurn) {
    const due = begin + (sent / EVENTS_A_SECOND) * 1_000;
    if (due > Date.now()) await wait(due - Date.now());
    const segment = enter[Math.floor(sent / pool)];
    // An open loop: latency counts from when the event was due, waiting included.
    const views = Array.from({ length: perTurn }, (_, index) => {
      const customer = customerAt(sent + index, bench, pool);
      watch.entering.set(`${customer} ${segment?.key}`, due);
      return { customer, product: segment?.product ?? "", at: new Date(due) };
    });
    void recordViews(bench, views).then(() => queue.ring("profiles", { shopId: shop }, { key: String(shop) }));
  }
  for (let tries = 0; tries < 100 && (watch.entering.size > 0 || watch.lateness.length < exits); tries += 1)
    await wait(50);
  await watch.end();
  stop();
  await queue.close();
  if (watch.entering.size > 0)
    throw new Error(`${watch.entering.size} events led to no membership within five seconds.`);
  if (watch.lateness.length < exits)
    throw new Error(`${exits - watch.lateness.length} of ${exits} did not leave in time.`);
  yield line("event_to_membership_p99_s", quantile(watch.latencies, 0.99) / 1_000, "s");
  yield line("exit_lateness_p99_s", quantile(watch.lateness, 0.99) / 1_000, "s");
}

/** Sees memberships change as it is stored. @param begin exits from then on count */
function watchMemberships({ db, shop }: BenchShop, leave: string, begin: number) {
  const entering = new Map<string, number>();
  const latencies: number[] = [];
  const lateness: number[] = [];
  const out = new Set<string>();
  let watching = true;
  let latest = 0;
  const look = async (): Promise<void> => {
    // Two workers commit in another order than they count, so the last few are looked at again.
    const { rows } = await db.door.query<{ id: string; who: string; key: string; change: string; at: Date }>(
      `SELECT c.id, c.customer_id || ' ' || s.key AS who, s.key, c.change, c.at FROM segments s
       JOIN membership_changes c ON c.shop_id = s.shop_id AND c.segment_id = s.id AND c.id > $3
       WHERE s.shop_id = $1 AND s.key = ANY($2::text[])`,
      [shop, VIEWED.map(({ key }) => key), latest - 2_000],
    );
    const seenAt = Date.now();
    for (const { id, who, key, change, at } of rows) {
      latest = Math.max(latest, Number(id));
      const due = entering.get(who);
      if (due !== undefined && change === "entered") {
        latencies.push(seenAt - due);
        entering.delete(who);
      }
      if (key === leave && change === "left" && at.getTime() >= begin && !out.has(who)) {
        out.add(who);
        lateness.push(seenAt - at.getTime());
      }
    }
  };
  const running = (async () => {
    while (watching) {
      await look();
      await wait(20);
    }
  })();
  const end = async (): Promise<void> => {
    watching = false;
    await running;
  };
  return { entering, latencies, lateness, end };
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const ascending = values.toSorted((left, right) => left - right);
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? NaN;
}
