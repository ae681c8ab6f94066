import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noFacts } from "../../../app/ingest/facts.ts";
import { mergeFacts } from "../../../app/ingest/facts-store.server.ts";
import { topics } from "../../../app/ingest/topics.ts";
import { recompute } from "../../../app/jobs/recompute.server.ts";
import { openShop } from "../../../app/jobs/take-in.server.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import { linkProfiles, unlinkProfiles } from "../../../app/profile/identity/link-profiles.server.ts";
import { touchCustomers } from "../../../app/profile/touch-customers.server.ts";
import type { Shop } from "../../../app/shopify/shop-store.server.ts";
import { openAnyDatabase, preparing } from "../../support/database.ts";

const RUNS = process.env["MUSTER_LONG"] === "1" ? 2_000 : 12;
const DAY = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const NOW = new Date(START + 300 * DAY);
/** Shopify's ids pass 2^53, and one with fewer digits is the smaller. */
const IDS = ["9", "10", "9007199254740993", "9007199254740994", "18"];
let db: Db;
let shops = 0;

beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});

afterAll(async () => {
  await db.close();
});

type Told =
  | { topic: "customers/update"; who: string; state: string; shared: boolean }
  /** Without a customer it is placed with the address somebody has, or that several may have. */
  | {
      topic: "orders/create";
      order: number;
      who: string;
      guest: "no" | "own address" | "shared address";
      pounds: number;
      day: number;
    }
  | { topic: "refunds/create"; order: number; pounds: number }
  | { topic: "checkouts/create"; who: string; day: number }
  | { topic: "customers/delete"; who: string }
  | { topic: "customers/merge"; deleted: string; kept: string };
type Step =
  | ({ do: "tell" } & Told)
  | { do: "link"; pair: [string, string] }
  | { do: "undo"; pair: [string, string] }
  | { do: "recompute" };

