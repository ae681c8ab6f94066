import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import type { FaultSettings } from "../sandbox/faults.ts";
import { addressOf, createWorld, crowd, type Kind, type World } from "./world.ts";
import { openAnyDatabase, preparing } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(() => db.close());

const FAULTS: Record<string, FaultSettings> = {
  "no fault": {},
  "a storm of 429s": { rate429: 0.4 },
  "a Retry-After that makes no sense": { wrongRetryAfter: 0.5 },
  "500s": { rate500: 0.4 },
  "timeouts after the change was applied": { timeoutAfterApply: 0.3 },
  "bodies in HTML": { badBody: 0.4 },
  "bodies cut off halfway": { truncated: 0.4 },
  "batches of which half the rows fail": { partial: 0.25 },
  "everything at once": {
    rate429: 0.05,
    wrongRetryAfter: 0.05,
    rate500: 0.1,
    timeoutAfterApply: 0.1,
    badBody: 0.1,
    truncated: 0.1,
    partial: 0.2,
  },
};

/** A world whose vendor's books are looked at in the end: no consent raised, nothing twice, no limit overrun. */
async function judged(kind: Kind, work: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld(db, kind);
  try {
    await work(world);
  } finally {
    await world.vendor.close();
  }
  const { overLimitShare, entries, ...books } = world.vendor.ledger();
  expect(books).toMatchObject({ consentRaised: 0, consentRefused: 0, suppressionsLifted: 0, duplicateEffects: 0 });
  expect(overLimitShare).toBeLessThanOrEqual(0.01);
  // Somebody new is created as subscribed at most where the shop's consent says so: the even numbers.
  for (const { email } of entries.createdSubscribed) expect(email).toMatch(/^person-\d*[02468]@example\.com$/);
  expect(world.wire.complaints()).toEqual([]);
  if (kind === "klaviyo") expect(world.wire.checked()).toBeGreaterThan(0);
}

/** What every destination has to live up to. The vendor's own books are the judge. */
describe.each(["klaviyo", "mailchimp", "webhook"] as const)("the destination %s", (kind) => {
  const inAudience = async (world: World): Promise<string[]> => (await world.vendor.audiences())[0]?.members ?? [];
  /** 120 people, every other one without consent. */
  const people = crowd(120).map(({ id }) => ({ id, consent: id % 2 === 0 ? "subscribed" : "not_subscribed" }));
  const addresses = (from: number, to: number): string[] =>
    people
      .filter(({ id }) => id >= from && id <= to && id % 2 === 0)
      .map(({ id }) => addressOf(id))
      .toSorted();

  test.concurrent.each(Object.keys(FAULTS))("keeps the audience equal through %s", { timeout: 60_000 }, async (name) =>
    judged(kind, async (world) => {
      await world.vendor.faults({ ...FAULTS[name], seed: 7, holdMillis: 1 });
      await world.put(people);
      await world.connect();
      expect(await world.settle()).toBe("settled");
      expect(await inAudience(world)).toEqual(addresses(1, 120));

      await world.leave(people.filter(({ id }) => id <= 60).map(({ id }) => id));
      await world.put([{ id: 120, consent: "unsubscribed" }]);
      expect(await world.settle()).toBe("settled");
      expect(await inAudience(world)).toEqual(addresses(61, 119));
      await world.vendor.faults({});

      // Everyone's outcome is known: in the audience, or an exception with a name.
      const { members, acked, exceptions, due } = await world.overview();
      expect({ members, acked, exceptions, due }).toEqual({
        members: 60,
        acked: 29,
        exceptions: { no_consent: 31 },
        due: 0,
      });
      expect(await world.reconcile()).toMatchObject({ equal: true, missing: 0, extra: 0, repaired: 0 });
    }),
  );

  test.concurrent(
    "pauses with the reason when its key is revoked, loses nothing, and goes on once it is back",
    async () =>
      judged(kind, async (world) => {
        await world.put(people);
        await world.connect();
        await world.sync(10);
        await world.vendor.key("revoke");
        expect(await world.settle()).toBe("paused");
        expect(await world.overview()).toMatchObject({ state: "paused", stateReason: /does not accept the key/ });
        await world.leave([2]);
        await world.vendor.key("restore");
        await world.connect();
        expect(await world.settle()).toBe("settled");
        expect(await inAudience(world)).toEqual(addresses(3, 120));
      }),
  );

  test.concurrent(
    "pauses with the reason when somebody deleted the list, and creates none behind their back",
    async () =>
      judged(kind, async (world) => {
        await world.put(people);
        await world.connect();
        await world.settle();
        const [audience] = await world.vendor.audiences();
        expect((await world.vendor.deleteAudience(audience?.id ?? "")).status).toBe(204);
        await world.leave([2]);
        await world.put([{ id: 200 }]);
        expect(await world.settle()).toBe("paused");
        expect(await world.overview()).toMatchObject({ state: "paused", stateReason: /was deleted/ });
        expect(await world.vendor.audiences()).toEqual([]);
      }),
  );

  test.concurrent("leaves whoever decided at the vendor as they decided, through every fault", async () =>
    judged(kind, async (world) => {
      await world.put(people);
      await world.connect();
      await world.settle();
      for (const id of [2, 4, 6]) await world.vendor.personDecides("unsubscribe", addressOf(id));
      const decided = await world.vendor.people();
      await world.vendor.faults({ ...FAULTS["everything at once"], seed: 3, holdMillis: 1 });
      await world.put([2, 4, 6].map((id) => ({ id, firstName: "Another" })));
      await world.leave([6]);
      await world.put([{ id: 6, firstName: "Back" }]);
      expect(await world.settle()).toBe("settled");
      await world.vendor.faults({});
      const now = await world.vendor.people();
      for (const id of [2, 4, 6]) expect(now[addressOf(id)]).toBe(decided[addressOf(id)]);
    }),
  );
});
