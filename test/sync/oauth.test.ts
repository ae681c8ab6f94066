import type { AppLoadContext } from "@remix-run/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createDestinationAdmin } from "../../app/jobs/destination-admin.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { createOAuthAdmin } from "../../app/jobs/oauth-admin.server.ts";
import { createCallOut } from "../../app/platform/call-out.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { loader } from "../../app/routes/oauth.$kind.tsx";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { createDestinations } from "../../app/sync/destinations.ts";
import { dropOldAttempts } from "../../app/sync/oauth/attempts-store.server.ts";
import { giveBack } from "../../app/sync/oauth/give-back.server.ts";
import { shopsWithPermissions } from "../../app/sync/oauth/given-up-store.server.ts";
import { ensureAudiences } from "../../app/sync/projection-store.server.ts";
import { retireAudiences } from "../../app/sync/retire-store.server.ts";
import { tryConnection } from "../../app/sync/try-connection.server.ts";
import { openAnyDatabase } from "../support/database.ts";
import { addressOf, createWorld, crowd } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

const log = createLog("silent");
const APP_URL = "https://muster.example";
const USER = "7001";

/** A shop whose merchant connects a platform by permission, without a browser. */
async function createPermitting(kind: "klaviyo" | "mailchimp") {
  const world = await createWorld(db, kind);
  const queue = createLocalQueue({ catalogue, log });
  const { shop, crypto, destinations } = world;
  const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [shop]);
  const domain = rows[0]?.domain ?? "";
  const admin = createOAuthAdmin({ db, crypto, destinations, queue, appUrl: APP_URL, apiKey: "key" });

  const permitting = {
    world,
    admin,
    domain,
    /** To the platform, which permits it, and back. @returns where the browser is sent on. */
    async goThere(user = USER) {
      const begun = await admin.begin(domain, user, kind);
      if (begun.outcome !== "go") throw new Error(begun.outcome);
      const permitted = await fetch(begun.url, { redirect: "manual" });
      return new URL(permitted.headers.get("location") ?? "");
    },
    /** Our own address that the platform was told. */
    async comeBack(url: URL): Promise<Response> {
      const request = new Request(url);
      const context = { oauth: admin } as unknown as AppLoadContext;
      return loader({ request, params: { kind: url.pathname.split("/").at(-1) }, context });
    },
    async ticketOf(url: URL): Promise<string> {
      const back = new URL((await permitting.comeBack(url)).headers.get("location") ?? "");
      expect(back.origin + back.pathname).toBe(
        `https://admin.shopify.com/store/${domain.replace(".myshopify.com", "")}/apps/key/app/destinations`,
      );
      return back.searchParams.get("ticket") ?? "";
    },
    async connect(place: string | null = null) {
      const ticket = await permitting.ticketOf(await permitting.goThere());
      return { ticket, answer: await admin.finish(domain, USER, ticket, place, "Ada") };
    },
    /** An audience for the world's segment, as a merchant would start it. */
    async start() {
      await db.query("UPDATE destinations SET every_segment = true, review = false WHERE shop_id = $1", [shop]);
      await ensureAudiences(db, shop, { now: world.now(), receivedAt: null, dueAfterMs: 0 });
      await world.settle();
    },
    async row() {
      const [row] = await listDestinations(db, shop);
      if (!row) throw new Error("nothing is connected");
      return row;
    },
    async inAudience(): Promise<string[]> {
      return (await world.vendor.audiences())[0]?.members ?? [];
    },
    async close() {
      await queue.close();
      await world.vendor.close();
      const { consentRaised, duplicateEffects } = world.vendor.ledger();
      expect({ consentRaised, duplicateEffects }).toEqual({ consentRaised: 0, duplicateEffects: 0 });
    },
  };
  return permitting;
}

