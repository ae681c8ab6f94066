import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { withoutTitle } from "../erased/leave-out.ts";
import type { OrderLineFact } from "../facts.ts";

/** In the order in which they are worked off. The first three are bulk operations. */
export const BACK_FILL_KINDS = ["products", "customers", "orders", "refunds", "totals"] as const;
export type BackFillKind = (typeof BACK_FILL_KINDS)[number];
export type BulkKind = "products" | "customers" | "orders";

/** waiting → running (at Shopify) → reading → done; failed can be started again. */
export type BackFillState = "waiting" | "running" | "reading" | "done" | "failed";

export interface BackFillRow {
  kind: BackFillKind;
  state: BackFillState;
  operationId: string | null;
  /** When Shopify began to collect, by its own clock. */
  operationAt: Date | null;
  /** On `orders`: whether orders older than 60 days may be read; null until known. */
  allOrders: boolean | null;
  /** The operation failed, and what is being read is what it had collected by then. */
  partial: boolean;
  /** Bytes of the file, or the last customer of the closing pass, that are taken in. */
  position: bigint;
  positionOf: bigint | null;
  objects: number;
  objectsOf: number | null;
  skipped: number;
  skippedReason: string | null;
  attempts: number;
  /** A sentence for the merchant. */
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

interface StoredRow {
  kind: BackFillKind;
  state: BackFillState;
  operation_id: string | null;
  operation_at: Date | null;
  all_orders: boolean | null;
  partial: boolean;
  position: string;
  position_of: string | null;
  objects: number;
  objects_of: number | null;
  skipped: number;
  skipped_reason: string | null;
  attempts: number;
  error: string | null;
  started_at: Date;
  finished_at: Date | null;
}

export async function readBackFill(sql: Sql, shop: ShopId): Promise<BackFillRow[]> {
  const { rows } = await sql.query<StoredRow>("SELECT * FROM back_fills WHERE shop_id = $1", [shop]);
  return rows
    .map(toRow)
    .sort((left, right) => BACK_FILL_KINDS.indexOf(left.kind) - BACK_FILL_KINDS.indexOf(right.kind));
}

/** Whether the shop's past is still being read. */
export async function isBackFilling(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query<{ some: boolean }>(
    "SELECT EXISTS (SELECT FROM back_fills WHERE shop_id = $1 AND state NOT IN ('done', 'failed')) AS some",
    [shop],
  );
  return rows[0]?.some ?? false;
}

/** Begins from the start, or again for the kinds that failed. A back-fill that is under way or done is left alone. */
export async function startKinds(sql: Sql, shop: ShopId, kinds: readonly BackFillKind[], now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO back_fills (shop_id, kind, state, started_at) SELECT $1, kind, 'waiting', $3 FROM unnest($2::text[]) AS given (kind)
     ON CONFLICT (shop_id, kind) DO UPDATE SET state = 'waiting', operation_id = NULL, operation_at = NULL, all_orders = NULL,
       partial = false, position = 0, position_of = NULL, objects = 0, objects_of = NULL, skipped = 0, skipped_reason = NULL,
       attempts = 0, error = NULL, started_at = excluded.started_at, finished_at = NULL`,
    [shop, kinds, now],
  );
}

/** Shopify took the query: from here on the operation's id stands for it. */
export async function recordOperation(
  sql: Sql,
  shop: ShopId,
  kind: BulkKind,
  operation: { id: string; at: Date },
): Promise<void> {
  await sql.query(
    `UPDATE back_fills SET state = 'running', operation_id = $3, operation_at = $4, partial = false, position = 0, position_of = NULL,
       objects = 0, objects_of = NULL, skipped = 0, skipped_reason = NULL, attempts = attempts + 1
     WHERE shop_id = $1 AND kind = $2`,
    [shop, kind, operation.id, operation.at],
  );
}

export async function recordAllOrders(sql: Sql, shop: ShopId, allOrders: boolean): Promise<void> {
  await sql.query("UPDATE back_fills SET all_orders = $2 WHERE shop_id = $1 AND kind = 'orders'", [shop, allOrders]);
}

/** How many objects there are, so far or in all, and how long the file is once it is there. */
export async function recordExtent(
  sql: Sql,
  shop: ShopId,
  kind: BackFillKind,
  extent: { state: BackFillState; objectsOf: number; positionOf: bigint | null; partial: boolean },
): Promise<void> {
  await sql.query(
    "UPDATE back_fills SET state = $3, objects_of = $4, position_of = $5, partial = $6 WHERE shop_id = $1 AND kind = $2",
    [shop, kind, extent.state, extent.objectsOf, extent.positionOf, extent.partial],
  );
}

/**
 * Moves the position in the transaction that takes the stretch in.
 * @returns false when another worker was here first: the transaction then has to end without effect.
 */
export async function movePosition(
  tx: Sql,
  shop: ShopId,
  row: Pick<BackFillRow, "kind" | "operationId" | "position">,
  to: { position: bigint; objects: number; skipped: number; skippedReason: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE back_fills SET position = $5, objects = objects + $6, skipped = skipped + $7, skipped_reason = coalesce(skipped_reason, $8)
     WHERE shop_id = $1 AND kind = $2 AND state = 'reading' AND position = $3 AND operation_id IS NOT DISTINCT FROM $4`,
    [shop, row.kind, row.position, row.operationId, to.position, to.objects, to.skipped, to.skippedReason],
  );
  return rowCount === 1;
}

