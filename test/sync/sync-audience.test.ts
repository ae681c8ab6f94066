import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { bookConsent } from "../../app/sync/errands/errands-store.server.ts";
import { runErrands } from "../../app/sync/errands/run-errands.server.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import { addressOf, createWorld, crowd, type World } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

describe.each(["klaviyo", "mailchimp"] as const)("an audience in %s", (kind) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(db, kind);
  });
  afterEach(() => world.vendor.close());

  const members = async (): Promise<string[]> => (await world.vendor.audiences())[0]?.members ?? [];
  const cleanBooks = () =>
    expect(world.vendor.ledger()).toMatchObject({
      consentRaised: 0,
      consentRefused: 0,
      suppressionsLifted: 0,
      overLimit: 0,
      duplicateEffects: 0,
    });

  test("holds the hundreds who are in the segment and have consented, and names the others", async () => {
    await world.put([
      ...crowd(700),
      { id: 801, consent: "unsubscribed" },
      { id: 802, consent: "pending" },
      { id: 803, email: null },
    ]);
    await world.connect();
    expect(await world.settle()).toBe("settled");

    expect(await members()).toEqual(
      crowd(700)
        .map(({ id }) => addressOf(id))
        .toSorted(),
    );
    expect(await world.overview()).toMatchObject({
      state: "live",
      members: 703,
      wanted: 700,
      acked: 700,
      exceptions: { no_consent: 2, no_email: 1 },
      due: 0,
    });
    expect(await world.reconcile()).toMatchObject({
      members: 703,
      audience: 700,
      exceptions: { no_consent: 2, no_email: 1 },
      equal: true,
      missing: 0,
      extra: 0,
      repaired: 0,
    });
    cleanBooks();
  });

  test("lets hundreds go when they leave the segment, and forgets them", async () => {
    await world.put(crowd(300));
    await world.connect();
    await world.settle();
    await world.leave(crowd(299).map(({ id }) => id));
    await world.settle();

    expect(await members()).toEqual([addressOf(300)]);
    const { rows } = await db.query(`SELECT customer_id FROM audience_members WHERE shop_id = $1`, [world.shop]);
    expect(rows).toEqual([{ customer_id: "300" }]);
    cleanBooks();
  });

  test("lets go whoever withdraws consent, in the shop or at the vendor, and never asks for it back", async () => {
    await world.put(crowd(4));
    await world.connect();
    await world.settle();
    await world.put([{ id: 1, consent: "unsubscribed" }]);
    await world.vendor.personDecides("unsubscribe", addressOf(2));
    // Written again, as any change of a profile does.
    await world.put([{ id: 2, firstName: "Another" }]);
    await world.settle();

    expect(await members()).not.toContain(addressOf(1));
    expect((await world.vendor.people())[addressOf(2)]).toMatch(/unsub|never/i);
    expect(await world.overview()).toMatchObject({ exceptions: { no_consent: 1 } });
    cleanBooks();
  });

  test("hears who unsubscribed at the vendor, lets them go and sends them no more until they subscribe there again", async () => {
    await world.put(crowd(4));
    await world.connect();
    await world.settle();
    await world.vendor.personDecides("unsubscribe", addressOf(2));
    expect(await world.hear()).toMatchObject({ outcome: "heard", audiences: [expect.any(Number)] });
    await world.settle();
    expect(await members()).toEqual([addressOf(1), addressOf(3), addressOf(4)]);
    expect(await world.overview()).toMatchObject({ members: 4, exceptions: { no_consent: 1 } });

    // The shop saying yes once more, in any way, does not bring them back; nor does hearing the same twice.
    await world.put([{ id: 2, firstName: "Another", consent: "subscribed" }]);
    expect(await world.hear()).toMatchObject({ audiences: [] });
    await world.settle();
    expect(await members()).not.toContain(addressOf(2));
    expect(await world.reconcile()).toMatchObject({ equal: true });
    cleanBooks();
  });

  test("connects with the vendor's history: who ever unsubscribed there is never put in", async () => {
    await world.vendor.call(...knownBefore(kind, addressOf(1)));
    await world.vendor.personDecides("unsubscribe", addressOf(1));
    await world.put(crowd(2));
    await world.connect();
    await world.hear();
    await world.settle();
    expect(await members()).toEqual([addressOf(2)]);
    cleanBooks();
  });

  test("sends nobody whose consent went while they were waiting to be sent", async () => {
    await world.put(crowd(2));
    await world.connect();
    await world.write([{ id: 1, consent: "unsubscribed" }]);
    await world.settle();
    expect(await members()).toEqual([addressOf(2)]);
    expect((await world.vendor.people())[addressOf(1)]).toBeUndefined();
  });

  test("sends nobody who left between being read and being taken", async () => {
    await world.put([{ id: 1 }, { id: 2 }]);
    await world.connect();
    const { audienceId } = await world.overview();
    const racing: Db = {
      ...db,
      async query(text, values) {
        if (/SET due_at = \$4/.test(text)) await world.leave([1]);
        return db.query(text, values);
      },
    };
    const { shop, destinations } = world;
    await syncAudience({ db: racing, shop, audienceId, destinations, now: () => new Date() });
    expect(await members()).toEqual([addressOf(2)]);
  });

  test("that could not be made leaves everybody who was to be in it as they were", async () => {
    await world.put([{ id: 1 }, { id: 2 }]);
    await world.connect();
    await world.vendor.key("revoke");
    expect(await world.sync()).toMatchObject({ outcome: "paused" });
    const { rows } = await db.query(
      `SELECT acked_email, attempts, due_at <= now() AS due FROM audience_members WHERE shop_id = $1`,
      [world.shop],
    );
    const untouched = { acked_email: null, attempts: 0, due: true };
    expect(rows).toEqual([untouched, untouched]);
  });

  test("keeps an address in the audience while one of the two people who share it is a member", async () => {
    const shared = { email: "family@example.com" };
    await world.put([
      { id: 1, ...shared },
      { id: 2, ...shared },
    ]);
    await world.connect();
    await world.settle();
    await world.leave([1]);
    await world.settle();
    expect(await members()).toEqual([shared.email]);
    await world.leave([2]);
    await world.settle();
    expect(await members()).toEqual([]);
  });

  test("moves whoever changes address: the old one leaves, the new one comes in", async () => {
    await world.put(crowd(2));
    await world.connect();
    await world.settle();
    await world.put([{ id: 1, email: "New.Name@Example.com" }]);
    await world.settle();
    expect(await members()).toEqual(["new.name@example.com", addressOf(2)]);
    await world.put([{ id: 1, email: null }]);
    await world.settle();
    expect(await members()).toEqual([addressOf(2)]);
    cleanBooks();
  });

  test("finds and mends what was changed by hand at the vendor", async () => {
    await world.put(crowd(3));
    await world.connect();
    await world.settle();
    const [audience] = await world.vendor.audiences();
    await changeByHand(world, audience?.id ?? "", { out: addressOf(1), in: "stranger@example.com" });
    expect(await members()).toEqual([addressOf(2), addressOf(3), "stranger@example.com"]);

    expect(await world.reconcile()).toMatchObject({ equal: false, missing: 1, extra: 1, repaired: 2 });
    await world.settle();
    expect(await members()).toEqual(crowd(3).map(({ id }) => addressOf(id)));
    expect(await world.reconcile()).toMatchObject({ equal: true, missing: 0, extra: 0, repaired: 0 });
    cleanBooks();
  });

  test("an unsubscribe that was given before it was connected is told there when we put the person there before we heard of it", async () => {
    const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
    const says = (state: string, at: Date) =>
      db.query(
        `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at, source_delivery)
         VALUES ($1, 1, 'email', $2, 'single_opt_in', $3, $3, $3, '') ON CONFLICT (shop_id, customer_id, channel) DO UPDATE SET
           state = excluded.state, consented_at = excluded.consented_at`,
        [world.shop, state, at],
      );
    await says("subscribed", minutesAgo(60));
    await world.put([{ id: 1 }]);
    await world.connect();
    await world.settle();
    await says("unsubscribed", minutesAgo(30));
    await world.put([{ id: 1, consent: "unsubscribed" }]);
    await db.tx((tx) => bookConsent(tx, world.shop, ["1"], world.now()));
    const ask: AskAdmin = () => Promise.resolve({ outcome: "refused", reason: "not asked" });
    const { shop, marks, destinations, now } = world;
    await runErrands({ db, shop, marks, destinations, ask, scopes: [], now });
    // Klaviyo does it in a job.
    const there = async (): Promise<unknown> => (await world.vendor.people())[addressOf(1)]?.toLowerCase();
    await expect.poll(there, { interval: 20 }).toBe("unsubscribed");
  });
});

