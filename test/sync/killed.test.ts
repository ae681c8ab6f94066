import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { addressOf, createWorld, crowd, type Kind, type World } from "./world.ts";
import { openAnyDatabase, preparing } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(() => db.close());

const people = crowd(12).map(({ id }) => ({ id, consent: id % 3 === 0 ? "not_subscribed" : "subscribed" }));

/** Each ends with something to send, and says who has to be in the audience once it is sent. */
const SCENARIOS: Record<string, (world: World) => Promise<number[]>> = {
  "a first load": async (world) => {
    await world.put(people);
    await world.connect();
    return people.map(({ id }) => id);
  },
  "people who come, go and change their address": async (world) => {
    await world.put(people);
    await world.connect();
    await world.settle();
    await world.leave([1, 2]);
    await world.put([{ id: 4, email: "moved@example.com" }, { id: 20 }, { id: 22 }]);
    return [4, 5, 7, 8, 10, 11, 20, 22];
  },
};

const MORE_THAN_THERE_ARE = 200;

/** At every point of a run its process is killed once; another one finishes. */
describe.each(["klaviyo", "mailchimp", "webhook"] as const)("a process that syncs with %s", (kind) => {
  describe.each(Object.keys(SCENARIOS))("%s", (name) => {
    test("is killed before everything it does, and whoever goes on ends with equal audiences", async () => {
      const whole = await runKilledAt(kind, name, MORE_THAN_THERE_ARE);
      expect(whole.died).toBe(false);
      expect(whole.effects).toContain("UPDATE audience_members");
      expect(whole.effects.some((effect) => effect.startsWith("POST "))).toBe(true);
      const points = whole.effects.map((_, index) => index + 1);
      for (let at = 0; at < points.length; at += AT_ONCE)
        await Promise.all(points.slice(at, at + AT_ONCE).map((nth) => runKilledAt(kind, name, nth)));
    });
  });
});

const AT_ONCE = 8;

async function runKilledAt(kind: Kind, name: string, nth: number) {
  const world = await createWorld(db, kind);
  try {
    const wanted = (await SCENARIOS[name]?.(world)) ?? [];
    const run = await world.syncKilledAt(nth);
    const where = `killed before ${run.effects.at(-1)} (effect ${nth})`;
    expect(await world.settle(), where).toBe("settled");
    const audiences = await world.vendor.audiences();
    const addresses = wanted
      .filter((id) => people.find((person) => person.id === id)?.consent !== "not_subscribed")
      .map((id) => (id === 4 && wanted.includes(20) ? "moved@example.com" : addressOf(id)));
    expect(
      audiences.map(({ members }) => members),
      where,
    ).toEqual([addresses.toSorted()]);
    const { consentRaised, duplicateEffects } = world.vendor.ledger();
    expect({ consentRaised, duplicateEffects }, where).toEqual({ consentRaised: 0, duplicateEffects: 0 });
    expect(await world.reconcile(), where).toMatchObject({ equal: true, missing: 0, extra: 0, repaired: 0 });
    return run;
  } finally {
    await world.vendor.close();
  }
}
