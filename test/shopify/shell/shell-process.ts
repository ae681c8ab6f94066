import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import type { AdminActions } from "../../../app/jobs/admin-actions.server.ts";
import type { AutomationAdmin } from "../../../app/jobs/automation-admin.server.ts";
import type { ExportAdmin } from "../../../app/jobs/export-admin.server.ts";
import type { DestinationAdmin } from "../../../app/jobs/destination-admin.server.ts";
import type { ContentAdmin } from "../../../app/jobs/content-admin.server.ts";
import type { OAuthAdmin } from "../../../app/jobs/oauth-admin.server.ts";
import type { RecommendationAdmin } from "../../../app/jobs/recommendation-admin.server.ts";
import type { RetentionAdmin } from "../../../app/jobs/retention-admin.server.ts";
import type { SegmentAdmin } from "../../../app/jobs/segment-admin.server.ts";
import type { AdminReads } from "../../../app/jobs/admin-reads.server.ts";
import { createRemixHandler } from "../../../app/remix-handler.server.ts";
import { createShopify } from "../../../app/shopify.server.ts";
import { redirectShopify } from "../../sandbox/admin/redirect-shopify.ts";
import { createMemorySessions } from "../memory-sessions.ts";

interface Settings {
  port: number;
  apiKey: string;
  apiSecret: string;
  appUrl: string;
  appBridgeUrl: string;
  shopifyUrl: string;
  serverBuild: string;
  clientDirectory: string;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as Settings;
const report = (message: object) => process.send?.(message);

redirectShopify(settings.shopifyUrl);
const shopify = createShopify({
  apiKey: settings.apiKey,
  apiSecret: settings.apiSecret,
  appUrl: settings.appUrl,
  appBridgeUrl: settings.appBridgeUrl,
  scopes: ["read_customers", "read_orders", "read_products"],
  sessionStorage: createMemorySessions(),
  onInstalled: async (shop, { name }) => void report({ installed: { shop, name } }),
  log: (level, message) => report({ logged: `${level}: ${message}` }),
});
const handler = createRemixHandler({
  build: (await import(pathToFileURL(settings.serverBuild).href)) as ServerBuild,
  loadContext: {
    shopify,
    actions: {} as AdminActions,
    segments: {} as SegmentAdmin,
    automations: {} as AutomationAdmin,
    connections: {} as DestinationAdmin,
    oauth: {} as OAuthAdmin,
    content: {} as ContentAdmin,
    recommendations: {} as RecommendationAdmin,
    retention: {} as RetentionAdmin,
    exports: {} as ExportAdmin,
    muster: {} as AdminReads, // no page of this shell reads anything
    logError: (error) => report({ logged: String(error) }),
  },
  appUrl: settings.appUrl,
  clientDirectory: settings.clientDirectory,
});
createServer(handler).listen(settings.port, "localhost", () => report({ ready: true }));