export async function finishKind(
  sql: Sql,
  shop: ShopId,
  kind: BackFillKind,
  end: { error: string | null; now: Date },
): Promise<void> {
  await sql.query(
    `UPDATE back_fills SET state = $3, error = $4, finished_at = $5, objects_of = CASE WHEN $4::text IS NULL THEN objects ELSE objects_of END
     WHERE shop_id = $1 AND kind = $2`,
    [shop, kind, end.error === null ? "done" : "failed", end.error, end.now],
  );
}

/** The operation is of no more use: ask Shopify for another one. */
export async function recordLoss(sql: Sql, shop: ShopId, kind: BulkKind): Promise<void> {
  await sql.query(
    "UPDATE back_fills SET state = 'waiting', operation_id = NULL, operation_at = NULL WHERE shop_id = $1 AND kind = $2",
    [shop, kind],
  );
}

const FILLED: Record<Exclude<BackFillKind, "totals">, readonly string[]> = {
  products: ["products", "product_variants"],
  customers: ["customers", "consents", "customer_tags", "opening_balances"],
  orders: ["orders", "order_lines"],
  refunds: ["refund_transactions", "refund_lines"],
};

/**
 * Lets the planner know what is in the tables that a back-fill has just filled, of all shops: without it every profile would be
 * looked up by a scan of all orders, on the embedded database, which has no autovacuum, for ever.
 */
export async function analyseFilled(sql: Sql, kind: keyof typeof FILLED): Promise<void> {
  for (const table of FILLED[kind]) await sql.query(`ANALYZE ${table}`);
}

/**
 * Adds lines to the orders that this operation wrote, in the transaction that merged them: until it ends no delivery can replace one.
 * An order whose newer version came by webhook keeps that version's lines; lines whose order was not written yet are put by.
 */
export async function addOrderLines(
  tx: Sql,
  shop: ShopId,
  operation: string,
  lines: readonly (OrderLineFact & { orderId: string })[],
): Promise<void> {
  if (lines.length === 0) return;
  const { rows } = await tx.query<{ id: string; name: string | null }>(
    "SELECT id, name FROM orders WHERE shop_id = $1 AND id = ANY($2::bigint[]) AND source_delivery = $3",
    [shop, [...new Set(lines.map(({ orderId }) => orderId))], operation],
  );
  const held = new Set(rows.map(({ id }) => id));
  // An order without its name belongs to somebody who was erased.
  const nameless = new Set(rows.filter(({ name }) => name === null).map(({ id }) => id));
  const titled = lines.map((line) => (nameless.has(line.orderId) ? withoutTitle(line) : line));
  for (const table of ["order_lines", "back_fill_lines"]) {
    const given = titled.filter(({ orderId }) => held.has(orderId) === (table === "order_lines"));
    if (given.length === 0) continue;
    await tx.query(
      `INSERT INTO ${table} (shop_id, ${LINE_COLUMNS}) SELECT $1, ${LINE_COLUMNS} FROM ${GIVEN_LINES} ON CONFLICT DO NOTHING`,
      [shop, linesJson(given)],
    );
  }
}

