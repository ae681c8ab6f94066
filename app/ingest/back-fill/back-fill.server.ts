import type { Db, Sql } from "../../platform/db.server.ts";
import type { AskAdmin } from "../../shopify/ask-admin.server.ts";
import { REFUNDS_AT_ONCE } from "../../shopify/operations.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { findErased, type Marks } from "../erased/erased-store.server.ts";
import { siftFacts } from "../erased/sift-facts.server.ts";
import { noFacts } from "../facts.ts";
import { mergeFacts } from "../facts-store.server.ts";
import {
  addOrderLines,
  addRefundsToRead,
  analyseFilled,
  BACK_FILL_KINDS,
  type BackFillKind,
  type BackFillRow,
  type BulkKind,
  countRefundsToRead,
  customersAfter,
  dropRefundsToRead,
  finishKind,
  movePosition,
  readBackFill,
  recordAllOrders,
  recordExtent,
  recordLoss,
  recordOperation,
  refundsToRead,
  settleOrderLines,
  startKinds,
} from "./back-fill-store.server.ts";
import { type BulkStretch, readStretch, type ToldTotals } from "./bulk-line.ts";
import { grantedScopes, missingScope, operationState, startOperation } from "./bulk-operation.server.ts";
import { skipLooks } from "./drift-store.server.ts";
import { heldMetafields, keepDefinitions } from "./metafield-definitions-store.server.ts";
import { askDefinitions } from "./metafields.server.ts";
import { removedTags } from "./held-tags-store.server.ts";
import { numericId, type Reading } from "./node-facts.ts";
import { recordTold, settleBalances } from "./opening-balance-store.server.ts";
import { FileGone, type LineBatch, readLines } from "./read-lines.server.ts";
import { askRefunds } from "./refunds.server.ts";

export interface BackFill {
  db: Db;
  shop: ShopId;
  ask: AskAdmin;
  /** Knows again who was erased. */
  marks: Marks;
  signal: AbortSignal;
  now(): Date;
  /** Called in the transaction in which facts of these customers changed, or are now complete. */
  onChanged(tx: Sql, customers: readonly string[] | ReadonlyMap<string, number>): Promise<void>;
}

export type BackFillStep =
  /** Everything is at its end, well or badly; `failed` names the kinds that were given up in this run. */
  | { outcome: "finished"; failed: { kind: BackFillKind; reason: string }[] }
  /** There is nothing to do before this time. */
  | { outcome: "waiting"; afterMs: number };

const BULK_KINDS: readonly BulkKind[] = ["products", "customers", "orders"];
/** An operation that breaks is asked for again; the last one's partial file is better than nothing. */
const MOST_ATTEMPTS = 3;
const SHORTEST_POLL_MS = 500;
const LONGEST_POLL_MS = 15_000;

/**
 * Begins the shop's back-fill, or nothing if one of this installation is under way or done.
 * @param installedAt of the present installation: what an earlier one read has a gap since
 */
export async function beginBackFill(sql: Sql, shop: ShopId, installedAt: Date, now: Date): Promise<void> {
  const rows = await readBackFill(sql, shop);
  const isOld = rows.some(({ startedAt }) => startedAt < installedAt);
  if (rows.length > 0 && !isOld) return void (await restartBackFill(sql, shop, now));
  await startKinds(sql, shop, BACK_FILL_KINDS, now);
  await skipLooks(sql, shop, now);
}

/** Starts again what failed, and the closing pass with it. @returns whether there was anything. */
export async function restartBackFill(sql: Sql, shop: ShopId, now: Date): Promise<boolean> {
  const failed = (await readBackFill(sql, shop)).filter(({ state }) => state === "failed").map(({ kind }) => kind);
  if (failed.length === 0) return false;
  const again = new Set<BackFillKind>([
    ...failed,
    "totals",
    ...(failed.includes("orders") ? ["refunds" as const] : []),
  ]);
  await startKinds(sql, shop, [...again], now);
  return true;
}

/**
 * Does what there is to do of a shop's back-fill until it is finished or has to wait for Shopify. Every stretch is taken in together
 * with the position behind it, so a kill costs the stretch under way and nothing is taken in twice.
 * @throws what the database or the network threw; the next run goes on from the position.
 */
