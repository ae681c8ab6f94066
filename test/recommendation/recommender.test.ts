import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Facts,
  noFacts,
  type OrderFact,
  type ProductFact,
  type ProductVariantsFact,
} from "../../app/ingest/facts.ts";
import { PARTS } from "../../app/ingest/parts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import {
  countLists,
  enqueueAllRecommendations,
  enqueueRecommendations,
  readCustomerList,
  readPopularList,
  readProductList,
  readTraining,
  waitingCustomers,
  writeRules,
} from "../../app/recommendation/lists-store.server.ts";
import { contentData } from "../../app/content/content-data.ts";
import { popularOf } from "../../app/content/serve-block.server.ts";
import { readContentSubject } from "../../app/content/subject-store.server.ts";
import { addLink, removeLink } from "../../app/profile/identity/persons-store.server.ts";
import { insertFeedback, readUnwanted } from "../../app/recommendation/feedback/feedback-store.server.ts";
import { createWrittenLists } from "../../app/recommendation/written-lists.server.ts";
import { type Arm, drawArm } from "../../app/recommendation/holdout/arm.ts";
import { type ArmOf, createArmOf } from "../../app/recommendation/holdout/enter-holdout.server.ts";
import { countOrdersSince, readOrdersOf } from "../../app/recommendation/purchases-store.server.ts";
import { createProxyDoor } from "../../app/recommendation/proxy-door.server.ts";
import { createRecommender, type Recommender } from "../../app/recommendation/recommender.server.ts";
import type { Reason } from "../../app/recommendation/reason.ts";
import { rulesSchema } from "../../app/recommendation/rules.ts";
import { settingsSchema } from "../../app/recommendation/settings.ts";
import { createSettingsOf } from "../../app/recommendation/settings-of.server.ts";
import { writeSettings } from "../../app/recommendation/settings-store.server.ts";
import { ensureShop, type Shop } from "../../app/shopify/shop-store.server.ts";
import { TRAITS } from "../../app/sync/traits.ts";
import { signedAsByProxy } from "../support/app-proxy.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const SECRET = "hush";
/** Nobody is compared but who a test says is. */
let arm: Arm | null = null;
const armOf = () => Promise.resolve(arm);
let settings = settingsSchema.parse({});
const settingsOf = () => Promise.resolve(settings);
let db: Db;
let shop: Shop;
let other: Shop;
let recommender: Recommender;
let server: Server;
let versions = 0;

const version = () => ({
  updatedAt: new Date(NOW.getTime() + versions++),
  triggeredAt: NOW,
  delivery: String(versions),
});

function product(id: number, more: Partial<ProductFact> = {}): ProductFact {
  const told = {
    title: `Product ${id}`,
    handle: `product-${id}`,
    vendor: null,
    productType: id < 10 ? "Jackets" : "Hats",
  };
  const rest = {
    status: "active",
    tags: [],
    imageUrl: null,
    price: "10.00",
    category: null,
    createdAt: null,
    publishedAt: NOW,
  };
  return { id: String(id), ...told, ...rest, version: version(), ...more };
}

function soldOut(id: number): ProductVariantsFact {
  const variant = {
    id: "1",
    price: null,
    sku: null,
    inventoryItemId: "9",
    inventoryQuantity: 0,
    inventoryPolicy: "deny",
  };
  return { productId: String(id), variants: [variant], version: version() };
}

function order(id: number, customer: number, products: number[], more: Partial<OrderFact> = {}): OrderFact {
  return {
    id: String(id),
    customerId: String(customer),
    name: null,
    email: null,
    phone: null,
    currency: "EUR",
    grossMinor: 1_000n,
    // A day apart for each customer; the last orders are of this week.
    orderedAt: new Date(NOW.getTime() - (60 - (id % 60)) * 86_400_000),
    cancelledAt: null,
    test: false,
    sourceName: null,
    appId: null,
    locationId: null,
    discountCodes: [],
    tags: [],
    cartToken: null,
    checkoutToken: null,
    lines: products.map((one, at) => ({
      id: String(id * 100 + at),
      productId: String(one),
      variantId: null,
      title: null,
      vendor: null,
      quantity: 1,
      priceMinor: 1_000n,
    })),
    version: version(),
    ...more,
  };
}

/** Facts as a delivery brings them, up to the lists. */
async function bring(facts: Partial<Facts>, to: Shop = shop): Promise<void> {
  await db.tx(async (tx) => {
    const customers = await mergeFacts(tx, to.id, { ...noFacts(), ...facts });
    await enqueueProfiles(tx, to.id, customers, NOW);
  });
  while ((await recompute(db, to.id, { limit: 100, now: NOW, coalesceMs: 0 })).taken > 0);
  await recommender.refresh(to.id);
}

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = await ensureShop(db, "one.myshopify.com");
  other = await ensureShop(db, "two.myshopify.com");
  recommender = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  server = await openDoor(recommender);
  // Whoever buys 1 buys 2; 3 to 19 are bought at random, each customer coming back.
  const orders = Array.from({ length: 120 }, (_, k) =>
    order(k, 1 + (k % 40), k % 4 === 0 ? [1, 2] : [3 + (k % 7), 10 + ((k * 7) % 10)]),
  );
  await bring({ products: Array.from({ length: 20 }, (_, id) => product(id)), orders });
  await recommender.idle();
  await recommender.refresh(shop.id);
});

afterAll(async () => {
  recommender.close();
  server.close();
  await db.close();
});

it("after the first orders every product and customer has a full list, and nothing waits", async () => {
  expect(await countLists(db, shop.id)).toEqual({ products: 20, profiles: 40 });
  expect(await waitingCustomers(db, shop.id, 10)).toEqual([]);
  const beside = await readProductList(db, shop.id, "1");
  expect(beside).toHaveLength(8);
  expect(beside?.[0]).toEqual({
    id: "2",
    title: "Product 2",
    url: "/products/product-2",
    image: null,
    price: "10.0000",
    reason: { kind: "bought_together", productId: "1", title: "Product 1", both: 10, of: 10 },
  });
  const list = await readCustomerList(db, shop.id, "3");
  expect(list?.items).toHaveLength(8);
  expect(list?.confidence).toBeGreaterThan(0);
});

