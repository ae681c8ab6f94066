import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createDestinationAdmin } from "../../app/jobs/destination-admin.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { connectAndBuild } from "../../app/jobs/connect-destination.server.ts";
import { type Called, createCallOut } from "../../app/platform/call-out.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { findAudience, findDestination, listDestinations } from "../../app/sync/destination-store.server.ts";
import { createDestinations, readConnection, withNewSecret } from "../../app/sync/destinations.ts";
import { reconcileAudience } from "../../app/sync/reconcile.server.ts";
import { createLocalLimits } from "../../app/sync/limits/local-limits.ts";
import { createWebhookClient } from "../../app/sync/webhook/client.ts";
import { createWebhookDestination } from "../../app/sync/webhook/destination.ts";
import { openAnyDatabase } from "../support/database.ts";
import { addressOf, createWorld, crowd, SECRET } from "./world.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

const ok = (start = ""): Called => ({ outcome: "answered", status: 200, retryAfterMs: null, start });
const status = (code: number, start = ""): Called => ({ ...ok(start), status: code }) as Called;

/** A destination whose receiver answers as it is told. */
function answering(answer: (message: { type: string; data: Record<string, unknown> }) => Called) {
  const sent: { type: string; data: Record<string, unknown>; headers: Readonly<Record<string, string>> }[] = [];
  let id = 0;
  const destination = createWebhookDestination({
    clientFor: (priority) =>
      createWebhookClient({
        callOut: async ({ body, headers }) => {
          const message = JSON.parse(body) as { type: string; data: Record<string, unknown> };
          sent.push({ ...message, headers });
          return answer(message);
        },
        url: "https://crm.example/hook",
        secrets: [SECRET],
        calls: createLocalLimits().of("receiver", "calls", { atOnce: 4 }),
        priority,
        onCall() {},
        now: () => new Date("2026-10-02T08:00:00.123Z"),
        newId: () => `msg_${(id += 1)}`,
      }),
    takeCalls: () => [],
    account: { id: "R", name: "crm.example" },
  });
  return { destination, sent };
}

const person = (id: number) => ({
  customerId: String(id),
  email: addressOf(id),
  remoteId: null,
  firstName: "Ada",
  lastName: null,
  consent: "subscribed",
  consentedAt: null,
  traits: { orders_count: id },
});
const urgency = { removals: "removal", additions: "addition" } as const;
const change = (ids: number[]) => ({ removals: [], additions: ids.map(person), urgency });

test("a message says who is in, signed, with when it was sent inside", async () => {
  const { destination, sent } = answering(() => ok());
  await destination.apply("aud_1", { ...change([1]), removals: [{ ...person(2), remoteId: null }] });
  expect(sent.map(({ headers: _headers, ...message }) => message)).toEqual([
    {
      type: "members.changed",
      timestamp: "2026-10-02T08:00:00.123Z",
      data: {
        audience: { id: "aud_1" },
        removed: [{ customer_id: "2", email: addressOf(2) }],
        added: [],
      },
    },
    {
      type: "members.changed",
      timestamp: "2026-10-02T08:00:00.123Z",
      data: {
        audience: { id: "aud_1" },
        removed: [],
        added: [
          {
            customer_id: "1",
            email: addressOf(1),
            first_name: "Ada",
            last_name: null,
            consent: "subscribed",
            traits: { orders_count: 1 },
          },
        ],
      },
    },
  ]);
  expect(sent[0]?.headers).toMatchObject({ "webhook-id": "msg_1", "webhook-timestamp": "1790928000" });
});

test.each<[string, Called, object]>([
  ["a plain yes", ok("thanks"), { outcome: "done" }],
  ["no word about somebody", ok('{"results":[]}'), { outcome: "done" }],
  [
    "a refusal of somebody",
    ok(
      '{"results":[{"customer_id":"1","outcome":"rejected","code":"blocked","message":"ada@example.com is blocked"}]}',
    ),
    { outcome: "rejected", code: "blocked", words: "[address] is blocked" },
  ],
  ["somebody to be sent again", ok('{"results":[{"customer_id":"1","outcome":"retry"}]}'), { outcome: "retry" }],
  ["half an answer", ok('{"results":[{"cust'), { outcome: "retry", countsAsAttempt: true }],
  ["a page of a gateway's", ok("<html>"), { outcome: "retry", countsAsAttempt: true }],
  ["trouble of its own", status(503), { outcome: "retry", countsAsAttempt: true }],
  ["too much at once", status(429), { outcome: "retry", countsAsAttempt: false }],
  ["a refusal of all of it", status(422), { outcome: "rejected", code: "http_422" }],
])("%s is everybody's answer", async (_name, called, expected) => {
  const { destination } = answering(() => called);
  expect(await destination.apply("aud_1", change([1]))).toMatchObject([{ customerId: "1", ...expected }]);
});

test.each<[string, Called, string]>([
  ["an unknown secret", status(401), "does not accept the key"],
  ["an address where nothing is", status(404), "Nothing answers at this address"],
  ["a receiver that wants no more", status(410), "wants nothing any more"],
  ["a redirect", status(302), "redirects are not followed"],
  ["an address inside", { outcome: "blocked", reason: "It does not lead to the public internet" }, "public internet"],
])("%s pauses the connection", async (_name, called, words) => {
  const { destination } = answering(() => called);
  await expect(destination.apply("aud_1", change([1]))).rejects.toMatchObject({
    name: "PauseConnection",
    message: expect.stringContaining(words) as string,
  });
});

