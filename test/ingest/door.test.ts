import { createHmac } from "node:crypto";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDoor } from "../../app/ingest/door.server.ts";
import type { Db, Sql } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const MAX_BYTES = 5 * 1024 * 1024;
const SECRET = "hush";
const body = JSON.stringify({ id: 1, note: "räksmörgås" });
let db: Db;
let server: Server;
let url: string;
let broken: Sql["query"] | null = null;
const recorded: string[] = [];
/** A database that is not there. */
const nowhere = new pg.Pool({ host: "127.0.0.1", port: 1 });

beforeAll(async () => {
  db = await openAnyDatabase();
  const sql: Sql = { query: (text, values) => (broken ? broken(text, values) : db.query(text, values)) };
  const door = createDoor({
    sql,
    secrets: [SECRET, "the one before"],
    log: createLog("silent"),
    metrics: createMetrics(),
    onRecorded: (shop) => recorded.push(shop),
  });
  server = createServer(door).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
});

afterAll(async () => {
  server.close();
  await nowhere.end();
  await db.close();
});

function sign(content: string | Buffer, secret = SECRET): string {
  return createHmac("sha256", secret).update(content).digest("base64");
}

function deliver(headers: Record<string, string | undefined>, content: string | Buffer = body): Promise<Response> {
  const all: Record<string, string | undefined> = {
    "content-type": "application/json",
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "door.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-triggered-at": "2026-11-01T10:00:00.123456Z",
    "x-shopify-hmac-sha256": sign(content),
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fetch(url, {
    method: "POST",
    body: typeof content === "string" ? content : new Uint8Array(content),
    headers: given,
  });
}

/** Sends a body in pieces, without saying beforehand how long it is. @returns the status of the answer. */
function deliverInPieces(pieces: readonly Buffer[]): Promise<number | undefined> {
  const headers = {
    "transfer-encoding": "chunked",
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "door.myshopify.com",
    "x-shopify-webhook-id": "pieces",
    "x-shopify-hmac-sha256": sign(Buffer.concat(pieces)),
  };
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
    sending.once("error", reject);
    for (const piece of pieces) sending.write(piece);
    sending.end();
  });
}

/** How many rows the inbox has, of all deliveries or of one. */
async function rows(webhookId = "%"): Promise<number> {
  const { rows: found } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM inbox WHERE webhook_id LIKE $1",
    [webhookId],
  );
  return found[0]?.n ?? -1;
}