it("a new order shows in the lists of its products at once; cancelled or sent back it is gone again", async () => {
  const reason = async () => (await readProductList(db, shop.id, "1"))?.find(({ id }) => id === "2")?.reason;
  await bring({ orders: [order(500, 77, [1, 2])] });
  expect(await reason()).toMatchObject({ both: 11, of: 11 });
  await bring({ orders: [order(501, 78, [1, 2]), order(500, 77, [1, 2], { cancelledAt: NOW })] });
  expect(await reason()).toMatchObject({ both: 11, of: 11 });
  await bring({
    refundLines: [{ id: "1", refundId: "1", orderId: "501", lineId: "50101", quantity: 1 }],
    orders: [order(501, 78, [1, 2])],
  });
  expect(await reason()).toMatchObject({ both: 10, of: 11 });
});

it("what was all sent back is not what is popular this week", async () => {
  const week = () => countOrdersSince(db, shop.id, new Date(NOW.getTime() - 7 * 86_400_000));
  const before = (await week()).get("1") ?? 0;
  const today = { orderedAt: NOW };
  const bought = [
    order(510, 79, [1, 2], today),
    order(511, 79, [1], today),
    order(512, 79, [1], { ...today, test: true }),
  ];
  await bring({ orders: bought });
  expect((await week()).get("1")).toBe(before + 2);
  await bring({ refundLines: [{ id: "2", refundId: "2", orderId: "511", lineId: "51100", quantity: 1 }] });
  expect((await week()).get("1")).toBe(before + 1);
  await bring({ orders: bought.map(({ id, lines }) => ({ ...order(Number(id), 79, []), lines, cancelledAt: NOW })) });
  expect((await week()).get("1") ?? 0).toBe(before);
});

it("to whom something happened comes before everybody whose list is made again", async () => {
  const batches: string[][] = [];
  const onListed = async (_: unknown, __: unknown, ids: readonly string[]): Promise<void> =>
    void batches.push([...ids]);
  const own = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {}, onListed });
  await own.refresh(shop.id);
  await enqueueAllRecommendations(db, shop.id, new Date(NOW.getTime() - 60_000));
  await db.query("UPDATE profiles SET recommended = NULL WHERE shop_id = $1", [shop.id]);
  await enqueueRecommendations(db, shop.id, ["9"], NOW);
  batches.length = 0;
  await own.refresh(shop.id);
  own.close();
  expect(batches[0]).toEqual(["9"]);
  expect(batches.flat().length).toBeGreaterThan(39);
  expect(await waitingCustomers(db, shop.id, 10)).toEqual([]);
});

it("who only looked at something does not wait for a list, who bought something does", async () => {
  const decide = async (parts: number): Promise<string[]> => {
    await enqueueProfiles(db, shop.id, new Map([["9", parts]]), NOW);
    await recompute(db, shop.id, { limit: 100, now: NOW, coalesceMs: 0 });
    return (await waitingCustomers(db, shop.id, 10)).map(({ customerId }) => customerId);
  };
  expect(await decide(PARTS.events | PARTS.named | PARTS.time)).toEqual([]);
  expect(await decide(PARTS.events | PARTS.orders)).toEqual(["9"]);
  await recommender.refresh(shop.id);
});

it("what is sold out or taken down leaves the lists with the next change", async () => {
  await bring({
    products: [product(3, { status: "draft" })],
    productVariants: [soldOut(2)],
    orders: [order(502, 79, [1, 5])],
  });
  const ids = (await readProductList(db, shop.id, "1"))?.map(({ id }) => id);
  expect(ids).toHaveLength(8);
  expect(ids).not.toContain("2");
  expect(ids).not.toContain("3");
});

it("a product that is sold out leaves every customer's list, though no customer did anything, and is shown to nobody before that", async () => {
  const holders = async (id: string): Promise<string[]> =>
    (
      await db.query<{ customer_id: string }>(
        `SELECT customer_id FROM profiles WHERE shop_id = $1 AND recommended -> 'items' @> $2 ORDER BY customer_id`,
        [shop.id, JSON.stringify([{ id }])],
      )
    ).rows.map((row) => row.customer_id);
  const listed = (await readCustomerList(db, shop.id, "5"))?.items.map(({ id }) => id) ?? [];
  const gone = listed.find((id) => Number(id) > 5) ?? "";
  expect((await holders(gone)).length).toBeGreaterThan(3);
  await db.tx((tx) => mergeFacts(tx, shop.id, { ...noFacts(), productVariants: [soldOut(Number(gone))] }));
  const written = createWrittenLists(db);
  // No place stays empty: behind the rest stands what is popular.
  const own = (await written.ofCustomer(shop.id, "5"))?.items.map(({ id }) => id) ?? [];
  expect(own.slice(0, 7)).toEqual(listed.filter((id) => id !== gone));
  for (const list of [
    own,
    (await written.popular(shop.id)).map(({ id }) => id),
    ...(await Promise.all(
      Array.from({ length: 20 }, async (_, id) => (await written.beside(shop.id, [String(id)])).map((one) => one.id)),
    )),
  ]) {
    expect(new Set(list).size).toBe(8);
    expect(list).not.toContain(gone);
  }
  const bought = new Set((await readOrdersOf(db, shop.id, ["5"])).flatMap(({ productIds }) => productIds));
  expect(bought.has(own[7] ?? "")).toBe(false);
  await recommender.refresh(shop.id);
  expect(await holders(gone)).toEqual([]);
  expect((await readCustomerList(db, shop.id, "5"))?.items).toHaveLength(8);
  // The same when it happened while no process was there to see it.
  const next = (await readCustomerList(db, shop.id, "5"))?.items.find(({ id }) => Number(id) > 5)?.id ?? "";
  await db.tx((tx) => mergeFacts(tx, shop.id, { ...noFacts(), productVariants: [soldOut(Number(next))] }));
  const again = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  await again.refresh(shop.id);
  again.close();
  expect(await holders(next)).toEqual([]);
  await bring({ productVariants: [gone, next].map((id) => ({ ...soldOut(Number(id)), variants: [] })) });
});

