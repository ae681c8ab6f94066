import type { IncomingMessage, ServerResponse } from "node:http";
import { createHash } from "node:crypto";
import { readBody } from "../../ingest/read-body.server.ts";
import type { Crypto } from "../../platform/crypto.server.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { Log } from "../../platform/log.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { HOOK_READERS } from "../destinations.ts";
import { openSecrets } from "./hook-secrets.ts";
import { hookWithMark, insertCall } from "./hooks-store.server.ts";

export interface HookDoorOptions {
  sql: Sql;
  crypto: Pick<Crypto, "open" | "marks">;
  log: Log;
  /** Real time. */
  now(): Date;
  /** A shop has something to take in. */
  onRecorded(shop: ShopId): void;
}

/** What happens to a call, with the status it is answered with. */
type HookOutcome =
  | "recorded" // 200
  | "duplicate" // 200
  | "nothing" // 200: a trial, or about something else
  | "bad_request" // 400
  | "bad_signature" // 401
  | "unknown" // 404: no such address
  | "wrong_method" // 405
  | "too_large" // 413
  | "unavailable"; // 503: to be tried again

const statuses: Record<HookOutcome, number> = {
  recorded: 200,
  duplicate: 200,
  nothing: 200,
  bad_request: 400,
  bad_signature: 401,
  unknown: 404,
  wrong_method: 405,
  too_large: 413,
  unavailable: 503,
};

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Where platforms call when somebody decides something there: `/hooks/` and a part nobody can guess. A call is answered once its row
 * stands, and taken in behind it. The platforms stop calling an address that answers slowly.
 */
export function createHookDoor(options: HookDoorOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { sql, crypto, log } = options;

  const take = async (request: IncomingMessage): Promise<HookOutcome> => {
    const [, token] = /^\/hooks\/([\w-]{43})$/.exec((request.url ?? "").split("?", 1)[0] ?? "") ?? [];
    const hook = token === undefined ? null : await hookWithMark(sql, crypto.marks(`hook ${token}`));
    if (hook === null) return "unknown";
    if (request.method === "GET" || request.method === "HEAD") return "nothing";
    if (request.method !== "POST") return "wrong_method";
    const receivedAt = options.now();
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === "too_large") return "too_large";
    const { shopId, destinationId, kind, settings } = hook;
    const { secret } = openSecrets(crypto, shopId, hook);
    const read = HOOK_READERS[kind]?.({ body, headers: request.headers, settings, secret, receivedAt });
    if (!read) return "unknown";
    if (read.outcome === "refused") return read.why;
    if (read.outcome === "nothing") return "nothing";
    // The same call again says nothing new; of its content nothing can be read from the digest.
    const digest = createHash("sha256").update(secret).update(body).digest();
    if (!(await insertCall(sql, shopId, { destinationId, digest, receivedAt, said: read.said }))) return "duplicate";
    options.onRecorded(shopId);
    return "recorded";
  };

  return (request, response) => {
    void take(request)
      .catch((error: unknown): HookOutcome => {
        log.warn({ err: error }, "a platform's call was not recorded");
        return "unavailable";
      })
      .then((outcome) => {
        if (outcome.startsWith("bad_")) log.warn({ outcome }, "a platform's call was refused");
        if (response.destroyed) return;
        if (outcome === "too_large") response.setHeader("connection", "close");
        response.writeHead(statuses[outcome], { "content-type": "text/plain" }).end(outcome);
      });
  };
}
