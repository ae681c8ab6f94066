import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { isAboutValues, type Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import type { Metrics } from "../platform/metrics.server.ts";
import { createGroupCommit } from "./group-commit.ts";
import { type Arrival, insertArrivals } from "./inbox-store.server.ts";
import { readBody } from "./read-body.server.ts";
import { deliveryDigest, isSigned } from "./signature.server.ts";

const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** Shopify gives up after 5 s in all; a refusal in time is retried, an answer that comes too late is a duplicate. */
const ANSWER_WITHIN_MS = 2_000;

export interface DoorOptions {
  sql: Sql;
  /** The app's secret, and the one before it while it is being rotated. */
  secrets: readonly string[];
  log: Log;
  metrics: Metrics;
  /** A shop's inbox has something new. */
  onRecorded(shopDomain: string): void;
}

/** What happens to a delivery, with the status it is answered with. */
export type DoorOutcome =
  | "recorded" // 200
  | "duplicate" // 200
  | "bad_request" // 400: a header is missing or absurd
  | "bad_signature" // 401
  | "not_post" // 405
  | "too_large" // 413
  | "unavailable"; // 503: the database is away or too slow, or too much is waiting

const statuses: Record<DoorOutcome, number> = {
  recorded: 200,
  duplicate: 200,
  bad_request: 400,
  bad_signature: 401,
  not_post: 405,
  too_large: 413,
  unavailable: 503,
};

const capped = (length: number) => z.string().min(1).max(length);
const headersSchema = z.object({
  "x-shopify-topic": capped(100).regex(/^[a-z0-9_]+([./][a-z0-9_]+)+$/),
  "x-shopify-shop-domain": capped(255).regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/),
  "x-shopify-webhook-id": capped(255),
  "x-shopify-event-id": capped(255).optional(),
  "x-shopify-api-version": capped(20).optional(),
  // A year that PostgreSQL does not know would come again and again as if the database were away.
  "x-shopify-triggered-at": z.coerce.date().min(new Date("0001-01-01")).max(new Date("9999-12-31")).optional(),
});

/**
 * The webhook front door: signature over the raw body, one inbox row, 200 only after commit. It touches neither Prisma nor the
 * session store and waits for nothing but its one INSERT, which concurrent deliveries share.
 */
export function createDoor(options: DoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const inbox = createGroupCommit({
    commit: (arrivals: Arrival[]) => insertArrivals(options.sql, arrivals),
    isOutage: (error) => !isAboutValues(error),
    sizeOf: (arrival) => arrival.body.length,
    maxItems: 500,
    maxBytes: 8 * 1024 * 1024,
    maxWaiting: 5_000,
    maxWaitingBytes: 128 * 1024 * 1024,
  });

  // Looked up once: finding a counter by its labels costs as much as the rest of the bookkeeping.
  const counted = mapOutcomes((outcome) => options.metrics.deliveries.labels(outcome));

  const take = async (request: IncomingMessage): Promise<DoorOutcome> => {
    if (request.method !== "POST") return "not_post";
    const receivedAt = new Date();
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too_large") return "too_large";
    const signature = request.headers["x-shopify-hmac-sha256"];
    if (typeof signature !== "string" || !isSigned(body, signature, options.secrets)) return "bad_signature";
    const headers = headersSchema.safeParse(request.headers);
    if (!headers.success) return "bad_request";
    const arrival = toArrival(headers.data, body, receivedAt);
    const outcome = await within(inbox.add(arrival), ANSWER_WITHIN_MS);
    if (outcome === "recorded") options.onRecorded(arrival.shop);
    return outcome;
  };

  return (request, response) => {
    const start = performance.now();
    void take(request)
      .catch((error: unknown): DoorOutcome => {
        options.log.warn({ err: error }, "delivery not recorded");
        return "unavailable";
      })
      .then((outcome) => {
        answer(response, outcome);
        counted[outcome].inc();
        if (statuses[outcome] === 200) options.metrics.ack.observe(performance.now() - start);
      });
  };
}

function toArrival(headers: z.infer<typeof headersSchema>, body: Buffer, receivedAt: Date): Arrival {
  const topic = headers["x-shopify-topic"];
  const webhookId = headers["x-shopify-webhook-id"];
  const eventId = headers["x-shopify-event-id"] ?? null;
  return {
    shop: headers["x-shopify-shop-domain"],
    topic,
    webhookId,
    eventId,
    apiVersion: headers["x-shopify-api-version"] ?? null,
    triggeredAt: headers["x-shopify-triggered-at"] ?? receivedAt,
    receivedAt,
    digest: deliveryDigest(topic, eventId, webhookId, body),
    body,
  };
}

function mapOutcomes<T>(make: (outcome: DoorOutcome) => T): Record<DoorOutcome, T> {
  const outcomes = Object.keys(statuses) as DoorOutcome[];
  return Object.fromEntries(outcomes.map((outcome) => [outcome, make(outcome)])) as Record<DoorOutcome, T>;
}

function answer(response: ServerResponse, outcome: DoorOutcome): void {
  if (response.destroyed) return;
  if (outcome === "unavailable") response.setHeader("retry-after", "1");
  if (outcome === "not_post") response.setHeader("allow", "POST");
  if (outcome === "too_large") response.setHeader("connection", "close");
  // With its length known the answer is one write to the socket.
  response
    .writeHead(statuses[outcome], { "content-type": "text/plain", "content-length": outcome.length })
    .end(outcome);
}

function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The inbox did not answer within ${milliseconds} ms.`)),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