it("as lists were written too caps hold when they are filled up, and no place stays empty however much is left out", async () => {
  const five = await ensureShop(db, "five.myshopify.com");
  const own = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  // The popular ones are all of one vendor, the others of one each.
  const products = Array.from({ length: 70 }, (_, id) =>
    product(id, { vendor: id < 30 ? "Acme" : `Vendor ${id}`, productType: null }),
  );
  const orders = Array.from({ length: 30 }, (_, id) => order(59 + 60 * id, 100 + id, [id]));
  await db.tx(async (tx) => {
    await enqueueProfiles(tx, five.id, await mergeFacts(tx, five.id, { ...noFacts(), products, orders }), NOW);
  });
  await recompute(db, five.id, { limit: 100, now: NOW, coalesceMs: 0 });
  await writeRules(db, five.id, rulesSchema.parse({ perVendor: 3 }));
  await own.refresh(five.id);
  own.close();
  const written = createWrittenLists(db);
  const ofAcme = (ids: readonly string[]) => ids.filter((id) => Number(id) < 30).length;
  const before = (await written.ofCustomer(five.id, "100"))?.items.map(({ id }) => id) ?? [];
  expect([before.length, ofAcme(before)]).toEqual([8, 3]);
  const gone = before.filter((id) => Number(id) >= 30).slice(0, 3);
  await db.tx((tx) => {
    const productVariants = gone.map((id) => soldOut(Number(id)));
    return mergeFacts(tx, five.id, { ...noFacts(), productVariants });
  });
  const after = (await written.ofCustomer(five.id, "100"))?.items.map(({ id }) => id) ?? [];
  expect([after.length, ofAcme(after), gone.filter((id) => after.includes(id))]).toEqual([8, 3, []]);
  // What goes with a cart is several lists in one, each of which has three.
  expect(ofAcme((await written.beside(five.id, ["1", "40", "41"])).map(({ id }) => id))).toBe(3);
  const popular = (await readPopularList(db, five.id))?.map(({ id }) => id) ?? [];
  expect(popular).toHaveLength(24);
  const rest = (await written.popular(five.id, null, { except: popular, room: 12 })).map(({ id }) => id);
  expect(new Set(rest).size).toBe(12);
  expect([...popular, ...gone].filter((id) => rest.includes(id))).toEqual([]);
  expect(ofAcme(rest)).toBe(3);
});

it("a product that is renamed is called by its new name in every customer's reasons", async () => {
  const reason = { kind: "because_bought", productId: "1", title: "Product 1", both: 4, of: 9 };
  await db.query(
    "UPDATE profiles SET recommended = jsonb_set(recommended, '{items}', $2) WHERE shop_id = $1 AND customer_id = 5",
    [shop.id, JSON.stringify([{ id: "12", reason }])],
  );
  await bring({ products: [product(1, { title: "Parka" })] });
  const { items = [] } = (await readCustomerList(db, shop.id, "5")) ?? {};
  // Made anew, by what it is called now.
  expect(items).toHaveLength(8);
  expect(items.filter(({ reason: given }) => "title" in given && given.title === "Product 1")).toEqual([]);
  await bring({ products: [product(1)] });
});

it("what a customer does not want is in no list of theirs any more, also in a process that begins anew", async () => {
  const [first] = (await readCustomerList(db, shop.id, "6"))?.items ?? [];
  const told = { at: NOW, placement: "home", listKey: "personal", productId: first?.id ?? "", kind: "not_for_me" };
  const who = { customerId: "6", clientId: null, arm: null, explored: false };
  await insertFeedback(db, shop.id, [{ ...told, ...who, eventId: "not-for-me-at-all" }]);
  await enqueueRecommendations(db, shop.id, ["6"], NOW);
  await recommender.refresh(shop.id);
  expect((await readCustomerList(db, shop.id, "6"))?.items.map(({ id }) => id)).not.toContain(first?.id);
  const again = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  await again.refresh(shop.id);
  again.close();
  const lists = [recommender, again].map((one) =>
    one
      .listsOf(shop.id)
      ?.forCustomer("6")
      .items.map(({ id }) => id),
  );
  expect(lists[1]).toEqual(lists[0]);
  expect(lists[0]).not.toContain(first?.id);
  await db.query("DELETE FROM recommendation_feedback");
  await enqueueRecommendations(db, shop.id, ["6"], NOW);
  await recommender.refresh(shop.id);
  expect((await readCustomerList(db, shop.id, "6"))?.items[0]).toEqual(first);
});

it("customers who are one person by a link see one list, without what either of them had or does not want", async () => {
  const pair = ["7", "31"] as const;
  const relink = async (change: Promise<boolean>): Promise<void> => {
    expect(await change).toBe(true);
    await db.tx((tx) => enqueueProfiles(tx, shop.id, [...pair], NOW));
    await bring({});
  };
  const shownTo = async (id: string) => (await ask({ logged_in_customer_id: id })).body.items.map((one) => one.id);
  await relink(addLink(db, shop.id, pair, { automatic: false, now: NOW }));
  const [first] = await shownTo("7");
  expect(await shownTo("31")).toEqual(await shownTo("7"));
  const told = { at: NOW, placement: "home", listKey: "personal", productId: first ?? "", kind: "not_for_me" };
  const who = { customerId: "31", clientId: null, arm: null, explored: false };
  await insertFeedback(db, shop.id, [{ ...told, ...who, eventId: "not-for-either-of-us" }]);
  await enqueueRecommendations(db, shop.id, ["7"], NOW);
  await recommender.refresh(shop.id);
  for (const id of pair) expect(await shownTo(id)).not.toContain(first);
  expect((await readCustomerList(db, shop.id, "7"))?.items.map(({ id }) => id)).not.toContain(first);
  expect((await readUnwanted(db, shop.id)).get("7")).toEqual(new Set([first]));
  await db.query("DELETE FROM recommendation_feedback");
  await relink(removeLink(db, shop.id, pair));
});

it("a new product is tried out in some lists, behind their first places, and not once it cannot be sold", async () => {
  await writeSettings(db, shop.id, { ...settingsSchema.parse({}), explorationShare: 0.1 }, NOW);
  const fresh = product(30, { createdAt: new Date(NOW.getTime() - 86_400_000) });
  await bring({ products: [fresh] });
  const lists = recommender.listsOf(shop.id);
  const tried = () => {
    const all = [...Array(20).keys()].map((id) => lists?.forProduct(String(id)) ?? []);
    return all.flatMap((list) => list.flatMap(({ id, reason }, place) => (id === "30" ? [[reason.kind, place]] : [])));
  };
  const places = tried().filter(([kind]) => kind === "new");
  expect(places.length).toBeGreaterThan(1);
  expect(places.every(([, place]) => place === 3)).toBe(true);
  expect(lists?.forVisitor([]).some(({ reason }) => reason.kind === "new")).toBe(false);
  await bring({ products: [product(30, { createdAt: fresh.createdAt, status: "draft" })] });
  expect(tried()).toEqual([]);
  await writeSettings(db, shop.id, settingsSchema.parse({}), NOW);
});

