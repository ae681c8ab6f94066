import { afterAll, beforeEach, describe, expect, it } from "vitest";
import {
  type DeadLetter,
  discardDeadLetter,
  pageOfDeadLetters,
  readDeadLetter,
  readReplay,
} from "../../app/ingest/dead-letters-store.server.ts";
import { insertArrivals } from "../../app/ingest/inbox-store.server.ts";
import { replayDeadLetters } from "../../app/ingest/replay-dead-letters.server.ts";
import { deliveryDigest } from "../../app/ingest/signature.server.ts";
import { openShop, takeIn } from "../../app/jobs/take-in.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { openAnyDatabase } from "../support/database.ts";
const db = await openAnyDatabase();
const { marks } = createCrypto([Buffer.alloc(32, 7).toString("base64")]);
afterAll(async () => {
  await db.close();
});

const T = new Date("2026-10-01T12:00:00Z");
const MORNING = new Date("2026-11-01T08:00:00Z");
const NOON = new Date("2026-11-01T12:00:00Z");
let domain = "";
let shops = 0;
let deliveries = 0;

beforeEach(() => {
  shops += 1;
  domain = `dead-${shops}.myshopify.com`;
});

async function deliver(topic: string, body: string | object, shop = domain): Promise<void> {
  deliveries += 1;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const webhookId = `delivery-${deliveries}`;
  const digest = deliveryDigest(topic, null, webhookId, bytes);
  const times = { triggeredAt: T, receivedAt: new Date() };
  await insertArrivals(db, [
    { shop, topic, webhookId, eventId: null, apiVersion: null, ...times, digest, body: bytes },
  ]);
}

async function readAll(shop = domain): Promise<number> {
  const opened = await openShop(db, shop, T);
  let taken = 0;
  for (let batch = 3; batch === 3; taken += batch) batch = (await takeIn(db, opened, 3, marks)).taken;
  return taken;
}

const order = (id: number, amount: string) => ({
  id,
  created_at: T.toISOString(),
  updated_at: T.toISOString(),
  total_price_set: { shop_money: { amount, currency_code: "EUR" } },
  customer: { id: 7, updated_at: T.toISOString() },
  refunds: [],
});

/** The next release knows what this one calls by another name. */
const learn = (topic: string) => db.query("UPDATE inbox SET topic = 'orders/create' WHERE topic = $1", [topic]);

async function letters(shop = domain): Promise<DeadLetter[]> {
  return (await pageOfDeadLetters(db, shop, "first", 100)).rows;
}

async function ordersHeld(): Promise<unknown[]> {
  const { rows } = await db.query(
    `SELECT o.id, o.gross_minor FROM orders o JOIN shops s ON s.id = o.shop_id WHERE s.domain = $1 ORDER BY o.id`,
    [domain],
  );
  return rows;
}

async function counts() {
  const replay = await readReplay(db, domain);
  return replay && [replay.asked, replay.understood, replay.failed, replay.waiting];
}

describe("a delivery that was set aside and is read again", () => {
  it("takes effect exactly once, and is not a dead letter any more", async () => {
    await deliver("orders/begun", order(1, "12.50"));
    await readAll();
    const [letter] = await letters();
    expect(letter).toMatchObject({ topic: "orders/begun", attempts: 1, waiting: false });
    expect(letter?.reason).toBe("The topic orders/begun is not one Muster reads.");

    await learn("orders/begun");
    expect(await replayDeadLetters(db, domain, letter?.id ?? "", NOON)).toBe(1);
    expect(await replayDeadLetters(db, domain, letter?.id ?? "", NOON)).toBe(0);
    expect((await letters())[0]?.waiting).toBe(true);
    expect(await readAll()).toBe(1);
    expect(await letters()).toEqual([]);
    expect(await ordersHeld()).toEqual([{ id: "1", gross_minor: "1250" }]);
    expect(await counts()).toEqual([1, 1, 0, 0]);
    expect(await readAll()).toBe(0);
    expect(await replayDeadLetters(db, domain, letter?.id ?? "", NOON)).toBe(0);
  });

  it("never takes back what a later delivery said in the meantime", async () => {
    await deliver("orders/begun", order(1, "12.50"));
    await deliver("orders/updated", { ...order(1, "99.00"), updated_at: "2026-10-02T12:00:00Z" });
    await readAll();
    await learn("orders/begun");
    await replayDeadLetters(db, domain, "all", NOON);
    await readAll();
    expect(await ordersHeld()).toEqual([{ id: "1", gross_minor: "9900" }]);
    expect(await letters()).toEqual([]);
  });

  it("stays with the reason of now and one attempt more when it is still not understood", async () => {
    await deliver("orders/begun", { ...order(1, "12.50"), created_at: "yesterday" });
    await readAll();
    await learn("orders/begun");
    await replayDeadLetters(db, domain, "all", MORNING);
    await readAll();
    const [letter] = await letters();
    expect(letter).toMatchObject({ attempts: 2, waiting: false, reason: "created_at: expected a date and time" });
    const kept = await readDeadLetter(db, domain, letter?.id ?? "", 11);
    expect(kept?.body.toString()).toBe('{"id":1,"cr');
    expect(await counts()).toEqual([1, 0, 1, 0]);

    await replayDeadLetters(db, domain, "all", NOON);
    await readAll();
    expect((await letters())[0]?.attempts).toBe(3);
  });
});

