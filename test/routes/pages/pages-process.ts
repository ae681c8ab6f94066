import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { createRenderer } from "../../../app/content/renderer.server.ts";
import { type AdminActions, createAdminActions } from "../../../app/jobs/admin-actions.server.ts";
import { createAutomationAdmin } from "../../../app/jobs/automation-admin.server.ts";
import { startAutomationJobs } from "../../../app/jobs/automation-jobs.server.ts";
import { createAdminReads } from "../../../app/jobs/admin-reads.server.ts";
import { catalogue } from "../../../app/jobs/catalogue.ts";
import { createOAuthAdmin } from "../../../app/jobs/oauth-admin.server.ts";
import { createDestinationAdmin } from "../../../app/jobs/destination-admin.server.ts";
import { createContentAdmin } from "../../../app/jobs/content-admin.server.ts";
import { createRecommendationAdmin } from "../../../app/jobs/recommendation-admin.server.ts";
import { createRetentionAdmin } from "../../../app/jobs/retention-admin.server.ts";
import { createExportAdmin } from "../../../app/jobs/export-admin.server.ts";
import { createLocalQueue } from "../../../app/jobs/local-queue.server.ts";
import { startBacktestJobs } from "../../../app/jobs/backtest-jobs.server.ts";
import { startScheduleJobs } from "../../../app/jobs/schedule-jobs.server.ts";
import { createSegmentAdmin } from "../../../app/jobs/segment-admin.server.ts";
import { startPrivacyJobs } from "../../../app/jobs/privacy-jobs.server.ts";
import { openShop, takeIn } from "../../../app/jobs/take-in.server.ts";
import { createRecommender } from "../../../app/recommendation/recommender.server.ts";
import { createCallOut } from "../../../app/platform/call-out.server.ts";
import { createMovableClock } from "../../../app/platform/clock.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import { openDatabase } from "../../../app/platform/db.server.ts";
import { createLog } from "../../../app/platform/log.server.ts";
import { createMetrics } from "../../../app/platform/metrics.server.ts";
import { createRemixHandler } from "../../../app/remix-handler.server.ts";
import { createShopify } from "../../../app/shopify.server.ts";
import { createDestinations } from "../../../app/sync/destinations.ts";
import { redirectShopify } from "../../sandbox/admin/redirect-shopify.ts";
import { createMemorySessions } from "../../shopify/memory-sessions.ts";
import type { Command, PagesSettings, Report } from "./start-pages.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as PagesSettings;
const report = (message: Report) => process.send?.(message);

redirectShopify(settings.shopifyUrl);
const db = await openDatabase({
  url: settings.databaseUrl,
  dataDir: settings.dataDir,
  onError: (error) => report({ logged: String(error) }),
});
const clock = createMovableClock(new Date(settings.now));
const metrics = createMetrics();
const reads = createAdminReads({ db, clock, metrics });
let slowBy = 0;
let failing = false;

const muster: typeof reads = {
  destinations: (shop) => after(() => reads.destinations(shop)),
  quality: (shop) => after(() => reads.quality(shop)),
  deadLetters: (shop, window) => after(() => reads.deadLetters(shop, window)),
  deadLetter: (shop, id) => after(() => reads.deadLetter(shop, id)),
  apiKeys: (shop) => after(() => reads.apiKeys(shop)),
  duplicates: (shop, asked) => after(() => reads.duplicates(shop, asked)),
  privacy: (shop) => after(() => reads.privacy(shop)),
  overview: (shop) => after(() => reads.overview(shop)),
  searchProfiles: (shop, options) => after(() => reads.searchProfiles(shop, options)),
  settings: (shop) => after(() => reads.settings(shop)),
  changes: (shop, asked) => after(() => reads.changes(shop, asked)),
  countMatching: (shop, asked) => after(() => reads.countMatching(shop, asked)),
  profile: (shop, customerId, options) => after(() => reads.profile(shop, customerId, options)),
};

