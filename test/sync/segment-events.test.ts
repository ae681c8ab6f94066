import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { bookEvents, countEvents, saveSegmentEvents } from "../../app/sync/events/events-store.server.ts";
import { PauseConnection, Refused } from "../../app/sync/retry-classes.ts";
import type { FaultSettings } from "../sandbox/faults.ts";
import { openAnyDatabase, preparing } from "../support/database.ts";
import { addressOf, createWorld, crowd, type Someone, type World } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(() => db.close());

const TROUBLE: FaultSettings = {
  rate429: 0.02,
  wrongRetryAfter: 0.02,
  rate500: 0.1,
  timeoutAfterApply: 0.15,
  badBody: 0.1,
  truncated: 0.1,
  seed: 11,
  holdMillis: 1,
};

/** What the platform recorded: who, what, whether as history; in the order of the addresses. */
async function recorded(world: World): Promise<string[]> {
  const state = (await (await fetch(`${world.vendor.url}/__sandbox/state`)).json()) as {
    accounts: { ACC?: { writtenEvents: { metric: string; email: string; backfill: boolean }[] } };
  };
  const events = state.accounts.ACC?.writtenEvents ?? [];
  return events.map(({ metric, email, backfill }) => `${email} ${metric}${backfill ? ", history" : ""}`).toSorted();
}

const entered = (id: number, history = false) => `${addressOf(id)} Entered Muster Segment${history ? ", history" : ""}`;
const left = (id: number) => `${addressOf(id)} Left Muster Segment`;

/** As a decision does it: who is in the segment changes, and it is booked with that. */
async function decide(
  world: World,
  come: readonly Someone[],
  go: readonly number[] = [],
  now = new Date(),
): Promise<void> {
  await world.put(come);
  await world.leave(go);
  const { rows } = await db.query<{ customerId: string; member: boolean; at: Date }>(
    `SELECT DISTINCT ON (customer_id) customer_id AS "customerId", left_at IS NULL AS member, coalesce(left_at, entered_at) AS at
     FROM memberships WHERE shop_id = $1 AND customer_id = ANY ($2::bigint[]) ORDER BY customer_id, entered_at DESC`,
    [world.shop, [...come.map(({ id }) => id), ...go]],
  );
  const transitions = rows.map((row) => ({ ...row, segmentId: world.segmentId }));
  const moment = { now, realNow: world.now(), backfill: false };
  await db.tx((tx) => bookEvents(tx, world.shop, transitions, moment));
}

async function withEvents(world: World): Promise<void> {
  await world.connectOnly();
  const { rows } = await db.query<{ id: number }>(
    "UPDATE destinations SET every_segment = true WHERE shop_id = $1 RETURNING id",
    [world.shop],
  );
  await saveSegmentEvents(db, world.shop, rows[0]?.id ?? 0, true);
  await world.connect();
}

async function judged(work: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld(db, "klaviyo");
  try {
    await work(world);
    expect(world.wire.complaints()).toEqual([]);
    const { consentRaised, duplicateEffects, overLimit } = world.vendor.ledger();
    expect({ consentRaised, duplicateEffects, overLimit }).toEqual({
      consentRaised: 0,
      duplicateEffects: 0,
      overLimit: 0,
    });
  } finally {
    await world.vendor.close();
  }
}

test("every entry and exit is an event of its own, once, through every fault; whoever may not be in the audience is none", () =>
  judged(async (world) => {
    await world.vendor.faults(TROUBLE);
    await world.put(crowd(20));
    await withEvents(world);
    expect(await world.settle()).toBe("settled");
    await decide(world, [{ id: 30 }, { id: 31, consent: "unsubscribed" }, { id: 32, email: null }], [1, 2]);
    // The same decision again is no second event.
    await decide(world, [{ id: 30 }], []);
    expect(await world.settle()).toBe("settled");
    await decide(world, [{ id: 1 }], [30]);
    expect(await world.settle()).toBe("settled");
    const history = crowd(20).map(({ id }) => entered(id, true));
    expect(await recorded(world)).toEqual([...history, entered(30), left(1), left(2), entered(1), left(30)].toSorted());
    const { rows } = await db.query<{ outcome: string; customers: number[] }>(
      `SELECT outcome, array_agg(customer_id::int ORDER BY customer_id) AS customers FROM segment_events
       WHERE shop_id = $1 AND outcome <> 'sent' GROUP BY outcome`,
      [world.shop],
    );
    expect(rows).toEqual([{ outcome: "not_in_audience", customers: [31, 32] }]);
  }));

