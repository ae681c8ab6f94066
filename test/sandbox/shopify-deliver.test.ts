import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "./http.ts";
import { createDeliverer } from "./shopify/deliver.ts";
import type { Delivery } from "./shopify/delivery.ts";
import { triggeredAt } from "./shopify/delivery.ts";
import { createResumeCursor } from "./shopify/resume-cursor.ts";
import { retryDelays } from "./shopify/retry-delays.ts";

const SECRET = "hush";
const SHOP = "demo.myshopify.com";

type Call = { path: string | undefined; method: string | undefined; headers: IncomingHttpHeaders; body: string };
type Answer = (call: Call, res: ServerResponse) => void;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe("delivering webhooks", () => {
  it("signs the raw body and names everything in the headers", async () => {
    const { calls, deliverer } = await start(ok);
    await deliverer.run([delivery(1, '{"name":"Käthe"}')]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      method: "POST",
      path: "/webhooks",
      body: '{"name":"Käthe"}',
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update('{"name":"Käthe"}').digest("base64"),
        "x-shopify-shop-domain": SHOP,
        "x-shopify-api-version": "2026-10",
        "x-shopify-webhook-id": "webhook-1",
        "x-shopify-event-id": "event-1",
        "x-shopify-triggered-at": "2026-01-01T00:00:01.000000Z",
      },
    });
  });

  it("tries again what did not get a 2xx, with the same body and ids, until it does", async () => {
    const failures = [503, 302, 404];
    const { calls, deliverer } = await start((_, res) => answer(res, failures.shift() ?? 204));
    await deliverer.run([delivery(1)]);
    expect(calls.map(({ headers, body }) => [headers["x-shopify-webhook-id"], body])).toEqual(
      Array.from({ length: 4 }, () => ["webhook-1", "{}"]),
    );
    expect(deliverer.books()).toEqual({
      sent: 1,
      acked: 1,
      failed: 0,
      attempts: 4,
      duplicates: 0,
      byTopic: { "orders/create": { sent: 1, acked: 1, failed: 0 } },
    });
  });

  it("gives up after eight retries, spread over four hours and doubling", async () => {
    const { calls, deliverer } = await start((_, res) => answer(res, 500));
    await deliverer.run([delivery(1)]);
    expect(calls).toHaveLength(9);
    expect(deliverer.books()).toMatchObject({ sent: 1, acked: 0, failed: 1, attempts: 9 });
    const delays = retryDelays(1);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeCloseTo(4 * 3_600_000);
    expect((delays[7] ?? 0) / (delays[0] ?? 1)).toBeCloseTo(128);
  });

  it("takes a server that does not answer in time, or hangs up, for a failure", async () => {
    const calm: Answer[] = [() => {}, (_, res) => res.socket?.destroy(), ok];
    const { calls, deliverer } = await start((call, res) => (calm.shift() ?? ok)(call, res), { timeoutMs: 500 });
    await deliverer.run([delivery(1)]);
    expect(calls).toHaveLength(3);
    expect(deliverer.books()).toMatchObject({ acked: 1, attempts: 3 });
  });

  it("does not hold up the others while one is retried, and keeps to its concurrency", async () => {
    let under = 0;
    let most = 0;
    const { calls, deliverer } = await start(
      (call, res) => {
        most = Math.max(most, (under += 1));
        const id = (each: Call) => each.headers["x-shopify-webhook-id"];
        const othersToCome = new Set(calls.map(id)).size < 40;
        setTimeout(() => {
          under -= 1;
          answer(res, id(call) === "webhook-1" && othersToCome ? 500 : 200);
        }, 2);
      },
      { concurrency: 4, timeScale: 20_000 },
    );
    await deliverer.run(Array.from({ length: 40 }, (_, index) => delivery(index + 1)));
    expect(deliverer.books()).toMatchObject({ sent: 40, acked: 40 });
    expect(calls.at(-1)?.headers["x-shopify-webhook-id"]).toBe("webhook-1");
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("tells the largest trigger time so far, before the delivery arrives, and never an earlier one", async () => {
    const told: number[] = [];
    const { deliverer } = await start(ok, { onClock: (at) => told.push(at.getTime()), concurrency: 1 });
    await deliverer.run([delivery(5), delivery(3), delivery(9), delivery(9), delivery(1)]);
    expect(told).toEqual([5, 9].map((second) => Date.parse("2026-01-01T00:00:00Z") + second * 1000));
  });

  it("stops without giving anything up, and the next run goes on where nothing is missing before", async () => {
    const all = Array.from({ length: 30 }, (_, index) => delivery(index + 1));
    const cursor = createResumeCursor();
    const first = await start(
      (call, res) => {
        if (call.headers["x-shopify-webhook-id"] === "webhook-8") return answer(res, 500);
        if (call.headers["x-shopify-webhook-id"] === "webhook-12") first.deliverer.stop();
        answer(res, 200);
      },
      { concurrency: 1, timeScale: 1 },
    );
    await first.deliverer.run(all, cursor.ended);
    expect(first.deliverer.books()).toMatchObject({ sent: 12, acked: 11, failed: 0 });
    expect(cursor.position()).toBe(7);

    const second = await start(ok);
    const from = cursor.position();
    await second.deliverer.run(all.slice(from), (position) => cursor.ended(from + position));
    expect(second.calls).toHaveLength(23);
    expect(cursor.position()).toBe(30);
  });
});

async function start(respond: Answer, options: Partial<Parameters<typeof createDeliverer>[0]> = {}) {
  const calls: Call[] = [];
  const server = await listen((req, res) => {
    void textOf(req).then((body) => {
      const call = { path: req.url, method: req.method, headers: req.headers, body };
      calls.push(call);
      respond(call, res);
    });
  });
  const target = `${server.url}/webhooks`;
  const deliverer = createDeliverer({ target, secret: SECRET, shop: SHOP, timeScale: 200_000, ...options });
  open.push(deliverer, server);
  return { calls, deliverer };
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function ok(_: Call, res: ServerResponse): void {
  answer(res, 200);
}

function answer(res: ServerResponse, status: number): void {
  res.writeHead(status).end();
}

function delivery(second: number, body = "{}"): Delivery {
  const at = new Date(Date.parse("2026-01-01T00:00:00Z") + second * 1000);
  return {
    topic: "orders/create",
    webhookId: `webhook-${second}`,
    eventId: `event-${second}`,
    triggeredAt: triggeredAt(at, 0),
    at,
    body: () => body,
  };
}
