import { createHash, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Faults } from "../faults.ts";
import type { Answer, ApiRequest } from "../http.ts";
import { readBody } from "./body.ts";
import { ok } from "./call.ts";
import type { Call, World } from "./call.ts";
import { Problem, invalidResource, notFound, problemAnswer } from "./problem.ts";
import { iso } from "./render.ts";
import { tarOf } from "./tar.ts";

interface BatchOperation {
  method: string;
  path: string;
  params?: Record<string, unknown>;
  operation_id?: string;
  body?: string;
}

interface Result {
  status_code: number;
  operation_id: string | null;
  response: string;
}

/** Operations that are done one after the other once the batch's time has come. Times are ms since 1970. */
export interface Batch {
  id: string;
  account: string;
  submitted: number;
  finishes: number;
  operations: BatchOperation[];
  /** Null: not run. */
  results: Result[] | null;
}

/** The batches of every account, in the order they came in. */
export type Batches = Map<string, Batch>;

const MOST_PENDING = 500;
const MOST_OPERATIONS = 1_000;
const RESULTS_IN_A_FILE = 250;
const LINK_MILLIS = 10 * 60_000;
const ORIGIN_OF_RESULTS = "/batch-results/";

export function createBatch(call: Call): Answer {
  const { operations } = readBody<{ operations: BatchOperation[] }>(call);
  if (operations.length === 0 || operations.length > MOST_OPERATIONS)
    throw invalidResource(`A batch has 1 to ${MOST_OPERATIONS} operations.`);
  const open = ofAccount(call).filter(({ results }) => results === null);
  if (open.length >= MOST_PENDING)
    throw new Problem(429, "Too Many Requests", "You have more than 500 pending batches.");
  const starts = Math.max(call.at, ...open.map(({ finishes }) => finishes));
  const batch: Batch = {
    id: randomUUID().replaceAll("-", "").slice(0, 10),
    account: call.account,
    submitted: call.at,
    finishes: starts + call.faults.jobMillis(),
    operations,
    results: null,
  };
  call.batches.set(batch.id, batch);
  return ok(call, shownBatch(call, batch));
}

export function getBatch(call: Call): Answer {
  return ok(call, shownBatch(call, batchOf(call)));
}

export function getBatches(call: Call): Answer {
  const batches = ofAccount(call).map((batch) => shownBatch(call, batch));
  return ok(call, { batches, total_items: batches.length });
}

/** One that is not through is stopped; what it has done stays done. */
export function deleteBatch(call: Call): Answer {
  call.batches.delete(batchOf(call).id);
  return { status: 204 };
}

/** Does what is due, batch by batch as they came in. @param run one operation */
export function runDueBatches(
  batches: Batches,
  at: number,
  faults: Faults,
  run: (account: string, request: Omit<ApiRequest, "origin">) => Answer,
): void {
  for (const batch of batches.values()) {
    if (batch.results !== null || batch.finishes > at) continue;
    const fails = faults.rows();
    const throttled = faults.throttledRows();
    batch.results = batch.operations.map((operation) => {
      const { status, body } =
        fails?.() === true
          ? problemAnswer(new Problem(500, "Internal Server Error", "An internal error occurred."))
          : throttled?.() === true
            ? problemAnswer(new Problem(429, "Too Many Requests", "You have exceeded the limit of 10 connections."))
            : run(batch.account, requestOf(operation));
      const response = body === undefined ? "" : JSON.stringify(body);
      return { status_code: status, operation_id: operation.operation_id ?? null, response };
    });
  }
}

export function isResultsPath(path: string): boolean {
  return path.startsWith(ORIGIN_OF_RESULTS);
}

/** What the other host that holds the archives answers: it knows no keys, and only links that were signed. */
export function serveResults(batches: Batches, { path, query }: ApiRequest, at: number): Answer {
  const batch = batches.get(path.slice(ORIGIN_OF_RESULTS.length).replace(/-response\.tar\.gz$/, ""));
  const expires = Number(query.get("Expires"));
  const denied = (code: string): Answer => ({
    status: 403,
    bytes: { type: "application/xml", content: Buffer.from(`<Error><Code>${code}</Code></Error>`) },
  });
  const results = batch?.results;
  if (!batch || !results || query.get("Signature") !== signature(batch.id, expires)) return denied("AccessDenied");
  if (expires < at) return denied("Request has expired");
  const files = Array.from({ length: Math.ceil(results.length / RESULTS_IN_A_FILE) }, (_, index) => ({
    name: `${batch.id}/${index}.json`,
    content: JSON.stringify(results.slice(index * RESULTS_IN_A_FILE, (index + 1) * RESULTS_IN_A_FILE)),
  }));
  return { status: 200, bytes: { type: "application/gzip", content: gzipSync(tarOf(`${batch.id}/`, files)) } };
}

function batchOf(call: Call): Batch {
  const batch = call.batches.get(call.params[0] ?? "");
  if (batch?.account !== call.account) throw notFound();
  return batch;
}

function ofAccount({ batches, account }: World): Batch[] {
  return [...batches.values()].filter((batch) => batch.account === account);
}

function shownBatch(call: Call, { id, submitted, finishes, operations, results }: Batch) {
  const expires = call.at + (call.faults.expiredLink() ? -1 : LINK_MILLIS);
  const link = `${call.request.origin}${ORIGIN_OF_RESULTS}${id}-response.tar.gz`;
  return {
    id,
    status: results === null ? (call.at - submitted < 20 ? "pending" : "started") : "finished",
    total_operations: operations.length,
    finished_operations: results?.length ?? 0,
    errored_operations: results?.filter(({ status_code }) => status_code >= 400).length ?? 0,
    submitted_at: iso(submitted),
    completed_at: results === null ? "" : iso(finishes),
    response_body_url: results === null ? "" : `${link}?Expires=${expires}&Signature=${signature(id, expires)}`,
  };
}

function requestOf({ method, path, params = {}, body = "" }: BatchOperation): Omit<ApiRequest, "origin"> {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return { method, path: `/3.0${path}`, query, headers: {}, body: Buffer.from(body) };
}

function signature(id: string, expires: number): string {
  return createHash("sha256").update(`the sandbox's own: ${id} ${expires}`).digest("base64url");
}