test("news older than a day is recorded as history, which starts nothing at the platform", () =>
  judged(async (world) => {
    await world.put([{ id: 1 }]);
    await withEvents(world);
    await world.settle();
    await decide(world, [{ id: 2 }], [1], new Date(Date.now() + 25 * 3_600_000));
    await world.settle();
    expect(await recorded(world)).toEqual([entered(1, true), `${left(1)}, history`, entered(2, true)].toSorted());
  }));

test("a key that may not write events keeps the audience in step and says so; off, nothing that waits is sent any more", () =>
  judged(async (world) => {
    await world.put([{ id: 1 }]);
    await withEvents(world);
    const { open } = world.destinations;
    const sendEvent = () => Promise.reject(new PauseConnection("The key lacks the permission events:write", 403));
    world.destinations.open = (shop, row) => ({ ...open(shop, row), sendEvent });
    expect((await world.sync()).outcome).not.toBe("paused");
    const [{ destinationId, acked }] = [await world.overview()];
    expect(acked).toBe(1);
    expect(await countEvents(db, world.shop, destinationId)).toEqual({ waiting: 1, forbidden: 1 });
    await saveSegmentEvents(db, world.shop, destinationId, false);
    expect(await countEvents(db, world.shop, destinationId)).toEqual({ waiting: 0, forbidden: 0 });
    expect(await recorded(world)).toEqual([]);
  }));

test.each([
  ["a gateway's page", "<html>Bad request</html>", "waiting"],
  ["half an answer", undefined, "waiting"],
  ["the platform's own words", { errors: [{ code: "invalid", detail: "No such metric" }] }, "refused (HTTP 400)"],
])("an event that is answered 400 with %s is given up only in the platform's own words", (_, body, outcome) =>
  judged(async (world) => {
    await world.put([{ id: 1 }]);
    await withEvents(world);
    const { open } = world.destinations;
    const sendEvent = () => Promise.reject(new Refused(400, body));
    world.destinations.open = (shop, row) => ({ ...open(shop, row), sendEvent });
    await world.sync();
    const { rows } = await db.query("SELECT outcome FROM segment_events WHERE shop_id = $1", [world.shop]);
    expect(rows).toEqual([{ outcome }]);
  }),
);

const MORE_THAN_THERE_ARE = 200;
const AT_ONCE = 8;

test("a process that is killed before anything it does sends no event twice and leaves none out", async () => {
  const runKilledAt = async (nth: number): Promise<number> => {
    let effects = 0;
    await judged(async (world) => {
      await world.put([{ id: 1 }, { id: 2 }]);
      await withEvents(world);
      await world.settle();
      await decide(world, [{ id: 3 }], [1]);
      const run = await world.syncKilledAt(nth);
      effects = run.effects.length;
      expect(await world.settle()).toBe("settled");
      const where = `killed before ${run.effects.at(-1)} (effect ${nth})`;
      expect(await recorded(world), where).toEqual(
        [entered(1, true), left(1), entered(2, true), entered(3)].toSorted(),
      );
    });
    return effects;
  };
  const effects = await runKilledAt(MORE_THAN_THERE_ARE);
  const points = Array.from({ length: effects }, (_, at) => at + 1);
  for (let at = 0; at < points.length; at += AT_ONCE)
    await Promise.all(points.slice(at, at + AT_ONCE).map(runKilledAt));
});
