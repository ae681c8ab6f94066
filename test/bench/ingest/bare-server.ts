import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import pg from "pg";
import { createGroupCommit } from "../../../app/ingest/group-commit.ts";
import { type Arrival, insertArrivals } from "../../../app/ingest/inbox-store.server.ts";
import { serve } from "./serve.ts";

/**
 * As little as an acknowledgement can be: Node's http, the signature, and the same INSERT shared in the same way. No check of
 * headers, no cap, no deadline, no metrics, no second secret.
 */
await serve(async ({ databaseUrl, secret }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const inbox = createGroupCommit({
    commit: (arrivals: Arrival[]) => insertArrivals(pool, arrivals),
    isOutage: () => true,
    sizeOf: (arrival) => arrival.body.length,
    maxItems: 500,
    maxBytes: 8 * 1024 * 1024,
    maxWaiting: Infinity,
    maxWaitingBytes: Infinity,
  });
  const take = async (body: Buffer, headers: IncomingMessage["headers"]): Promise<number> => {
    const digest = createHmac("sha256", secret).update(body).digest();
    const given = Buffer.from(String(headers["x-shopify-hmac-sha256"]), "base64");
    if (given.length !== digest.length || !timingSafeEqual(given, digest)) return 401;
    const now = new Date();
    const webhookId = String(headers["x-shopify-webhook-id"]);
    await inbox.add({
      shop: String(headers["x-shopify-shop-domain"]),
      topic: String(headers["x-shopify-topic"]),
      webhookId,
      eventId: String(headers["x-shopify-event-id"]),
      apiVersion: String(headers["x-shopify-api-version"]),
      triggeredAt: now,
      receivedAt: now,
      // Two deliveries of one digest would be one row.
      digest: createHash("sha256").update(webhookId).digest(),
      body,
    });
    return 200;
  };
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void take(Buffer.concat(chunks), request.headers).then((status) => response.writeHead(status).end());
    });
  });
});
