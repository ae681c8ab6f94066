import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Marks } from "../../ingest/erased/erased-store.server.ts";
import { createTokenBuckets } from "../../ingest/pixel/token-buckets.ts";
import { readBody } from "../../ingest/read-body.server.ts";
import type { Db } from "../../platform/db.server.ts";
import { parseJson } from "../../platform/json.ts";
import type { Log } from "../../platform/log.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ApiProblem, EventsAnswer, ProfilesAnswer } from "./answers.ts";
import { bearerOf, hashApiKey, type Scope } from "./api-key.server.ts";
import { type KeyHolder, useApiKey } from "./api-keys-store.server.ts";
import { describeApi } from "./openapi.ts";
import { type Recorded, recordEvents, type RecordOptions, recordProfiles } from "./record-rows.server.ts";
import { MOST_ROWS, REQUESTS_OF_A_KEY } from "./rows.ts";

const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Of requests that are being recorded; each may have 500 rows. More would wait for a connection longer than a client does. */
const MOST_AT_ONCE = 16;

export interface MerchantApiOptions {
  db: Db;
  marks: Marks;
  log: Log;
  appUrl: string;
  /** Business time. */
  now(): Date;
  /** Milliseconds that never go back, for the limit of each key. */
  ticks?: () => number;
  /** The shop has new rows: customers to recompute, names to look up. */
  onRecorded(shop: ShopId, customers: readonly string[]): void;
}

interface Operation {
  method: "POST" | "PUT";
  scope: Scope;
  list: "events" | "profiles";
  record(options: RecordOptions, rows: readonly unknown[]): Promise<Recorded>;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "/api/events": { method: "POST", scope: "events:write", list: "events", record: recordEvents },
  "/api/profiles": { method: "PUT", scope: "profiles:write", list: "profiles", record: recordProfiles },
};

/** A request that is not taken as a whole. */
class Refusal extends Error {
  override name = "Refusal" as const;
  readonly status: number;
  readonly code: ApiProblem["code"];
  readonly headers: Record<string, string>;

