import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createCallOut } from "../../../app/platform/call-out.server.ts";
import { createCrypto } from "../../../app/platform/crypto.server.ts";
import { type Db, openDatabase } from "../../../app/platform/db.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { credentialsPlace } from "../../../app/sync/credentials-place.ts";
import { connectDestination } from "../../../app/sync/destination-store.server.ts";
import { createDestinations, type NewConnection, serializeCredentials } from "../../../app/sync/destinations.ts";
import { ensureAudiences, projectAudiences } from "../../../app/sync/projection-store.server.ts";
import { syncAudience } from "../../../app/sync/sync-audience.server.ts";
import { databaseServer } from "../database-server.ts";
import type { Figure } from "../figure.ts";

const connectionTo = (kind: "klaviyo" | "mailchimp", account: "load" | "changes"): NewConnection =>
  kind === "klaviyo"
    ? { kind, credentials: { apiKey: `pk_${account}` }, settings: {} }
    : { kind, credentials: { apiKey: `${account}-us1` }, settings: { listId: account } };
const KINDS = ["klaviyo", "mailchimp"] as const;
/** Changes of one member that come within this time are sent as one, as in the app. */
const COALESCE_MS = 1_000;

/**
 * A first load of a Klaviyo list and of a Mailchimp static segment beside the least time their limits allow, and the time from a change
 * in a segment to the vendor's acknowledgement once they are loaded. The clock of a load starts when the members are computed and
 * stops when the last one is acknowledged and recorded.
 */
export async function* benchSync({ quick }: { quick: boolean }): AsyncIterable<Figure> {
  const members = quick ? 20_000 : 100_000;
  const database = await createDatabase(await databaseServer());
  const { urls, child } = await startVendors();
  try {
    const world = await createWorld(database.db, urls);
    for (const kind of KINDS) yield* changes(world, kind, quick ? 40 : 400);
    for (const kind of KINDS) {
      const { shop, audienceId } = await world.connect(connectionTo(kind, "load"), members);
      const before = await books(urls[kind]);
      const begun = performance.now();
      await world.settle(shop, audienceId);
      const seconds = (performance.now() - begun) / 1_000;
      const bound = kind === "klaviyo" ? klaviyoBound(members) : mailchimpBound(members);
      const audience = await audienceSize(database.db, audienceId);
      if (audience !== members) throw new Error(`${kind} holds ${audience} of ${members} members.`);
      yield {
        bench: "sync",
        figure: `${kind}_load_s`,
        method: "muster",
        value: round(seconds),
        unit: "s",
        baseline: round(bound),
        ratio: round(seconds / bound),
      };
      yield { bench: "sync", figure: `${kind}_vs_limit`, value: round(seconds / bound), unit: "times" };
      const { requests, overLimitShare } = await books(urls[kind]);
      const calls = requests - before.requests;
      const least = kind === "klaviyo" ? klaviyoCalls(members) : mailchimpCalls(members);
      yield { bench: "sync", figure: `${kind}_calls_vs_least`, value: round(calls / least), unit: "times" };
      yield { bench: "sync", figure: `${kind}_over_limit_share`, value: round(overLimitShare), unit: "share" };
    }
    const all = world.latencies.toSorted((a, b) => a - b);
    const p99 = all[Math.min(all.length - 1, Math.floor(all.length * 0.99))] ?? NaN;
    yield { bench: "sync", figure: "change_to_audience_p99_s", value: round(p99), unit: "s" };
  } finally {
    child.kill("SIGKILL");
    await database.drop();
  }
}

/**
 * A new member takes a place in a bulk import (10,000 in a call), in a look-up of profile ids, which the import does not tell (100), and
 * in a change of the list (1,000). The three are limited apart, so the slowest decides: calls beyond the first second's burst at
 * the minute's rate.
 */
function klaviyoBound(members: number): number {
  const limits = [
    { batch: 10_000, burst: 10, perMinute: 150 },
    { batch: 100, burst: 75, perMinute: 750 },
    { batch: 1_000, burst: 10, perMinute: 150 },
  ];
  return Math.max(...limits.map(({ batch, burst, perMinute }) => ((members / batch - burst) / perMinute) * 60));
}

/** The list; imports and one question after each, look-ups, changes of the list. */
function klaviyoCalls(members: number): number {
  return 1 + 2 * Math.ceil(members / 10_000) + Math.ceil(members / 100) + Math.ceil(members / 1_000);
}

/** The segment; batches of contacts and changes of the segment. */
function mailchimpCalls(members: number): number {
  return 1 + 2 * Math.ceil(members / 500);
}

/** A new member takes a place in a batch of contacts and in a change of the segment, 500 in each, ten calls of 100 ms at a time. */
function mailchimpBound(members: number): number {
  return (((members / 500) * 2) / 10) * 0.1;
}

/** In an account of its own, so that the vendor is not limiting. */
async function* changes(
  world: Awaited<ReturnType<typeof createWorld>>,
  kind: (typeof KINDS)[number],
  count: number,
): AsyncIterable<Figure> {
  const { shop, audienceId } = await world.connect(connectionTo(kind, "changes"), count);
  await world.settle(shop, audienceId);
  const latencies = (await world.change(shop, audienceId, count)).toSorted((a, b) => a - b);
  const p50 = latencies[latencies.length >> 1] ?? NaN;
  yield { bench: "sync", figure: `${kind}_change_to_audience_p50_s`, value: round(p50), unit: "s" };
}

