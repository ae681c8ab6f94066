import type { PrivacyRequestFact } from "../ingest/facts.ts";
import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Counts } from "./personal-rows-store.server.ts";
import { type Subject, subjectSchema } from "./subject.ts";

/** Shopify's limit for privacy requests (https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance). */
const DAYS_TO_COMPLETE = 30;

export type RequestKind = PrivacyRequestFact["kind"];
/**
 * `leaving`: gone here, and an e-mail platform has not confirmed yet that the person is out; `kept`: the shop was installed
 * again before it was to be erased.
 */
export type RequestState = "waiting" | "leaving" | "done" | "kept";

export interface PrivacyRequest extends PrivacyRequestFact {
  inboxId: string;
  receivedAt: Date;
}

export interface OpenRequest extends PrivacyRequestFact {
  id: string;
  source: "shopify" | "merchant";
  state: RequestState;
  receivedAt: Date;
  dueAt: Date;
  /** Null until the person was looked for. */
  subject: Subject | null;
  counts: Counts;
}

/** Books privacy requests with the day they must be done by. */
export async function recordPrivacyRequests(tx: Sql, shop: ShopId, requests: readonly PrivacyRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await tx.query(
    `INSERT INTO privacy_requests (shop_id, kind, customer_id, email, phone, order_ids, inbox_id, received_at, due_at)
     SELECT $1, kind, customer_id, email, phone, order_ids, inbox_id, received_at, received_at + make_interval(days => $3)
     FROM json_to_recordset($2::json) AS given (kind text, customer_id bigint, email text, phone text, order_ids bigint[],
       inbox_id bigint, received_at timestamptz)
     ON CONFLICT (inbox_id) DO NOTHING`,
    [
      shop,
      JSON.stringify(
        requests.map((request) => ({
          kind: request.kind,
          customer_id: request.customerId,
          email: request.email,
          phone: request.phone,
          order_ids: request.orderIds,
          inbox_id: request.inboxId,
          received_at: request.receivedAt,
        })),
      ),
      DAYS_TO_COMPLETE,
    ],
  );
}

