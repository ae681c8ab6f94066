import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { ActionFunctionArgs, AppLoadContext, ServerBuild } from "@remix-run/node";
import { openDatabase } from "../../../app/platform/db.server.ts";
import { createRemixHandler } from "../../../app/remix-handler.server.ts";
import { createShopify } from "../../../app/shopify.server.ts";
import { createMemorySessions } from "../../shopify/memory-sessions.ts";
import { serve } from "./serve.ts";

/** What Shopify's template does: a Remix route that calls `authenticate.webhook` and writes one row through Prisma. */
await serve(async ({ databaseUrl, secret }) => {
  const { prisma } = await openDatabase({ url: databaseUrl, dataDir: ".muster", onError: () => {} });
  const shopify = createShopify({
    apiKey: "bench",
    apiSecret: secret,
    appUrl: "http://localhost",
    scopes: ["read_orders"],
    sessionStorage: createMemorySessions(),
    onInstalled: async () => {},
    log: () => {},
  });
  const action = async ({ request }: ActionFunctionArgs): Promise<Response> => {
    const { shop, topic, webhookId, payload } = await shopify.authenticate.webhook(request);
    const body = Buffer.from(JSON.stringify(payload));
    const now = new Date();
    const digest = createHash("sha256").update(webhookId).digest();
    await prisma.inboxRow.create({
      data: { shop, topic, webhookId, triggeredAt: now, receivedAt: now, digest, body },
    });
    return new Response();
  };
  return createServer(
    createRemixHandler({
      build: buildOf(action),
      // Its one route takes what it needs from this module.
      loadContext: { logError: () => {} } as unknown as AppLoadContext,
      appUrl: "http://localhost",
      clientDirectory: "build/none",
    }),
  );
});

/** A Remix application of a root and one route with an action. */
function buildOf(action: (args: ActionFunctionArgs) => Promise<Response>): ServerBuild {
  const module = { default: () => null };
  return {
    mode: "production",
    isSpaMode: false,
    publicPath: "/",
    assetsBuildDirectory: "build/none",
    basename: "/",
    future: {},
    entry: { module: { default: () => new Response() } },
    assets: { entry: { module: "", imports: [] }, routes: {}, url: "", version: "" },
    routes: {
      root: { id: "root", path: "", module },
      webhooks: { id: "webhooks", parentId: "root", path: "webhooks", module: { action } },
    },
  } as unknown as ServerBuild;
}
