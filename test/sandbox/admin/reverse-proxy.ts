import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";

export interface ReverseProxyOptions {
  /** Where the app listens. */
  appUrl: string;
  /** The origin of the stand-in admin: allowed to frame the app, and target of the app's links into Shopify's admin. */
  adminUrl: string;
}

/**
 * Stands in front of the app as an outer server would. It makes the only two changes that the app's own answers need on a machine
 * without Shopify: the stand-in may frame the pages, and nothing points to Shopify's own addresses. Besides it has an empty page of the
 * app's origin, with which the frame in a dialog of App Bridge begins; in Shopify's admin that is a page of the app's.
 */
export function createReverseProxy({ appUrl, adminUrl }: ReverseProxyOptions): Server {
  return createServer((req, res) => {
    if (req.url === "/app-bridge/modal") {
      res.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end("<!doctype html><title>App</title>");
      return;
    }
    const upstream = request(new URL(appUrl), {
      // A connection that was kept can be closed by the app at the moment it is used again.
      agent: false,
      method: req.method,
      path: req.url,
      headers: { ...req.headers, "x-forwarded-host": req.headers.host, "x-forwarded-proto": "http" },
    });
    upstream.on("response", (answer) => {
      res.writeHead(answer.statusCode ?? 502, adapt(answer.headers, adminUrl));
      answer.on("error", () => res.destroy());
      answer.pipe(res);
    });
    upstream.on("error", () => {
      if (res.headersSent) res.destroy();
      else res.writeHead(502, { "Content-Type": "text/plain" }).end("The app does not answer.");
    });
    res.on("close", () => upstream.destroy());
    req.pipe(upstream);
  });
}

function adapt(headers: IncomingHttpHeaders, adminUrl: string): IncomingHttpHeaders {
  const adapted = { ...headers };
  if (adapted["link"]?.includes("app-bridge.js")) delete adapted["link"];
  const policy = adapted["content-security-policy"];
  if (typeof policy === "string") {
    adapted["content-security-policy"] = policy.replace("frame-ancestors ", `frame-ancestors ${adminUrl} `);
  }
  if (adapted.location !== undefined) {
    adapted.location = adapted.location.replace(/^https:\/\/admin\.shopify\.com(?=\/)/, adminUrl);
  }
  return adapted;
}
