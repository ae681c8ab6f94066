import { beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import type { ShownProduct } from "../../app/recommendation/list.ts";
import { countPairsOf } from "../../app/recommendation/live-counts.ts";
import type { View } from "../../app/recommendation/live-sessions.ts";
import type { Product } from "../../app/recommendation/product.ts";
import { createPopularReason } from "../../app/recommendation/popular-reason.ts";
import { trainRanking } from "../../app/recommendation/ranker.ts";
import type { Reason } from "../../app/recommendation/reason.ts";
import { rulesSchema } from "../../app/recommendation/rules.ts";
import { emptyHistory, setBaskets, toLog } from "../../app/recommendation/shop-history.ts";
import { createShopLists, type ShopLists } from "../../app/recommendation/shop-lists.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const PRODUCTS = 80;
const random = seededRandom(11);
const any = (below: number): number => Math.floor(random() * below);
const TYPES = ["Jackets", "Hats", "Rugs", null];

const product = (at: number): Product => ({
  id: String(at),
  title: `Product ${at}`,
  handle: `product-${at}`,
  vendor: null,
  productType: TYPES[at % 4]!,
  tags: [`tag ${at % 7}`],
  imageUrl: null,
  price: null,
  published: at % 13 !== 5,
  inStock: at % 11 !== 3,
  createdAt: at > 76 ? NOW : null,
});
const products = Array.from({ length: PRODUCTS }, (_, at) => product(at));
/** Everybody has a staple and what goes with it; the last products are hardly bought. */
const orders = new Map(
  Array.from({ length: 250 }, (_, who) => {
    const staple = any(20);
    const order = () => [staple, 20 + staple, any(4) === 0 ? any(PRODUCTS) : 40 + any(12)].map(String);
    return [String(who), Array.from({ length: 1 + any(4) }, order)] as const;
  }),
);
const week = new Map(products.map(({ id }) => [id, any(9)]));
const views: View[] = Array.from({ length: 60 }, (_, session) => {
  const start = any(PRODUCTS);
  return [start, (start + 1) % PRODUCTS, any(PRODUCTS)].map((at, step) => ({
    clientId: `browser ${session}`,
    productId: String(at),
    at: new Date(NOW.getTime() - session * 3_600_000 + step * 1_000),
  }));
}).flat();

let lists: ShopLists;
/** Lists with where they stand: whose, beside what, after what was looked at. */
let shown: { customerId?: string; beside?: string; viewed?: string[]; items: ShownProduct[]; personal?: boolean }[];

beforeAll(() => {
  const history = emptyHistory();
  for (const [customerId, baskets] of orders) {
    setBaskets(
      history,
      customerId,
      baskets.map((productIds, at) => ({ orderId: `${customerId} ${at}`, customerId, at: new Date(at), productIds })),
    );
  }
  const { log, historyOf } = toLog(history);
  lists = createShopLists(history, countPairsOf(log));
  lists.setSurroundings({
    products,
    rules: rulesSchema.parse({ slots: 12 }),
    week,
    threshold: 0,
    besideProduct: "goes_with",
    exploration: { share: 0.1, day: "2026-11-20", trials: new Map() },
    measured: [],
    now: NOW,
  });
  lists.setTraining(trainRanking(log, "order", false), historyOf);
  lists.addViews(views);
  shown = [
    ...[...orders.keys()].map((customerId) => ({ customerId, ...lists.forCustomer(customerId) })),
    ...products.map(({ id }) => ({ beside: id, items: lists.forProduct(id) })),
    ...products
      .map(({ id }, at) => ({ viewed: [String(any(PRODUCTS)), id], at }))
      .map(({ viewed }) => ({
        viewed,
        items: lists.forVisitor(viewed),
      })),
  ];
});

const has = (customerId: string, id: string): boolean => (orders.get(customerId) ?? []).flat().includes(id);
const buyersOf = (...ids: string[]): number =>
  [...orders.keys()].filter((customerId) => ids.every((id) => has(customerId, id))).length;
const sessionsWith = (...ids: string[]): number =>
  [...Map.groupBy(views, ({ clientId }) => clientId).values()].filter((own) =>
    ids.every((id) => own.some(({ productId }) => productId === id)),
  ).length;

/** Whether a reason is what happened, counted anew from the orders, the views and the catalogue. */
function isTrue({ customerId, beside, viewed }: (typeof shown)[number], { id, reason }: ShownProduct): boolean {
  const own = products[Number(id)]!;
  switch (reason.kind) {
    case "again":
      return (orders.get(customerId ?? "") ?? []).filter((order) => order.includes(id)).length === reason.times;
    case "because_bought":
      return (
        has(customerId ?? "", reason.productId) &&
        !has(customerId ?? "", id) &&
        reason.title === `Product ${reason.productId}` &&
        reason.both === buyersOf(id, reason.productId) &&
        reason.of === buyersOf(reason.productId)
      );
    case "bought_together":
      return (
        [beside, ...(viewed ?? [])].includes(reason.productId) &&
        reason.both >= 3 &&
        reason.both === buyersOf(id, reason.productId) &&
        reason.of === buyersOf(reason.productId)
      );
    case "viewed_together":
      return (
        [beside, ...(viewed ?? [])].includes(reason.productId) &&
        reason.both >= 3 &&
        reason.both === sessionsWith(id, reason.productId) &&
        reason.of === sessionsWith(reason.productId)
      );
    case "popular_in_type":
      return (
        reason.productType === own.productType &&
        isBest(own, reason.orders, ({ productType }) => productType === own.productType)
      );
    case "popular":
      return own.productType === null && isBest(own, reason.orders, () => true);
    case "similar": {
      const other = products[Number(reason.productId)]!;
      return other.productType === own.productType || other.tags[0] === own.tags[0];
    }
    case "new":
      return own.createdAt !== null;
    case "pinned":
      return false;
    case "in_the_shop":
      return true;
  }
}

/** Sold in the week, and among the best quarter. */
function isBest({ id }: Product, orders: number, among: (one: Product) => boolean): boolean {
  const better = products.filter((one) => one.published && among(one) && (week.get(one.id) ?? 0) > orders).length;
  const all = products.filter((one) => one.published && among(one)).length;
  return orders === week.get(id) && orders >= 3 && better < Math.max(3, Math.ceil(all / 4));
}

it("every reason in every list is true, and all kinds of them occur", () => {
  const kinds = new Set<Reason["kind"]>();
  for (const list of shown) {
    expect(list.items).toHaveLength(12);
    for (const item of list.items) {
      kinds.add(item.reason.kind);
      expect({ ...item, isTrue: isTrue(list, item) }).toMatchObject({ isTrue: true });
    }
  }
  expect([...kinds].sort()).toEqual(
    [
      "again",
      "because_bought",
      "bought_together",
      "in_the_shop",
      "new",
      "popular",
      "popular_in_type",
      "similar",
      "viewed_together",
    ].sort(),
  );
});

it("nothing in any list is unpublished or sold out, and nobody is shown what is not for them or what they look at", () => {
  for (const { items, beside, viewed } of shown) {
    for (const { id } of items) {
      expect(products[Number(id)]).toMatchObject({ published: true, inStock: true });
      expect([beside, ...(viewed ?? [])]).not.toContain(id);
    }
  }
  const [first] = lists.forCustomer("7").items;
  lists.setUnwanted(new Map([["7", new Set([first!.id])]]));
  const idsOf = (items: readonly ShownProduct[]) => items.map(({ id }) => id);
  expect(idsOf(lists.forCustomer("7").items)).not.toContain(first!.id);
  const near = String(Number(first!.id) % 20);
  expect(idsOf(lists.forVisitor([near], [], "7"))).not.toContain(first!.id);
  expect(idsOf(lists.forProduct(near, [], "7"))).not.toContain(first!.id);
  lists.setUnwanted(new Map([["7", new Set()]]));
  expect(idsOf(lists.forCustomer("7").items)).toContain(first!.id);
});

it("who is signed in sees nothing of what they bought, unless its kind is bought again and again", () => {
  const shop = (repeats: boolean): ShopLists => {
    const history = emptyHistory();
    for (let who = 0; who < 60; who++) {
      const order = { customerId: String(who), productIds: who % 2 === 0 ? ["0", "4"] : ["8", "12"] };
      const first = { ...order, orderId: `${who} 1`, at: new Date(1) };
      setBaskets(history, String(who), repeats ? [first, { ...first, orderId: `${who} 2`, at: new Date(2) }] : [first]);
    }
    const made = createShopLists(history, countPairsOf(toLog(history).log));
    made.setSurroundings({
      products,
      rules: rulesSchema.parse({}),
      week,
      threshold: 0.8,
      besideProduct: "goes_with",
      exploration: { share: 0, day: "", trials: new Map() },
      measured: [],
      now: NOW,
    });
    return made;
  };
  const idsOf = (items: readonly ShownProduct[]) => items.map(({ id }) => id);
  const [once, often] = [shop(false), shop(true)];
  for (const made of [once, often]) {
    expect(idsOf(made.forProduct("0"))[0]).toBe("4");
    expect(idsOf(made.forVisitor(["0"]))[0]).toBe("4");
  }
  expect(idsOf(once.forProduct("0", [], "2"))).not.toContain("4");
  expect(idsOf(once.forVisitor(["0"], [], "2"))).not.toContain("4");
  expect(idsOf(once.forProduct("0", [], "3"))).toContain("4");
  expect(idsOf(often.forProduct("0", [], "2"))).toContain("4");
});

it("a training listens to sessions of products that are there, whatever else browsers name", () => {
  const sessions = Array.from({ length: 60 }, (_, k) =>
    ["made up", `made up ${k}`, "1", "21"].map((productId, step) => ({
      clientId: `teller ${k}`,
      productId,
      at: new Date(NOW.getTime() + step * 1_000),
    })),
  );
  lists.addViews(sessions.flat());
  const { log, views } = lists.toLearnFrom();
  expect(views?.items).toBe(log.items);
  expect(log.items).toBeLessThanOrEqual(PRODUCTS);
});

it("of a pair that fewer than three people bought no number is told", () => {
  const all = shown.flatMap(({ items, beside }) => (beside ? items.map(({ id }) => buyersOf(id, beside)) : []));
  expect(all.some((both) => both > 0 && both < 3)).toBe(true);
});

it("with other rules the lists are what they would be, and the merchant's own stay", () => {
  const before = lists.forProduct("1");
  const [second] = before.slice(1);
  const other = lists.under(rulesSchema.parse({ slots: 5, pinned: ["60"], hidden: [second!.id] }));
  const tried = other.forProduct("1");
  expect(tried).toHaveLength(5);
  expect(tried[0]).toMatchObject({ id: "60", reason: { kind: "pinned" } });
  expect(tried.map(({ id }) => id)).not.toContain(second!.id);
  expect(other.forCustomer("3").items[0]).toMatchObject({ id: "60" });
  expect(other.forVisitor([])[0]).toMatchObject({ id: "60" });
  expect(lists.forProduct("1")).toEqual(before);
});

it("what is looked at with a product comes before what is bought with it where a training says so, and then every list may differ", () => {
  const { log, historyOf } = lists.toLearnFrom();
  const trained = trainRanking(log, "order", false);
  const teach = (product: readonly number[]): string[] => {
    const places = { product: { weights: product, questions: 1 }, visit: { weights: [1, 1], questions: 1 } };
    return lists.setTraining({ ...trained, blend: { ...trained.blend, places } }, historyOf);
  };
  const looked = Array.from({ length: 10 }, (_, k) =>
    ["2", "61"].map((productId) => ({ clientId: `looker ${k}`, productId, at: NOW })),
  );
  lists.addViews(looked.flat());
  const first = () => lists.forProduct("2")[0];
  expect(first()).toMatchObject({ id: "22", reason: { kind: "bought_together" } });
  expect(teach([1, 1024])).toHaveLength(PRODUCTS);
  expect(first()).toMatchObject({ id: "61", reason: { kind: "viewed_together" } });
  expect(teach([1, 1024])).toEqual([]);
  expect(teach([1, 1 / 1024])).toHaveLength(PRODUCTS);
  expect(first()).toMatchObject({ id: "22" });
});

it("is called popular in its type only what is among the best of it", () => {
  const jackets = Array.from({ length: 20 }, (_, at) => ({ ...product(0), id: String(at), published: true }));
  const orders = new Map(jackets.map(({ id }, at) => [id, at < 5 ? 100 : 4]));
  const reasonOf = createPopularReason(jackets, orders);
  expect(jackets.map((one) => reasonOf(one).kind === "popular_in_type")).toEqual(jackets.map((_, at) => at < 5));
  expect(createPopularReason(jackets, new Map([["0", 2]]))(jackets[0]!)).toEqual({ kind: "in_the_shop" });
});
