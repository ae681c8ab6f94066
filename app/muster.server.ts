import type { IncomingMessage, ServerResponse } from "node:http";
import { createContentDoor } from "./content/content-door.server.ts";
import { createFeedDoor } from "./content/feed-door.server.ts";
import { createRenderer } from "./content/renderer.server.ts";
import { createServeBlock } from "./content/serve-block.server.ts";
import { beginBackFill } from "./ingest/back-fill/back-fill.server.ts";
import { createDoor } from "./ingest/door.server.ts";
import { createPixelDoor } from "./ingest/pixel/pixel-door.server.ts";
import { type AdminActions, createAdminActions } from "./jobs/admin-actions.server.ts";
import { type AdminReads, createAdminReads } from "./jobs/admin-reads.server.ts";
import { startBackFillJobs } from "./jobs/back-fill-jobs.server.ts";
import { createBullQueue } from "./jobs/bull-queue.server.ts";
import { catalogue, type Jobs } from "./jobs/catalogue.ts";
import { createDestinationAdmin, type DestinationAdmin } from "./jobs/destination-admin.server.ts";
import { type ContentAdmin, createContentAdmin } from "./jobs/content-admin.server.ts";
import { createExportAdmin, type ExportAdmin } from "./jobs/export-admin.server.ts";
import { createLocalQueue } from "./jobs/local-queue.server.ts";
import { startPipeline } from "./jobs/pipeline.server.ts";
import { startDuplicatesJobs } from "./jobs/duplicates-jobs.server.ts";
import type { Queue } from "./jobs/queue.ts";
import { startPrivacyJobs } from "./jobs/privacy-jobs.server.ts";
import { sendNewLists, startRecommendationJobs } from "./jobs/recommendation-jobs.server.ts";
import { startRetentionJobs } from "./jobs/retention-jobs.server.ts";
import { startQualityJobs } from "./jobs/quality-jobs.server.ts";
import { startHookJobs } from "./jobs/hook-jobs.server.ts";
import { startEngagementJobs } from "./jobs/engagement-jobs.server.ts";
import { startNamesJobs } from "./jobs/names-jobs.server.ts";
import { type AutomationAdmin, createAutomationAdmin } from "./jobs/automation-admin.server.ts";
import { startAutomationJobs } from "./jobs/automation-jobs.server.ts";
import { createOAuthAdmin, type OAuthAdmin } from "./jobs/oauth-admin.server.ts";
import { createRecommendationAdmin, type RecommendationAdmin } from "./jobs/recommendation-admin.server.ts";
import { createRetentionAdmin, type RetentionAdmin } from "./jobs/retention-admin.server.ts";
import { createSegmentAdmin, type SegmentAdmin } from "./jobs/segment-admin.server.ts";
import { startBacktestJobs } from "./jobs/backtest-jobs.server.ts";
import { startScheduleJobs } from "./jobs/schedule-jobs.server.ts";
import { startSegmentJobs } from "./jobs/segment-jobs.server.ts";
import { openShop } from "./jobs/take-in.server.ts";
import { startStorefrontJobs } from "./jobs/storefront-jobs.server.ts";
import { startWatchJobs } from "./jobs/watch-jobs.server.ts";
import { startVisitorJobs } from "./jobs/visitor-jobs.server.ts";
import type { Clock } from "./platform/clock.ts";
import { createCallOut } from "./platform/call-out.server.ts";
import { createDownload } from "./platform/download.server.ts";
import { collectSooner } from "./platform/collect-sooner.server.ts";
import { createCrypto, type Crypto } from "./platform/crypto.server.ts";
import { type Db, openDatabase } from "./platform/db.server.ts";
import type { Settings } from "./platform/env.server.ts";
import { createLog, type Log } from "./platform/log.server.ts";
import { createMetrics, type Metrics } from "./platform/metrics.server.ts";
import { openRedisScripts } from "./platform/redis.server.ts";
import { createMerchantApi } from "./profile/merchant-api/door.server.ts";
import { createFeedbackDoor } from "./recommendation/feedback/feedback-door.server.ts";
import { createArmOf } from "./recommendation/holdout/enter-holdout.server.ts";
import { createProxyDoor } from "./recommendation/proxy-door.server.ts";
import { forgetSeen } from "./recommendation/storefront/storefront-store.server.ts";
import { createSettingsOf } from "./recommendation/settings-of.server.ts";
import { createRecommender } from "./recommendation/recommender.server.ts";
import { startBuilds } from "./segment/builds-store.server.ts";
import { listSegments } from "./segment/segment-store.server.ts";
import { createShopify, type Shopify } from "./shopify.server.ts";
import { createSessionStore } from "./shopify/session-store.server.ts";
import { isInstalled, readShop, recordInstall, recordScopes } from "./shopify/shop-store.server.ts";
import { createKeptBatches } from "./sync/kept-batches.server.ts";
import { createDestinations, type Destinations, type OAuthClient } from "./sync/destinations.ts";
import { createRenewStored } from "./sync/oauth/renew-stored.server.ts";
import { createHookDoor } from "./sync/hooks/hook-door.server.ts";
import { createLocalLimits } from "./sync/limits/local-limits.ts";
import { createRedisLimits } from "./sync/limits/redis-limits.server.ts";

