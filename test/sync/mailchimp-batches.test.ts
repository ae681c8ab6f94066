import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { chooseAudience, startAudience } from "../../app/sync/audience-store.server.ts";
import { ensureAudiences } from "../../app/sync/projection-store.server.ts";
import type { FaultSettings } from "../sandbox/faults.ts";
import { addressOf, createWorld, crowd, type World } from "./world.ts";
import { openAnyDatabase, preparing } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(() => db.close());

const FIELD = "MORDERS";
const EVERYBODY = crowd(130);

/** Everybody is in the audience with no order, and then each has ordered as often as their number says. */
async function settledWithOrders(people = EVERYBODY): Promise<World> {
  const world = await createWorld(db, "mailchimp");
  await world.put(people);
  const at = { destinationId: await world.connectOnly(), segmentId: world.segmentId };
  const traits = [{ trait: "orders_count", field: FIELD }];
  const chosen = await chooseAudience(db, world.shop, at, {
    remoteId: null,
    nonSubscribed: false,
    guardShare: null,
    traits,
  });
  await ensureAudiences(db, world.shop, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
  await startAudience(db, world.shop, chosen?.id ?? 0, { warmUp: false, now: world.now() });
  expect(await world.settle()).toBe("settled");
  await order(world, 0, people);
  return world;
}

/** Everybody has ordered once more than before, by so many. */
async function order(world: World, more: number, people = EVERYBODY): Promise<void> {
  const orders = `UPDATE profiles SET orders_count = customer_id + $3 WHERE shop_id = $1 AND customer_id = ANY ($2::bigint[])`;
  const ids = people.map(({ id }) => id);
  await db.query(orders, [world.shop, ids, more]);
  await world.project(ids);
}

/** One after the other: this key, too, has ten connections. */
async function written(world: World, ids: readonly number[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const id of ids) values.push(...(await world.vendor.traits(addressOf(id), [FIELD])));
  return values;
}

const callsOf = (world: World, operation: string): number =>
  Object.values(world.vendor.ledger().byOperation[operation] ?? {}).reduce((sum, count) => sum + count, 0);

/** What the vendor's own books say in the end. */
async function judge(world: World): Promise<void> {
  await world.vendor.faults({});
  const { consentRaised, consentRefused, duplicateEffects, overLimitShare } = world.vendor.ledger();
  expect({ consentRaised, consentRefused, duplicateEffects }).toEqual({
    consentRaised: 0,
    consentRefused: 0,
    duplicateEffects: 0,
  });
  expect(overLimitShare).toBeLessThanOrEqual(0.01);
  const { rows } = await db.query(`SELECT FROM vendor_batches WHERE shop_id = $1`, [world.shop]);
  expect(rows).toEqual([]);
  expect(await world.reconcile()).toMatchObject({ equal: true, repaired: 0 });
}

async function inWorld(work: (world: World) => Promise<void>, people = EVERYBODY): Promise<void> {
  const world = await settledWithOrders(people);
  try {
    await work(world);
  } finally {
    await world.vendor.close();
  }
}

describe("many contacts who are there and whose traits change", () => {
  test.concurrent("are written with few calls, and nobody's status with them", { timeout: 60_000 }, async () => {
    const people = crowd(1_200);
    await inWorld(async (world) => {
      await world.vendor.personDecides("unsubscribe", addressOf(7));
      const statuses = await world.vendor.people();
      const before = world.vendor.ledger().requests;
      expect(await world.settle(2_000)).toBe("settled");
      expect(world.vendor.ledger().requests - before).toBeLessThan(60);
      expect(callsOf(world, "putMember")).toBe(0);
      expect(callsOf(world, "createBatch")).toBe(3);
      expect(await written(world, [1, 7, 600, 1_200])).toEqual([1, 7, 600, 1_200]);
      expect(await world.vendor.people()).toEqual(statuses);
      await judge(world);
    }, people);
  });

  const FAULTS: Record<string, FaultSettings> = {
    "batches of which half the operations fail": { partial: 0.5 },
    "429s inside a batch": { throttledRows: 0.7 },
    "batches whose creation is not answered": { timeoutAfterApply: 0.3 },
    "links to results that have run out": { expiredLink: 0.6 },
    "archives and answers that are cut off": { truncated: 0.4 },
    "web pages in the place of archives and answers": { badBody: 0.4 },
    "500s": { rate500: 0.4 },
    "a storm of 429s": { rate429: 0.4 },
    "everything at once": {
      partial: 0.2,
      throttledRows: 0.2,
      timeoutAfterApply: 0.1,
      expiredLink: 0.2,
      truncated: 0.1,
      badBody: 0.1,
      rate500: 0.1,
      rate429: 0.1,
    },
  };

  test.concurrent.each(Object.keys(FAULTS))("are all written through %s", { timeout: 60_000 }, async (name) =>
    inWorld(async (world) => {
      await world.vendor.faults({ ...FAULTS[name], seed: 5, holdMillis: 1 });
      expect(await world.settle()).toBe("settled");
      await order(world, 1_000);
      expect(await world.settle()).toBe("settled");
      await world.vendor.faults({});
      const ids = EVERYBODY.map(({ id }) => id);
      expect(await written(world, ids)).toEqual(ids.map((id) => id + 1_000));
      expect(await world.overview()).toMatchObject({ acked: 130, exceptions: {}, due: 0 });
      expect(callsOf(world, "createBatch")).toBeGreaterThan(0);
      await judge(world);
    }),
  );

  test.concurrent("are written one by one when the results cannot be had, which are asked for three times", async () =>
    inWorld(async (world) => {
      await world.vendor.faults({ expiredLink: 1 });
      expect(await world.settle()).toBe("settled");
      const { byOperation } = world.vendor.ledger();
      expect(byOperation).toMatchObject({ createBatch: { 200: 1 }, batchResults: { 403: 3 }, putMember: { 200: 130 } });
      await judge(world);
    }),
  );

  test.concurrent("are waited for while Mailchimp takes its time, without an attempt or a second batch", async () =>
    inWorld(async (world) => {
      await world.vendor.faults({ jobMillis: 3_000 });
      expect(await world.sync()).toMatchObject({ outcome: "waiting" });
      const { rows } = await db.query(
        `SELECT attempts, count(*)::int AS people FROM audience_members WHERE shop_id = $1 AND due_at IS NOT NULL GROUP BY 1`,
        [world.shop],
      );
      expect(rows).toEqual([{ attempts: 0, people: 130 }]);
      expect(await written(world, [1])).toEqual([0]);
      expect(await world.settle()).toBe("settled");
      expect(callsOf(world, "createBatch")).toBe(1);
      expect(callsOf(world, "putMember")).toBe(0);
      expect(await written(world, [1, 130])).toEqual([1, 130]);
      await judge(world);
    }),
  );

  test.concurrent("do not lose what is newer to a batch that is not through yet", async () =>
    inWorld(async (world) => {
      await world.vendor.faults({ jobMillis: 3_000 });
      expect(await world.sync()).toMatchObject({ outcome: "waiting" });
      // One alone, who would be written by a call of their own.
      await order(world, 500, [{ id: 3 }]);
      expect(await world.settle()).toBe("settled");
      expect(await written(world, [2, 3, 4])).toEqual([2, 503, 4]);
      await judge(world);
    }),
  );

  test.concurrent("are answered for one by one: whom Mailchimp will not have, and why", async () =>
    inWorld(async (world) => {
      await db.query(
        `UPDATE audience_members SET traits = jsonb_build_object($2::text, repeat('long', 100)), due_at = now()
         WHERE shop_id = $1 AND customer_id = 9`,
        [world.shop, "LNAME"],
      );
      expect(await world.settle()).toBe("settled");
      const { rows } = await db.query(
        `SELECT customer_id::int AS id, rejection FROM audience_members WHERE shop_id = $1 AND rejection IS NOT NULL`,
        [world.shop],
      );
      expect(rows).toEqual([{ id: 9, rejection: "invalid_resource: Your merge fields were invalid." }]);
      expect(callsOf(world, "createBatch")).toBe(1);
      expect(await written(world, [8, 10])).toEqual([8, 10]);
    }),
  );

  test("are written by whoever goes on, wherever the process before died", { timeout: 600_000 }, async () => {
    const whole = await killedAt(1_000);
    expect(whole.effects).toEqual(expect.arrayContaining(["POST /3.0/batches", "download", "UPDATE vendor_batches"]));
    const points = whole.effects.map((_, at) => at + 1);
    for (let at = 0; at < points.length; at += 6) await Promise.all(points.slice(at, at + 6).map(killedAt));
  });
});

async function killedAt(nth: number) {
  const people = crowd(100);
  const world = await settledWithOrders(people);
  try {
    const run = await world.syncKilledAt(nth);
    const where = `killed before ${run.effects.at(-1)} (effect ${nth})`;
    expect(await world.settle(), where).toBe("settled");
    expect(await written(world, [1, 50, 100]), where).toEqual([1, 50, 100]);
    // Once its id is kept, no second batch writes the same, unless the first one's results were gone with the process.
    const done = run.died ? run.effects.slice(0, -1) : run.effects;
    const kept = done.includes("INSERT INTO vendor_batches");
    const removed = done.some((effect) => effect.startsWith("DELETE /3.0/batches"));
    if (kept && !removed) expect(callsOf(world, "createBatch"), where).toBe(1);
    await judge(world);
    return run;
  } finally {
    await world.vendor.close();
  }
}
