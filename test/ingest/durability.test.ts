import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createHmac, randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { createMuster } from "../../app/muster.server.ts";
import { systemClock } from "../../app/platform/clock.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { readSettings } from "../../app/platform/env.server.ts";
import { buildAdmin } from "../support/admin-build.ts";
import { emptyDataDir } from "../support/database.ts";

const SHOP = "durable.myshopify.com";
const SECRET = "hush";
const CUSTOMERS = 7;
const AT_ONCE = 16;

interface Order {
  webhookId: string;
  body: string;
}

/** The nth order is customer n mod 7's and costs n euros. */
function orderOf(n: number): Order {
  const at = new Date(Date.UTC(2026, 9, 1) + n * 60_000).toISOString();
  const money = { amount: `${n}.00`, currency_code: "EUR" };
  const customer = { id: 1 + (n % CUSTOMERS), email: `c${n % CUSTOMERS}@example.com`, updated_at: at };
  const order = {
    id: n,
    name: `#${n}`,
    created_at: at,
    updated_at: at,
    total_price_set: { shop_money: money },
    customer,
  };
  return { webhookId: `delivery-${n}`, body: JSON.stringify(order) };
}

interface Running {
  url: string;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

function environment(folder: string): Record<string, string> {
  return {
    SHOPIFY_API_KEY: "key",
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: "https://app.example",
    MUSTER_ENCRYPTION_KEY: Buffer.alloc(32).toString("base64"),
    MUSTER_DATA_DIR: join(folder, "data"),
    PORT: "0",
    LOG_LEVEL: "info",
  };
}

/** Starts the process that `npm start` starts. */
async function startProcess(folder: string): Promise<Running> {
  // A killed process cannot remove its socket, so that lies in the folder of the test as well.
  const env = { ...environment(folder), NODE_ENV: "production" as const, TMPDIR: folder };
  const child = spawn(process.execPath, ["app/server.ts"], { env, stdio: ["ignore", "ignore", "pipe"] });
  return {
    url: `http://127.0.0.1:${await portOf(child)}/webhooks`,
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The port that the process says it listens on. */
function portOf(child: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const [, port] = /"port":(\d+)/.exec(said) ?? [];
      if (port !== undefined) resolve(port);
    });
    child.once("exit", () => reject(new Error(`The server did not start: ${said}`)));
  });
}

/** Sends orders, many at a time, until each was answered 200 or the server is gone. */
async function send(url: string, orders: readonly Order[], acknowledged: (order: Order) => void): Promise<void> {
  const waiting = [...orders];
  const keepSending = async (): Promise<void> => {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      const status = await deliver(url, order).catch(() => "gone");
      if (status === "gone") return;
      if (status === 200) acknowledged(order);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, keepSending));
}

async function deliver(url: string, { webhookId, body }: Order): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": SHOP,
      "x-shopify-webhook-id": webhookId,
      "x-shopify-event-id": webhookId,
      "x-shopify-triggered-at": "2026-11-01T10:00:00Z",
      "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
    },
  });
  return answer.status;
}

async function settled(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await db.query<{ left: number }>(
      `SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL)::int + (SELECT count(*) FROM profile_queue)::int AS left`,
    );
    if (rows[0]?.left === 0) return;
    await pause(20);
  }
}

it("keeps every delivery it answered 200, once, and works it off, wherever it was killed", async () => {
  await buildAdmin();
  const folder = await mkdtemp(join(tmpdir(), "muster-durability-"));
  await rename(await emptyDataDir(), join(folder, "data"));
  const orders = Array.from({ length: 350 }, (_, index) => orderOf(index + 1));
  const acknowledged = new Set<string>();
  const unanswered = (): Order[] => orders.filter(({ webhookId }) => !acknowledged.has(webhookId));
  const killPoints = [randomInt(1, 70), randomInt(1, 70), randomInt(1, 70)];

  for (const killPoint of killPoints) {
    const server = await startProcess(folder);
    let answers = 0;
    let killed: Promise<void> | undefined;
    await send(server.url, unanswered(), ({ webhookId }) => {
      acknowledged.add(webhookId);
      answers += 1;
      if (answers === killPoint) killed = pause(randomInt(0, 10)).then(() => server.kill());
    });
    await killed;
  }
  const where = `killed after ${killPoints.join(", ")} answers`;
  expect(acknowledged.size, where).toBeLessThan(orders.length);

  const muster = await createMuster(readSettings({ ...environment(folder), LOG_LEVEL: "silent" }), systemClock);
  const server = createServer(muster.door).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const inbox = "SELECT webhook_id FROM inbox WHERE webhook_id = ANY($1) ORDER BY webhook_id";
    const kept = await muster.db.query<{ webhook_id: string }>(inbox, [[...acknowledged]]);
    expect(
      kept.rows.map((row) => row.webhook_id),
      where,
    ).toEqual([...acknowledged].toSorted());

    // Shopify sends again whatever was not answered, and some of that had been recorded.
    await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, unanswered(), ({ webhookId }) =>
      acknowledged.add(webhookId),
    );
    expect(acknowledged.size, where).toBe(orders.length);
    muster.startWork();
    await settled(muster.db);
    const { rows } = await muster.db.query(
      `SELECT (SELECT count(*)::int FROM inbox) AS deliveries, (SELECT count(*)::int FROM dead_letters) AS dead,
         (SELECT count(*)::int FROM orders) AS orders`,
    );
    expect(rows, where).toEqual([{ deliveries: 350, dead: 0, orders: 350 }]);
    const profiles = await muster.db.query(
      "SELECT customer_id, orders_count, gross_minor FROM profiles ORDER BY customer_id",
    );
    // 350 orders over 7 customers in turn: order n is of customer 1 + n mod 7 and costs n euros.
    expect(profiles.rows, where).toEqual([
      { customer_id: "1", orders_count: 50, gross_minor: "892500" },
      { customer_id: "2", orders_count: 50, gross_minor: "862500" },
      { customer_id: "3", orders_count: 50, gross_minor: "867500" },
      { customer_id: "4", orders_count: 50, gross_minor: "872500" },
      { customer_id: "5", orders_count: 50, gross_minor: "877500" },
      { customer_id: "6", orders_count: 50, gross_minor: "882500" },
      { customer_id: "7", orders_count: 50, gross_minor: "887500" },
    ]);
  } finally {
    server.close();
    await muster.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