/** Makes an address known to the vendor, before the merchant connects it. */
function knownBefore(kind: "klaviyo" | "mailchimp", email: string): [line: string, body: unknown] {
  if (kind === "mailchimp")
    return ["POST /3.0/lists/5a4db0c5e1/members", { email_address: email, status: "transactional" }];
  return ["POST /api/profile-import", { data: { type: "profile", attributes: { email } } }];
}

/** What a member of the merchant's staff does in the vendor's own pages. */
async function changeByHand(world: World, audienceId: string, change: { out: string; in: string }): Promise<void> {
  const { vendor } = world;
  const done = async (line: string, body?: unknown): Promise<unknown> => {
    const answer = await vendor.call(line, body);
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };
  if (vendor.kind === "mailchimp") {
    const list = "/3.0/lists/5a4db0c5e1";
    await done(`POST ${list}/members`, { email_address: change.in, status: "transactional" });
    await done(`POST ${list}/segments/${audienceId}`, {
      members_to_add: [change.in],
      members_to_remove: [change.out],
    });
    return;
  }
  const attributes = { email: change.in };
  const created = await done("POST /api/profile-import", { data: { type: "profile", attributes } });
  const found = await done(`GET /api/profiles?filter=equals(email,"${change.out}")`);
  const members = `/api/lists/${audienceId}/relationships/profiles`;
  const { data: stranger } = created as { data: { id: string } };
  const { data: people } = found as { data: { id: string }[] };
  await done(`POST ${members}`, { data: [{ type: "profile", id: stranger.id }] });
  await done(`DELETE ${members}`, { data: people.map(({ id }) => ({ type: "profile", id })) });
}
