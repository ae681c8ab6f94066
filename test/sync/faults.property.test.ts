import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { createWorld, type Someone, type World } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

const RUNS = process.env["MUSTER_LONG"] ? 200 : 12;
const PEOPLE = 6;
const ADDRESSES = 3;
const STATES = ["subscribed", "unsubscribed", "not_subscribed"];

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

/** Something happens in the shop, or the sync gets a turn and is cut off after a pass. */
type Step =
  | { do: "put" | "write"; person: Required<Pick<Someone, "id" | "email" | "consent">> }
  | { do: "leave"; id: number }
  | { do: "pass" | "killed pass"; limit: number };

const id = fc.integer({ min: 1, max: PEOPLE });
// Few addresses, shared and handed on: the hardest case for an audience that knows nothing but addresses.
const address = fc.integer({ min: 1, max: ADDRESSES }).map((number) => `p${number}@example.com`);
const person = fc.record({ id, email: fc.option(address, { freq: 8 }), consent: fc.constantFrom(...STATES) });
const limit = fc.integer({ min: 1, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("put" as const), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("write" as const), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("leave" as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("killed pass" as const), limit }) },
);
const share = fc.double({ min: 0, max: 0.2, noNaN: true });
const faults = fc.record({ rate429: share, rate500: share, timeoutAfterApply: share, badBody: share, partial: share });

describe.each(["klaviyo", "mailchimp", "webhook"] as const)(
  "%s, misbehaving while people come, go and change",
  (kind) => {
    test(
      "ends with the audience equal to the segment, and nobody's consent raised",
      { timeout: 3_600_000 },
      async () => {
        const history = fc.array(step, { minLength: 5, maxLength: 40 });
        await fc.assert(
          fc.asyncProperty(history, faults, fc.integer(), async (steps, shares, seed) => {
            const world = await createWorld(db, kind);
            try {
              await world.connect();
              await world.vendor.faults({ ...shares, seed: seed >>> 0, holdMillis: 1 });
              const expected = await play(world, steps);
              expect(await world.settle()).toBe("settled");
              await world.vendor.faults({});
              expect((await world.vendor.audiences())[0]?.members ?? []).toEqual(expected);
              expect(await world.reconcile()).toMatchObject({ equal: true, repaired: 0 });
              expect(world.vendor.ledger()).toMatchObject({ consentRaised: 0, consentRefused: 0, duplicateEffects: 0 });
            } finally {
              await world.vendor.close();
            }
          }),
          { numRuns: RUNS },
        );
      },
    );
  },
);

/** Plays the steps. @returns who has to be in the audience in the end, kept beside the product's own books. */
async function play(world: World, steps: readonly Step[]): Promise<string[]> {
  const known = new Map<number, { email: string | null; consent: string }>();
  const members = new Set<number>();
  for (const current of steps) {
    switch (current.do) {
      case "put":
        known.set(current.person.id, current.person);
        members.add(current.person.id);
        await world.put([current.person]);
        break;
      case "write":
        if (!known.has(current.person.id)) break;
        known.set(current.person.id, current.person);
        await world.write([current.person]);
        await expectNothingWithout(world, current.person);
        break;
      case "leave":
        members.delete(current.id);
        await world.leave([current.id]);
        break;
      case "pass":
        await world.sync(current.limit);
        break;
      case "killed pass":
        await world.killedSync(current.limit);
    }
  }
  await world.project([...known.keys()]);
  const wanted = [...members].map((member) => known.get(member)).filter((one) => one?.consent === "subscribed");
  return [...new Set(wanted.flatMap((one) => one?.email ?? []))].toSorted();
}

/** A pass right after consent was withdrawn, before the audience has heard of it, adds nobody who is without. */
async function expectNothingWithout(
  world: World,
  { email, consent }: { email: string | null; consent: string },
): Promise<void> {
  if (email === null || consent === "subscribed") return;
  const inside = async (): Promise<boolean> => ((await world.vendor.audiences())[0]?.members ?? []).includes(email);
  const { rows } = await world.db.query(
    `SELECT FROM profiles WHERE shop_id = $1 AND email = $2 AND email_consent = 'subscribed'`,
    [world.shop, email],
  );
  if (rows.length > 0 || (await inside())) return;
  await world.sync();
  expect(await inside()).toBe(false);
}