export async function advanceBackFill(fill: BackFill): Promise<BackFillStep> {
  const failed: { kind: BackFillKind; reason: string }[] = [];
  const fail = async (kind: BackFillKind, reason: string): Promise<void> => {
    await finishKind(fill.db, fill.shop, kind, { error: reason, now: fill.now() });
    failed.push({ kind, reason });
  };
  for (;;) {
    fill.signal.throwIfAborted();
    const rows = new Map((await readBackFill(fill.db, fill.shop)).map((row) => [row.kind, row]));
    const open = [...rows.values()].filter(({ state }) => state !== "done" && state !== "failed");
    if (open.length === 0) return { outcome: "finished", failed };
    const bulk = open.filter(isBulk);
    const waits = [...(await startWaiting(fill, bulk, fail))];
    for (const row of bulk) if (row.state === "running") waits.push(...(await poll(fill, row, fail)));
    for (const row of bulk) if (row.state === "reading") waits.push(...(await readFile(fill, row, fail)));
    if (bulk.length > 0) {
      if (waits.length > 0) return { outcome: "waiting", afterMs: Math.min(...waits) };
      continue;
    }
    const wait =
      rows.get("refunds") && open.some(({ kind }) => kind === "refunds") ? await readRefunds(fill, fail) : null;
    if (wait !== null) return { outcome: "waiting", afterMs: wait };
    const totals = rows.get("totals");
    if (totals && open.includes(totals)) await closeTotals(fill, totals);
  }
}

type Fail = (kind: BackFillKind, reason: string) => Promise<void>;
type BulkRow = BackFillRow & { kind: BulkKind };

function isBulk(row: BackFillRow): row is BulkRow {
  return BULK_KINDS.some((kind) => kind === row.kind);
}

/** @returns how long to wait, for each operation that could not be started yet. */
async function startWaiting(fill: BackFill, rows: readonly BulkRow[], fail: Fail): Promise<number[]> {
  const waiting = rows.filter(({ state }) => state === "waiting");
  if (waiting.length === 0) return [];
  const granted = await grantedScopes(fill.ask);
  if (granted.outcome === "later") return [granted.afterMs];
  if (granted.outcome === "refused") {
    for (const { kind } of waiting) await fail(kind, granted.reason);
    return [];
  }
  await recordAllOrders(fill.db, fill.shop, granted.has("read_all_orders"));
  const waits: number[] = [];
  for (const { kind } of waiting) {
    const missing = missingScope(kind, granted.has);
    if (missing) {
      await fail(kind, missing);
      continue;
    }
    const defined = kind === "customers" ? await askDefinitions(fill.ask) : null;
    if (defined?.outcome === "later") {
      waits.push(defined.afterMs);
      continue;
    }
    const definitions = defined?.outcome === "answered" ? defined.definitions : null;
    if (definitions) await fill.db.tx((tx) => keepDefinitions(tx, fill.shop, definitions));
    const started = await startOperation(fill.ask, kind);
    if (started.outcome === "later") waits.push(started.afterMs);
    else if (started.outcome === "refused") await fail(kind, started.reason);
    else await recordOperation(fill.db, fill.shop, kind, started);
  }
  return waits;
}

async function poll(fill: BackFill, row: BulkRow, fail: Fail): Promise<number[]> {
  const state = await operationState(fill.ask, row.operationId ?? "");
  switch (state.outcome) {
    case "later":
      return [state.afterMs];
    case "refused":
      await fail(row.kind, state.reason);
      return [];
    case "collecting":
      await recordExtent(fill.db, fill.shop, row.kind, {
        state: "running",
        objectsOf: state.objects,
        positionOf: null,
        partial: false,
      });
      return [pollAfter(fill, row)];
    case "collected":
      await recordExtent(fill.db, fill.shop, row.kind, {
        state: "reading",
        objectsOf: state.objects,
        positionOf: state.url === null ? 0n : state.size,
        partial: false,
      });
      return [];
    case "broken":
      if (!state.final && row.attempts < MOST_ATTEMPTS) await recordLoss(fill.db, fill.shop, row.kind);
      else if (state.partialUrl === null) await fail(row.kind, state.reason);
      else {
        await recordExtent(fill.db, fill.shop, row.kind, {
          state: "reading",
          objectsOf: state.objects,
          positionOf: null,
          partial: true,
        });
      }
      return [];
  }
}