/** At the end of the file: what was put by goes to the orders that have come since, and the rest belongs to no order of it. */
export async function settleOrderLines(tx: Sql, shop: ShopId, operation: string): Promise<void> {
  await tx.query(
    `WITH held AS MATERIALIZED (
       SELECT id AS order_id, name FROM orders WHERE shop_id = $1 AND source_delivery = $2
         AND id IN (SELECT order_id FROM back_fill_lines WHERE shop_id = $1) ORDER BY id FOR SHARE),
     taken AS (DELETE FROM back_fill_lines WHERE shop_id = $1 RETURNING ${LINE_COLUMNS})
     INSERT INTO order_lines (shop_id, ${LINE_COLUMNS})
     SELECT $1, order_id, id, product_id, variant_id, CASE WHEN name IS NOT NULL THEN title END, vendor, quantity, price_minor
     FROM taken JOIN held USING (order_id) ON CONFLICT DO NOTHING`,
    [shop, operation],
  );
}

const LINE_COLUMNS = "order_id, id, product_id, variant_id, title, vendor, quantity, price_minor";
const GIVEN_LINES = `json_to_recordset($2::json) AS lines
  (order_id bigint, id bigint, product_id bigint, variant_id bigint, title text, vendor text, quantity int, price_minor bigint)`;

function linesJson(lines: readonly (OrderLineFact & { orderId: string })[]): string {
  return JSON.stringify(
    lines.map((line) => ({
      order_id: line.orderId,
      id: line.id,
      product_id: line.productId,
      variant_id: line.variantId,
      title: line.title,
      vendor: line.vendor,
      quantity: line.quantity,
      price_minor: line.priceMinor.toString(),
    })),
  );
}

/** Refunds to ask for. */
export async function addRefundsToRead(tx: Sql, shop: ShopId, refundIds: readonly string[]): Promise<void> {
  if (refundIds.length === 0) return;
  await tx.query(
    "INSERT INTO back_fill_refunds (shop_id, refund_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
    [shop, refundIds],
  );
}

export async function refundsToRead(sql: Sql, shop: ShopId, limit: number): Promise<string[]> {
  const { rows } = await sql.query<{ refund_id: string }>(
    "SELECT refund_id FROM back_fill_refunds WHERE shop_id = $1 ORDER BY refund_id LIMIT $2",
    [shop, limit],
  );
  return rows.map((row) => row.refund_id);
}

export async function countRefundsToRead(sql: Sql, shop: ShopId): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM back_fill_refunds WHERE shop_id = $1",
    [shop],
  );
  return rows[0]?.count ?? 0;
}

/** Takes refunds off the list, in the transaction that adds them to the facts. @returns how many were still on it. */
export async function dropRefundsToRead(tx: Sql, shop: ShopId, refundIds: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query(
    "DELETE FROM back_fill_refunds WHERE shop_id = $1 AND refund_id = ANY($2::bigint[])",
    [shop, refundIds],
  );
  return rowCount ?? 0;
}

/** The next customers after `after` of whom anything is known, in the order of their ids. */
export async function customersAfter(sql: Sql, shop: ShopId, after: bigint, limit: number): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM (
       (SELECT id FROM customers WHERE shop_id = $1 AND id > $2 ORDER BY id LIMIT $3)
       UNION (SELECT DISTINCT buyer_id FROM orders WHERE shop_id = $1 AND buyer_id > $2 ORDER BY buyer_id LIMIT $3)
     ) AS people (id) ORDER BY id LIMIT $3`,
    [shop, after, limit],
  );
  return rows.map((row) => row.id);
}

/** Shops whose back-fill is not at its end: for the sweep, which looks across shops and returns their keys only. */
export async function shopsToBackFill(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    "SELECT DISTINCT shop_id FROM back_fills WHERE state NOT IN ('done', 'failed')",
  );
  return rows.map((row) => row.shop_id);
}

function toRow(row: StoredRow): BackFillRow {
  return {
    kind: row.kind,
    state: row.state,
    operationId: row.operation_id,
    operationAt: row.operation_at,
    allOrders: row.all_orders,
    partial: row.partial,
    position: BigInt(row.position),
    positionOf: row.position_of === null ? null : BigInt(row.position_of),
    objects: row.objects,
    objectsOf: row.objects_of,
    skipped: row.skipped,
    skippedReason: row.skipped_reason,
    attempts: row.attempts,
    error: row.error,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