export interface Muster {
  db: Db;
  queue: Queue<Jobs>;
  log: Log;
  metrics: Metrics;
  crypto: Crypto;
  destinations: Destinations;
  shopify: Shopify;
  reads: AdminReads;
  actions: AdminActions;
  segments: SegmentAdmin;
  automations: AutomationAdmin;
  connections: DestinationAdmin;
  oauth: OAuthAdmin;
  content: ContentAdmin;
  recommendations: RecommendationAdmin;
  exports: ExportAdmin;
  retention: RetentionAdmin;
  /** Recommendations for the storefront, behind Shopify's app proxy. */
  proxyDoor(request: IncomingMessage, response: ServerResponse): void;
  /** What became of them there, by the same way. */
  feedbackDoor(request: IncomingMessage, response: ServerResponse): void;
  /** Blocks of content for the storefront, behind Shopify's app proxy. */
  contentDoor(request: IncomingMessage, response: ServerResponse): void;
  /** Recommendations and blocks for other tools, by signed token. */
  feedDoor(request: IncomingMessage, response: ServerResponse): void;
  /** Where platforms call when somebody decides something there. */
  hookDoor(request: IncomingMessage, response: ServerResponse): void;
  /** Where web pixels send what happens in browsers. */
  pixelDoor(request: IncomingMessage, response: ServerResponse): void;
  /** Events and profiles from the merchant's own systems, by API key. */
  merchantApi(request: IncomingMessage, response: ServerResponse): void;
  /** The webhook front door. */
  door(request: IncomingMessage, response: ServerResponse): void;
  /** Begins to work on what is waiting; without it the process only records. */
  startWork(): void;
  close(): Promise<void>;
}

/** Without id and secret a platform is connected by key alone. */
function oauthClient({
  clientId,
  clientSecret,
  ...urls
}: {
  clientId: string | undefined;
  clientSecret: string | undefined;
  authorizeUrl: string;
  tokenUrl: string;
}): OAuthClient | undefined {
  return clientId && clientSecret ? { clientId, clientSecret, ...urls } : undefined;
}

/** Views that come within this time are taken into the lists at once. */
const VIEWS_AFTER_MS = 2_000;