/** A quarter of the time the operation has taken so far, so that a long one is not asked about often. */
function pollAfter(fill: BackFill, { operationAt }: BulkRow): number {
  const age = operationAt ? fill.now().getTime() - operationAt.getTime() : 0;
  return Math.min(Math.max(age / 4, SHORTEST_POLL_MS), LONGEST_POLL_MS);
}

/** Takes in an operation's file from the position on, to its end. */
async function readFile(fill: BackFill, row: BulkRow, fail: Fail): Promise<number[]> {
  const state = await operationState(fill.ask, row.operationId ?? "");
  if (state.outcome === "later") return [state.afterMs];
  if (state.outcome === "refused") return fail(row.kind, state.reason).then(() => []);
  const isSame = row.partial ? state.outcome === "broken" : state.outcome === "collected";
  if (state.outcome === "collecting" || !isSame) return recordLoss(fill.db, fill.shop, row.kind).then(() => []);
  const url = state.outcome === "collected" ? state.url : state.partialUrl;
  try {
    const isTaken = url === null || (await takeFile(fill, row, url));
    if (!isTaken) return [SHORTEST_POLL_MS];
  } catch (error) {
    if (!(error instanceof FileGone)) throw error;
    if (row.attempts < MOST_ATTEMPTS) await recordLoss(fill.db, fill.shop, row.kind);
    else await fail(row.kind, "Shopify's export could not be fetched.");
    return [];
  }
  const error = state.outcome === "broken" ? `${state.reason} What it had collected by then was taken in.` : null;
  await fill.db.tx(async (tx) => {
    if (row.kind === "orders") await settleOrderLines(tx, fill.shop, readingOf(row).name);
    await finishKind(tx, fill.shop, row.kind, { error, now: fill.now() });
  });
  await analyseFilled(fill.db, row.kind);
  return [];
}

/** @returns false when another worker is at it. */
async function takeFile(fill: BackFill, row: BulkRow, url: string): Promise<boolean> {
  const reading = readingOf(row);
  let { position } = row;
  const batches = readLines(url, {
    from: Number(position),
    size: row.positionOf === null ? null : Number(row.positionOf),
    // On the embedded database a transaction holds the only connection, so its batches are small.
    linesAtOnce: fill.db.embedded ? 250 : 2_500,
    signal: fill.signal,
  });
  for await (const { stretch, end } of oneAhead(readStretches(batches, reading))) {
    const to = {
      position: BigInt(end),
      objects: stretch.objects,
      skipped: stretch.skipped.count,
      skippedReason: stretch.skipped.reason,
    };
    const from = { ...row, position };
    const taken = await retried(() =>
      fill.db.tx(async (tx) => {
        if (!(await movePosition(tx, fill.shop, from, to))) return false;
        await takeStretch(fill, tx, stretch, reading);
        return true;
      }),
    );
    if (!taken) return false;
    position = to.position;
    fill.signal.throwIfAborted();
  }
  return true;
}

async function* readStretches(batches: AsyncIterable<LineBatch>, reading: Reading) {
  for await (const { lines, end } of batches) yield { stretch: readStretch(lines, reading), end };
}

/** What the source gives, with the next one fetched while this one is worked on. */
async function* oneAhead<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  const fetchNext = (): Promise<IteratorResult<T, void>> => {
    const next = source.next();
    // It may fail while nobody waits for it yet; whoever does then hears of it.
    next.catch(() => {});
    return next;
  };
  try {
    for (let next = fetchNext(); ;) {
      const { value, done } = await next;
      if (done) return;
      next = fetchNext();
      yield value;
    }
  } finally {
    void source.return().catch(() => {});
  }
}

async function takeStretch(fill: BackFill, tx: Sql, stretch: BulkStretch, reading: Reading): Promise<void> {
  const held = new Set(stretch.facts.metafields.length > 0 ? await heldMetafields(tx, fill.shop) : []);
  const metafields = stretch.facts.metafields.filter(({ name }) => held.has(name));
  const facts = await siftFacts(tx, fill.shop, fill.marks, { ...stretch.facts, metafields });
  const tags = { reading, before: reading.at };
  facts.tags.push(...(await removedTags(tx, fill.shop, facts.customers, facts.tags, tags)));
  const changed = await mergeFacts(tx, fill.shop, facts);
  await addOrderLines(tx, fill.shop, reading.name, stretch.lines);
  await addRefundsToRead(tx, fill.shop, stretch.refunds);
  await recordTold(tx, fill.shop, await withoutErased(fill, tx, stretch.told), reading.at);
  // Whose facts these are is looked at once, in the closing pass; whose they were until now would not be seen there.
  const owners = new Set([
    ...facts.customers.map(({ id }) => id),
    ...facts.metafields.map(({ customerId }) => customerId),
    ...facts.orders.flatMap(({ customerId }) => customerId ?? []),
  ]);
  const others = [...changed].filter(([id]) => !owners.has(id));
  if (others.length > 0) await fill.onChanged(tx, new Map(others));
}

