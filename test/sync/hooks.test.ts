import { createHmac, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { startHookJobs } from "../../app/jobs/hook-jobs.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { beginLeaving, listDestinations, pauseDestination } from "../../app/sync/destination-store.server.ts";
import { createHookDoor } from "../../app/sync/hooks/hook-door.server.ts";
import { keepHook } from "../../app/sync/hooks/keep-hook.server.ts";
import { takeCalls } from "../../app/sync/hooks/take-calls.server.ts";
import { readHook } from "../../app/sync/mailchimp/read-hook.ts";
import { listen } from "../sandbox/http.ts";
import { openAnyDatabase } from "../support/database.ts";
import { addressOf, createWorld, crowd, type Kind } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

const crypto = createCrypto([randomBytes(32).toString("base64")]);
const log = createLog("silent");

/** A world whose vendor can call us, and the door it calls at. */
async function createCalled(kind: Kind) {
  const world = await createWorld(db, kind);
  await world.put(crowd(6));
  await world.connect();
  await world.settle();
  const destinationId = (await listDestinations(db, world.shop))[0]?.id ?? 0;
  let recorded = (): void => {};
  let sql: Pick<Db, "query"> = db;
  const door = await listen((request, response) =>
    createHookDoor({ sql, crypto, log, now: () => new Date(), onRecorded: () => recorded() })(request, response),
  );
  const { shop, destinations } = world;
  const called = {
    world,
    destinationId,
    appUrl: door.url,
    keep: (appUrl = door.url) => keepHook({ db, shop, destinationId, destinations, crypto, appUrl, now: world.now }),
    take: () => takeCalls({ db, shop, marks: crypto.marks, destinations, now: () => new Date(Date.now() + 1_000) }),
    /** Waits until the vendor's call has come in. */
    called: (work: () => Promise<unknown>) =>
      new Promise<void>((resolve, reject) => {
        recorded = resolve;
        void work().catch(reject);
      }),
    onRecorded(ring: () => void) {
      recorded = ring;
    },
    async url(): Promise<string> {
      return (await world.vendor.webhooks())[0] ?? "";
    },
    databaseAway(away: boolean) {
      sql = away ? { query: () => Promise.reject(new Error("away")) } : db;
    },
    async inAudience(): Promise<string[]> {
      return (await world.vendor.audiences())[0]?.members ?? [];
    },
    async consents() {
      const { rows } = await db.query(
        `SELECT address, state, reason FROM consent_evidence WHERE shop_id = $1 ORDER BY address, at`,
        [shop],
      );
      return rows;
    },
    async close() {
      await door.close();
      await world.vendor.close();
      const { consentRaised, duplicateEffects } = world.vendor.ledger();
      expect({ consentRaised, duplicateEffects }).toEqual({ consentRaised: 0, duplicateEffects: 0 });
      expect(world.wire.complaints()).toEqual([]);
    },
  };
  return called;
}

describe.each(["klaviyo", "mailchimp"] as const)("calls of %s", (kind) => {
  let called: Awaited<ReturnType<typeof createCalled>>;
  beforeEach(async () => {
    called = await createCalled(kind);
  });
  afterEach(() => called.close());

  test("an unsubscribe there ends every mail within seconds, and stays so", async () => {
    const { world, destinationId } = called;
    const shopId = world.shop;
    const queue = createLocalQueue({ catalogue, log });
    const stop = startHookJobs({ db, queue, log, crypto, destinations: world.destinations, appUrl: called.appUrl });
    queue.work("sync", { concurrency: 1 }, async ({ audienceId }) => void (await world.sync(500, audienceId)));
    queue.work("errands", { concurrency: 1 }, async () => {});
    called.onRecorded(() => void queue.ring("calls", { shopId }, { key: "calls" }));
    await queue.ring("hook", { shopId, destinationId }, { key: "hook" });
    await until(async () => (await world.vendor.webhooks()).length === 1);

    await db.query(
      `INSERT INTO consents (shop_id, customer_id, channel, state, opt_in_level, consented_at, source_updated_at, source_triggered_at,
         source_delivery)
       VALUES ($1, 2, 'email', 'subscribed', 'single_opt_in', now() - interval '1 day', now(), now(), 'd')`,
      [world.shop],
    );

    const begun = Date.now();
    await world.vendor.personDecides("unsubscribe", addressOf(2));
    await until(async () => !(await called.inAudience()).includes(addressOf(2)));
    expect(Date.now() - begun).toBeLessThan(5_000);
    stop();
    await queue.close();

    expect(await called.consents()).toEqual([{ address: addressOf(2), state: "unsubscribed", reason: "unsubscribed" }]);
    const { rows: told } = await db.query(
      `SELECT kind, address FROM errands WHERE shop_id = $1 AND destination_id IS NULL`,
      [world.shop],
    );
    expect(told).toEqual([{ kind: "unsubscribe", address: addressOf(2) }]);
    await world.leave([2]);
    await world.put([{ id: 2 }]);
    await world.settle();
    expect(await called.inAudience()).not.toContain(addressOf(2));
    expect(await world.reconcile()).toMatchObject({ equal: true });
  });

  test("a complaint is for good, and a subscription there alone puts nobody into an audience", async () => {
    const { world } = called;
    await called.keep();
    await called.called(() => world.vendor.engage({ email: addressOf(1), action: "complain" }));
    await called.take();
    await world.put([{ id: 3, consent: "unsubscribed" }]);
    await called.called(() => world.vendor.personDecides("unsubscribe", addressOf(4)));
    await setTimeout(1_100);
    await called.called(() => world.vendor.personDecides("subscribe", addressOf(4)));
    await called.called(() => world.vendor.personDecides("subscribe", addressOf(3)));
    await called.take();
    await world.settle();
    expect(await called.inAudience()).toEqual([2, 5, 6].map(addressOf));
    expect(await called.consents()).toContainEqual({
      address: addressOf(1),
      state: "unsubscribed",
      reason: "complaint",
    });
  });

  test("what did not come from the platform is refused, and a repetition says nothing new", async () => {
    await called.keep();
    const url = await called.url();
    const { body, headers } = message(kind);
    const post = (to: string, text = body, more: Record<string, string> = headers) =>
      fetch(to, { method: "POST", body: text, headers: more }).then(({ status }) => status);
    expect(await fetch(url).then(({ status }) => status)).toBe(200);
    expect(await post(`${url.slice(0, -1)}${url.endsWith("x") ? "y" : "x"}`)).toBe(404);
    expect(await post(url, "type=unsubscribe&data[list_id]=elsewhere&data[email]=person-1@example.com")).toBe(
      kind === "klaviyo" ? 401 : 400,
    );
    if (kind === "klaviyo") {
      expect(await post(url)).toBe(401);
      expect(await called.take()).toMatchObject({ taken: 0 });
      return;
    }
    called.databaseAway(true);
    expect(await post(url)).toBe(503);
    called.databaseAway(false);
    const answers = await Promise.all([post(url), post(url), post(url)]);
    expect(answers).toEqual([200, 200, 200]);
    expect(await called.take()).toMatchObject({ taken: 1 });
    expect(await post(url)).toBe(200);
    expect(await called.take()).toMatchObject({ taken: 0 });
    const { rows } = await db.query("SELECT said, addresses FROM hook_calls WHERE shop_id = $1", [called.world.shop]);
    expect(rows).toEqual([{ said: null, addresses: [] }]);
  });

  test("it is registered once, whatever fails, and ended with the connection", async () => {
    const { world } = called;
    // Klaviyo lets a webhook be asked after once a second.
    if (kind === "mailchimp")
      await world.vendor.faults({ rate500: 0.3, timeoutAfterApply: 0.3, truncated: 0.2, seed: 3, holdMillis: 1 });
    for (let tries = 0; (await called.keep()).outcome !== "kept"; tries += 1) expect(tries).toBeLessThan(40);
    await world.vendor.faults({});
    expect(await called.keep()).toEqual({ outcome: "kept" });
    expect(await world.vendor.webhooks()).toHaveLength(1);
    // The app moves to another address: that one is called from then on, and the old one no more.
    if (kind === "mailchimp") {
      expect(await called.keep(called.appUrl.replace("127.0.0.1", "localhost"))).toEqual({ outcome: "kept" });
      expect(await world.vendor.webhooks()).toEqual([expect.stringContaining("localhost")]);
    }
    await beginLeaving(db, world.shop, called.destinationId);
    await db.query("DELETE FROM audiences WHERE shop_id = $1", [world.shop]);
    expect(await called.keep()).toEqual({ outcome: "removed" });
    expect(await world.vendor.webhooks()).toEqual([]);
    expect(await listDestinations(db, world.shop)).toEqual([]);
  });

  test("a paused connection still hears of unsubscribes as soon as it can", async () => {
    const { world } = called;
    await called.keep();
    await pauseDestination(db, world.shop, called.destinationId, "The key was revoked");
    await world.vendor.key("revoke");
    await called.called(() => world.vendor.personDecides("unsubscribe", addressOf(5)));
    await called.take();
    expect((await called.consents()).length).toBe(kind === "mailchimp" ? 1 : 0);
    await world.vendor.key("restore");
    await db.query("UPDATE hook_calls SET due_at = now() - interval '1 minute' WHERE due_at IS NOT NULL");
    await called.take();
    expect(await called.consents()).toMatchObject([{ address: addressOf(5), state: "unsubscribed" }]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); await setTimeout(20))
    if (Date.now() > end) throw new Error("it does not come to be");
}

/** A call as the platform makes it, of Klaviyo with a signature under another secret. */
function message(kind: Kind): { body: string; headers: Record<string, string> } {
  if (kind === "mailchimp") {
    const body =
      "type=unsubscribe&fired_at=2026-03-26+21%3A40%3A57&data[list_id]=5a4db0c5e1&data[email]=person-1@example.com&data[action]=unsub&data[reason]=manual";
    return { body, headers: { "content-type": "application/x-www-form-urlencoded" } };
  }
  const body = JSON.stringify({ data: [], meta: {} });
  const signature = createHmac("sha256", "another secret").update(`${body}1`).digest("hex");
  return { body, headers: { "klaviyo-signature": signature, "klaviyo-timestamp": "1" } };
}

test("an address that became another one at Mailchimp brings its unsubscribe along", async () => {
  const called = await createCalled("mailchimp");
  const { world } = called;
  await called.keep();
  await called.called(() => world.vendor.personDecides("unsubscribe", addressOf(6)));
  await called.called(() => world.vendor.moves(addressOf(6), "moved@example.com"));
  expect(await called.take()).toMatchObject({ taken: 2 });
  expect(await called.consents()).toEqual([
    { address: "moved@example.com", state: "unsubscribed", reason: "unsubscribed" },
    { address: addressOf(6), state: "unsubscribed", reason: "unsubscribed" },
  ]);
  await called.close();
});

test("an account without webhooks is polled alone", async () => {
  const called = await createCalled("mailchimp");
  expect(await called.keep("http://127.0.0.1:9")).toMatchObject({ outcome: "refused" });
  await called.world.vendor.personDecides("unsubscribe", addressOf(1));
  await called.world.hear();
  expect(await called.consents()).toMatchObject([{ address: addressOf(1) }]);
  await called.close();
});

describe("what Mailchimp's forms say", () => {
  const receivedAt = new Date("2026-03-26T21:41:00Z");
  const at = new Date("2026-03-26T21:40:57Z");
  const read = (fields: Record<string, string>) => {
    const form = new URLSearchParams({ fired_at: "2026-03-26 21:40:57", "data[list_id]": "L", ...fields });
    return readHook({
      body: Buffer.from(form.toString()),
      headers: {},
      settings: { listId: "L" },
      secret: "",
      receivedAt,
    });
  };
  const email = { "data[email]": "Ada@Example.com" };
  const ended = { email: "ada@example.com", state: "unsubscribed", at };

  test.each<[string, Record<string, string>, object]>([
    ["unsubscribe", { "data[action]": "unsub" }, { ...ended, lasting: false, reason: "unsubscribed" }],
    ["unsubscribe", { "data[reason]": "abuse" }, { ...ended, lasting: true, reason: "complaint" }],
    ["cleaned", { "data[reason]": "hard" }, { ...ended, lasting: true, reason: "bounce" }],
    ["cleaned", { "data[reason]": "abuse" }, { ...ended, lasting: true, reason: "complaint" }],
    ["unsubscribe", { fired_at: "2026-03-26 16:40:57" }, { ...ended, at: receivedAt }],
    ["unsubscribe", { fired_at: "2026-03-27 02:40:57" }, { ...ended, at: receivedAt }],
    ["subscribe", {}, { email: "ada@example.com", state: "subscribed", at, lasting: false }],
    ["subscribe", { fired_at: "2026-03-27 02:40:57" }, { state: "subscribed", at: receivedAt }],
  ])("%s %o", (type, fields, expected) => {
    expect(read({ type, ...email, ...fields })).toMatchObject({ outcome: "heard", said: { consents: [expected] } });
  });

  test("nobody decided anything where a contact was deleted or a campaign sent, and what is malformed is refused", () => {
    expect(read({ type: "unsubscribe", ...email, "data[action]": "delete" })).toEqual({ outcome: "nothing" });
    expect(read({ type: "campaign" })).toEqual({ outcome: "nothing" });
    expect(read({ type: "profile", ...email })).toMatchObject({ said: { ask: true, consents: [] } });
    expect(read({ type: "unsubscribe", "data[email]": "nobody" })).toMatchObject({ outcome: "refused" });
    expect(read({ type: "unsubscribe", ...email, "data[list_id]": "other" })).toMatchObject({ outcome: "refused" });
  });
});