it("reads all of a shop's again, and none of another's, and counts what came of them", async () => {
  for (const id of [1, 2, 3, 4, 5]) await deliver("orders/begun", order(id, "1.00"));
  await deliver("orders/create", "no json");
  await deliver("orders/begun", order(1, "1.00"), "neighbour.myshopify.com");
  await readAll();
  await readAll("neighbour.myshopify.com");
  await learn("orders/begun");
  expect(await replayDeadLetters(db, domain, "all", NOON)).toBe(6);
  expect(await counts()).toEqual([6, 0, 0, 6]);
  await takeIn(db, await openShop(db, domain, T), 4, marks);
  expect(await counts()).toEqual([6, 4, 0, 2]);
  await readAll();
  expect(await counts()).toEqual([6, 5, 1, 0]);
  expect(await ordersHeld()).toHaveLength(5);
  expect((await letters()).map(({ reason }) => reason)).toEqual(["The body is not JSON."]);
  expect(await letters("neighbour.myshopify.com")).toHaveLength(1);
});

it("is discarded with its bytes and known again when Shopify sends it once more", async () => {
  await deliver("orders/begun", order(1, "12.50"));
  await deliver("orders/create", order(2, "1.00"));
  await readAll();
  const [letter] = await letters();
  const id = letter?.id ?? "";
  expect(await db.tx((tx) => discardDeadLetter(tx, "neighbour.myshopify.com", id, NOON))).toBe(false);
  expect(await db.tx((tx) => discardDeadLetter(tx, domain, id, NOON))).toBe(true);
  expect(await db.tx((tx) => discardDeadLetter(tx, domain, id, NOON))).toBe(false);
  // What was understood is no dead letter and cannot be discarded.
  expect(await db.tx((tx) => discardDeadLetter(tx, domain, String(Number(id) + 1), NOON))).toBe(false);
  const { rows } = await db.query("SELECT topic, length(body) > 0 AS kept FROM inbox WHERE shop = $1 ORDER BY id", [
    domain,
  ]);
  expect(rows).toEqual([
    { topic: "orders/begun", kept: false },
    { topic: "orders/create", kept: true },
  ]);
  expect(await replayDeadLetters(db, domain, "all", NOON)).toBe(0);
});

it("is listed by pages, the latest first, to both ends and back", async () => {
  for (const id of [1, 2, 3, 4, 5]) await deliver("orders/begun", order(id, "1.00"));
  await readAll();
  const ids = (await letters()).map(({ id }) => id);
  expect(ids.map(Number)).toEqual(ids.map(Number).toSorted((left, right) => right - left));
  const [first, second, third] = ids as [string, string, string];
  const pageAt = async (...[window, limit = 2]: [Parameters<typeof pageOfDeadLetters>[2], number?]) => {
    const { rows: found, more } = await pageOfDeadLetters(db, domain, window, limit);
    return [found.map(({ id }) => ids.indexOf(id)), more];
  };
  expect(await pageAt("first")).toEqual([[0, 1], { newer: false, older: true }]);
  expect(await pageAt({ olderThan: second })).toEqual([[2, 3], { newer: true, older: true }]);
  expect(await pageAt({ olderThan: third })).toEqual([[3, 4], { newer: true, older: false }]);
  expect(await pageAt({ newerThan: third })).toEqual([[0, 1], { newer: false, older: true }]);
  expect(await pageAt({ newerThan: first })).toEqual([[], { newer: false, older: true }]);
});
