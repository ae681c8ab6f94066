import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CheckoutFact, noFacts, type OrderFact, type Version } from "../../../app/ingest/facts.ts";
import { mergeFacts } from "../../../app/ingest/facts-store.server.ts";
import { insertPixelEvents } from "../../../app/ingest/pixel/pixel-store.server.ts";
import { attributeVisitors } from "../../../app/profile/identity/browsers-store.server.ts";
import { linkProfiles, unlinkProfiles } from "../../../app/profile/identity/link-profiles.server.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { openAnyDatabase, preparing } from "../../support/database.ts";

const RUNS = process.env["MUSTER_LONG"] ? 4_000 : 120;

const TIMEOUT_MS = RUNS * 1_000;
let db: Db;
beforeAll(async () => {
  db = preparing(await openAnyDatabase());
});
afterAll(async () => {
  await db.close();
});

/** What came, in the order in which it came; `n` makes versions and ids of it. */
type Arrival =
  | { what: "seen"; client: number; token: number | null }
  | { what: "order"; id: number; cart: number | null; checkout: number | null; customer: number | null }
  | { what: "checkout"; token: number; cart: number | null; customer: number | null }
  | { what: "merge"; deleted: number; kept: number }
  | { what: "link" | "unlink"; pair: readonly [number, number] }
  | { what: "look" };

const small = fc.integer({ min: 1, max: 4 });
const maybe = fc.option(small, { nil: null });
const arrival: fc.Arbitrary<Arrival> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant("seen" as const), client: fc.integer({ min: 1, max: 3 }), token: maybe }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("order" as const),
      id: fc.integer({ min: 1, max: 3 }),
      cart: maybe,
      checkout: maybe,
      customer: maybe,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant("checkout" as const), token: small, cart: maybe, customer: maybe }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ what: fc.constant("merge" as const), deleted: fc.integer({ min: 2, max: 4 }), kept: small })
      .filter(({ deleted, kept }) => kept < deleted),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        what: fc.constantFrom("link" as const, "link" as const, "unlink" as const),
        pair: fc.tuple(small, small),
      })
      .filter(({ pair: [one, other] }) => one < other),
  },
  { weight: 1, arbitrary: fc.constant({ what: "look" as const }) },
);

const version = (n: number): Version => {
  const at = new Date(Date.UTC(2026, 0, 1, 0, n));
  return { updatedAt: at, triggeredAt: at, delivery: `d${n}` };
};
const cartOf = (n: number | null) => (n === null ? null : `cart-${n}`);
const checkoutOf = (n: number | null) => (n === null ? null : `checkout-${n}`);

it(
  `whose a browser is follows from what is known, in whatever order it came: ${RUNS} histories`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 25 }), async (arrivals) => {
        const shop = await newShop();
        for (const [n, one] of arrivals.entries()) await play(shop, one, n);
        expect(await ownersOf(shop)).toEqual(ownersByHand(arrivals));
        // Undo restores exactly: as if there had never been a link.
        const { rows: links } = await db.query<{ low_id: string; high_id: string }>(
          "SELECT low_id, high_id FROM profile_links WHERE shop_id = $1",
          [shop],
        );
        for (const { low_id, high_id } of links) {
          await db.tx((tx) => unlinkProfiles(tx, shop, [low_id, high_id], new Date()));
        }
        expect(await ownersOf(shop)).toEqual(ownersByHand(arrivals.filter(({ what }) => what !== "link")));
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);

async function ownersOf(shop: ShopId): Promise<[string, string | null][]> {
  await look(shop);
  const { rows } = await db.query<{ client_id: string; customer_id: string | null }>(
    "SELECT DISTINCT client_id, customer_id FROM events WHERE shop_id = $1 ORDER BY client_id",
    [shop],
  );
  return rows.map((row) => [row.client_id, row.customer_id]);
}

