import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import {
  chooseAudience,
  leaveAudience,
  releaseRemovals,
  renewAudience,
  saveGuard,
  startAudience,
} from "../../app/sync/audience-store.server.ts";
import {
  beginLeaving,
  destinationsToTry,
  findAudience,
  listDestinations,
} from "../../app/sync/destination-store.server.ts";
import { learnConsents } from "../../app/sync/consent/consent-store.server.ts";
import { confirmHeld } from "../../app/sync/guard.ts";
import { ensureAudiences, projectAgain } from "../../app/sync/projection-store.server.ts";
import { FIELD_RULES } from "../../app/sync/destinations.ts";
import { writeCustomerLists } from "../../app/recommendation/lists-store.server.ts";
import { sendNewLists } from "../../app/jobs/recommendation-jobs.server.ts";
import { sendSample } from "../../app/sync/send-sample.ts";
import { tryConnection } from "../../app/sync/try-connection.server.ts";
import { addressOf, createWorld, crowd, type Kind, type World } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

async function inWorld(kind: Kind, work: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld(db, kind);
  try {
    await work(world);
    const { consentRaised, duplicateEffects } = world.vendor.ledger();
    expect({ consentRaised, duplicateEffects }).toEqual({ consentRaised: 0, duplicateEffects: 0 });
    expect(world.wire.complaints()).toEqual([]);
  } finally {
    await world.vendor.close();
  }
}

const PLAIN = { remoteId: null, nonSubscribed: false, traits: [], guardShare: null };

