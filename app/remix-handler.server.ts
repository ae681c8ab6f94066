import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  createRequestHandler,
  type ServerBuild,
  writeReadableStreamToWritable,
} from "@remix-run/node";
import { localeOf } from "./platform/format.ts";
import { createStaticFiles } from "./static-files.server.ts";
import { speaking } from "./texts/speech.server.ts";

export interface RemixHandlerOptions {
  /** The module that `remix vite:build` wrote to build/server. */
  build: ServerBuild;
  loadContext: AppLoadContext;
  /** Requests are given addresses under this origin, whatever `Host` a proxy passes on. */
  appUrl: string;
  /** The directory that `remix vite:build` wrote for the browser. */
  clientDirectory?: string;
}

/**
 * The embedded admin as a plain Node request listener: files of the client build first, Remix for the rest. Bodies are streamed and
 * never parsed here.
 */
export function createRemixHandler({ build, loadContext, appUrl, clientDirectory }: RemixHandlerOptions) {
  const origin = new URL(appUrl).origin;
  const handle = createRequestHandler(build, build.mode);
  const serveFile = createStaticFiles(clientDirectory ?? join(process.cwd(), build.assetsBuildDirectory));

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // Neither can be made into a Request without an exception or a warning.
    if (req.method === "TRACE") return void res.writeHead(405).end();
    if (!isWellFormed(req)) return void res.writeHead(400, { "Content-Type": "text/plain" }).end("Bad Request");
    if (await serveFile(req, res)) return;
    const request = toRequest(req, res, origin);
    // What is still streamed while it is sent is written for the same reader.
    await speaking(localeOf(request), async () => send(res, await handle(request, loadContext)));
  }

  return (req: IncomingMessage, res: ServerResponse): void => {
    respond(req, res).catch((error: unknown) => {
      if (!res.destroyed) loadContext.logError(error);
      if (res.headersSent) return res.destroy();
      res.writeHead(500, { "Content-Type": "text/plain" }).end("Internal Server Error");
    });
  };
}

function toRequest(req: IncomingMessage, res: ServerResponse, origin: string): Request {
  const controller = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) controller.abort();
  });
  const method = req.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(addressOf(req, origin), {
    method,
    headers: headersOf(req),
    signal: controller.signal,
    ...(hasBody && { body: createReadableStreamFromReadable(req), duplex: "half" }),
  });
}

/** Whether the path can be decoded. */
function isWellFormed(req: IncomingMessage): boolean {
  try {
    decodeURI(req.url?.split("?", 1)[0] ?? "/");
    return true;
  } catch {
    return false;
  }
}

/** Plain concatenation: resolving `//elsewhere/path` against the origin would leave it. */
function addressOf(req: IncomingMessage, origin: string): string {
  return origin + (req.url?.startsWith("/") ? req.url : "/");
}

function headersOf(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(req.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

async function send(res: ServerResponse, response: Response): Promise<void> {
  const { "set-cookie": _joined, ...headers } = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  res.writeHead(response.status, {
    "X-Content-Type-Options": "nosniff",
    ...headers,
    ...(cookies.length > 0 && { "Set-Cookie": cookies }),
  });
  if (response.body && res.req.method !== "HEAD") await writeReadableStreamToWritable(response.body, res);
  else res.end();
}
