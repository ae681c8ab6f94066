import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { chooseAudience } from "../../app/sync/audience-store.server.ts";
import { hearConsents } from "../../app/sync/consent/hear-consents.server.ts";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { addressOf, createWorld, crowd } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

test("who unsubscribes from one list alone at Klaviyo is out of every audience if the list is one of ours, or once it becomes one", async () => {
  const world = await createWorld(db, "klaviyo");
  const { vendor, shop, marks, destinations, now } = world;
  /** As a person does in the preferences of one list. */
  const endsIn = async (list: string, id: number) => {
    const marketing = { consent: "UNSUBSCRIBED" };
    const one = { type: "profile", attributes: { email: addressOf(id), subscriptions: { email: { marketing } } } };
    await vendor.call("POST /api/profile-subscription-bulk-delete-jobs", {
      data: {
        type: "profile-subscription-bulk-delete-job",
        attributes: { profiles: { data: [one] } },
        relationships: { list: { data: { type: "list", id: list } } },
      },
    });
    await expect.poll(async () => membersOf(list), { interval: 20 }).not.toContain(addressOf(id));
  };
  const membersOf = async (list: string) => (await vendor.audiences()).find(({ id }) => id === list)?.members;

  await world.put(crowd(4));
  const audienceId = await world.connect();
  await world.settle();
  await world.hear();
  const ours = (await vendor.audiences())[0]?.id ?? "";
  const { body } = await vendor.call("POST /api/lists", { data: { type: "list", attributes: { name: "News" } } });
  const theirs = (body as { data: { id: string } }).data.id;
  const profile = { type: "profile", attributes: { email: addressOf(2) } };
  await vendor.call("POST /api/profile-bulk-import-jobs", {
    data: {
      type: "profile-bulk-import-job",
      attributes: { profiles: { data: [profile] } },
      relationships: { lists: { data: [{ type: "list", id: theirs }] } },
    },
  });
  await expect.poll(async () => membersOf(theirs), { interval: 20 }).toEqual([addressOf(2)]);
  await endsIn(ours, 1);
  await endsIn(theirs, 2);

  expect((await world.hear()).outcome).toBe("heard");
  await world.settle();
  await world.reconcile();
  await world.settle();
  expect(await membersOf(ours)).toEqual([2, 3, 4].map(addressOf));
  expect((await world.overview()).exceptions).toEqual({ no_consent: 1 });
  const told = () =>
    db
      .query<{ address: string }>(
        "SELECT address FROM platform_consents WHERE shop_id = $1 AND unsubscribed_at IS NOT NULL ORDER BY 1",
        [shop],
      )
      .then(({ rows }) => rows.map(({ address }) => address));
  expect(await told()).toEqual([addressOf(1)]);

  // A subscription given before does not lift it, whosever list it is: Klaviyo would.
  const [row] = await listDestinations(db, shop);
  if (!row) throw new Error("no destination");
  const anHourAgo = new Date(Date.now() - 3_600_000);
  for (const id of [1, 2])
    expect(await destinations.open(shop, row).raiseConsent(addressOf(id), anHourAgo)).toEqual({
      outcome: "refused",
      reason: "newer_there",
    });

  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at)
     VALUES ($1, 'Readers', 'Readers', '{}', now(), now()) RETURNING id`,
    [shop],
  );
  const at = { destinationId: row.id, segmentId: rows[0]?.id ?? 0 };
  const choice = { remoteId: theirs, nonSubscribed: false, traits: [], guardShare: null };
  expect(await chooseAudience(db, shop, at, choice)).toMatchObject({ created: true });
  // It was asked a moment ago, and is asked again, for all that was ever said.
  await hearConsents({ db, shop, marks, audienceId, destinations, now });
  expect(await told()).toEqual([1, 2].map(addressOf));
  await world.settle(500, audienceId);
  expect(await membersOf(ours)).toEqual([3, 4].map(addressOf));
  expect(vendor.ledger()).toMatchObject({ consentRaised: 0, createdSubscribed: 0 });
  await vendor.close();
});
