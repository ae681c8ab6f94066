import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { erasePersonStep } from "../../app/privacy/erase-person.server.ts";
import { openRequests, recordMerchantRequest } from "../../app/privacy/privacy-requests-store.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { readShop } from "../../app/shopify/shop-store.server.ts";
import type { Destinations } from "../../app/sync/destinations.ts";
import { runErrands } from "../../app/sync/errands/run-errands.server.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import { openAnyDatabase, preparing } from "../support/database.ts";
import { addressOf, createWorld, type Kind, type World } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(() => db.close());

const { marks } = createCrypto([randomBytes(32).toString("base64")]);
const ask: AskAdmin = () => Promise.resolve({ outcome: "refused", reason: "nobody is told" });
const MORE_THAN_THERE_ARE = 500;
const AT_ONCE = 8;

/** The whole errand once: the person's rows go, they are taken out of the audience, and the platform is asked to forget them. */
async function eraseOnce(world: World, sql: Db, destinations: Destinations): Promise<void> {
  const { shop: id, now } = world;
  const shop = await readShop(sql, id);
  if (!shop) throw new Error("no shop");
  const step = async (): Promise<void> => {
    for (const request of await openRequests(sql, id)) await erasePersonStep({ db: sql, shop, marks, now }, request);
  };
  await step();
  const { audienceId } = await world.overview();
  await syncAudience({ db: sql, shop: id, audienceId, destinations, now, random: () => 0 });
  await runErrands({ db: sql, shop: id, marks, destinations, ask, scopes: [], now });
  await step();
}

async function runKilledAt(kind: Kind, nth: number) {
  const world = await createWorld(db, kind);
  try {
    await world.put([{ id: 1 }, { id: 2 }]);
    await world.connect();
    await world.settle();
    await recordMerchantRequest(db, world.shop, "customer_redact", "1", new Date());
    const run = await world.killedAt(nth, (dying, destinations) => eraseOnce(world, dying, destinations));
    const where = `killed before ${run.effects.at(-1)} (effect ${nth})`;
    for (let left = 5; left > 0 && (await openRequests(db, world.shop)).length > 0; left -= 1) {
      // Claims and back-off are waited out.
      await world.settle();
      await db.query("UPDATE errands SET due_at = now() - interval '1 second' WHERE shop_id = $1", [world.shop]);
      await eraseOnce(world, db, world.destinations);
    }
    expect(await openRequests(db, world.shop), where).toEqual([]);
    const forgotten = async () => Object.keys(await world.vendor.people());
    await expect.poll(forgotten, { interval: 20, message: where }).toEqual([addressOf(2)]);
    expect(
      (await world.vendor.audiences()).map(({ members }) => members),
      where,
    ).toEqual([[addressOf(2)]]);
    const { consentRaised, duplicateEffects } = world.vendor.ledger();
    expect({ consentRaised, duplicateEffects }, where).toEqual({ consentRaised: 0, duplicateEffects: 0 });
    const { rows } = await db.query(
      `SELECT customer_id FROM audience_members WHERE shop_id = $1 UNION ALL SELECT customer_id FROM errands WHERE shop_id = $1`,
      [world.shop],
    );
    expect(rows, where).toEqual([{ customer_id: "2" }]);
    return run;
  } finally {
    await world.vendor.close();
  }
}

/** At every point of an erasure its process is killed once; another one finishes. */
test.each(["klaviyo", "mailchimp"] as const)(
  "wherever an erasure is killed, whoever goes on has %s forget the person, and nobody else",
  { timeout: 120_000 },
  async (kind) => {
    const whole = await runKilledAt(kind, MORE_THAN_THERE_ARE);
    expect(whole.died).toBe(false);
    expect(whole.effects.some((effect) => /deletion-jobs|delete-permanent/.test(effect))).toBe(true);
    const points = whole.effects.map((_, index) => index + 1);
    for (let at = 0; at < points.length; at += AT_ONCE)
      await Promise.all(points.slice(at, at + AT_ONCE).map((nth) => runKilledAt(kind, nth)));
  },
);