test("one whom the receiver will not have is found by halving, and nobody else suffers", async () => {
  const { destination } = answering(({ data }) =>
    (data["added"] as { customer_id: string }[]).some(({ customer_id }) => customer_id === "3") ? status(400) : ok(),
  );
  const answers = await destination.apply("aud_1", change([1, 2, 3, 4, 5]));
  expect(answers.filter(({ outcome }) => outcome === "rejected").map(({ customerId }) => customerId)).toEqual(["3"]);
  expect(answers.filter(({ outcome }) => outcome === "done")).toHaveLength(4);
});

test("an address on this machine or without TLS is refused before anything is sent", async () => {
  const destinations = createDestinations({
    crypto: createCrypto([randomBytes(32).toString("base64")]),
    callOut: createCallOut(),
    klaviyoUrl: "http://127.0.0.1:9",
  });
  for (const apiKey of ["http://crm.example/hook", "https://127.0.0.1/hook", "https://localhost/", "https://[::1]/x"]) {
    const read = readConnection({ kind: "webhook", apiKey, place: null }, randomBytes(32));
    if (read.outcome === "refused") throw new Error(read.reason);
    expect(await destinations.connect(read.connection).check()).toMatchObject({ outcome: "refused" });
  }
  expect(readConnection({ kind: "webhook", apiKey: "crm", place: null }, randomBytes(32)).outcome).toBe("refused");
});

test("a receiver is connected before it knows the secret, pauses, and goes on by itself once it does", async () => {
  const world = await createWorld(db, "webhook");
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const callOut = createCallOut({ sandboxOrigin: world.vendor.url });
  const destinations = createDestinations({ crypto, callOut, klaviyoUrl: "http://127.0.0.1:9" });
  const read = readConnection(
    { kind: "webhook", apiKey: `${world.vendor.url}/in?token=hidden`, place: null },
    randomBytes(32),
  );
  if (read.outcome === "refused") throw new Error(read.reason);
  const connected = await connectAndBuild({ db, crypto, destinations }, world.shop, read.connection);
  expect(connected).toMatchObject({ outcome: "connected", account: new URL(world.vendor.url).host });
  const [row] = await listDestinations(db, world.shop);
  if (!row || read.connection.kind !== "webhook") throw new Error("nothing is connected");
  expect(JSON.stringify(row)).not.toContain("hidden");
  expect(await destinations.open(world.shop, row).check()).toMatchObject({ outcome: "refused" });

  const { secret } = read.connection.credentials;
  world.vendor.learnSecret(secret);
  expect(await destinations.open(world.shop, row).check()).toMatchObject({ outcome: "ok" });
  const connections = createDestinationAdmin({
    db,
    destinations,
    queue: createLocalQueue({ catalogue, log: createLog("silent") }),
    crypto,
    appUrl: "https://muster.example",
  });
  const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [world.shop]);
  const rotated = await connections.rotate(rows[0]?.domain ?? "", String(row.id), "Ada");
  if (rotated.outcome !== "rotated") throw new Error(rotated.outcome);
  const reopened = async () => destinations.open(world.shop, (await findDestination(db, world.shop, row.id)) ?? row);
  expect(await (await reopened()).check()).toMatchObject({ outcome: "ok" });
  world.vendor.learnSecret(rotated.secret);
  expect(await (await reopened()).check()).toMatchObject({ outcome: "ok" });
  world.vendor.learnSecret(secret);

  // The old secret signs too until the receiver has had the time to learn the new one.
  const during = withNewSecret(read.connection, randomBytes(32), new Date(Date.now() + 60_000));
  const after = withNewSecret(read.connection, randomBytes(32), new Date(Date.now() - 1));
  if (during?.kind !== "webhook" || after?.kind !== "webhook") throw new Error("it has no secret of ours");
  expect(await destinations.connect(during).check()).toMatchObject({ outcome: "ok" });
  expect(await destinations.connect(after).check()).toMatchObject({ outcome: "refused" });
  world.vendor.learnSecret(after.credentials.secret);
  expect(await destinations.connect(after).check()).toMatchObject({ outcome: "ok" });
  await world.vendor.close();
});

test("a receiver that does not tell who is in an audience is believed, and is not asked again before the next day", async () => {
  const world = await createWorld(db, "webhook");
  await world.put(crowd(3));
  const audienceId = await world.connect();
  await world.settle();
  const { destination } = answering(() => ok());
  const result = await reconcileAudience({
    db,
    shop: world.shop,
    audienceId,
    destinations: { open: () => destination },
    now: world.now,
    repair: true,
  });
  expect(result).toEqual({ outcome: "untold" });
  expect((await findAudience(db, world.shop, audienceId))?.reconciledAt).not.toBeNull();
  expect(await findDestination(db, world.shop, (await listDestinations(db, world.shop))[0]?.id ?? 0)).toMatchObject({
    state: "live",
  });
  await world.vendor.close();
});