async function newShop(): Promise<ShopId> {
  const { rows } = await db.query<{ id: ShopId }>("INSERT INTO shops (domain) VALUES ($1) RETURNING id", [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const shop = rows[0]?.id as ShopId;
  // Only customers who exist can be linked.
  await db.query(
    `INSERT INTO customers (shop_id, id, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, id, 'epoch', 'epoch', '' FROM generate_series(1, 4) AS id`,
    [shop],
  );
  return shop;
}

async function play(shop: ShopId, arrival: Arrival, n: number): Promise<void> {
  switch (arrival.what) {
    case "seen": {
      const tokens =
        arrival.token === null ? [] : [arrival.token % 2 === 0 ? `cart-${arrival.token}` : `checkout-${arrival.token}`];
      const event = {
        id: `e${n}`,
        kind: "storefront.page_viewed",
        clientId: `client-${arrival.client}`,
        occurredAt: new Date(),
        productId: null,
        properties: {},
        tokens,
      };
      await insertPixelEvents(db, [{ shop: { id: shop, minorUnits: 100 }, event, receivedAt: new Date() }]);
      return;
    }
    case "order":
      return merge(shop, { orders: [orderFact(arrival, n)] });
    case "checkout":
      return merge(shop, { checkouts: [checkoutFact(arrival, n)] });
    case "merge":
      return merge(shop, {
        merges: [{ deletedId: String(arrival.deleted), keptId: String(arrival.kept), version: version(n) }],
      });
    case "link":
    case "unlink": {
      const pair = [String(arrival.pair[0]), String(arrival.pair[1])] as const;
      await db.tx<unknown>((tx) =>
        arrival.what === "link"
          ? linkProfiles(tx, shop, pair, { automatic: false, now: new Date() })
          : unlinkProfiles(tx, shop, pair, new Date()),
      );
      return;
    }
    case "look":
      return look(shop);
  }
}

async function merge(shop: ShopId, some: Partial<ReturnType<typeof noFacts>>): Promise<void> {
  const facts = { ...noFacts(), ...some };
  await db.tx(async (tx) => {
    await mergeFacts(tx, shop, facts);
  });
}

async function look(shop: ShopId): Promise<void> {
  await db.tx((tx) => attributeVisitors(tx, shop, 100));
}

function orderFact(given: Extract<Arrival, { what: "order" }>, n: number): OrderFact {
  return {
    id: String(given.id),
    customerId: given.customer === null ? null : String(given.customer),
    name: null,
    email: null,
    phone: null,
    currency: "EUR",
    grossMinor: 100n,
    orderedAt: new Date("2026-01-01"),
    cancelledAt: null,
    test: false,
    sourceName: null,
    appId: null,
    locationId: null,
    discountCodes: [],
    tags: [],
    cartToken: cartOf(given.cart),
    checkoutToken: checkoutOf(given.checkout),
    lines: [],
    version: version(n),
  };
}

function checkoutFact(given: Extract<Arrival, { what: "checkout" }>, n: number): CheckoutFact {
  return {
    token: `checkout-${given.token}`,
    cartToken: cartOf(given.cart),
    customerId: given.customer === null ? null : String(given.customer),
    email: null,
    currency: null,
    totalMinor: null,
    items: 1,
    startedAt: new Date("2026-01-01"),
    completedAt: null,
    version: version(n),
  };
}

/** The latest version of everything, read off the list without a database. */
function ownersByHand(arrivals: readonly Arrival[]): [string, string | null][] {
  const bearers = new Map<string, { tokens: (string | null)[]; customer: number | null }>();
  const kept = new Map<number, number>();
  const claims = new Map<string, Set<string>>();
  let links: (readonly [number, number])[] = [];
  const personOf = (customer: number): number => {
    const edges = [...kept, ...links];
    const reached = new Set([customer]);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const [one, other] of edges) {
        if (reached.has(one)) reached.add(other);
        else if (reached.has(other)) reached.add(one);
      }
    }
    return Math.min(...reached);
  };
  for (const one of arrivals) {
    if (one.what === "order") {
      bearers.set(`order ${one.id}`, { tokens: [cartOf(one.cart), checkoutOf(one.checkout)], customer: one.customer });
    } else if (one.what === "checkout") {
      bearers.set(`checkout ${one.token}`, {
        tokens: [checkoutOf(one.token), cartOf(one.cart)],
        customer: one.customer,
      });
    } else if (one.what === "merge") kept.set(one.deleted, one.kept);
    else if (one.what === "link") {
      if (personOf(one.pair[0]) !== personOf(one.pair[1])) links.push(one.pair);
    } else if (one.what === "unlink")
      links = links.filter(([low, high]) => low !== one.pair[0] || high !== one.pair[1]);
    else if (one.what === "seen") {
      const mine = claims.get(`client-${one.client}`) ?? new Set();
      if (one.token !== null) mine.add(one.token % 2 === 0 ? `cart-${one.token}` : `checkout-${one.token}`);
      claims.set(`client-${one.client}`, mine);
    }
  }
  const keptOf = (customer: number): number => (kept.has(customer) ? keptOf(kept.get(customer) ?? 0) : customer);
  return [...claims].toSorted().map(([client, tokens]) => {
    const owners = new Set<number>();
    for (const { tokens: borne, customer } of bearers.values()) {
      if (customer !== null && borne.some((token) => token !== null && tokens.has(token))) owners.add(keptOf(customer));
    }
    const people = new Set([...owners].map(personOf));
    return [client, people.size === 1 ? String(Math.min(...owners)) : null];
  });
}