async function createWorld(db: Db, urls: Urls) {
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const destinations = createDestinations({
    crypto,
    callOut: createCallOut(),
    klaviyoUrl: urls.klaviyo,
    mailchimpUrl: urls.mailchimp,
  });
  const now = (): Date => new Date();
  const pass = (shop: ShopId, audienceId: number) => syncAudience({ db, shop, audienceId, destinations, now });

  const world = {
    latencies: [] as number[],

    /** A shop with one segment of so many people, connected; its audience is computed and nothing is sent yet. */
    async connect(connection: NewConnection, members: number): Promise<{ shop: ShopId; audienceId: number }> {
      const shop = await createShop(db, members);
      const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, connection.kind));
      await connectDestination(db, shop, { kind: connection.kind, sealed, settings: connection.settings }, now());
      const [audienceId] = await ensureAudiences(db, shop, { now: now(), receivedAt: null, dueAfterMs: 0 });
      if (audienceId === undefined) throw new Error("There is no audience.");
      await db.query(`ANALYZE`);
      return { shop, audienceId };
    },

    async settle(shop: ShopId, audienceId: number): Promise<void> {
      for (;;) {
        const result = await pass(shop, audienceId);
        if (result.outcome === "settled") return;
        if (result.outcome === "paused") throw new Error(result.reason);
        if (result.outcome === "waiting") await setTimeout(Math.max(0, result.nextAt.getTime() - Date.now()));
      }
    },

    /** Single people leave, and later come back, five a second. @returns for each, seconds until it was acknowledged. */
    async change(shop: ShopId, audienceId: number, count: number): Promise<number[]> {
      const latencies: number[] = [];
      let left = count;
      const sync = async (): Promise<void> => {
        while (left > 0 || latencies.length < count) {
          const result = await pass(shop, audienceId);
          if (result.outcome === "paused") throw new Error(result.reason);
          for (const at of result.receivedAt) latencies.push((Date.now() - at.getTime()) / 1_000);
          if (result.outcome !== "more") await setTimeout(50);
        }
      };
      const syncing = sync();
      for (; left > 0; left -= 1) {
        const leaves = left > count / 2;
        const id = String(leaves ? left - (count >> 1) : left);
        await db.query(
          leaves
            ? `UPDATE memberships SET left_at = now() WHERE shop_id = $1 AND customer_id = $2`
            : `UPDATE memberships SET left_at = NULL WHERE shop_id = $1 AND customer_id = $2`,
          [shop, id],
        );
        const at = { now: now(), receivedAt: now(), dueAfterMs: COALESCE_MS };
        await db.tx((tx) => projectAudiences(tx, shop, [id], at));
        await setTimeout(200);
      }
      await syncing;
      world.latencies.push(...latencies);
      return latencies;
    },
  };
  return world;
}

async function createShop(db: Db, members: number): Promise<ShopId> {
  const { rows } = await db.query<{ id: ShopId }>(`INSERT INTO shops (domain) VALUES ($1) RETURNING id`, [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const shop = rows[0]?.id;
  if (shop === undefined) throw new Error("There is no shop.");
  await db.query(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at) VALUES ($1, 'all', 'Everyone', '{}', now(), now())`,
    [shop],
  );
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, first_name, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
     SELECT $1, id, 'person-' || id || '@example.com', 'Ada', 'subscribed', 0, 0, 0, now() FROM generate_series(1, $2::int) AS id`,
    [shop, members],
  );
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
     SELECT $1, s.id, p.customer_id, now(), now() FROM profiles p JOIN segments s ON s.shop_id = $1 WHERE p.shop_id = $1`,
    [shop],
  );
  // What the server does by itself some minutes after so many rows have come.
  await db.query(`ANALYZE`);
  return shop;
}

async function audienceSize(db: Db, audienceId: number): Promise<number> {
  const { rows } = await db.query<{ size: number }>(
    `SELECT count(*)::int AS size FROM audience_members WHERE audience_id = $1 AND acked_email = email AND due_at IS NULL AND rejection IS NULL`,
    [audienceId],
  );
  return rows[0]?.size ?? 0;
}

async function books(url: string): Promise<{ requests: number; overLimitShare: number }> {
  return (await (await fetch(`${url}/__sandbox/ledger`)).json()) as { requests: number; overLimitShare: number };
}

interface Urls {
  klaviyo: string;
  mailchimp: string;
}

async function startVendors(): Promise<{ urls: Urls; child: ChildProcess }> {
  const child = fork(fileURLToPath(new URL("./vendors.ts", import.meta.url)), { execArgv: [] });
  const [urls] = (await once(child, "message")) as [Urls];
  return { urls, child };
}

async function createDatabase(server: string): Promise<{ db: Db; drop(): Promise<void> }> {
  const name = `muster_bench_sync_${randomBytes(4).toString("hex")}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = await openDatabase({ url: url.href, dataDir: "", onError: () => {} });
  return {
    db,
    async drop() {
      await db.close();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
