import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createCallOut } from "../../app/platform/call-out.server.ts";
import { beginBackFill } from "../../app/ingest/back-fill/back-fill.server.ts";
import { readBackFill } from "../../app/ingest/back-fill/back-fill-store.server.ts";
import { lookForDrift } from "../../app/ingest/back-fill/drift.server.ts";
import { createDoor } from "../../app/ingest/door.server.ts";
import { createAdminActions } from "../../app/jobs/admin-actions.server.ts";
import { createAdminReads } from "../../app/jobs/admin-reads.server.ts";
import { startBackFillJobs } from "../../app/jobs/back-fill-jobs.server.ts";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { pendingWork } from "../../app/jobs/pending-store.server.ts";
import { connectAndBuild } from "../../app/jobs/connect-destination.server.ts";
import { startNamesJobs } from "../../app/jobs/names-jobs.server.ts";
import { startEngagementJobs } from "../../app/jobs/engagement-jobs.server.ts";
import { startPipeline } from "../../app/jobs/pipeline.server.ts";
import { startPrivacyJobs } from "../../app/jobs/privacy-jobs.server.ts";
import { startQualityJobs } from "../../app/jobs/quality-jobs.server.ts";
import { startRecommendationJobs } from "../../app/jobs/recommendation-jobs.server.ts";
import { startVisitorJobs } from "../../app/jobs/visitor-jobs.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { systemClock } from "../../app/platform/clock.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import { newApiKey, SCOPES } from "../../app/profile/merchant-api/api-key.server.ts";
import { addApiKey } from "../../app/profile/merchant-api/api-keys-store.server.ts";
import { createMerchantApi } from "../../app/profile/merchant-api/door.server.ts";
import { touchCustomers } from "../../app/profile/touch-customers.server.ts";
import { createRecommender } from "../../app/recommendation/recommender.server.ts";
import { createShopify } from "../../app/shopify.server.ts";
import { createAskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { createDestinations, readConnection } from "../../app/sync/destinations.ts";
import { createAdmin } from "../sandbox/admin/create-admin.ts";
import { signIdToken } from "../sandbox/admin/id-token.ts";
import { redirectShopify } from "../sandbox/admin/redirect-shopify.ts";
import { listen } from "../sandbox/http.ts";
import { createKlaviyo } from "../sandbox/klaviyo/klaviyo.ts";
import type { StorePast } from "../sandbox/shopify/past.ts";
import { createMemorySessions } from "../shopify/memory-sessions.ts";
import { openAnyDatabase } from "../support/database.ts";

const SECRET = "an-api-secret";
const APP_URL = "https://app.example";

/** Everything Muster runs, in this process: the door, all jobs, a store that tells of its past, and a Klaviyo. */
export type CanaryShop = Awaited<ReturnType<typeof startCanaryShop>>;

export async function startCanaryShop(past: StorePast) {
  const db = await openAnyDatabase();
  const logged: string[] = [];
  const log = createLog("trace", { write: (line) => logged.push(line) });
  const domain = "canary.myshopify.com";
  const app = { shop: domain, apiKey: "an-api-key", apiSecret: SECRET };
  const admin = await createAdmin({ ...app, appUrl: "http://localhost:1", port: 0, past });
  const restore = redirectShopify(admin.url);
  const klaviyo = createKlaviyo({ privateKeys: { pk_test: { accountId: "ACC" } }, jobMillis: 20 });
  const vendor = await listen(klaviyo.handle);
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const queue = createLocalQueue({ catalogue, log });
  const metrics = createMetrics();
  const destinations = createDestinations({ crypto, callOut: createCallOut(), klaviyoUrl: vendor.url });
  const shopify = createShopify({
    apiKey: app.apiKey,
    apiSecret: app.apiSecret,
    appUrl: APP_URL,
    scopes: ["read_orders"],
    sessionStorage: createMemorySessions(),
    onInstalled: async () => {},
    log: () => {},
  });
  const headers = { Authorization: `Bearer ${signIdToken(app)}` };
  await shopify.authenticate.admin(new Request(`${APP_URL}/app.data`, { headers }));
  const shop = await openShop(db, domain, new Date());
  const door = await listen(
    createDoor({
      sql: db.door,
      secrets: [SECRET],
      log,
      metrics,
      onRecorded: (from) => void queue.ring("ingest", { shop: from }, { key: from }),
    }),
  );
  const recommender = createRecommender({
    db,
    log,
    now: () => new Date(),
    onTrained: (of) => void queue.ring("recommendations", { shopId: of }, { key: String(of) }),
  });
  const told = await listen(
    createMerchantApi({
      db,
      marks: crypto.marks,
      log,
      appUrl: APP_URL,
      now: () => new Date(),
      onRecorded(shopId, customers) {
        void queue.ring("names", { shopId }, { key: String(shopId) });
        if (customers.length > 0) void queue.ring("profiles", { shopId }, { key: String(shopId) });
      },
    }),
  );
  const { key, ...kept } = newApiKey();
  await addApiKey(db, shop.id, { ...kept, name: "canary", scopes: SCOPES, createdAt: new Date() });
  const stops = [
    startPipeline({ db, queue, clock: systemClock, log, metrics, crypto, destinations }),
    startEngagementJobs({ db, queue, log, crypto, destinations, adminOf: shopify.adminOf }),
    startBackFillJobs({ db, queue, log, crypto, adminOf: shopify.adminOf }),
    startVisitorJobs({ db, queue, log, adminOf: shopify.adminOf, endpoint: `${APP_URL}/pixel` }),
    startPrivacyJobs({ db, queue, log, crypto }),
    startQualityJobs({ db, queue, clock: systemClock, log }),
    startRecommendationJobs({ db, queue, log, recommender }),
    startNamesJobs({ db, queue, clock: systemClock, log }),
  ];
  const actions = createAdminActions({ db, crypto, destinations, queue });

  const shopApi = {
    db,
    shop: shop.id,
    domain,
    logged,
    actions,
    reads: createAdminReads({ db, clock: systemClock, metrics }),
    queue,

    /** A signed delivery, as Shopify sends it. */
    async deliver(topic: string, body: object | string, triggeredAt = new Date(), from = domain): Promise<void> {
      const content = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await fetch(`${door.url}/webhooks`, {
        method: "POST",
        body: content,
        headers: {
          "x-shopify-topic": topic,
          "x-shopify-shop-domain": from,
          "x-shopify-webhook-id": randomUUID(),
          "x-shopify-triggered-at": triggeredAt.toISOString(),
          "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(content).digest("base64"),
        },
      });
      if (answer.status !== 200) throw new Error(`${topic} was answered with ${answer.status}`);
    },

    /** What the merchant's own systems tell. @returns what became of the rows. */
    async tell(list: "events" | "profiles", rows: readonly object[]): Promise<string[]> {
      const answer = await fetch(`${told.url}/api/${list}`, {
        method: list === "events" ? "POST" : "PUT",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ [list]: rows }),
      });
      const { rows: answers } = (await answer.json()) as {
        rows: { outcome: string; error?: { code: string } }[];
      };
      return answers.map(({ outcome, error }) => error?.code ?? outcome);
    },

    /** Reads the store's past, from its beginning. */
    async readPast(): Promise<void> {
      await db.query("DELETE FROM back_fills");
      await beginBackFill(db, shop.id, new Date(0), new Date());
      await queue.ring("back-fill", { shopId: shop.id }, { key: String(shop.id) });
      await until(async () => (await readBackFill(db, shop.id)).every(({ state }) => state === "done"));
      await shopApi.settle();
    },

    /** Compares with the store as if it were half an hour later, and repairs. */
    async lookForDrift() {
      const looked = await lookForDrift({
        db,
        shop: shop.id,
        ask: createAskAdmin(() => shopify.adminOf(domain)),
        marks: crypto.marks,
        signal: new AbortController().signal,
        now: () => new Date(Date.now() + 30 * 60_000),
        onChanged: async (tx, customers) => void (await touchCustomers(tx, shop.id, customers, new Date())),
      });
      await queue.ring("profiles", { shopId: shop.id }, { key: String(shop.id) });
      await shopApi.settle();
      return looked;
    },

    /** Connects Klaviyo with an audience for every segment. */
    async connect(apiKey: string) {
      const read = readConnection({ kind: "klaviyo", apiKey, place: null }, Buffer.alloc(32));
      if (read.outcome === "refused") return read;
      const connected = await connectAndBuild({ db, crypto, destinations }, shop.id, read.connection);
      if (connected.outcome === "refused") return connected;
      for (const audienceId of connected.audiences) {
        await queue.ring("sync", { shopId: shop.id, audienceId }, { key: String(audienceId) });
      }
      return connected;
    },

    /** Everybody in any list at Klaviyo. */
    async inAudiences(): Promise<string[]> {
      const state = (await (await fetch(`${vendor.url}/__sandbox/state`)).json()) as {
        accounts: { ACC?: { lists: { members: string[] }[] } };
      };
      return [...new Set(state.accounts.ACC?.lists.flatMap(({ members }) => members) ?? [])];
    },

    /** Waits until nothing is left to do, privacy requests included. */
    async settle(): Promise<void> {
      await until(async () => {
        const pending = await pendingWork(db, shop.id, domain, new Date());
        const { rows } = await db.query("SELECT FROM privacy_requests WHERE done_at IS NULL LIMIT 1");
        return Object.values(pending).every((count) => count === 0) && rows.length === 0;
      });
    },

    async close() {
      for (const stop of stops) stop();
      recommender.close();
      await queue.close();
      restore();
      await Promise.all([door.close(), told.close(), vendor.close(), admin.close()]);
      klaviyo.close();
      await db.close();
    },
  };
  return shopApi;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it does not settle");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
