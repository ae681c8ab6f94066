import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import type { Limits } from "../../app/sync/limits/limiter.ts";
import { createLocalLimits } from "../../app/sync/limits/local-limits.ts";
import { RetryLater } from "../../app/sync/retry-classes.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import { addressOf, createWorld, crowd, type World } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
let world: World;
beforeAll(async () => {
  db = await openAnyDatabase();
});
beforeEach(async () => {
  world = await createWorld(db, "klaviyo");
});
afterEach(() => world.vendor.close());
afterAll(() => db.close());

const WAIT_MS = 40_000;

/** The usual limits, but for calls that come too late for their turn: `late` has the operation and which of its calls those are. */
function limitsWith(late: (operation: string, nth: number) => boolean, onCall: (operation: string) => unknown): Limits {
  const usual = createLocalLimits();
  const asked = new Map<string, number>();
  return {
    of(account, operation, allowance) {
      const limiter = usual.of(account, operation, allowance);
      return {
        available: limiter.available,
        async run(priority, work) {
          const nth = (asked.get(operation) ?? 0) + 1;
          asked.set(operation, nth);
          if (late(operation, nth)) throw new RetryLater("Waiting for the rate limit", WAIT_MS);
          await onCall(operation);
          return limiter.run(priority, work);
        },
      };
    },
  };
}

/** Runs under those limits, as an audience's job does them. @returns the calls each of them made and what it came to. */
async function runs(
  limit: number,
  late: (operation: string, nth: number) => boolean,
  onCall: (operation: string) => unknown = () => {},
) {
  const calls: string[] = [];
  const destinations = world.otherDestinations(
    limitsWith(late, (operation) => (calls.push(operation), onCall(operation))),
  );
  const { audienceId } = await world.overview();
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const made: Record<string, number>[] = [];
  for (;;) {
    const result = await syncAudience({ db, shop: world.shop, audienceId, destinations, now, limit, random: () => 0 });
    made.push(counted(calls.splice(0)));
    if (result.outcome === "settled") return made;
    if (result.outcome === "paused" || made.length === 20) throw new Error(result.outcome);
    const wait = result.nextAt.getTime() - now().getTime();
    // What was late is due after the time the limiter named, and nobody else's back-off is in it.
    if (wait > 0) expect(wait).toBeGreaterThan(WAIT_MS - 2_000);
    ahead += Math.max(0, wait);
  }
}

/** How often an import is asked after is a matter of the machine's speed. */
function counted(calls: readonly string[]): Record<string, number> {
  const steady = calls.filter((call) => call !== "createList" && call !== "getImport");
  return Object.fromEntries(
    Map.groupBy(steady, (call) => call)
      .entries()
      .map(([call, all]) => [call, all.length]),
  );
}

const importsIn = (calls: readonly string[]): number => calls.filter((call) => call === "createImport").length;
const members = async (): Promise<string[]> => (await world.vendor.audiences())[0]?.members ?? [];
const addresses = (count: number): string[] =>
  crowd(count)
    .map(({ id }) => addressOf(id))
    .toSorted();

describe("a first load whose look-ups of ids are late", () => {
  test.each([
    ["none", () => false, [{ createImport: 1, getProfiles: 10, addToList: 1 }]],
    [
      "three of ten",
      (nth: number) => nth === 2 || nth === 5 || nth === 10,
      [
        { createImport: 1, getProfiles: 7, addToList: 1 },
        { createImport: 1, getProfiles: 3, addToList: 1 },
      ],
    ],
    [
      "all at first",
      (nth: number) => nth <= 10,
      [{ createImport: 1 }, { createImport: 1, getProfiles: 10, addToList: 1 }],
    ],
  ])("does nothing again that was done: %s", async (_, late, expected) => {
    await world.put(crowd(1_000));
    await world.connect();
    const made = await runs(1_000, (operation, nth) => operation === "getProfiles" && late(nth));
    expect(made).toEqual(expected);
    expect(await members()).toEqual(addresses(1_000));
    // The vendor's own count of what reached it.
    const { byOperation, duplicateEffects, overLimit } = world.vendor.ledger();
    expect({ duplicateEffects, overLimit }).toEqual({ duplicateEffects: 0, overLimit: 0 });
    expect(byOperation["get_profiles"]).toEqual({ 200: 10 });
  });
});

test("who leaves with no id known, and whose look-up is late, is not taken for nobody", async () => {
  await world.put(crowd(300));
  await world.connect();
  // Its answers were lost, the ids with them.
  await world.killedSync();
  expect(await members()).toEqual(addresses(300));
  await world.leave(crowd(300).map(({ id }) => id));
  const made = await runs(500, (operation, nth) => operation === "getProfiles" && nth === 2);
  expect(made).toEqual([
    { getProfiles: 2, removeFromList: 1 },
    { getProfiles: 1, removeFromList: 1 },
  ]);
  expect(await members()).toEqual([]);
});

test("who is to be taken out while a load goes on goes before the rest of it", async () => {
  await world.put(crowd(5));
  await world.connect();
  await world.settle();
  await world.put(crowd(605).slice(5));
  const order: string[] = [];
  let withdrawn: Promise<unknown> | undefined;
  await runs(
    50,
    () => false,
    async (operation) => {
      order.push(operation);
      withdrawn ??= operation === "createImport" ? world.put([{ id: 1, consent: "unsubscribed" }]) : undefined;
      await withdrawn;
    },
  );
  // The passes that are under way are ended first: an address may pass from one person to another.
  expect(importsIn(order.slice(0, order.indexOf("removeFromList")))).toBeLessThanOrEqual(5);
  expect(importsIn(order)).toBeGreaterThan(10);
  expect(await members()).toEqual(addresses(605).filter((address) => address !== addressOf(1)));
});