describe("Klaviyo, connected by permission", () => {
  let permitting: Awaited<ReturnType<typeof createPermitting>>;
  beforeEach(async () => {
    permitting = await createPermitting("klaviyo");
  });
  afterEach(() => permitting.close());

  test("keeps an audience, through access that runs out in the midst of it, renewed once for all processes", async () => {
    const { world } = permitting;
    await world.put(crowd(30));
    expect((await permitting.connect()).answer).toMatchObject({ outcome: "connected", kind: "klaviyo", secret: null });
    await permitting.start();
    expect(await permitting.inAudience()).toHaveLength(30);

    await world.put(crowd(60));
    const syncing = world.sync(10);
    await world.vendor.access("expire");
    await syncing;
    expect(await world.settle()).toBe("settled");
    expect(await permitting.inAudience()).toHaveLength(60);
    expect(await world.vendor.renewals()).toBe(1);

    await world.vendor.access("expire");
    const row = await permitting.row();
    const processes = [world.destinations, world.otherDestinations(), world.otherDestinations()];
    const lists = processes.flatMap((each) => [each.open(world.shop, row), each.open(world.shop, row)]);
    for (const found of await Promise.all(lists.map((each) => each.listAudiences()))) expect(found).toHaveLength(1);
    expect(await world.vendor.renewals()).toBe(2);
    expect(await world.reconcile()).toMatchObject({ equal: true });
  });

  test("pauses with the reason when the permission is withdrawn, and goes on once it is given again", async () => {
    const { world } = permitting;
    await world.put(crowd(5));
    await permitting.connect();
    await permitting.start();
    await world.vendor.access("withdraw");
    await world.leave([2]);
    expect(await world.settle()).toBe("paused");
    const { id, stateReason } = await permitting.row();
    expect(stateReason).toBe("The permission was withdrawn at Klaviyo. Connect it again under Destinations");
    const { shop, destinations, now } = world;
    expect(await tryConnection({ db, shop, destinationId: id, destinations, now })).toEqual([]);

    expect((await permitting.connect()).answer).toMatchObject({ outcome: "connected", destinationId: id });
    expect(await world.settle()).toBe("settled");
    expect(await permitting.inAudience()).toEqual([1, 3, 4, 5].map(addressOf));
  });

  test("a process that died while it renewed holds nobody up for longer than its claim", async () => {
    const { world } = permitting;
    await permitting.connect();
    await world.vendor.access("expire");
    await db.query("UPDATE destinations SET renewing_until = now() + interval '300 milliseconds' WHERE shop_id = $1", [
      world.shop,
    ]);
    const begun = Date.now();
    expect(await world.destinations.open(world.shop, await permitting.row()).listAudiences()).toEqual([]);
    expect(Date.now() - begun).toBeGreaterThan(200);
  });

  /** Disconnects as the merchant would, and does what follows as the jobs would. */
  async function disconnect(how: "keep" | "empty"): Promise<void> {
    const { crypto, destinations } = permitting.world;
    const queue = createLocalQueue({ catalogue, log });
    const connections = createDestinationAdmin({ db, destinations, queue, crypto, appUrl: APP_URL });
    await connections.disconnect(permitting.domain, String((await permitting.row()).id), how, "Ada");
    await queue.close();
  }
  let ahead = 0;
  const back = () => {
    const { shop, destinations, now } = permitting.world;
    return giveBack({ db, shop, destinations, now: () => new Date(now().getTime() + ahead) });
  };
  const givenUp = async (): Promise<number> => {
    const { shop } = permitting.world;
    return (await db.query("SELECT FROM permissions_given_up WHERE shop_id = $1", [shop])).rows.length;
  };
  const revoked = () => permitting.world.vendor.ledger().byOperation["/oauth/revoke"];

  test("what was permitted is given back however long the platform is away, also once lists were emptied first", async () => {
    const { world } = permitting;
    await world.put(crowd(3));
    await permitting.connect();
    await permitting.start();
    const { audienceId } = await world.overview();
    await disconnect("empty");
    expect(await back()).toBe(0);
    expect(await world.settle(500, audienceId)).toBe("settled");
    expect(await listDestinations(db, world.shop)).toEqual([]);

    await world.vendor.faults({ rate500: 1 });
    expect(await back()).toBe(0);
    expect([await givenUp(), world.vendor.ledger().injectedFaults]).toEqual([1, { rate500: 1 }]);
    await world.vendor.faults({});
    expect(await shopsWithPermissions(db, new Date(Date.now() + 60_000))).toContain(world.shop);
    ahead = 60_000;
    expect(await back()).toBe(1);
    expect([await givenUp(), revoked()]).toEqual([0, { 200: 1 }]);
    expect(await back()).toBe(0);
  });

  test("nothing is given back of an account that was connected again meanwhile", async () => {
    await permitting.connect();
    await disconnect("keep");
    await permitting.connect();
    await back();
    expect([await givenUp(), revoked()]).toEqual([0, undefined]);
    expect(
      await permitting.world.destinations.open(permitting.world.shop, await permitting.row()).listAudiences(),
    ).toEqual([]);
  });

  test("a connection whose segments were removed and their lists kept is forgotten with it, and the lists stay", async () => {
    const { world } = permitting;
    await world.put(crowd(3));
    await permitting.connect();
    await permitting.start();
    await retireAudiences(db, world.shop, world.segmentId, "kept");
    await disconnect("empty");
    expect(await listDestinations(db, world.shop)).toEqual([]);
    expect(await permitting.inAudience()).toHaveLength(3);
  });

  test("tokens are sealed, and given back when the connection is given up", async () => {
    const { world } = permitting;
    await permitting.connect();
    const { rows } = await db.query<{ text: string }>(
      "SELECT encode(credentials, 'escape') AS text FROM destinations WHERE shop_id = $1",
      [world.shop],
    );
    expect(rows[0]?.text).not.toMatch(/access|refresh|oauth/);
    expect((await db.query("SELECT FROM oauth_attempts WHERE shop_id = $1", [world.shop])).rows).toEqual([]);
    await disconnect("keep");
    expect(await back()).toBe(1);
    expect(world.vendor.ledger().byOperation["/oauth/revoke"]).toEqual({ 200: 1 });
    expect(await listDestinations(db, world.shop)).toEqual([]);
  });

  test("what comes back belongs to the shop and to whoever began it, once, and not for long", async () => {
    const { admin, domain, world } = permitting;
    const other = await createPermitting("klaviyo");
    const there = await permitting.goThere();
    const forged = new URL(there);
    forged.searchParams.set("state", "A".repeat(43));
    expect((await permitting.comeBack(forged)).status).toBe(404);
    expect((await permitting.comeBack(new URL(there.href.replace("klaviyo", "mailchimp")))).status).toBe(404);

    const ticket = await permitting.ticketOf(there);
    expect((await permitting.comeBack(there)).status).toBe(404);
    expect(await admin.finish(domain, "7002", ticket, null, "Ada")).toMatchObject({ outcome: "expired" });
    expect(await other.admin.finish(other.domain, USER, ticket, null, "Ada")).toMatchObject({ outcome: "expired" });
    expect(await admin.finish(domain, USER, "B".repeat(43), null, "Ada")).toMatchObject({ outcome: "expired" });
    expect(await listDestinations(db, world.shop)).toEqual([]);
    const answers = await Promise.all([1, 2].map(() => admin.finish(domain, USER, ticket, null, "Ada")));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(["connected", "expired"]);

    const late = await permitting.goThere();
    await db.query("UPDATE oauth_attempts SET created_at = now() - interval '16 minutes' WHERE shop_id = $1", [
      world.shop,
    ]);
    expect((await permitting.comeBack(late)).status).toBe(404);
    await dropOldAttempts(db);
    expect((await db.query("SELECT FROM oauth_attempts WHERE shop_id = $1", [world.shop])).rows).toEqual([]);
    await other.close();
  });

  test("a permission that is not given connects nothing", async () => {
    const there = await permitting.goThere();
    there.searchParams.delete("code");
    there.searchParams.set("error", "access_denied");
    const back = await permitting.comeBack(there);
    expect(new URL(back.headers.get("location") ?? "").search).toBe("?declined=klaviyo");
    expect(await listDestinations(db, permitting.world.shop)).toEqual([]);
  });

  test("a code for another verifier is not taken", async () => {
    const { admin, domain, world } = permitting;
    const [one, two] = [await permitting.goThere(), await permitting.goThere()];
    one.searchParams.set("code", two.searchParams.get("code") ?? "");
    const ticket = await permitting.ticketOf(one);
    expect(await admin.finish(domain, USER, ticket, null, "Ada")).toMatchObject({
      outcome: "refused",
      kind: "klaviyo",
    });
    expect(await listDestinations(db, world.shop)).toEqual([]);
  });
});