it("what the merchant decides is in every list with the next refresh, and beside products what was chosen for them", async () => {
  const listed = async (id: string) => (await readProductList(db, shop.id, id)) ?? [];
  const before = await listed("5");
  const hidden = before[0]?.id ?? "";
  const rules = { ...rulesSchema.parse({}), hidden: [hidden], pinned: ["19"], slots: 6 };
  await writeRules(db, shop.id, rules);
  await recommender.refresh(shop.id);
  const after = await listed("5");
  expect(after.map(({ id }) => id)).not.toContain(hidden);
  expect(after[0]).toMatchObject({ id: "19", reason: { kind: "pinned" } });
  expect(after).toHaveLength(6);
  const own = await readCustomerList(db, shop.id, "3");
  expect(own?.items[0]).toMatchObject({ id: "19" });
  expect(own?.items).toHaveLength(6);
  await writeRules(db, shop.id, rulesSchema.parse({}));
  const popular = { ...settingsSchema.parse({}), explorationShare: 0 };
  await writeSettings(db, shop.id, { ...popular, strategies: { ...popular.strategies, product: "popular" } }, NOW);
  await recommender.refresh(shop.id);
  expect((await listed("1")).map(({ reason }) => reason.kind)).not.toContain("bought_together");
  await writeSettings(db, shop.id, { ...popular, strategies: { ...popular.strategies, product: "similar" } }, NOW);
  await recommender.refresh(shop.id);
  expect((await listed("1"))[0]?.reason.kind).toBe("similar");
  await writeSettings(db, shop.id, settingsSchema.parse({}), NOW);
  await recommender.refresh(shop.id);
  expect(await listed("5")).toEqual(before);
});

it("what visitors look at together stands in the lists with the next refresh, and the session in what a visitor is shown", async () => {
  // Nobody bought these two; whoever looks at one looks at the other.
  await bring({ products: [product(40, { productType: "Lamps" }), product(41, { productType: "Rugs" })] });
  const kinds = async () =>
    ((await readProductList(db, shop.id, "40")) ?? []).map(({ id, reason }) => `${id} ${reason.kind}`);
  expect(await kinds()).not.toContain("41 viewed_together");
  // Without others who looked at something else, that five looked at both would say nothing.
  await db.query(
    `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, product_id, properties)
     SELECT $1, 'storefront.product_viewed', 'pixel', 'else-' || n, $2::timestamptz, $2, 'other-' || n, n, '{}' FROM generate_series(10, 19) n`,
    [shop.id, NOW],
  );
  await db.query(
    `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, product_id, properties)
     SELECT $1, 'storefront.product_viewed', 'pixel', 'view-' || n || '-' || id, $2::timestamptz, $2, 'browser-' || n, id, '{}'
     FROM generate_series(1, 5) n, unnest(ARRAY[40, 41]) id`,
    [shop.id, NOW],
  );
  await recommender.refresh(shop.id);
  expect((await kinds())[0]).toBe("41 viewed_together");
  const { body } = await ask({ viewed: "40" });
  expect(body).toMatchObject({ list: "viewed" });
  expect(body.items[0]).toMatchObject({ id: "41", reason: { kind: "viewed_together", both: 5, of: 5 } });
  // A process that begins anew reads the same from what was recorded.
  const again = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  await again.refresh(shop.id);
  expect(again.listsOf(shop.id)?.forProduct("40")).toEqual(recommender.listsOf(shop.id)?.forProduct("40"));
  again.close();
  expect(
    recommender
      .listsOf(other.id)
      ?.forVisitor(["40"])
      .some(({ id }) => id === "41"),
  ).not.toBe(true);
});

it("a training listens to what visitors look at, also when a process begins anew", async () => {
  await db.query(
    `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, product_id, properties)
     SELECT $1, CASE n % 2 WHEN 0 THEN 'storefront.product_viewed' ELSE 'storefront.product_added_to_cart' END, 'pixel',
       'look-' || n || '-' || id, $2::timestamptz, $2, 'looker-' || n, id, '{}'
     FROM generate_series(1, 60) n, unnest(ARRAY[3 + n % 7, 10 + n % 10]) id`,
    [shop.id, NOW],
  );
  await db.query("UPDATE recommendation_models SET trained_at = to_timestamp(0), orders = 1 WHERE shop_id = $1", [
    shop.id,
  ]);
  const own = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  await own.refresh(shop.id);
  await own.idle();
  await own.refresh(shop.id);
  const training = await readTraining(db, shop.id);
  expect(training?.blend.extras).toContain("looked at together");
  expect(training?.blend.shares.map(({ source }) => source)).toContain("looked at together");
  const again = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  await again.refresh(shop.id);
  expect(again.listsOf(shop.id)?.forCustomer("3")).toEqual(own.listsOf(shop.id)?.forCustomer("3"));
  own.close();
  again.close();
  // The recommender of the other tests goes on as it was.
  await db.query("DELETE FROM events WHERE source_id LIKE 'look-%'");
});

it("in a shop too small for a training nothing is called popular for longer than a day after it was", async () => {
  const small = await ensureShop(db, "three.myshopify.com");
  let at = NOW;
  const own = createRecommender({ db, log: createLog("silent"), now: () => at, onTrained: () => {} });
  const orders = [order(59, 1, [1]), order(119, 2, [1]), order(179, 3, [1]), order(239, 4, [2])];
  const products = Array.from({ length: 9 }, (_, id) => product(id));
  await db.tx(async (tx) => {
    await enqueueProfiles(tx, small.id, await mergeFacts(tx, small.id, { ...noFacts(), products, orders }), NOW);
  });
  await recompute(db, small.id, { limit: 100, now: NOW, coalesceMs: 0 });
  await own.refresh(small.id);
  const reason = async () => (await readCustomerList(db, small.id, "4"))?.items.find(({ id }) => id === "1")?.reason;
  expect(await reason()).toEqual({ kind: "popular_in_type", productType: "Jackets", orders: 3 });
  at = new Date(NOW.getTime() + 9 * 86_400_000);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 86_400_000 });
  await own.refresh(small.id);
  await own.refresh(small.id);
  vi.useRealTimers();
  own.close();
  expect(await reason()).toEqual({ kind: "in_the_shop" });
});