/** Connects without any audience, and makes one as the merchant chose. */
async function choose(world: World, choice: Partial<Parameters<typeof chooseAudience>[3]>): Promise<number> {
  const destinationId = await world.connectOnly();
  const at = { destinationId, segmentId: world.segmentId };
  const chosen = await chooseAudience(db, world.shop, at, { ...PLAIN, ...choice });
  await ensureAudiences(db, world.shop, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
  return chosen?.id ?? 0;
}

/** The merchant writes a field in the vendor's own pages. */
async function setByHand(
  world: World,
  kind: "klaviyo" | "mailchimp",
  { email, field, value }: { email: string; field: string; value: string },
): Promise<void> {
  const profile = { type: "profile", attributes: { email, properties: { [field]: value } } };
  const hash = createHash("md5").update(email).digest("hex");
  const { status } =
    kind === "klaviyo"
      ? await world.vendor.call("POST /api/profile-import", { data: profile })
      : await world.vendor.call(`PUT /3.0/lists/5a4db0c5e1/members/${hash}?skip_merge_validation=true`, {
          email_address: email,
          status_if_new: "subscribed",
          merge_fields: { [field]: value },
        });
  expect(status).toBeLessThan(300);
}

const members = async (world: World): Promise<string[]> => (await world.vendor.audiences())[0]?.members ?? [];

describe.each(["klaviyo", "mailchimp", "webhook"] as const)("an audience that was chosen at %s", (kind) => {
  test.concurrent("waits until somebody has looked, and then grows in portions", async () =>
    inWorld(kind, async (world) => {
      await world.put(crowd(1_200));
      const id = await choose(world, {});
      expect(await world.settle()).toBe("settled");
      expect(await world.vendor.audiences()).toEqual([]);
      expect(await world.overview()).toMatchObject({ state: "review", members: 1_200, wanted: 1_200, acked: 0 });

      expect(await startAudience(db, world.shop, id, { warmUp: true, now: world.now() })).toBe(true);
      while ((await world.sync(2_000)).outcome === "more");
      expect(await members(world)).toHaveLength(500);
      await world.leave([1]);
      expect(await world.settle(2_000)).toBe("settled");
      expect(await members(world)).toHaveLength(1_199);
      expect((await findAudience(db, world.shop, id))?.warmFrom).toBeNull();
    }),
  );

  test.concurrent("holds up a run that would remove more than the share, but nobody who withdrew consent", async () =>
    inWorld(kind, async (world) => {
      await world.put(crowd(100));
      const id = await choose(world, { guardShare: 0.3 });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();

      await world.put([{ id: 100, consent: "unsubscribed" }]);
      await world.leave(Array.from({ length: 60 }, (_, index) => index + 1));
      expect((await world.sync()).outcome).toBe("waiting");
      expect(await members(world)).toHaveLength(99);
      expect(await world.overview()).toMatchObject({ held: 60 });

      // Of those who are held one says no in the shop and one at a platform; and one who says no leaves the segment too.
      await world.put([{ id: 99, consent: "unsubscribed" }]);
      await world.leave([99]);
      await world.write([{ id: 1, consent: "unsubscribed" }]);
      await world.project([1]);
      const no = { email: addressOf(2), state: "unsubscribed", at: world.now(), lasting: false } as const;
      const lesson = { marks: world.marks, source: "elsewhere", news: [no], now: world.now() };
      await learnConsents(db, world.shop, lesson);
      expect((await world.sync()).outcome).toBe("waiting");
      const left = await members(world);
      for (const gone of [1, 2, 99]) expect(left).not.toContain(addressOf(gone));
      expect(left).toHaveLength(96);

      const { guard } = (await findAudience(db, world.shop, id)) ?? {};
      if (!guard) throw new Error("there is no guard");
      await saveGuard(db, world.shop, id, confirmHeld(guard));
      await releaseRemovals(db, world.shop, id, world.now());
      expect(await world.settle()).toBe("settled");
      expect(await members(world)).toHaveLength(38);
      expect(await world.overview()).toMatchObject({ held: null, due: 0 });
    }),
  );

  test.concurrent("takes people who never said yes or no along without subscribing them, if that is wanted", async () =>
    inWorld(kind, async (world) => {
      await world.put([
        { id: 1 },
        { id: 2, consent: "not_subscribed" },
        { id: 3, consent: "unsubscribed" },
        { id: 4, consent: "not_subscribed" },
      ]);
      const id = await choose(world, { nonSubscribed: true });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();
      expect(await members(world)).toEqual([1, 2, 4].map(addressOf));
      const people = await world.vendor.people();
      expect(people[addressOf(2)]).not.toMatch(/^subscribed$/i);
      // One of them says no later.
      await world.put([{ id: 2, consent: "unsubscribed" }]);
      await world.settle();
      expect(await members(world)).toEqual([1, 4].map(addressOf));
      expect(await world.reconcile()).toMatchObject({ equal: true });
    }),
  );

  test.concurrent("sends the traits that go along, when they change too", async () =>
    inWorld(kind, async (world) => {
      await world.put([{ id: 1 }, { id: 2 }]);
      const fields = kind === "mailchimp" ? ["MORDERS", "MLAST"] : ["muster_orders", "muster_last"];
      const traits = ["orders_count", "last_order_on"].map((trait, index) => ({ trait, field: fields[index] ?? "" }));
      const id = await choose(world, { traits });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();
      const empty = kind === "mailchimp" ? "" : null;
      expect(await world.vendor.traits(addressOf(1), fields)).toEqual([0, empty]);

      const orders = `UPDATE profiles SET orders_count = 3, last_order_at = $3 WHERE shop_id = $1 AND customer_id = $2`;
      await db.query(orders, [world.shop, 1, new Date("2026-10-02T08:00:00Z")]);
      await world.project([1]);
      await world.settle();
      expect(await world.vendor.traits(addressOf(1), fields)).toEqual([3, "2026-10-02"]);
      expect(await world.vendor.traits(addressOf(2), fields)).toEqual([0, empty]);

      await db.query(orders, [world.shop, 1, null]);
      await world.project([1]);
      await world.settle();
      expect(await world.vendor.traits(addressOf(1), fields)).toEqual([3, empty]);
      // Another mapping is a change of everybody.
      const at = { destinationId: (await listDestinations(db, world.shop))[0]?.id ?? 0, segmentId: world.segmentId };
      await chooseAudience(db, world.shop, at, { ...PLAIN, traits: traits.slice(0, 1) });
      await projectAgain(db, world.shop, id, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
      expect((await world.overview()).due).toBe(2);
      await world.settle();
    }),
  );

  test.concurrent(
    "empties a field once of everybody in it when nothing goes into it any more, unless another audience fills it",
    async () =>
      inWorld(kind, async (world) => {
        await world.put([{ id: 1 }, { id: 2 }, { id: 3 }]);
        const [orders, currency] = kind === "mailchimp" ? (["MORDERS", "MCUR"] as const) : (["orders", "cur"] as const);
        const both = [
          { trait: "orders_count", field: orders },
          { trait: "currency", field: currency },
        ];
        await db.query("UPDATE profiles SET currency = 'EUR', orders_count = 2 WHERE shop_id = $1", [world.shop]);
        const id = await choose(world, { traits: both });
        const destinationId = (await listDestinations(db, world.shop))[0]?.id ?? 0;
        const { rows } = await db.query<{ id: number }>(
          `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at)
         VALUES ($1, 'Other', 'Other', '{}', now(), now()) RETURNING id`,
          [world.shop],
        );
        const elsewhere = { destinationId, segmentId: rows[0]?.id ?? 0 };
        await db.query(
          `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at) VALUES ($1, $2, 3, now(), now())`,
          [world.shop, elsewhere.segmentId],
        );
        const other = await chooseAudience(db, world.shop, elsewhere, { ...PLAIN, traits: both.slice(1) });
        await ensureAudiences(db, world.shop, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
        for (const one of [id, other?.id ?? 0]) {
          await startAudience(db, world.shop, one, { warmUp: false, now: world.now() });
          await world.settle(500, one);
        }
        const there = async () =>
          Promise.all([1, 2, 3].map((one) => world.vendor.traits(addressOf(one), [orders, currency])));
        expect(await there()).toEqual(Array.from({ length: 3 }, () => [2, "EUR"]));

        const remap = async (to: { destinationId: number; segmentId: number }, which: number, traits: typeof both) => {
          await chooseAudience(db, world.shop, to, { ...PLAIN, traits });
          await projectAgain(db, world.shop, which, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
          await world.settle(500, which);
        };
        const empty = kind === "mailchimp" ? "" : null;
        const at = { destinationId, segmentId: world.segmentId };
        await world.leave([2]);
        await world.settle(500, id);
        await remap(at, id, both.slice(0, 1));
        expect(await there()).toEqual([
          [2, empty],
          // Who left before keeps what was there, as everybody does who leaves.
          [2, "EUR"],
          [2, "EUR"],
        ]);
        // That is wanted no longer, so that whatever changes next sends nothing of it.
        await projectAgain(db, world.shop, id, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
        expect(await world.overview()).toMatchObject({ audienceId: id, due: 0 });
        await remap(at, id, []);
        expect(await there()).toEqual([
          [empty, empty],
          [2, "EUR"],
          [empty, "EUR"],
        ]);
        await remap(elsewhere, other?.id ?? 0, []);
        expect(await there()).toEqual([
          [empty, empty],
          [2, "EUR"],
          [empty, empty],
        ]);

        // It is the merchant's own from here on, and nothing is due for ever.
        await remap(at, id, both);
        expect(await there()).toEqual([
          [2, "EUR"],
          [2, "EUR"],
          [2, "EUR"],
        ]);
        await remap(at, id, []);
        if (kind !== "webhook") await setByHand(world, kind, { email: addressOf(1), field: currency, value: "theirs" });
        await world.put([{ id: 1, firstName: "Renamed" }]);
        await world.settle(500, id);
        expect((await there())[0]).toEqual([empty, kind === "webhook" ? empty : "theirs"]);
      }),
  );

  test.concurrent("sends recommended products along, flat and with whole addresses, and each new list", async () =>
    inWorld(kind, async (world) => {
      await world.put([{ id: 1 }, { id: 2 }]);
      const names = ["1_id", "1_title", "1_url", "1_image", "1_price", "2_id"].map((name) => `recommended_${name}`);
      const fields = names.map((name) => FIELD_RULES[kind].usual(name));
      expect(fields).toEqual(
        kind === "mailchimp"
          ? ["REC1ID", "REC1TITLE", "REC1URL", "REC1IMAGE", "REC1PRICE", "REC2ID"]
          : names.map((name) => (kind === "klaviyo" ? `muster_${name}` : name)),
      );
      const id = await choose(world, { traits: names.map((trait, at) => ({ trait, field: fields[at] ?? "" })) });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();
      const none = kind === "mailchimp" ? "" : null;
      expect(await world.vendor.traits(addressOf(1), fields)).toEqual([none, none, none, none, none, none]);

      const image = `https://cdn.example/${"long".repeat(80)}.png`;
      const mug = {
        id: "11",
        title: "Mug",
        url: "/products/mug",
        image,
        price: "12.50",
        reason: { kind: "pinned" as const },
      };
      const lists = [{ customerId: "1", revision: 1, list: { personal: true, confidence: 0.9, items: [mug] } }];
      const changed = await db.tx(async (tx) => {
        const written = await writeCustomerLists(tx, world.shop, lists);
        await sendNewLists(tx, world.shop, written);
        return written;
      });
      expect(changed).toEqual(["1"]);
      await db.query("UPDATE audience_members SET due_at = $2 WHERE shop_id = $1 AND due_at IS NOT NULL", [
        world.shop,
        world.now(),
      ]);
      await world.settle();
      const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [world.shop]);
      // An address that does not fit is left out: half of one leads nowhere.
      const sent = ["11", "Mug", `https://${rows[0]?.domain}/products/mug`, none, 12.5, none];
      expect(await world.vendor.traits(addressOf(1), fields)).toEqual(sent);
      expect(await world.vendor.traits(addressOf(2), fields)).toEqual([none, none, none, none, none, none]);
      expect(await db.tx((tx) => writeCustomerLists(tx, world.shop, lists))).toEqual([]);
    }),
  );

  test.concurrent("takes over an audience that was there, whoever is in it already", async () =>
    inWorld(kind, async (world) => {
      const other = await createElsewhere(world);
      await world.put(crowd(3));
      const id = await choose(world, { remoteId: other });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();
      const [only, ...more] = await world.vendor.audiences();
      expect(more).toEqual([]);
      expect(only?.members).toEqual([1, 2, 3].map(addressOf));
    }),
  );

  test.concurrent("is emptied or deleted at the vendor when it is given up, and forgotten", async () =>
    inWorld(kind, async (world) => {
      await world.put(crowd(30));
      const id = await choose(world, { guardShare: 0.1 });
      await startAudience(db, world.shop, id, { warmUp: false, now: world.now() });
      await world.settle();
      await leaveAudience(db, world.shop, id, "delete", world.now());
      // Who comes meanwhile comes into nothing.
      await world.put([{ id: 77 }]);
      expect(await world.settle(500, id)).toBe("settled");
      expect(await world.vendor.audiences()).toEqual([]);
      expect(await findAudience(db, world.shop, id)).toBeNull();

      const again = await choose(world, {});
      await startAudience(db, world.shop, again, { warmUp: false, now: world.now() });
      await world.settle(500, again);
      const [destination] = await listDestinations(db, world.shop);
      await beginLeaving(db, world.shop, destination?.id ?? 0);
      await leaveAudience(db, world.shop, again, "empty", world.now());
      await world.put([{ id: 78 }]);
      expect(await world.settle(500, again)).toBe("settled");
      expect(await world.vendor.audiences()).toMatchObject([{ members: [] }]);
      expect(await listDestinations(db, world.shop)).toEqual([]);
      const { rows } = await db.query("SELECT FROM audience_members WHERE shop_id = $1", [world.shop]);
      expect(rows).toEqual([]);
    }),
  );

  test.concurrent("goes on by itself once a revoked key works again, and not before", async () =>
    inWorld(kind, async (world) => {
      await world.put(crowd(5));
      const destinationId = await world
        .connect()
        .then(async () => (await listDestinations(db, world.shop))[0]?.id ?? 0);
      await world.vendor.key("revoke");
      expect(await world.settle()).toBe("paused");
      const { shop, destinations, now } = world;
      const due = async (minutes: number) =>
        (await destinationsToTry(db, new Date(Date.now() + minutes * 60_000))).some(({ shopId }) => shopId === shop);
      expect([await due(4), await due(6)]).toEqual([false, true]);
      expect(await tryConnection({ db, shop, destinationId, destinations, now })).toEqual([]);
      expect([await due(9), await due(11)]).toEqual([false, true]);
      await world.vendor.key("restore");
      expect(await tryConnection({ db, shop, destinationId, destinations, now })).toHaveLength(1);
      expect(await world.settle()).toBe("settled");
      expect(await members(world)).toHaveLength(5);
    }),
  );

  test.concurrent("has had a made-up person taken the whole way before, of whom nothing is left", async () =>
    inWorld(kind, async (world) => {
      const destinationId = await world.connectOnly();
      const row = (await listDestinations(db, world.shop)).find(({ id }) => id === destinationId);
      if (!row) throw new Error("there is no destination");
      const destination = world.destinations.open(world.shop, row);
      const { email, steps } = await sendSample(destination, "Owner+shop@example.com", "1");
      expect(email).toBe("owner+muster-sample-1@example.com");
      expect(steps.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
      expect(await world.vendor.people()).toEqual({});
      expect(await world.vendor.audiences()).toEqual([]);

      await world.vendor.faults({ rate500: 1 });
      await expect(sendSample(destination, "owner@example.com")).rejects.toThrow(/answered 500/);
    }),
  );

  test.concurrent("is made anew after it was deleted by hand, when the merchant says so", async () =>
    inWorld(kind, async (world) => {
      await world.put(crowd(5));
      await world.connect();
      await world.settle();
      const [audience] = await world.vendor.audiences();
      await world.vendor.deleteAudience(audience?.id ?? "");
      await world.leave([2]);
      expect(await world.settle()).toBe("paused");
      const { audienceId } = await world.overview();
      expect(await renewAudience(db, world.shop, audienceId, world.now())).toBe(true);
      expect(await world.settle()).toBe("settled");
      expect(await members(world)).toEqual([1, 3, 4, 5].map(addressOf));
    }),
  );
});

/** An audience that the merchant made in the vendor's own pages. */
async function createElsewhere({ vendor }: World): Promise<string> {
  if (vendor.kind === "klaviyo") {
    const list = { data: { type: "list", attributes: { name: "Mine" } } };
    return ((await vendor.call("POST /api/lists", list)).body as { data: { id: string } }).data.id;
  }
  if (vendor.kind === "webhook") {
    await vendor.call("POST /audiences", { id: "mine", name: "Mine" });
    return "mine";
  }
  const segment = { name: "Mine", static_segment: [] };
  return String(((await vendor.call("POST /3.0/lists/5a4db0c5e1/segments", segment)).body as { id: number }).id);
}