const crypto = createCrypto([randomBytes(32).toString("base64")]);
const queue = createLocalQueue({ catalogue, log: createLog("silent") });
const recommender = createRecommender({ db, log: createLog("silent"), now: () => clock.now(), onTrained() {} });
const recommendations = createRecommendationAdmin({ db, queue, recommender });
const nowhere = "http://localhost:1";
const destinations = createDestinations({
  crypto,
  callOut: createCallOut({ sandboxOrigin: settings.receiver }),
  klaviyoUrl: nowhere,
  oauth: {
    klaviyo: { clientId: "muster", clientSecret: "secret", authorizeUrl: `${nowhere}/authorize`, tokenUrl: nowhere },
    renewStored: (_place, stale, renew) => renew(stale),
  },
  mailchimpUrl: nowhere,
});
const working = createAdminActions({ db, crypto, queue, destinations });

queue.work("ingest", { concurrency: 1 }, async ({ shop: domain }) => {
  const shop = await openShop(db, domain, clock.now());
  while ((await takeIn(db, shop, 100, crypto.marks)).taken === 100);
});
startBacktestJobs({ db, queue, log: createLog("silent") });
startScheduleJobs({ db, queue, clock, log: createLog("silent") });
startPrivacyJobs({ db, queue, log: createLog("silent"), crypto });

/** Nothing here has vendors to connect to. */
const actions: AdminActions = {
  ...working,
  readHistoryAgain: async () => ({ outcome: "nothing_failed" }),
  connect: async () => ({ outcome: "refused", reason: "There is no vendor in these tests." }),
};

async function after<T>(read: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, slowBy));
  if (failing) throw new Error("the database is away");
  return read();
}

const shopify = createShopify({
  apiKey: settings.apiKey,
  apiSecret: settings.apiSecret,
  appUrl: settings.appUrl,
  appBridgeUrl: settings.appBridgeUrl,
  scopes: ["read_customers", "read_orders", "read_products"],
  sessionStorage: createMemorySessions(),
  onInstalled: async () => {},
  log: (level, message) => report({ logged: `${level}: ${message}` }),
});
const reaching = { db, crypto, callOut: createCallOut({ sandboxOrigin: settings.receiver }), adminOf: shopify.adminOf };
startAutomationJobs({ ...reaching, queue, log: createLog("silent") });
const handler = createRemixHandler({
  build: (await import(pathToFileURL(settings.serverBuild).href)) as ServerBuild,
  loadContext: {
    shopify,
    muster,
    actions,
    segments: createSegmentAdmin({ db, clock, queue }),
    automations: createAutomationAdmin({ ...reaching, clock, queue, sandboxOrigin: settings.receiver }),
    oauth: createOAuthAdmin({ db, crypto, destinations, queue, appUrl: settings.appUrl, apiKey: settings.apiKey }),
    connections: createDestinationAdmin({
      db,
      destinations,
      queue,
      crypto,
      appUrl: settings.appUrl,
    }),
    content: createContentAdmin({
      db,
      clock,
      renderer: createRenderer({ deadlineMs: 2_000 }),
      recommender: { listsOf: () => undefined },
      crypto,
      appUrl: settings.appUrl,
    }),
    recommendations: {
      ...recommendations,
      report: (shop) => after(() => recommendations.report(shop)),
    },
    exports: createExportAdmin({ db, crypto, queue }),
    retention: createRetentionAdmin({ db, clock }),
    logError: (error) => report({ logged: String(error) }),
  },
  appUrl: settings.appUrl,
  clientDirectory: settings.clientDirectory,
});

process.on("message", (command: Command) => {
  obey(command).then(
    () => report({ done: true }),
    (error: unknown) => report({ refused: String(error) }),
  );
});
createServer((request, response) =>
  request.url === "/healthz" ? response.writeHead(failing ? 503 : 200).end() : handler(request, response),
).listen(settings.port, "localhost", () => report({ ready: true }));

async function obey(command: Command): Promise<void> {
  if (command.sql !== undefined) await db.query(command.sql);
  if (command.observe) {
    for (const name of ["ack", "membership", "audience"] as const) metrics[name].observe(command.observe[name]);
  }
  if (command.duplicates !== undefined) metrics.deliveries.inc({ outcome: "duplicate" }, command.duplicates);
  if (command.advanceTo !== undefined) clock.advance(new Date(command.advanceTo));
  slowBy = command.slowBy ?? slowBy;
  failing = command.failing ?? failing;
}