it("a shop is trained as soon as there is enough to learn from, and again after its own night, not before", async () => {
  const abroad = await ensureShop(db, "four.myshopify.com");
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T12:00:00Z") });
  const own = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {} });
  const trainedAt = async () => (await readTraining(db, abroad.id))?.trainedAt.toISOString() ?? null;
  const refreshAt = async (instant: string): Promise<string | null> => {
    vi.setSystemTime(new Date(instant));
    // Whatever the night begins goes on with the next refresh.
    for (let turn = 0; turn < 2; turn++) {
      await own.refresh(abroad.id);
      await own.idle();
    }
    return trainedAt();
  };
  const orders = Array.from({ length: 60 }, (_, k) => order(k, 1 + (k % 20), [k % 7, 7 + (k % 5)]));
  const products = Array.from({ length: 12 }, (_, id) => product(id));
  const learn = (some: OrderFact[]) =>
    db.tx(async (tx) => {
      const facts = { ...noFacts(), products, orders: some };
      await enqueueProfiles(tx, abroad.id, await mergeFacts(tx, abroad.id, facts), NOW);
    });
  await learn(orders.slice(0, 49));
  while ((await recompute(db, abroad.id, { limit: 100, now: NOW, coalesceMs: 0 })).taken > 0);
  expect(await refreshAt("2026-11-20T12:01:00Z")).toBeNull();
  await learn(orders);
  while ((await recompute(db, abroad.id, { limit: 100, now: NOW, coalesceMs: 0 })).taken > 0);
  const first = "2026-11-20T12:02:00.000Z";
  expect(await refreshAt(first)).toBe(first);
  // Three to five in the morning in Tokyo is six to eight in the evening here.
  await db.query("UPDATE shops SET time_zone = 'Asia/Tokyo' WHERE id = $1", [abroad.id]);
  expect(await refreshAt("2026-11-20T17:59:00Z")).toBe(first);
  const tokyo = "2026-11-20T20:00:00.000Z";
  expect(await refreshAt(tokyo)).toBe(tokyo);
  // In New York it has been night already, and is again from eight to ten here.
  await db.query("UPDATE shops SET time_zone = 'America/New_York' WHERE id = $1", [abroad.id]);
  expect(await refreshAt("2026-11-21T07:59:00Z")).toBe(tokyo);
  const york = "2026-11-21T10:00:00.000Z";
  expect(await refreshAt(york)).toBe(york);
  vi.useRealTimers();
  own.close();
}, 60_000);

it("another shop sees none of it", async () => {
  await bring({ products: [product(1)] }, other);
  expect(await readProductList(db, other.id, "1")).toBeNull();
  expect(await readCustomerList(db, other.id, "3")).toBeNull();
  expect(await ask({ product: "1", shop: other.domain })).toMatchObject({ status: 200, body: { items: [] } });
});

it("answers only what Shopify has signed, about the signed customer, without what lies in the cart", async () => {
  const beside = await ask({ product: "1", cart: "5" });
  expect(beside).toMatchObject({ status: 200, cache: "public, max-age=60", body: { personal: false } });
  expect(beside.body.items.map(({ id }) => id)).not.toContain("5");
  const personal = await ask({ logged_in_customer_id: "3" });
  expect(personal).toMatchObject({ status: 200, cache: "private, no-store" });
  const { kind, ...written } = (await readCustomerList(db, shop.id, "3")) ?? {};
  expect(kind).toEqual({ lead: expect.any(Number) as number, entries: 6 });
  expect(personal.body).toMatchObject(written);
  expect(personal.body).not.toHaveProperty("kind");
  expect(await ask({ logged_in_customer_id: "3" }, (query) => query.set("logged_in_customer_id", "4"))).toMatchObject({
    status: 401,
  });
  expect(await ask({ timestamp: "1" })).toMatchObject({ status: 401 });
  expect(await ask({ product: "1; DROP" })).toMatchObject({ status: 400 });
  const markup = await fetch(`${address()}?${signed({ product: "1", format: "html", heading: "<Also>" })}`);
  expect(await markup.text()).toContain(`<h2 class="muster-recommendations__heading">&lt;Also&gt;</h2><ul><li>`);
});