test("Mailchimp, connected by permission, has one of several audiences chosen and keeps it", async () => {
  const permitting = await createPermitting("mailchimp");
  const { world, admin, domain } = permitting;
  await world.put(crowd(5));
  const { ticket, answer } = await permitting.connect();
  expect(answer).toMatchObject({ outcome: "choose", places: [{ name: "Customers" }, { name: "Others" }] });
  const place = answer.outcome === "choose" ? (answer.places[0]?.id ?? null) : null;
  expect(await admin.finish(domain, USER, ticket, place, "Ada")).toMatchObject({
    outcome: "connected",
    account: "Customers",
  });
  await permitting.start();
  expect(await permitting.inAudience()).toEqual([1, 2, 3, 4, 5].map(addressOf));
  await world.vendor.access("withdraw");
  await world.leave([1]);
  expect(await world.settle()).toBe("paused");
  expect((await permitting.row()).stateReason).toMatch(/withdrawn at Mailchimp/);
  await permitting.connect(place);
  expect(await world.settle()).toBe("settled");
  expect(await permitting.inAudience()).toEqual([2, 3, 4, 5].map(addressOf));
  await permitting.close();
});

test("without an app's id and secret no permission is asked for", async () => {
  const { crypto, vendor } = await createWorld(db, "klaviyo");
  const destinations = createDestinations({ crypto, callOut: createCallOut(), klaviyoUrl: vendor.url });
  const queue = createLocalQueue({ catalogue, log });
  const admin = createOAuthAdmin({ db, crypto, destinations, queue, appUrl: APP_URL, apiKey: "key" });
  expect(admin.kinds).toEqual([]);
  expect(await admin.begin("demo.myshopify.com", USER, "klaviyo")).toEqual({ outcome: "not_offered" });
  await vendor.close();
  await queue.close();
});