const who = fc.constantFrom(...IDS);
const pair = fc.tuple(who, who).filter(([one, other]) => one !== other);
const told: fc.Arbitrary<Told> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      topic: fc.constant("customers/update" as const),
      who,
      state: fc.constantFrom("subscribed", "unsubscribed", "not_subscribed"),
      shared: fc.boolean(),
    }),
  },
  {
    weight: 18,
    arbitrary: fc.record({
      topic: fc.constant("orders/create" as const),
      order: fc.integer({ min: 1, max: 9 }),
      who,
      guest: fc.constantFrom("no" as const, "no" as const, "own address" as const, "shared address" as const),
      pounds: fc.integer({ min: 1, max: 400 }),
      day: fc.integer({ min: 0, max: 299 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      topic: fc.constant("refunds/create" as const),
      order: fc.integer({ min: 1, max: 9 }),
      pounds: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      topic: fc.constant("checkouts/create" as const),
      who,
      day: fc.integer({ min: 0, max: 299 }),
    }),
  },
  // A deletion is final: with more of them there would be nobody left to link.
  { weight: 1, arbitrary: fc.record({ topic: fc.constant("customers/delete" as const), who }) },
  {
    weight: 1,
    arbitrary: pair.map(([deleted, kept]) => ({ topic: "customers/merge" as const, deleted, kept })),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: told.map((one) => ({ do: "tell" as const, ...one })) },
  { weight: 4, arbitrary: pair.map((both) => ({ do: "link" as const, pair: both })) },
  { weight: 2, arbitrary: pair.map((both) => ({ do: "undo" as const, pair: both })) },
  { weight: 4, arbitrary: fc.constant({ do: "recompute" as const }) },
);
/** Everybody exists at first. */
const story = fc
  .array(step, { minLength: 10, maxLength: 40, size: "max" })
  .map((steps): Step[] => [
    ...IDS.map(
      (id) => ({ do: "tell", topic: "customers/update", who: id, state: "subscribed", shared: false }) as const,
    ),
    ...steps,
  ]);

function bodyOf(one: Told, at: number): object {
  const iso = (day: number): string => new Date(START + day * DAY).toISOString();
  switch (one.topic) {
    case "customers/update":
      return {
        id: one.who,
        email: one.shared ? "both@example.com" : `${one.who}@example.com`,
        created_at: iso(0),
        updated_at: new Date(START + at).toISOString(),
      };
    case "orders/create":
      return {
        id: one.order,
        created_at: iso(one.day),
        updated_at: new Date(START + at).toISOString(),
        customer: one.guest === "no" ? { id: one.who } : null,
        email: one.guest === "no" ? null : one.guest === "own address" ? `${one.who}@Example.com` : "BOTH@example.com",
        total_price_set: { shop_money: { amount: `${one.pounds}.00`, currency_code: "GBP" } },
      };
    case "refunds/create":
      return {
        id: at + 1,
        order_id: one.order,
        created_at: iso(299),
        transactions: [
          {
            id: at + 1,
            kind: "refund",
            status: "success",
            amount: `${one.pounds}.00`,
            currency: "GBP",
            created_at: iso(299),
          },
        ],
      };
    case "checkouts/create":
      return {
        token: `checkout-${one.who}`,
        created_at: iso(one.day),
        updated_at: iso(one.day),
        customer: { id: one.who },
      };
    case "customers/delete":
      return { id: one.who };
    case "customers/merge":
      return {
        admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${one.kept}`,
        admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${one.deleted}`,
        status: "completed",
      };
  }
}

async function tell(shop: Shop, one: Told, at: number): Promise<void> {
  const triggeredAt = new Date(START + at);
  const version = { updatedAt: triggeredAt, triggeredAt, delivery: String(at).padStart(4, "0") };
  const facts = { ...noFacts(), ...topics[one.topic]?.(bodyOf(one, at), version) };
  if (one.topic === "customers/update") {
    const consent = { customerId: one.who, channel: "email" as const, state: one.state, version };
    facts.consents.push({ ...consent, optInLevel: null, consentedAt: null, collectedFrom: null });
  }
  await db.tx(async (tx) => touchCustomers(tx, shop.id, await mergeFacts(tx, shop.id, facts), NOW));
}

async function play(steps: readonly Step[], withLinks: boolean): Promise<Shop> {
  const shop = await openShop(db, `persons-${(shops += 1)}.myshopify.com`, NOW);
  const settle = async (): Promise<void> => {
    while ((await recompute(db, shop.id, { limit: 3, now: NOW, coalesceMs: 0 })).more);
  };
  for (const [at, one] of steps.entries()) {
    if (one.do === "tell") await tell(shop, one, at);
    else if (one.do === "recompute") await recompute(db, shop.id, { limit: 2, now: NOW, coalesceMs: 0 });
    else if (withLinks && one.do === "link") {
      await db.tx((tx) => linkProfiles(tx, shop.id, one.pair, { automatic: false, now: NOW }));
    } else if (withLinks && one.do === "undo") await db.tx((tx) => unlinkProfiles(tx, shop.id, one.pair, NOW));
  }
  await settle();
  return shop;
}

async function undoAll(shop: Shop): Promise<void> {
  const { rows } = await db.query<{ low_id: string; high_id: string }>(
    "SELECT low_id, high_id FROM profile_links WHERE shop_id = $1",
    [shop.id],
  );
  for (const { low_id, high_id } of rows) await db.tx((tx) => unlinkProfiles(tx, shop.id, [high_id, low_id], NOW));
  while ((await recompute(db, shop.id, { limit: 3, now: NOW, coalesceMs: 0 })).more);
}

const STATE = [
  `SELECT customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, first_order_at, last_order_at, last_seen_at
   FROM profiles WHERE shop_id = $1 ORDER BY customer_id`,
  "SELECT customer_id, due_at FROM timers WHERE shop_id = $1 ORDER BY customer_id",
  "SELECT customer_id FROM profile_queue WHERE shop_id = $1",
  "SELECT id, customer_id, guest_of, guest_clues, guest_pending FROM orders WHERE shop_id = $1 ORDER BY id",
  `SELECT s.key, m.customer_id, m.entered_at, m.left_at FROM memberships m JOIN segments s ON s.id = m.segment_id
   WHERE m.shop_id = $1 ORDER BY 1, 2, 3`,
];

async function stateOf(shop: Shop): Promise<unknown[]> {
  const state: unknown[] = [];
  for (const text of STATE) state.push((await db.query(text, [shop.id])).rows);
  return state;
}

it("ends as if nobody had ever been linked once every link is undone, whatever was delivered meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const linked = await play(steps, true);
      await undoAll(linked);
      expect(await stateOf(linked)).toEqual(await stateOf(await play(steps, false)));
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 600_000);

/** Sets of ids by hand: everybody in one set who is joined by a chain of links and merges. */
function setsOf(edges: readonly (readonly [string, string])[]): string[][] {
  let sets = IDS.map((id) => [id]);
  for (const [one, other] of edges) {
    const touched = sets.filter((set) => set.includes(one) || set.includes(other));
    sets = [...sets.filter((set) => !touched.includes(set)), touched.flat()];
  }
  return sets;
}

it("counts everybody of a person once, under the smallest id of those who exist, with that one's own consent or less", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const shop = await play(steps, true);
      const read = async <Row extends object>(text: string): Promise<Row[]> =>
        (await db.query<Row>(text, [shop.id])).rows;
      const customers = await read<{
        id: string;
        email: string | null;
        deleted: boolean;
        state: string | null;
        said: Date | null;
      }>(
        `SELECT c.id, c.email, c.deleted_at IS NOT NULL AS deleted, s.state, s.source_updated_at AS said FROM customers c
         LEFT JOIN consents s ON s.shop_id = c.shop_id AND s.customer_id = c.id WHERE c.shop_id = $1`,
      );
      const orders = await read<{ customer_id: string | null; email: string | null; gross_minor: string }>(
        "SELECT customer_id, lower(email) AS email, gross_minor FROM orders WHERE shop_id = $1",
      );
      const merged = await read<{ deleted_id: string }>("SELECT deleted_id FROM customer_merges WHERE shop_id = $1");
      const links = await read<{ one: string; other: string }>(
        `SELECT low_id AS one, high_id AS other FROM profile_links WHERE shop_id = $1
         UNION ALL SELECT deleted_id, kept_id FROM customer_merges WHERE shop_id = $1`,
      );
      const sets = setsOf(links.map(({ one, other }) => [one, other]));
      /** Whether somebody in the set, and in no other, has the address. */
      const isTheirs = (address: string | null, set: readonly string[]): boolean => {
        const having = customers.filter(
          ({ id, email, deleted }) =>
            email === address && (!deleted || merged.some(({ deleted_id }) => deleted_id === id)),
        );
        return having.length > 0 && having.every(({ id }) => set.includes(id));
      };
      const expected = sets.flatMap((set) => {
        const alive = customers.filter(({ id, deleted }) => set.includes(id) && !deleted);
        const [head] = alive.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
        if (!head) return [];
        const theirs = orders.filter(({ customer_id, email }) =>
          customer_id === null ? isTheirs(email, set) : set.includes(customer_id),
        );
        const no = customers.filter(({ id, state }) => set.includes(id) && state === "unsubscribed");
        const refused =
          no.some(({ email, deleted }) => email === head.email && !deleted) ||
          no.some(({ said }) => head.state !== "subscribed" || (said ?? 0) >= (head.said ?? 0));
        return [
          {
            customer_id: head.id,
            email: head.email,
            email_consent: refused ? "unsubscribed" : (head.state ?? "unknown"),
            orders_count: theirs.length,
            gross_minor: String(theirs.reduce((sum, order) => sum + BigInt(order.gross_minor), 0n)),
          },
        ];
      });
      const profiles = await read<{ customer_id: string }>(
        "SELECT customer_id, email, email_consent, orders_count, gross_minor FROM profiles WHERE shop_id = $1",
      );
      const byId = (rows: { customer_id: string }[]) =>
        rows.toSorted((a, b) => (BigInt(a.customer_id) < BigInt(b.customer_id) ? -1 : 1));
      expect(byId(profiles)).toEqual(byId(expected));
      const members = await read<{ customer_id: string }>(
        "SELECT DISTINCT customer_id FROM memberships WHERE shop_id = $1 AND left_at IS NULL",
      );
      const heads = new Set(expected.map((row) => row.customer_id));
      expect(members.filter((row) => !heads.has(row.customer_id))).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 600_000);