describe("the storefront's door", () => {
  it("names the list it shows, beside a product, the cart, what was looked at, a collection's products, or nothing", async () => {
    const list = async (query: Record<string, string>) => (await ask(query)).body.list;
    expect(await list({ product: "1" })).toBe("product:1");
    expect(await list({ placement: "cart", cart: "1,5" })).toBe("cart");
    expect(await list({ placement: "collection", collection: "88", beside: "1,5" })).toBe("collection:88");
    expect(await list({ viewed: "4,1" })).toBe("viewed");
    expect(await list({})).toBe("popular");
  });

  it("nothing that is answered to a customer is kept by anybody, wherever they look", async () => {
    for (const query of [
      { product: "1" },
      { placement: "cart", cart: "1,5" },
      { placement: "collection", collection: "88", beside: "1,5" },
      { viewed: "4,1" },
    ]) {
      const answered = await fetch(`${address()}?${signed({ logged_in_customer_id: "3", ...query } as never)}`);
      expect(answered.headers.get("cache-control")).toBe("private, no-store");
      expect(answered.headers.get("etag")).toBeNull();
      expect((await ask(query as never)).cache).toBe("public, max-age=60");
    }
  });

  it("a process that has no shop open answers with the same lists, as they were written", async () => {
    const memory = await openDoor(recommender);
    const stored = await openDoor({ listsOf: () => undefined });
    const read = async (one: Server, query: Record<string, string>) =>
      (await fetch(`http://127.0.0.1:${(one.address() as AddressInfo).port}/?${signed(query)}`)).json() as Promise<
        Answered["body"]
      >;
    for (const query of [{ product: "1" }, {}, { logged_in_customer_id: "3" }]) {
      expect(await read(stored, query)).toEqual(await read(memory, query));
      expect((await read(stored, query)).items).not.toEqual([]);
    }
    // Where there is room for more than lists have, and what is there already is left out, no place stays empty.
    for (const query of [{ product: "1" }, {}, { logged_in_customer_id: "3" }]) {
      for (const one of [memory, stored]) {
        const items = (await read(one, { ...query, cart: "5,6", limit: "12" })).items.map(({ id }) => id);
        expect(new Set(items).size).toBe(12);
        for (const id of ["5", "6"]) expect(items).not.toContain(id);
      }
    }
    // Who is signed in sees nothing of what they bought, beside a product, the cart, and after what they looked at.
    const bought = new Set((await readOrdersOf(db, shop.id, ["2"])).flatMap(({ productIds }) => productIds));
    const seen = async (query: Record<string, string>) => (await read(stored, query)).items.map(({ id }) => id);
    for (const query of [{ product: "17" }, { placement: "cart", cart: "17" }] as Record<string, string>[]) {
      expect((await seen(query)).some((id) => bought.has(id))).toBe(true);
      const own = await seen({ ...query, logged_in_customer_id: "2" });
      expect(own.filter((id) => bought.has(id))).toEqual([]);
      expect(own.length).toBeGreaterThan(0);
    }
    const cart = await read(stored, { placement: "cart", cart: "1,5" });
    expect(cart.items.length).toBeGreaterThan(4);
    expect(cart.items.map(({ id }) => id)).not.toContain("5");
    memory.close();
    stored.close();
  });

  it("what is the same for everybody has a tag, and is not sent again to who has it; what is personal is not kept", async () => {
    const first = await fetch(`${address()}?${signed({ product: "1" })}`);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    const again = await fetch(`${address()}?${signed({ product: "1" })}`, { headers: { "if-none-match": tag } });
    expect({ status: again.status, body: await again.text() }).toEqual({ status: 304, body: "" });
    const other = await fetch(`${address()}?${signed({ product: "5" })}`, { headers: { "if-none-match": tag } });
    expect(other.status).toBe(200);
    const personal = await fetch(`${address()}?${signed({ logged_in_customer_id: "3" })}`);
    expect(personal.headers.get("etag")).toBeNull();
  });

  it.each([
    [{ product: "x" }, "product", "product has to be a product id, a number."],
    [{ product: "9".repeat(19) }, "product", "product has to be a product id, a number."],
    [{ cart: "1;2" }, "cart", "cart takes at most 50 product ids, numbers separated by commas."],
    [{ viewed: Array.from({ length: 51 }, (_, id) => id).join(",") }, "viewed", undefined],
    [{ placement: "checkout" }, "placement", "placement has to be one of product, cart, home, collection."],
    [{ placement: "product" }, "product", "product is missing: on a product page the list stands beside a product."],
    [{ limit: "25" }, "limit", "limit has to be a number from 1 to 24."],
    [{ format: "xml" }, "format", "format has to be json, html or liquid."],
    [{ locale: "../de" }, "locale", "locale has to be a language tag such as en or de-AT."],
  ])("says what is wrong with %j", async (query, field, message) => {
    const answered = await ask(query as Record<string, string>);
    expect(answered).toMatchObject({ status: 400, cache: "no-store", body: { error: "bad_request", field } });
    if (message) expect(answered.body).toMatchObject({ message });
  });

  it("who is held out sees the fallback everywhere, never an empty place, and nothing of it is kept by others", async () => {
    arm = "held_out";
    const client = "a-browser-of-its-own";
    const popular = (await readPopularList(db, shop.id))?.map(({ id }) => id) ?? [];
    for (const query of [
      { product: popular[0] ?? "", cart: popular[1] ?? "" },
      { placement: "cart", cart: "1,5" },
      { placement: "collection", collection: "88", beside: popular.slice(0, 4).join(",") },
      { viewed: "4,1" },
      { logged_in_customer_id: "3" },
    ]) {
      const { body, cache } = await ask({ client, ...query } as Record<string, string>);
      expect(body).toMatchObject({ list: "fallback", personal: false, arm: "held_out" });
      expect(cache).toBe("private, no-store");
      expect(body.items).toHaveLength(8);
      const shown = body.items.map(({ id }) => id);
      for (const id of [query.product, ...(query.cart ?? "").split(","), ...(query.beside ?? "").split(",")]) {
        expect(shown).not.toContain(id);
      }
    }
    arm = "treated";
    expect((await ask({ client, product: "1" })).body).toMatchObject({ list: "product:1", arm: "treated" });
    arm = null;
  });

  it("shows what the merchant chose for a place: nothing personal on the home page, or beside a collection", async () => {
    settings = settingsSchema.parse({ strategies: { home: "popular", collection: "goes_with" } });
    const home = await ask({ logged_in_customer_id: "3", viewed: "4,1" });
    expect(home.body).toMatchObject({ list: "fallback", personal: false });
    expect(home.body.items).toHaveLength(8);
    const collection = { placement: "collection", collection: "88", beside: "1,5" };
    expect((await ask({ logged_in_customer_id: "3", ...collection })).body.list).toBe("collection:88");
    settings = settingsSchema.parse({});
  });

  it("what is popular is shown to a customer without what they had or do not want, wherever nothing better stands", async () => {
    const unopened = { listsOf: () => undefined };
    const stored = await openDoor(unopened);
    const popular = (await readPopularList(db, shop.id))?.slice(0, 8).map(({ id }) => id) ?? [];
    const had = new Set((await readOrdersOf(db, shop.id, ["2"])).flatMap(({ productIds }) => productIds));
    const unwanted = popular.find((id) => !had.has(id)) ?? "";
    expect(popular.some((id) => had.has(id))).toBe(true);
    // What is bought again and again may stand in a list that was made in memory; the popular one as it was written leaves all of it out.
    const isWrong = (isWritten: boolean, id: string): boolean => id === unwanted || (isWritten && had.has(id));
    const told = { at: NOW, placement: "home", listKey: "popular", productId: unwanted, kind: "not_for_me" };
    const who = { customerId: "2", clientId: null, arm: null, explored: false };
    await insertFeedback(db, shop.id, [{ ...told, ...who, eventId: "not-for-me-either" }]);
    await enqueueRecommendations(db, shop.id, ["2"], NOW);
    await recommender.refresh(shop.id);
    settings = settingsSchema.parse({ strategies: { home: "popular", collection: "goes_with" } });
    for (const one of [server, stored]) {
      for (const query of [{}, { placement: "collection", collection: "88" }]) {
        const { port } = one.address() as AddressInfo;
        const answered = await fetch(`http://127.0.0.1:${port}/?${signed({ ...query, logged_in_customer_id: "2" })}`);
        const { items, personal } = (await answered.json()) as Answered["body"];
        expect(personal).toBe(false);
        expect(items.length).toBeGreaterThan(0);
        expect(items.filter(({ id }) => isWrong(one === stored && "placement" in query, id))).toEqual([]);
      }
    }
    settings = settingsSchema.parse({});
    // A block, or a feed, for somebody whose own list has nothing left.
    for (const lists of [recommender, unopened]) {
      const items = await popularOf(db, lists, shop, { customerId: "2" });
      expect(items.filter(({ id }) => isWrong(lists === unopened, id))).toEqual([]);
      expect((await popularOf(db, lists, shop, null)).map(({ id }) => id)).toEqual(popular);
    }
    stored.close();
  });

  it("a parameter that stands there twice, once by Shopify and once by somebody else, is refused", async () => {
    const params = signed({ logged_in_customer_id: "3" });
    // As the proxy would sign it: the values of one name joined by commas.
    const joined = signed({ logged_in_customer_id: "4,3" });
    params.delete("logged_in_customer_id");
    params.append("logged_in_customer_id", "4");
    params.append("logged_in_customer_id", "3");
    params.set("signature", joined.get("signature") ?? "");
    const answered = await fetch(`${address()}?${params}`);
    expect(answered.status).toBe(400);
    expect(await answered.json()).toMatchObject({ field: "logged_in_customer_id" });
  });

  it("as Liquid, a product's title cannot say anything to Shopify", async () => {
    await bring({ products: [product(1, { title: `{{ shop.secret }}{% layout 'x' %}"` })] });
    const answered = await fetch(`${address()}?${signed({ product: "2", format: "liquid" })}`);
    expect(answered.headers.get("content-type")).toBe("application/liquid; charset=utf-8");
    // Shopify puts the prices of this shopper's country into it.
    expect(answered.headers.get("cache-control")).toBe("private, max-age=60");
    const liquid = await answered.text();
    expect(liquid).toContain(`all_products["product-1"]`);
    expect(liquid).not.toContain("shop.secret }}");
    expect(liquid.match(/\{%-? *\w+/g)?.filter((tag) => !/assign|if|else|endif|layout/.test(tag))).toEqual([]);
    expect(liquid.match(/layout/g)).toHaveLength(1 + (liquid.match(/u0025 layout/g)?.length ?? 0));
    await bring({ products: [product(1)] });
  });

  it("speaks German to who reads German", async () => {
    const markup = await (
      await fetch(`${address()}?${signed({ product: "5", format: "html", locale: "de-AT" })}`)
    ).text();
    expect(markup).toMatch(/Käufern von|Diese Woche beliebt|Aus dem Shop|Ähnlich wie/);
    const whys = async (locale: Record<string, string>) =>
      (await ask({ product: "1", ...locale })).body.items.map(({ why, reason }) => `${reason.kind}: ${why}`);
    const told = { en: await whys({}), de: await whys({ locale: "de" }) };
    expect(
      told.en.filter((line) => !/: (Bought together|Often looked|Similar|Popular|From the shop)/.test(line)),
    ).toEqual([]);
    expect(
      told.de.filter((line) => !/: (.*Käufern von|Oft zusammen|Ähnlich|Diese Woche|Aus dem Shop)/.test(line)),
    ).toEqual([]);
    expect([told.en.length, told.de.length]).toEqual([8, 8]);
    expect(told.en[0]).toMatch(
      /^(bought_together: Bought together by \d+ of \d+ buyers of|similar: Similar to) Product 1$/,
    );
  });
});

describe("a list that was made for a customer", () => {
  const unopened = { listsOf: () => undefined };
  const told: string[] = [];
  let own: Recommender;
  let doors: Server[];

  /** As sure as the replay of this shop is, which is not much, personal lists are shown. */
  const decide = (holdoutShare: number) =>
    writeSettings(db, shop.id, { ...settingsSchema.parse({ explorationShare: 0, threshold: 0.5 }), holdoutShare }, NOW);

  beforeAll(async () => {
    await decide(0);
    const onListed = async (_: unknown, __: unknown, ids: readonly string[]): Promise<void> => void told.push(...ids);
    own = createRecommender({ db, log: createLog("silent"), now: () => NOW, onTrained: () => {}, onListed });
    await enqueueAllRecommendations(db, shop.id, NOW);
    await own.refresh(shop.id);
    const realArms = createArmOf(db, own, createSettingsOf(db));
    doors = [await openDoor(own, realArms), await openDoor(unopened, realArms)];
  });
  afterAll(() => {
    own?.close();
    for (const one of doors ?? []) one.close();
  });

  const shown = async (one: Server, query: Record<string, string>) =>
    (await (await fetch(`${address(one)}?${signed(query)}`)).json()) as Answered["body"];
  const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

  it("repeats nothing that a collection's page or the cart holds, nor does what goes with them, and no place stays empty", async () => {
    const [first = "", second = "", third = ""] = idsOf((await readCustomerList(db, shop.id, "3"))?.items ?? []);
    const page = { placement: "collection", collection: "88", beside: `${first},${second}`, cart: third };
    for (const door of doors) {
      for (const [list, who] of Object.entries({ personal: "3", "collection:88": "" })) {
        const answer = await shown(door, { ...page, logged_in_customer_id: who });
        expect(answer).toMatchObject({ list, personal: list === "personal" });
        const ids = new Set(idsOf(answer.items));
        expect(ids.size).toBe(8);
        expect([first, second, third].filter((id) => ids.has(id))).toEqual([]);
      }
    }
  });

  it("gives way to the fallback when it is not sure any more, and for whoever is held out: in the door, in e-mails and in what destinations hold", async () => {
    const everybody = Array.from({ length: 40 }, (_, at) => String(at + 1));
    const who = everybody.find((id) => drawArm(shop.id, `customer:${id}`, 0.5) === "treated") ?? "";
    const client = everybody
      .map((id) => `a-browser-of-its-own-${id}`)
      .find((id) => drawArm(shop.id, `client:${id}`, 0.5) === "held_out");
    const traits = TRAITS.filter(({ name }) => /^recommended_._id$/.test(name)).map(({ sql }) => sql);
    const everywhere = async () => {
      const query = { logged_in_customer_id: who, client: client ?? "" };
      const inDoors = [await shown(doors[0] ?? server, query), await shown(doors[1] ?? server, query)];
      const subject = { ...(await readContentSubject(db, shop.id, who)), popular: [] };
      const mail = contentData(subject, shop, "email");
      const { rows } = await db.query<{ held: string[] }>(
        `SELECT ARRAY[${traits.map((sql) => `${sql} #>> '{}'`).join()}] AS held FROM profiles p WHERE shop_id = $1 AND customer_id = $2`,
        [shop.id, who],
      );
      return {
        personal: [...inDoors.map(({ personal }) => personal), mail.personal],
        lists: [...inDoors, { items: mail.products }].map(({ items }) => idsOf(items).join()),
        held: rows[0]?.held.join(),
        reasons: new Set(mail.products.map(({ reason }) => reason.replace(/ in \w+/, ""))),
      };
    };
    const isEverywhere = (items: readonly { id: string }[], personal: boolean) => ({
      personal: [personal, personal, personal],
      lists: Array<string>(3).fill(idsOf(items).join()),
      held: idsOf(items).slice(0, 3).join(),
    });
    const lists = own.listsOf(shop.id);
    const made = lists?.forCustomer(who);
    const fallback = lists?.forCustomer(who, [], true);
    expect([made?.personal, fallback?.personal]).toEqual([true, false]);
    expect(idsOf(made?.items ?? [])).not.toEqual(idsOf(fallback?.items ?? []));
    expect(await everywhere()).toMatchObject(isEverywhere(made?.items ?? [], true));

    // A training of another process that is less sure.
    const { rows } = await db.query<{ rates: unknown }>(
      "SELECT blend #> '{confidence,rates}' AS rates FROM recommendation_models WHERE shop_id = $1",
      [shop.id],
    );
    const learn = async (rates: string): Promise<void> => {
      await db.query(
        `UPDATE recommendation_models SET trained_at = now(), blend = jsonb_set(blend, '{confidence,rates}', $2) WHERE shop_id = $1`,
        [shop.id, rates],
      );
      await enqueueAllRecommendations(db, shop.id, new Date());
      told.length = 0;
      await own.refresh(shop.id);
    };
    await learn(JSON.stringify(Array<number>(32).fill(0.4)));
    const unsure = await everywhere();
    expect(unsure).toMatchObject(isEverywhere(fallback?.items ?? [], false));
    expect([...unsure.reasons].filter((reason) => !/^(Popular this week|From the shop)$/.test(reason))).toEqual([]);
    expect(told).toContain(who);
    await learn(JSON.stringify(rows[0]?.rates));
    expect(await everywhere()).toMatchObject(isEverywhere(made?.items ?? [], true));

    // Who signs in with a browser that is held out is so from now on, whatever the draw says of them.
    await decide(0.5);
    await own.refresh(shop.id);
    doors.forEach((door) => door.close());
    const realArms = createArmOf(db, own, createSettingsOf(db));
    doors = [await openDoor(own, realArms), await openDoor(unopened, realArms)];
    const visit = { client: client ?? "" };
    expect(await shown(doors[0] ?? server, visit)).toMatchObject({ arm: "held_out" });
    expect(await shown(doors[1] ?? server, { ...visit, logged_in_customer_id: who })).toMatchObject({
      arm: "held_out",
      personal: false,
    });
    told.length = 0;
    await own.refresh(shop.id);
    expect(await everywhere()).toMatchObject(isEverywhere(fallback?.items ?? [], false));
    expect(told).toContain(who);
  });

  it("is taken back wherever it was written once people of its kind were shown to do better with the fallback", async () => {
    const who = Array.from({ length: 40 }, (_, at) => String(at + 1)).findLast(
      (id) => drawArm(shop.id, `customer:${id}`, 0.5) === "treated",
    );
    await decide(0.5);
    await own.refresh(shop.id);
    const written = async () => (await readCustomerList(db, shop.id, who ?? ""))?.personal;
    const { lead, entries } = (await readCustomerList(db, shop.id, who ?? ""))?.kind ?? {};
    expect([await written(), own.listsOf(shop.id)?.forCustomer(who ?? "").personal]).toEqual([true, true]);
    await db.query(
      `INSERT INTO recommendation_arms (shop_id, subject, customer_id, arm, entered_at, lead, entries)
       SELECT $1, 'client:measured-' || n, 90000 + n, CASE n % 2 WHEN 0 THEN 'treated' ELSE 'held_out' END, now() - interval '6 days', $2, $3
       FROM generate_series(1, 400) n`,
      [shop.id, lead, entries],
    );
    await db.query(
      `INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind, client_id, customer_id)
       SELECT $1, 'measured-event-' || n, now() - interval '5 days', 'home', CASE n % 2 WHEN 0 THEN 'personal' ELSE 'fallback' END, 16,
         'shown', 'measured-' || n, 90000 + n
       FROM generate_series(1, 400) n`,
      [shop.id],
    );
    // Only those who were held out bought what they had seen.
    const facts = Array.from({ length: 200 }, (_, n) =>
      order(9_000 + n, 90_001 + 2 * n, [16], { orderedAt: new Date(Date.now() - 3 * 86_400_000) }),
    );
    await db.tx((tx) => mergeFacts(tx, shop.id, { ...noFacts(), orders: facts }));
    // What was measured is looked at every ten minutes.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    told.length = 0;
    await own.refresh(shop.id);
    vi.useRealTimers();
    expect([own.listsOf(shop.id)?.forCustomer(who ?? "").personal, await written()]).toEqual([false, false]);
    expect(told).toContain(who);
  });
});

type Answered = {
  status: number;
  cache: string | null;
  body: { list: string; personal: boolean; arm: Arm | null; items: { id: string; reason: Reason; why: string }[] };
};

async function ask(query: Record<string, string>, tamper?: (query: URLSearchParams) => void): Promise<Answered> {
  const params = signed(query);
  tamper?.(params);
  const response = await fetch(`${address()}?${params}`);
  const text = await response.text();
  const body = (text.startsWith("{") ? JSON.parse(text) : text) as Answered["body"];
  return { status: response.status, cache: response.headers.get("cache-control"), body };
}

/** The app proxy's door over these lists. */
async function openDoor(lists: Pick<Recommender, "listsOf">, arms: ArmOf = armOf): Promise<Server> {
  const given = { sql: db, secrets: [SECRET], recommender: lists, armOf: arms, settingsOf, log: createLog("silent") };
  const opened = createServer(createProxyDoor(given)).listen(0, "127.0.0.1");
  await new Promise((resolve) => opened.once("listening", resolve));
  return opened;
}

function address(of = server): string {
  return `http://127.0.0.1:${(of.address() as AddressInfo).port}/proxy/recommendations`;
}

const signed = (query: Record<string, string>): URLSearchParams =>
  signedAsByProxy(query, { shop: shop.domain, secret: SECRET });