  constructor(status: number, code: ApiProblem["code"], detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/**
 * The door for the merchant's own systems: `POST /api/events`, `PUT /api/profiles` and their description. A batch is one
 * transaction, answered after its commit with an answer for each row.
 */
export function createMerchantApi(
  options: MerchantApiOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { db, log } = options;
  const description = JSON.stringify(describeApi(options.appUrl));
  // In each process by itself: with several web processes a key has so much at each.
  const requests = createTokenBuckets({ ...REQUESTS_OF_A_KEY, ...(options.ticks && { now: options.ticks }) });
  let recording = 0;

  const take = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (path === "/api/openapi.json") {
      if (request.method !== "GET") throw wrongMethod("GET");
      return { status: 200, body: description };
    }
    const operation = OPERATIONS[path];
    if (!operation)
      throw new Refusal(404, "not_found", `There is ${Object.keys(OPERATIONS).join(", ")} and /api/openapi.json.`);
    if (request.method !== operation.method) throw wrongMethod(operation.method);
    if (recording >= MOST_AT_ONCE) {
      throw new Refusal(503, "overloaded", "Too many requests are being recorded. Repeat it in a moment.", {
        "retry-after": "1",
      });
    }
    recording += 1;
    try {
      const holder = await holderOf(options, request, operation.scope);
      if (!requests.take(String(holder.keyId), 1)) {
        const wait = Math.ceil(requests.secondsUntil(String(holder.keyId), 1));
        const { perSecond } = REQUESTS_OF_A_KEY;
        const detail = `This key sends more than ${perSecond} requests a second. Wait as long as Retry-After says, and send up to ${MOST_ROWS} rows in each.`;
        throw new Refusal(429, "rate_limited", detail, {
          "retry-after": String(Math.max(1, wait)),
          connection: "close",
        });
      }
      const rows = await readRows(request, operation.list);
      const recorded = await operation.record(
        {
          db,
          shop: holder.shop,
          marks: options.marks,
          context: { country: holder.country, now: options.now() },
          receivedAt: new Date(),
          keyId: holder.keyId,
        },
        rows,
      );
      options.onRecorded(holder.shop, recorded.customers);
      const answer = answerFor(operation, recorded);
      log.info({ shop: holder.shop, key: holder.keyId, rows: rows.length, refused: answer.refused }, operation.list);
      return { status: answer.refused === 0 ? 200 : 207, body: JSON.stringify(answer) };
    } finally {
      recording -= 1;
    }
  };

  return (request, response) => {
    void take(request).then(
      ({ status, body }) => send(response, status, "application/json", body),
      (error: unknown) => {
        if (error instanceof Refusal) return refuse(response, error);
        log.warn({ err: error }, "merchant rows not recorded");
        const detail = "The database is away. Repeat the request: what was recorded is known again.";
        refuse(response, new Refusal(503, "unavailable", detail, { "retry-after": "5" }));
      },
    );
  };
}

async function holderOf({ db }: MerchantApiOptions, request: IncomingMessage, scope: Scope): Promise<KeyHolder> {
  const key = bearerOf(request.headers.authorization);
  const holder = key === null ? null : await useApiKey(db, hashApiKey(key), new Date());
  if (!holder) {
    const detail =
      key === null
        ? "Give a key of the app's page Data: Authorization: Bearer KEY."
        : "This key is unknown or revoked, or the app was removed from its shop. Make a new one on the app's page Data.";
    throw new Refusal(401, "unknown_key", detail, { "www-authenticate": 'Bearer realm="Muster"' });
  }
  if (!holder.scopes.includes(scope)) {
    const detail = `This key lacks the scope ${scope}. Make one that has it on the app's page Data.`;
    const challenge = `Bearer realm="Muster", error="insufficient_scope", scope="${scope}"`;
    throw new Refusal(403, "insufficient_scope", detail, { "www-authenticate": challenge });
  }
  return holder;
}

async function readRows(request: IncomingMessage, list: Operation["list"]): Promise<unknown[]> {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new Refusal(415, "unsupported_media_type", "Send JSON, with the header Content-Type: application/json.");
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === "too_large") {
    throw new Refusal(413, "too_large", "The body is larger than 2 MB. Send fewer rows in a request.", {
      connection: "close",
    });
  }
  const schema = z.strictObject({ [list]: z.array(z.unknown()).min(1).max(MOST_ROWS) });
  const parsed = schema.safeParse(jsonOf(body));
  const rows = parsed.data?.[list];
  if (!rows) {
    throw new Refusal(
      400,
      "bad_request",
      `The body has to be {"${list}": [...]} with 1 to ${MOST_ROWS} rows, and nothing else.`,
    );
  }
  return rows;
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString("utf8"));
  } catch {
    // The parser's own words would repeat what stands there.
    throw new Refusal(400, "bad_json", "The body is no JSON.");
  }
}

function answerFor({ list }: Operation, { rows }: Recorded): EventsAnswer | ProfilesAnswer {
  const count = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
  const counts = { recorded: count("recorded"), refused: count("refused") };
  return list === "events"
    ? { ...counts, duplicates: count("duplicate"), rows: rows as EventsAnswer["rows"] }
    : { ...counts, unchanged: count("unchanged"), rows: rows as ProfilesAnswer["rows"] };
}

function wrongMethod(allowed: string): Refusal {
  return new Refusal(405, "method_not_allowed", `This path takes ${allowed}.`, { allow: allowed });
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

function refuse(response: ServerResponse, { status, code, message, headers }: Refusal): void {
  const problem: ApiProblem = { type: "about:blank", title: TITLES[status] ?? "", status, code, detail: message };
  send(response, status, "application/problem+json", JSON.stringify(problem), headers);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed) return;
  response
    .writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      ...headers,
    })
    .end(body);
}