describe("the webhook front door", () => {
  it("answers 200 once the bytes are in the inbox, as they came", async () => {
    const answer = await deliver({ "x-shopify-webhook-id": "w1", "x-shopify-event-id": "e1" });
    expect(answer.status).toBe(200);
    expect(recorded).toEqual(["door.myshopify.com"]);
    const { rows: found } = await db.query("SELECT shop, topic, webhook_id, event_id, triggered_at, body FROM inbox");
    expect(found).toEqual([
      {
        shop: "door.myshopify.com",
        topic: "orders/create",
        webhook_id: "w1",
        event_id: "e1",
        triggered_at: new Date("2026-11-01T10:00:00.123Z"),
        body: Buffer.from(body),
      },
    ]);
  });

  it.each([
    ["the same delivery again", { "x-shopify-webhook-id": "w1", "x-shopify-event-id": "e1" }, body],
    ["the same event under another delivery id", { "x-shopify-webhook-id": "w2", "x-shopify-event-id": "e1" }, body],
  ])("answers 200 to %s and takes it once", async (_name, headers, content) => {
    const answer = await deliver(headers, content);
    expect([answer.status, await answer.text()]).toEqual([200, "duplicate"]);
    expect(await rows()).toBe(1);
  });

  it("takes another resource of the same event: one action of the merchant can touch many", async () => {
    const other = JSON.stringify({ id: 2 });
    expect((await deliver({ "x-shopify-webhook-id": "w3", "x-shopify-event-id": "e1" }, other)).status).toBe(200);
    expect(await rows()).toBe(2);
  });

  it("takes a hundred deliveries at once, each copy of a pair one time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const content = JSON.stringify({ n: index >> 1 });
        return deliver(
          { "x-shopify-webhook-id": `many-${index >> 1}`, "x-shopify-event-id": `many-${index >> 1}` },
          content,
        );
      }),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await rows()).toBe(52);
  });

  it("accepts the secret before a rotation", async () => {
    const headers = { "x-shopify-webhook-id": "old", "x-shopify-hmac-sha256": sign("{}", "the one before") };
    expect((await deliver(headers, "{}")).status).toBe(200);
  });

  it("keeps bytes that are not JSON for later", async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    expect((await deliver({ "x-shopify-webhook-id": "bytes" }, bytes)).status).toBe(200);
    const { rows: found } = await db.query("SELECT body FROM inbox WHERE webhook_id = 'bytes'");
    expect(found).toEqual([{ body: bytes }]);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ["from a shop that nobody has seen", { "x-shopify-shop-domain": "stranger.myshopify.com" }],
    ["about a topic that nobody reads", { "x-shopify-topic": "fulfillment_holds/added" }],
    ["in an API version of another time", { "x-shopify-api-version": "2031-01" }],
    ["without an event id", { "x-shopify-event-id": undefined }],
    ["without an API version", { "x-shopify-api-version": undefined }],
    ["without a time", { "x-shopify-triggered-at": undefined }],
  ])("records a signed delivery %s", async (name, headers) => {
    const answer = await deliver({ "x-shopify-webhook-id": name, "x-shopify-event-id": name, ...headers });
    expect([answer.status, await answer.text()]).toEqual([200, "recorded"]);
    expect(await rows(name)).toBe(1);
  });

  it.each<[number, string, Record<string, string | undefined>]>([
    [401, "a wrong signature", { "x-shopify-webhook-id": "x", "x-shopify-hmac-sha256": sign(body, "guess") }],
    [401, "a signature of another body", { "x-shopify-webhook-id": "x", "x-shopify-hmac-sha256": sign(`${body} `) }],
    [401, "an empty signature", { "x-shopify-webhook-id": "x", "x-shopify-hmac-sha256": "" }],
    [401, "no signature", { "x-shopify-webhook-id": "x", "x-shopify-hmac-sha256": undefined }],
    [400, "no delivery id", {}],
    [400, "no topic", { "x-shopify-webhook-id": "x", "x-shopify-topic": undefined }],
    [400, "no shop", { "x-shopify-webhook-id": "x", "x-shopify-shop-domain": undefined }],
    [400, "a shop that is not Shopify's", { "x-shopify-webhook-id": "x", "x-shopify-shop-domain": "evil.example" }],
    [400, "a delivery id of 300 characters", { "x-shopify-webhook-id": "x".repeat(300) }],
    [400, "a topic that is none", { "x-shopify-webhook-id": "x", "x-shopify-topic": "orders" }],
    [
      400,
      "a time before the calendar",
      { "x-shopify-webhook-id": "x", "x-shopify-triggered-at": "-100000-01-01T00:00:00Z" },
    ],
    [400, "a time that is none", { "x-shopify-webhook-id": "x", "x-shopify-triggered-at": "yesterday" }],
  ])("answers %i to %s and records nothing", async (status, _name, headers) => {
    const before = await rows();
    expect((await deliver(headers)).status).toBe(status);
    expect(await rows()).toBe(before);
  });

  it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "answers 405 to %s and says what it takes",
    async (method) => {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    },
  );

  it("answers 413 past 5 MB, whether or not the length is said beforehand, and 200 to what just fits", async () => {
    const before = await rows();
    expect((await deliver({ "x-shopify-webhook-id": "large" }, "x".repeat(MAX_BYTES + 1))).status).toBe(413);
    const piece = Buffer.alloc(MAX_BYTES / 80, "x");
    expect(await deliverInPieces([...Array<Buffer>(80).fill(piece), Buffer.from("x")])).toBe(413);
    expect(await rows()).toBe(before);
    expect((await deliver({ "x-shopify-webhook-id": "fits" }, "x".repeat(MAX_BYTES))).status).toBe(200);
    expect(await deliverInPieces(Array<Buffer>(80).fill(piece))).toBe(200);
    expect(await rows()).toBe(before + 2);
  });

  it.each<[string, () => Sql["query"]]>([
    ["refuses connections", () => nowhere.query.bind(nowhere) as Sql["query"]],
    ["shuts down", () => () => Promise.reject(Object.assign(new Error("shutting down"), { code: "57P01" }))],
  ])("answers 503 while the database %s; what Shopify then sends again is recorded", async (name, away) => {
    const headers = { "x-shopify-webhook-id": name, "x-shopify-event-id": name };
    broken = away();
    const refused = await deliver(headers);
    broken = null;
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await rows(name)).toBe(0);
    const again = await deliver(headers);
    expect([again.status, await again.text()]).toEqual([200, "recorded"]);
    expect(await rows(name)).toBe(1);
  });

  it("answers 503 before Shopify gives up, and takes what was written all the same for what it is when it comes again", async () => {
    const headers = { "x-shopify-webhook-id": "slow", "x-shopify-event-id": "slow" };
    let written: Promise<unknown> = Promise.resolve();
    broken = (text, values) => {
      const done = setTimeout(3_000).then(() => db.query(text, values));
      written = done;
      return done as never;
    };
    const start = performance.now();
    expect((await deliver(headers)).status).toBe(503);
    expect(performance.now() - start).toBeLessThan(2_900);
    broken = null;
    await written;
    const again = await deliver(headers);
    expect([again.status, await again.text()]).toEqual([200, "duplicate"]);
    expect(await rows("slow")).toBe(1);
  });

  it("does not let one bad row cost its neighbours", async () => {
    const refuse: Sql["query"] = (text, values) => {
      if (String(values?.[2]).includes("bad"))
        return Promise.reject(Object.assign(new Error("bad"), { code: "22021" }));
      return db.query(text, values);
    };
    const door = createDoor({
      sql: { query: refuse },
      secrets: [SECRET],
      log: createLog("silent"),
      metrics: createMetrics(),
      onRecorded: () => {},
    });
    server.removeAllListeners("request").on("request", door);
    const answers = await Promise.all(
      ["good-1", "bad", "good-2"].map((id) => deliver({ "x-shopify-webhook-id": id, "x-shopify-event-id": id })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  });
});
