import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listen } from "./http.ts";
import type { FromSandbox, SandboxOptions, ToSandbox } from "./messages.ts";

type Received = { topic: unknown; webhookId: unknown; triggeredAt: unknown };

const received: Received[] = [];
let app: Awaited<ReturnType<typeof listen>>;
let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  app = await listen((req, res) => {
    const { "x-shopify-topic": topic, "x-shopify-webhook-id": webhookId, "x-shopify-triggered-at": at } = req.headers;
    received.push({ topic, webhookId, triggeredAt: at });
    req.resume();
    req.on("end", () => res.writeHead(200).end());
  });
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

describe("the sandbox process", () => {
  it("serves the vendors, sends the history, and says how far it is and what time it is", async () => {
    const sandbox = start("2026-11-01T00:00:00Z");
    const { urls, keys } = await sandbox.next("ready");
    const headers = { authorization: `Klaviyo-API-Key ${keys.klaviyo}`, revision: "2026-07-15" };
    expect((await fetch(`${urls.klaviyo}/api/lists`, { headers })).status).not.toBe(401);
    expect(
      (await fetch(`${urls.mailchimp}/3.0/lists`, { headers: { authorization: `Bearer ${keys.mailchimp}` } })).status,
    ).toBe(200);
    expect((await fetch(urls.appBridge)).status).toBe(200);
    expect(await (await fetch(urls.storefront)).text()).toContain("<h1>Kitchen and coffee</h1>");

    sandbox.say({ type: "live", ratePerMinute: 60 });
    expect((await sandbox.next("refused")).sentence).toBe("live traffic comes after the history");

    sandbox.say({ type: "deliver", pixelKey: null });
    const { books, asOf, summary } = await sandbox.next("delivered");
    expect(books.acked).toBe(received.length);
    expect(summary).toEqual({ kind: "generated", deliveries: books.sent, duplicates: books.duplicates });
    expect(asOf).toBe("2026-11-01T00:00:00.000Z");
    expect(sandbox.heard("clock").at(-1)?.at).toBe("2026-11-01T00:00:00.000Z");
    expect(sandbox.heard("progress").at(-1)).toEqual({
      type: "progress",
      sent: books.sent,
      acked: books.sent,
      total: books.sent,
    });
    const clock = sandbox.heard("clock").map(({ at }) => at);
    expect(clock).toEqual(clock.toSorted());

    sandbox.say({ type: "stop" });
    expect(await sandbox.ended).toBe(0);
  });

  it("sends nothing again on the next run, and goes on live where the last one stopped", async () => {
    received.length = 0;
    const second = start("2026-11-02T00:00:00Z");
    await second.next("ready");
    second.say({ type: "deliver", pixelKey: null });
    expect((await second.next("delivered")).books.sent).toBe(0);
    const liveFrom = new Date().toISOString();
    second.say({ type: "live", ratePerMinute: 6_000 });
    await until(() => received.length > 150);
    second.say({ type: "stop" });
    expect(await second.ended).toBe(0);
    expect(received.every(({ triggeredAt }) => String(triggeredAt) > liveFrom)).toBe(true);

    const before = received.length;
    const third = start("2026-11-03T00:00:00Z");
    await third.next("ready");
    third.say({ type: "deliver", pixelKey: null });
    await third.next("delivered");
    third.say({ type: "live", ratePerMinute: 6_000 });
    await until(() => received.length > before + 150);
    third.say({ type: "stop" });
    await third.ended;
    expect(new Set(received.map(({ webhookId }) => webhookId)).size).toBe(received.length);
  });

  it("ends when its parent goes away", async () => {
    const orphan = start("2026-11-04T00:00:00Z");
    await orphan.next("ready");
    orphan.disconnect();
    expect(await orphan.ended).toBe(0);
  });
});

/** "Now" differs on every run; what the first run said counts. */
function start(now: string) {
  const options: SandboxOptions = {
    dataDir,
    shop: "demo.myshopify.com",
    apiKey: "key",
    apiSecret: "secret",
    appUrl: app.url,
    source: { kind: "generated", seed: "process", shoppers: 30, days: 60, now },
  };
  const child = fork(join(import.meta.dirname, "main.ts"), [JSON.stringify(options)], { execArgv: [] });
  children.push(child);
  const messages: FromSandbox[] = [];
  child.on("message", (message: FromSandbox) => messages.push(message));
  const heard = <Type extends FromSandbox["type"]>(type: Type) =>
    messages.filter((message): message is Extract<FromSandbox, { type: Type }> => message.type === type);
  return {
    heard,
    async next<Type extends FromSandbox["type"]>(type: Type) {
      await until(() => heard(type).length > 0);
      const [first] = heard(type);
      if (!first) throw new Error(`no ${type}`);
      return first;
    },
    say: (message: ToSandbox) => child.send(message),
    disconnect: () => child.disconnect(),
    ended: once(child, "exit").then(([code]: unknown[]) => code),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}