/** Puts one process of Muster together from its settings. Nothing else in the app holds state of its own. */
export async function createMuster(settings: Settings, clock: Clock): Promise<Muster> {
  collectSooner();
  const log = createLog(settings.LOG_LEVEL);
  const metrics = createMetrics();
  const crypto = createCrypto(settings.MUSTER_ENCRYPTION_KEY.split(","));
  const db = await openDatabase({
    url: settings.DATABASE_URL,
    dataDir: settings.MUSTER_DATA_DIR,
    onError: (error) => log.warn({ err: error }, "database connection lost"),
  });
  const queue = settings.REDIS_URL
    ? createBullQueue({ catalogue, url: settings.REDIS_URL, log })
    : createLocalQueue({ catalogue, log });
  // The job queue complains of the same Redis.
  const redis = settings.REDIS_URL ? openRedisScripts(settings.REDIS_URL, () => {}) : null;
  const local = createLocalLimits();
  const callOut = createCallOut({ sandboxOrigin: settings.WEBHOOK_SANDBOX_URL });
  const destinations = createDestinations({
    crypto,
    limits: redis ? createRedisLimits({ redis, local }) : local,
    callOut,
    oauth: {
      klaviyo: oauthClient({
        clientId: settings.KLAVIYO_CLIENT_ID,
        clientSecret: settings.KLAVIYO_CLIENT_SECRET,
        authorizeUrl: settings.KLAVIYO_AUTHORIZE_URL,
        tokenUrl: settings.KLAVIYO_TOKEN_URL,
      }),
      mailchimp: oauthClient({
        clientId: settings.MAILCHIMP_CLIENT_ID,
        clientSecret: settings.MAILCHIMP_CLIENT_SECRET,
        authorizeUrl: settings.MAILCHIMP_AUTHORIZE_URL,
        tokenUrl: settings.MAILCHIMP_TOKEN_URL,
      }),
      renewStored: createRenewStored({ db, crypto }),
    },
    batches: {
      kept: createKeptBatches({ db, now: () => new Date() }),
      download: createDownload({ sandboxOrigin: settings.MAILCHIMP_API_URL }),
    },
    klaviyoUrl: settings.KLAVIYO_API_URL,
    mailchimpUrl: settings.MAILCHIMP_API_URL,
  });
  const secrets = [settings.SHOPIFY_API_SECRET, settings.SHOPIFY_API_SECRET_OLD].filter(
    (secret) => secret !== undefined,
  );
  const door = createDoor({
    sql: db.door,
    secrets,
    log,
    metrics,
    onRecorded: (shop) => void queue.ring("ingest", { shop }, { key: shop }),
  });
  const shopify = createShopify({
    apiKey: settings.SHOPIFY_API_KEY,
    apiSecret: settings.SHOPIFY_API_SECRET,
    appUrl: settings.SHOPIFY_APP_URL,
    scopes: settings.SCOPES.split(","),
    sessionStorage: createSessionStore({ db, seal: crypto.seal, open: crypto.open }),
    appBridgeUrl: settings.APP_BRIDGE_URL,
    async onInstalled(domain, info, scopes) {
      const shop = await openShop(db, domain, clock.now());
      const facts = {
        name: info.name,
        currency: info.currencyCode,
        timeZone: info.ianaTimezone,
        country: info.shopAddress.countryCodeV2,
        locale: info.primaryDomain.localization?.defaultLocale ?? null,
      };
      const now = new Date();
      await db.tx(async (tx) => {
        await recordInstall(tx, shop.id, facts, now);
        if (!isInstalled(shop)) await forgetSeen(tx, shop.id);
        // On other clocks, or in another currency, rules that know days or amounts say something else.
        await startBuilds(tx, shop.id, await listSegments(tx, shop.id), now);
      });
      await queue.ring("segments", { shopId: shop.id }, { key: String(shop.id) });
      await recordScopes(db, shop.id, scopes, now);
      const installed = await readShop(db, shop.id);
      await beginBackFill(db, shop.id, installed?.installedAt ?? now, now);
      await queue.ring("back-fill", { shopId: shop.id }, { key: String(shop.id) });
      await queue.ring("pixel", { shopId: shop.id }, { key: String(shop.id) });
    },
    log: (level, message) => log[level](message),
  });
  const recommender = createRecommender({
    db,
    log,
    now: () => clock.now(),
    onListed: sendNewLists,
    onTrained: (shop) => void queue.ring("recommendations", { shopId: shop }, { key: String(shop) }),
  });
  const settingsOf = createSettingsOf(db);
  const renderer = createRenderer();
  const serve = createServeBlock({ sql: db, renderer, recommender, now: () => clock.now() });
  const reaching = {
    db,
    crypto,
    callOut,
    adminOf: shopify.adminOf,
  };
  let stopWork = (): void => {};
  return {
    db,
    queue,
    log,
    metrics,
    crypto,
    destinations,
    shopify,
    reads: createAdminReads({ db, clock, metrics }),
    automations: createAutomationAdmin({
      ...reaching,
      clock,
      queue,
      sandboxOrigin: settings.WEBHOOK_SANDBOX_URL,
    }),
    segments: createSegmentAdmin({ db, clock, queue }),
    connections: createDestinationAdmin({ db, destinations, queue, crypto, appUrl: settings.SHOPIFY_APP_URL }),
    oauth: createOAuthAdmin({
      db,
      crypto,
      destinations,
      queue,
      appUrl: settings.SHOPIFY_APP_URL,
      apiKey: settings.SHOPIFY_API_KEY,
    }),
    exports: createExportAdmin({ db, crypto, queue }),
    content: createContentAdmin({ db, clock, renderer, recommender, crypto, appUrl: settings.SHOPIFY_APP_URL }),
    recommendations: createRecommendationAdmin({ db, queue, recommender }),
    retention: createRetentionAdmin({ db, clock }),
    actions: createAdminActions({ db, crypto, destinations, queue }),
    door,
    hookDoor: createHookDoor({
      sql: db.door,
      crypto,
      log,
      now: () => new Date(),
      onRecorded: (shop) => void queue.ring("calls", { shopId: shop }, { key: String(shop) }),
    }),
    pixelDoor: createPixelDoor({
      db,
      marks: crypto.marks,
      clock,
      log,
      proxies: settings.MUSTER_PROXIES,
      onRecorded(shop) {
        void queue.ring("visitors", { shopId: shop }, { key: String(shop) });
        void queue.ring("recommendations", { shopId: shop }, { key: String(shop), delayMs: VIEWS_AFTER_MS });
      },
      counted: (outcome) => metrics.pixel.inc({ outcome }),
    }),
    merchantApi: createMerchantApi({
      db,
      marks: crypto.marks,
      log,
      appUrl: settings.SHOPIFY_APP_URL,
      now: () => clock.now(),
      onRecorded(shopId, customers) {
        void queue.ring("names", { shopId }, { key: String(shopId) });
        if (customers.length > 0) void queue.ring("profiles", { shopId }, { key: String(shopId) });
      },
    }),
    feedDoor: createFeedDoor({ sql: db, crypto, recommender, serve, log }),
    contentDoor: createContentDoor({ sql: db, secrets, serve, log }),
    proxyDoor: createProxyDoor({
      sql: db,
      secrets,
      recommender,
      armOf: createArmOf(db, recommender, settingsOf),
      settingsOf,
      log,
    }),
    feedbackDoor: createFeedbackDoor({ db, secrets, marks: crypto.marks, log }),
    startWork() {
      const stops = [
        startPipeline({ db, queue, clock, log, metrics, crypto, destinations }),
        startBackFillJobs({ db, queue, log, crypto, adminOf: shopify.adminOf }),
        startPrivacyJobs({ db, queue, log, crypto }),
        startVisitorJobs({ db, queue, log, adminOf: shopify.adminOf, endpoint: `${settings.SHOPIFY_APP_URL}/pixel` }),
        startRecommendationJobs({ db, queue, log, recommender }),
        startStorefrontJobs({ db, queue, log, adminOf: shopify.adminOf }),
        startAutomationJobs({ ...reaching, queue, log }),
        startSegmentJobs({ db, queue, clock, log }),
        startBacktestJobs({ db, queue, log }),
        startScheduleJobs({ db, queue, clock, log }),
        startWatchJobs({ db, queue, clock, log }),
        startQualityJobs({ db, queue, clock, log }),
        startDuplicatesJobs({ db, queue, clock, log }),
        startEngagementJobs({ db, queue, log, crypto, destinations, adminOf: shopify.adminOf }),
        startHookJobs({ db, queue, log, crypto, destinations, appUrl: settings.SHOPIFY_APP_URL }),
        startNamesJobs({ db, queue, clock, log }),
        startRetentionJobs({ db, clock, log }),
      ];
      stopWork = () => stops.forEach((stop) => stop());
    },
    async close() {
      stopWork();
      recommender.close();
      renderer.close();
      await queue.close();
      redis?.close();
      await db.close();
    },
  };
}