async function withoutErased(fill: BackFill, tx: Sql, told: readonly ToldTotals[]): Promise<ToldTotals[]> {
  const mentions = told.map(({ customerId }) => ({ kind: "customer" as const, value: customerId }));
  const erased = await findErased(tx, fill.shop, fill.marks, mentions);
  return told.filter(({ customerId }) => !erased.has(`customer ${customerId}`));
}

/** Shopify's clock when it began to collect: whatever was triggered later is not surely in the file and wins a tie. */
function readingOf({ operationId, operationAt }: BulkRow): Reading {
  return { at: operationAt ?? new Date(0), name: `back-fill/${numericId(operationId ?? "")}` };
}

/** @returns how long to wait before the next call, or null when all refunds are read. */
async function readRefunds(fill: BackFill, fail: Fail): Promise<number | null> {
  const { db, shop } = fill;
  const left = await countRefundsToRead(db, shop);
  const [row] = (await readBackFill(db, shop)).filter(({ kind }) => kind === "refunds");
  if (!row) return null;
  const objectsOf = row.objects + left;
  await recordExtent(db, shop, "refunds", { state: "reading", objectsOf, positionOf: null, partial: false });
  for (;;) {
    fill.signal.throwIfAborted();
    const ids = await refundsToRead(db, shop, REFUNDS_AT_ONCE);
    if (ids.length === 0) break;
    const at = fill.now();
    const answer = await askRefunds(fill.ask, ids, { at, name: `read/${at.toISOString()}` });
    if (answer.outcome === "later") return answer.afterMs;
    if (answer.outcome === "refused") {
      await fail("refunds", answer.reason);
      return null;
    }
    await retried(() =>
      db.tx(async (tx) => {
        const dropped = await dropRefundsToRead(tx, shop, ids);
        const from = { ...row, operationId: null, position: 0n };
        const to = {
          position: 0n,
          objects: dropped,
          skipped: answer.skipped.count,
          skippedReason: answer.skipped.reason,
        };
        await movePosition(tx, shop, from, to);
        await mergeFacts(tx, shop, { ...noFacts(), ...answer.facts });
      }),
    );
    if (answer.restMs > 0) return answer.restMs;
  }
  await finishKind(db, shop, "refunds", { error: null, now: fill.now() });
  await analyseFilled(db, "refunds");
  return null;
}

/** Once all orders are in: opening balances, and every customer's profile. */
async function closeTotals(fill: BackFill, row: BackFillRow): Promise<void> {
  const { db, shop } = fill;
  await recordExtent(db, shop, "totals", {
    state: "reading",
    objectsOf: row.objects,
    positionOf: null,
    partial: false,
  });
  const atOnce = db.embedded ? 250 : 2_000;
  let { position } = row;
  for (;;) {
    fill.signal.throwIfAborted();
    const customers = await customersAfter(db, shop, position, atOnce);
    const last = customers.at(-1);
    if (last === undefined) break;
    const from = { ...row, position };
    const to = { position: BigInt(last), objects: customers.length, skipped: 0, skippedReason: null };
    const taken = await retried(() =>
      db.tx(async (tx) => {
        if (!(await movePosition(tx, shop, from, to))) return false;
        await settleBalances(tx, shop, customers);
        await fill.onChanged(tx, customers);
        return true;
      }),
    );
    if (!taken) return;
    position = to.position;
  }
  await finishKind(db, shop, "totals", { error: null, now: fill.now() });
}

/** A stretch and a batch of deliveries lock the same rows in different orders, and then one of the two is sent back. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isDeadlock =
        error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
      if (!isDeadlock || attempt === 5) throw error;
    }
  }
}
