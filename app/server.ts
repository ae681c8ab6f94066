import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createMuster, type Muster } from "./muster.server.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { readSettings, type Settings } from "./platform/env.server.ts";
import { createRemixHandler } from "./remix-handler.server.ts";

export interface RunningServer {
  muster: Muster;
  server: Server;
  port: number;
  /** Answers what is under way, then closes everything. */
  close(): Promise<void>;
}

/**
 * Starts one process: the front door before everything else, the embedded admin for the rest, and, unless the work is left to
 * `npm run worker`, the worker.
 */
export async function startServer(settings: Settings, clock: Clock = systemClock): Promise<RunningServer> {
  const muster = await createMuster(settings, clock);
  const admin = await createAdmin(settings, muster);
  const server = createServer((request, response) => route(settings, muster, admin, request, response));
  // Shopify keeps connections alive between deliveries.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.PORT, resolve);
  });
  if (settings.MUSTER_ROLE === "all") muster.startWork();
  const address = server.address();
  return {
    muster,
    server,
    port: typeof address === "object" && address ? address.port : settings.PORT,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2_000).unref();
      await closed;
      await muster.close();
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function createAdmin(settings: Settings, muster: Muster): Promise<Handler> {
  // The build is made from routes/ by `remix vite:build`, so there is nothing to import at the time this is type-checked.
  const file: string = new URL("../build/server/index.js", import.meta.url).href;
  const build = (await import(file)) as ServerBuild;
  return createRemixHandler({
    build,
    appUrl: settings.SHOPIFY_APP_URL,
    loadContext: {
      shopify: muster.shopify,
      muster: muster.reads,
      actions: muster.actions,
      segments: muster.segments,
      automations: muster.automations,
      connections: muster.connections,
      oauth: muster.oauth,
      content: muster.content,
      recommendations: muster.recommendations,
      exports: muster.exports,
      retention: muster.retention,
      logError: (error) => muster.log.error({ err: error }, "a page failed"),
    },
  });
}

function route(
  settings: Settings,
  muster: Muster,
  admin: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path.startsWith("/feed/")) return muster.feedDoor(request, response);
  if (path.startsWith("/hooks/")) return muster.hookDoor(request, response);
  if (path.startsWith("/proxy/content/")) return muster.contentDoor(request, response);
  switch (path) {
    case "/webhooks":
      return muster.door(request, response);
    case "/pixel":
      return muster.pixelDoor(request, response);
    case "/proxy/recommendations":
      return muster.proxyDoor(request, response);
    case "/proxy/feedback":
      return muster.feedbackDoor(request, response);
    case "/api/events":
    case "/api/profiles":
    case "/api/openapi.json":
      return muster.merchantApi(request, response);
    case "/healthz":
      return void answerHealth(muster, response);
    case "/metrics":
      return void answerMetrics(settings, muster, request, response);
    default:
      return admin(request, response);
  }
}

async function answerHealth(muster: Muster, response: ServerResponse): Promise<void> {
  const alive = await muster.db.ping();
  response.writeHead(alive ? 200 : 503, { "content-type": "text/plain" }).end(alive ? "ok" : "the database is away");
}

/** Figures name no person, but they are the merchant's business: without METRICS_TOKEN they are not served. */
async function answerMetrics(
  settings: Settings,
  muster: Muster,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!settings.METRICS_TOKEN || request.headers.authorization !== `Bearer ${settings.METRICS_TOKEN}`) {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, { "content-type": muster.metrics.registry.contentType })
    .end(await muster.metrics.registry.metrics());
}

if (import.meta.main) {
  const settings = readSettings();
  const running = await startServer(settings);
  running.muster.log.info({ port: running.port }, "Muster is listening");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)));
  }
}
