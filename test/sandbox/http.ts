import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** One request, read to its end. `origin` is the address the caller used, for links in answers. */
export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  origin: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; absent: an empty body. */
  body?: unknown;
  /** Sent as they are instead. */
  bytes?: { type: string; content: Buffer };
}

/** Serves `handler` on this machine; port 0 takes a free one. `close` drops open connections too. */
export function listen(handler: Handler, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the server has no port");
      resolve({ url: `http://127.0.0.1:${address.port}`, close: () => closed(server) });
    });
  });
}

/** The request, or null when its body is longer than `limit` bytes; the rest of such a body is read and dropped. */
export async function readRequest(req: IncomingMessage, limit: number): Promise<ApiRequest | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) return null;
  return { ...requestLine(req), headers: req.headers, body: Buffer.concat(chunks) };
}

/** What is known before the body has arrived. */
export function requestLine(req: IncomingMessage): Omit<ApiRequest, "headers" | "body"> {
  const origin = `http://${req.headers.host ?? "127.0.0.1"}`;
  const url = new URL(req.url ?? "/", origin);
  return { method: req.method ?? "GET", path: url.pathname, query: url.searchParams, origin };
}

export function sendAnswer(res: ServerResponse, answer: Answer, contentType: string): void {
  if (answer.bytes) {
    const { type, content } = answer.bytes;
    res.writeHead(answer.status, { "content-type": type, "content-length": content.length }).end(content);
    return;
  }
  if (answer.body === undefined) {
    res.writeHead(answer.status, answer.headers).end();
    return;
  }
  const body = Buffer.from(JSON.stringify(answer.body));
  res.writeHead(answer.status, { "content-type": contentType, "content-length": body.length, ...answer.headers });
  res.end(body);
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