/** Books what the merchant asks for about a customer, once: the same request that is still open stands for both. */
export async function recordMerchantRequest(
  tx: Sql,
  shop: ShopId,
  kind: Exclude<RequestKind, "shop_redact">,
  customerId: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO privacy_requests (shop_id, kind, source, customer_id, received_at, due_at)
     SELECT $1, $2, 'merchant', $3, $4::timestamptz, $4::timestamptz + make_interval(days => $5)
     WHERE NOT EXISTS (SELECT FROM privacy_requests WHERE shop_id = $1 AND kind = $2 AND customer_id = $3 AND done_at IS NULL)`,
    [shop, kind, customerId, now, DAYS_TO_COMPLETE],
  );
}

/** What is not done yet, in the order it was asked for; a shop's own end comes last. */
export async function openRequests(sql: Sql, shop: ShopId): Promise<OpenRequest[]> {
  const { rows } = await sql.query<{
    id: string;
    kind: RequestKind;
    source: OpenRequest["source"];
    state: RequestState;
    customer_id: string | null;
    email: string | null;
    phone: string | null;
    order_ids: string[];
    received_at: Date;
    due_at: Date;
    subject: unknown;
    counts: Counts | null;
  }>(
    `SELECT id, kind, source, state, customer_id, email, phone, order_ids::text[] AS order_ids, received_at, due_at, subject, counts
     FROM privacy_requests WHERE shop_id = $1 AND done_at IS NULL ORDER BY kind = 'shop_redact', id`,
    [shop],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    source: row.source,
    state: row.state,
    customerId: row.customer_id,
    email: row.email,
    phone: row.phone,
    orderIds: row.order_ids,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    subject: row.subject === null ? null : subjectSchema.parse(row.subject),
    counts: row.counts ?? {},
  }));
}

export async function saveSubject(tx: Sql, shop: ShopId, id: string, subject: Subject): Promise<void> {
  await tx.query("UPDATE privacy_requests SET subject = $3::jsonb WHERE shop_id = $1 AND id = $2", [
    shop,
    id,
    JSON.stringify(subject),
  ]);
}

/** Adds to what a request has erased so far, in the transaction that erases it. */
export async function addCounts(
  tx: Sql,
  shop: ShopId,
  id: string,
  counts: Counts,
  state: RequestState = "waiting",
): Promise<void> {
  await tx.query(
    `UPDATE privacy_requests SET state = $4, counts = (
       SELECT jsonb_object_agg(key, n) FROM (
         SELECT key, sum(value::int) AS n FROM (
           SELECT * FROM jsonb_each_text(coalesce(counts, '{}')) UNION ALL SELECT * FROM jsonb_each_text($3::jsonb)
         ) AS parts GROUP BY key) AS summed)
     WHERE shop_id = $1 AND id = $2`,
    [shop, id, JSON.stringify(counts), state],
  );
}

/** Ends a request. An erasure's row names nobody from here on; an export's does until the export expires. */
export async function closeRequest(
  tx: Sql,
  shop: ShopId,
  id: string,
  end: { state: "done" | "kept"; subjectMark: Buffer | null; now: Date },
): Promise<void> {
  await tx.query(
    `UPDATE privacy_requests SET state = $3, done_at = $4, subject_mark = $5, subject = NULL, email = NULL, phone = NULL,
       order_ids = '{}', customer_id = CASE WHEN kind = 'data_request' THEN customer_id END
     WHERE shop_id = $1 AND id = $2`,
    [shop, id, end.state, end.now, end.subjectMark],
  );
}

export interface ListedRequest {
  id: string;
  kind: RequestKind;
  source: OpenRequest["source"];
  state: RequestState;
  /** Of an export; null once it has expired, and of an erasure. */
  customerId: string | null;
  receivedAt: Date;
  dueAt: Date;
  doneAt: Date | null;
  /** Rows by table. */
  counts: Counts;
  /** The first digits of the proof's keyed hash. */
  proof: string | null;
  /** Until when the export can be had. */
  exportUntil: Date | null;
}

/** The latest requests, open ones first. */
export async function listRequests(sql: Sql, shop: ShopId, limit: number): Promise<ListedRequest[]> {
  const { rows } = await sql.query<ListedRequest>(
    `SELECT r.id, r.kind, r.source, r.state, r.received_at AS "receivedAt", r.due_at AS "dueAt", r.done_at AS "doneAt",
       CASE WHEN r.kind = 'data_request' THEN r.customer_id END AS "customerId", coalesce(r.counts, '{}') AS counts,
       left(encode(r.subject_mark, 'hex'), 16) AS proof, e.expires_at AS "exportUntil"
     FROM privacy_requests r LEFT JOIN privacy_exports e ON e.shop_id = r.shop_id AND e.request_id = r.id
     WHERE r.shop_id = $1 ORDER BY r.done_at IS NOT NULL, r.received_at DESC, r.id DESC LIMIT $2`,
    [shop, limit],
  );
  return rows;
}

/** How many requests are open and how many were done, and the first day by which one has to be. */
export async function countRequests(
  sql: Sql,
  shop: ShopId,
): Promise<{ open: number; done: number; firstDueAt: Date | null }> {
  const { rows } = await sql.query<{ open: number; done: number; firstDueAt: Date | null }>(
    `SELECT count(*) FILTER (WHERE done_at IS NULL)::int AS open, count(done_at)::int AS done,
       min(due_at) FILTER (WHERE done_at IS NULL) AS "firstDueAt" FROM privacy_requests WHERE shop_id = $1`,
    [shop],
  );
  return rows[0] ?? { open: 0, done: 0, firstDueAt: null };
}

/** Open requests that have to be done before `before`, and the first of these days. */
export async function requestsDueBefore(
  sql: Sql,
  shop: ShopId,
  before: Date,
): Promise<{ count: number; firstAt: Date | null }> {
  const { rows } = await sql.query<{ count: number; firstAt: Date | null }>(
    `SELECT count(*)::int AS count, min(due_at) AS "firstAt" FROM privacy_requests
     WHERE shop_id = $1 AND done_at IS NULL AND due_at < $2`,
    [shop, before],
  );
  return rows[0] ?? { count: 0, firstAt: null };
}

/** Shops with something to do: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithOpenRequests(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    "SELECT DISTINCT shop_id FROM privacy_requests WHERE done_at IS NULL",
  );
  return rows.map((row) => row.shop_id);
}
