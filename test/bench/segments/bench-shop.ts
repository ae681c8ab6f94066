import { readFile } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Db, openDatabase } from "../../../app/platform/db.server.ts";
import { enqueueNamed } from "../../../app/profile/profile-store.server.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import type { Rule } from "../../../app/segment/language/tree.ts";
import { dictionary } from "../../../app/segment/segment.ts";
import { ruleContext } from "../../../app/segment/segment-store.server.ts";
import { toSql } from "../../../app/segment/translation/to-sql.ts";
import { createSegment } from "../../../app/segment/versions-store.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { ensureShop } from "../../../app/shopify/shop-store.server.ts";
import { databaseServer } from "../database-server.ts";
import { hundredSegments } from "./hundred-segments.ts";

/** A database of its own with one shop in it: its customers, their events and a hundred live segments. */
export interface BenchShop {
  db: Db;
  /** Where the database is; null for the embedded one. */
  url: string | null;
  shop: ShopId;
  customers: number;
  drop(): Promise<void>;
}

export interface View {
  customer: number;
  product: string;
  at: Date;
}

export const BENCH_DOMAIN = "bench.myshopify.com";

/**
 * @param eventsEach of a customer, besides the order
 * @param enteredDaysAgo since when the members are in their segments
 */
export async function openBenchShop(
  customers: number,
  { eventsEach = 4, enteredDaysAgo = 0 }: { eventsEach?: number; enteredDaysAgo?: number } = {},
): Promise<BenchShop> {
  const { db, url, drop } = await openBenchDatabase(customers);
  const { id: shop } = await ensureShop(db, BENCH_DOMAIN);
  await db.query("UPDATE shops SET currency = 'EUR', time_zone = 'Europe/Berlin' WHERE id = $1", [shop]);
  const now = new Date();
  const seed = await readFile(new URL("./seed.sql", import.meta.url), "utf8");
  await db.query(seed, [shop, customers, now]);
  await seedEvents(db, [shop, customers, now, eventsEach]);
  await db.query("VACUUM (ANALYZE)");
  for (const { key, text } of hundredSegments()) {
    const rule = readRule(text);
    await db.tx((tx) => createSegment(tx, shop, { key, name: key, rule, author: "bench", message: "", now }));
    await fillMembers(db, shop, key, rule, now, new Date(now.getTime() - enteredDaysAgo * 86_400_000));
  }
  await db.query("UPDATE segment_builds SET finished_at = $1", [now]);
  await db.query("VACUUM (ANALYZE) memberships");
  return { db, url, shop, customers, drop };
}

/** An index is made sooner of rows that are there than row by row. */
async function seedEvents(db: Db, values: unknown[]): Promise<void> {
  const seed = await readFile(new URL("./seed-events.sql", import.meta.url), "utf8");
  await db.tx(async (tx) => {
    const { rows: indexes } = await tx.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
       WHERE indrelid = 'events'::regclass AND NOT indisunique`,
    );
    for (const { name } of indexes) await tx.query(`DROP INDEX ${name}`);
    await tx.query(seed, values);
    await tx.query("SET LOCAL maintenance_work_mem = '1GB'");
    for (const { definition } of indexes) await tx.query(definition);
  });
}

export function readRule(text: string): Rule {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(`${text}: ${reading.problems[0].message}`);
  return reading.rule;
}

export async function membersText(
  db: Db,
  shop: ShopId,
  rule: Rule,
  at: Date,
): Promise<{ text: string; values: unknown[] }> {
  return toSql(rule, { shop, context: await ruleContext(db, shop), dictionary, at, absorbed: new Map() });
}

async function fillMembers(db: Db, shop: ShopId, key: string, rule: Rule, now: Date, enteredAt: Date): Promise<void> {
  const { text, values } = await membersText(db, shop, rule, now);
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
     SELECT $1, (SELECT id FROM segments WHERE shop_id = $1 AND key = $${values.length + 1}), customer_id,
       $${values.length + 2}::timestamptz, $2 FROM (${text}) AS members`,
    [...values, key, enteredAt],
  );
}

let nextView = 0;

/** Product views as a door records them: the events, and the customers to decide, in one transaction. */
export async function recordViews({ db, shop }: BenchShop, views: readonly View[]): Promise<void> {
  const receivedAt = new Date();
  await db.tx(async (tx) => {
    await tx.query(
      `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, customer_id, product_id, properties)
       SELECT $1, 'storefront.product_viewed', 'bench', source_id, at, $2, 'v' || customer, customer, product, '{"price":"1000"}'
       FROM unnest($3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[]) AS given (source_id, at, customer, product)`,
      [
        shop,
        receivedAt,
        views.map(() => String((nextView += 1))),
        views.map(({ at }) => at),
        views.map(({ customer }) => customer),
        views.map(({ product }) => product),
      ],
    );
    const kinds = new Map(views.map(({ customer }) => [String(customer), ["storefront.product_viewed"]]));
    await enqueueNamed(tx, shop, kinds, receivedAt);
  });
}

/** On a PostgreSQL server if there is one, else on the embedded database. */
async function openBenchDatabase(customers: number): Promise<Pick<BenchShop, "db" | "url" | "drop">> {
  const onError = (): void => {};
  const server = await databaseServer().catch(() => null);
  if (server === null) {
    const dataDir = await mkdtemp(join(tmpdir(), "muster-bench-"));
    const db = await openDatabase({ dataDir, onError });
    return { db, url: null, drop: async () => (await db.close(), rm(dataDir, { recursive: true })) };
  }
  const name = `muster_bench_segments_${process.pid}_${customers}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const { href: url } = Object.assign(new URL(server), { pathname: `/${name}` });
  const db = await openDatabase({ url, dataDir: "", onError });
  return { db, url, drop: async () => (await db.close(), onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
