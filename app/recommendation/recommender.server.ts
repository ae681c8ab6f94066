import { setImmediate as breathe } from "node:timers/promises";
import type { Db, Sql } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import { readAbsorbed } from "../profile/identity/persons-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { readShop, shopsThere } from "../shopify/shop-store.server.ts";
import type { MeasuredKind } from "./blend/confidence.ts";
import { countAside, trainAside } from "./aside.server.ts";
import { shopsWithChanges, trimChanges } from "./changes-store.server.ts";
import { readTrials, readUnwanted, readUnwantedOf } from "./feedback/feedback-store.server.ts";
import { readMeasuredKinds } from "./holdout/outcomes-store.server.ts";
import { customerSubject, drawArm } from "./holdout/arm.ts";
import { readCustomerArms } from "./holdout/arms-store.server.ts";
import { type ChangeFollower, followChanges } from "./follow-changes.server.ts";
import { type CustomerList, RESERVE } from "./list.ts";
import {
  enqueueAllRecommendations,
  enqueueListing,
  readRules,
  readTrainedAt,
  readTraining,
  waitingCustomers,
  type Waiting,
  writeCustomerLists,
  writePopularList,
  writeProductLists,
  writeTraining,
} from "./lists-store.server.ts";
import {
  catalogueMark,
  countOrdersSince,
  readOrdersAfter,
  readOrdersOf,
  readOrdersOfNobody,
  readProducts,
  withoutProfile,
} from "./purchases-store.server.ts";
import { createReadBehind, type ReadBehind } from "./read-behind.ts";
import { type RecommendationSettings, settingsSchema } from "./settings.ts";
import { readSettings } from "./settings-store.server.ts";
import { addBasket, emptyHistory, ORDER, orderCount, type ShopHistory, toLog } from "./shop-history.ts";
import { readEventsEnd, readViews, shopsWithViews, withoutEvents } from "./views-store.server.ts";
import { lastNight } from "./shop-night.ts";
import { holdTraining, takeTraining } from "./trainings-store.server.ts";
import { createShopLists, type ShopLists, trainable } from "./shop-lists.ts";

export interface RecommenderOptions {
  db: Db;
  log: Log;
  /** Business time: which week is this one. */
  now(): Date;
  /** A training has ended and every list of the shop waits to be made again. */
  onTrained(shop: ShopId): void;
  /** These customers' lists are others now, in the same transaction. */
  onListed?(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void>;
}

export interface Recommender {
  /** The shop's lists in this process, once they have been opened here. */
  listsOf(shop: ShopId): ShopLists | undefined;
  /** The same to try something out with; where this process has none open, as they were a few minutes ago, and nobody else sees them. */
  listsToTry(shop: ShopId): Promise<ShopLists>;
  /**
   * Makes the lists of waiting customers and of the products they touch, and begins a training when one is due; lists go on
   * being made meanwhile. What it writes and what it takes off the queue commit together.
   */
  refresh(shop: ShopId): Promise<void>;
  /**
   * Takes in what happened in the shops that are open here while another process made their lists, so that all of them show the same.
   * For every second or two; the only process has nothing to follow.
   * @param isRipe false: so much is going on in a shop that it would all be taken in again soon
   */
  follow(isRipe: (shop: ShopId) => Promise<boolean>): Promise<void>;
  /** Keeps nothing in memory of shops that were erased: what would tell of it went with them. */
  letGo(): Promise<void>;
  /** Resolves when no training is under way. */
  idle(): Promise<void>;
  /** What is under way stops at the next row and is left in the queue; a training comes to nothing. */
  close(): void;
}

interface Open {
  lists: ShopLists;
  /** Real time. */
  openedAt: number;
  /** Orders the last training knew, and when it was, in real time. */
  trained: { orders: number; at: number; tookMs: number };
  underWay: Promise<void> | null;
  /** What the catalogue and the rules were when they were read, and when, in real time; and when they were last looked at. */
  surroundings: { seen: string; at: number; lookedAt: number };
  settings: RecommendationSettings;
  timeZone: string;
  /** The merchant's rules and settings, as text: every list obeys them. */
  decided: string;
  /** Reading and taking in, and making and writing, one after the other: what is newer must not be overwritten by what is older. */
  turn: Promise<unknown>;
  changes: ChangeFollower;
  views: ReadBehind;
  hasViews: boolean;
  /** The newest training is another process's, and its models are being built here. */
  adopting: Promise<void> | null;
  /** By kind, and when that was read, in real time. */
  measured: { kinds: MeasuredKind[]; at: number };
  /** Products in the list beside each product, as written. */
  written: Map<string, string[]>;
  /** Products whose list may differ from what is written: because something happened, and because of the catalogue or the rules. */
  touched: Set<string>;
  dirty: Set<string>;
  /** Products that are not as customers' written lists have them, and after which customer to go on looking. */
  outdated: { ids: Set<string>; after: string };
}

const CUSTOMERS_AT_ONCE = 50;
const CHANGED_AT_ONCE = 500;
/** People of whom the database is asked whether they are still there. */
const ASKED_AT_ONCE = 5_000;
/** Whoever was away for longer reads everything anew. */
const CHANGES_KEPT_MS = 3_600_000;
/** The catalogue, the rules and trainings of other processes, where none of the shop's lists are made. */
const LOOK_AROUND_MS = 5_000;
const ORDERS_AT_ONCE = 1_000;
const PRODUCTS_AT_ONCE = 100;
const PROFILES_AT_ONCE = 2_000;
const WEEK_MS = 7 * 86_400_000;
/** A training is repeated every night, and sooner when there is twice as much to learn from. */
const GROWTH = 2;
/** A process that is not heard of for so long has died over its training, or failed; then it is another's turn. */
const TURN_MS = 60_000;
const TELL_TURN_MS = 15_000;
/** The week's orders are counted again after this time; a change of the catalogue or the rules is seen at once. */
const SURROUNDINGS_MS = 60_000;
const REST_MS = 60_000;
const MEASURED_MS = 600_000;
const TRIAL_MS = 300_000;
/** How long what was learned of what was shown counts. */
const TRIED_MS = 90 * 86_400_000;
/** Views of so long say what is looked at together; of those that come late, within an hour; and so many are kept in memory. */
const VIEWED_MS = 30 * 86_400_000;
const LATE_MS = 3_600_000;
const OVERLAP = 500;
const VIEWS_AT_ONCE = 200_000;
const VIEWS_EVERY_MS = 1_000;
const TASK = { placement: "order", withoutSeen: false } as const;

export function createRecommender({ db, log, now, onTrained, onListed }: RecommenderOptions): Recommender {
  const open = new Map<ShopId, Promise<Open>>();
  const ready = new Map<ShopId, Open>();
  let closed = false;

  const openShop = async (shop: ShopId): Promise<Open> => {
    // What is not visible yet is told from here on.
    const changes = await followChanges(db, shop);
    const history = await readHistory(db, shop);
    const lists = createShopLists(history, await countAside(toLog(history).log));
    lists.setUnwanted(await readUnwanted(db, shop));
    const training = await readTraining(db, shop);
    const opened: Open = {
      lists,
      openedAt: Date.now(),
      trained: { orders: training?.orders ?? 0, at: training?.trainedAt.getTime() ?? 0, tookMs: 0 },
      underWay: null,
      surroundings: { seen: "", at: 0, lookedAt: 0 },
      settings: settingsSchema.parse({}),
      timeZone: "UTC",
      decided: "",
      turn: Promise.resolve(),
      changes,
      views: createReadBehind(),
      hasViews: false,
      adopting: null,
      measured: { kinds: [], at: 0 },
      written: new Map(),
      touched: new Set(),
      dirty: new Set(),
      outdated: { ids: new Set(), after: "0" },
    };
    await surround(shop, opened);
    await takeViews(shop, opened);
    if (training && trainable(history)) {
      // The blend is known: only the models are built again, and lists wait for them.
      const { historyOf, ...learned } = lists.toLearnFrom();
      setTraining(opened, await trainAside({ ...TASK, ...learned, known: training.blend }), historyOf);
      // What was measured is told in the classes of this training.
      opened.surroundings.seen = "";
      await surround(shop, opened);
    }
    return opened;
  };

  /** @throws what `work` throws; the next one begins all the same. */
  const inTurn = <T>(opened: Open, work: () => Promise<T>): Promise<T> => {
    const done = opened.turn.then(work);
    opened.turn = done.catch(() => {});
    return done;
  };

  const forTrial = new Map<ShopId, Promise<ShopLists>>();
  const listsToTry = async (shop: ShopId): Promise<ShopLists> => {
    const own = ready.get(shop);
    if (own) return own.lists;
    const held = forTrial.get(shop);
    if (held) return held;
    const lists = openShop(shop).then((opened) => opened.lists);
    forTrial.set(shop, lists);
    // What happens meanwhile is not followed, erasures neither: by itself, and not only once something else is tried out.
    setTimeout(() => forTrial.delete(shop), TRIAL_MS).unref();
    lists.catch(() => forTrial.delete(shop));
    return lists;
  };

  /** One that fails keeps its turn until that ends by itself, and is not repeated before. */
  const inOneProcess = async (shop: ShopId, opened: Open, work: () => Promise<void>): Promise<void> => {
    const until = (): Date => new Date(Date.now() + TURN_MS);
    if (!(await takeTraining(db, shop, { now: new Date(), until: until() }))) return;
    const telling = setInterval(() => void holdTraining(db, shop, until()).catch(warn(shop)), TELL_TURN_MS);
    try {
      // Whoever had the turn before may have ended since this process looked: then there is something to adopt.
      const newest = await readTraining(db, shop);
      if (!newest || newest.trainedAt.getTime() <= opened.trained.at) await work();
    } finally {
      clearInterval(telling);
    }
    if (!closed) await holdTraining(db, shop, new Date());
  };

  const train = async (shop: ShopId, opened: Open): Promise<void> => {
    const startedAt = performance.now();
    const { history } = opened.lists;
    const orders = orderCount(history);
    const { historyOf, ...learned } = opened.lists.toLearnFrom();
    const trained = await trainAside({ ...TASK, ...learned });
    if (closed) return;
    setTraining(opened, trained, historyOf);
    const trainedAt = new Date();
    await writeTraining(db, shop, { trainedAt, orders, blend: trained.blend });
    await enqueueAllRecommendations(db, shop, new Date());
    const tookMs = Math.round(performance.now() - startedAt);
    opened.trained = { orders, at: trainedAt.getTime(), tookMs };
    log.info({ shopId: shop, orders, products: history.productOf.length, tookMs }, "recommendations trained");
    onTrained(shop);
  };

  const nightAt = (shop: ShopId, { timeZone }: Open): number => lastNight(new Date(), timeZone, shop).getTime();

  const trainWhenDue = (shop: ShopId, opened: Open): void => {
    const { history } = opened.lists;
    const { orders, at, tookMs } = opened.trained;
    const since = Date.now() - at;
    const due = orderCount(history) >= orders * GROWTH || at < nightAt(shop, opened);
    if (opened.underWay || opened.adopting || !due || since < Math.max(REST_MS, 5 * tookMs) || !trainable(history))
      return;
    opened.underWay = inOneProcess(shop, opened, () => train(shop, opened))
      .catch((error: unknown) => {
        if (!closed) log.warn({ err: error, shopId: shop }, "recommendations not trained");
      })
      .finally(() => (opened.underWay = null));
  };

  /** The personal lists of all processes come of one training. */
  const adoptTraining = async (shop: ShopId, opened: Open): Promise<void> => {
    if (opened.adopting) return opened.adopting;
    const newest = await readTrainedAt(db, shop);
    if (opened.underWay || !newest || newest.getTime() <= opened.trained.at || !trainable(opened.lists.history)) return;
    const adopt = async (): Promise<void> => {
      const training = await readTraining(db, shop);
      if (!training) return;
      const startedAt = performance.now();
      const { historyOf, ...learned } = opened.lists.toLearnFrom();
      setTraining(opened, await trainAside({ ...TASK, ...learned, known: training.blend }), historyOf);
      const tookMs = Math.round(performance.now() - startedAt);
      opened.trained = { orders: training.orders, at: training.trainedAt.getTime(), tookMs };
      // What was measured is told in the classes of this training.
      opened.surroundings.seen = "";
    };
    opened.adopting = adopt().finally(() => (opened.adopting = null));
    return opened.adopting;
  };

  const surround = (shop: ShopId, opened: Open): Promise<void> => inTurn(opened, () => lookAround(shop, opened));

  const lookAround = async (shop: ShopId, opened: Open): Promise<void> => {
    opened.surroundings.lookedAt = Date.now();
    const seen = await catalogueMark(db, shop);
    if (seen === opened.surroundings.seen && Date.now() - opened.surroundings.at < SURROUNDINGS_MS) return;
    const rules = await readRules(db, shop);
    opened.settings = (await readSettings(db, shop)).settings;
    const decided = JSON.stringify([rules, opened.settings]);
    opened.timeZone = (await readShop(db, shop))?.timeZone ?? opened.timeZone;
    const products = await readProducts(db, shop);
    const isFirst = opened.surroundings.at === 0;
    const { changed, near, isSureOfOthers } = opened.lists.setSurroundings({
      products,
      rules,
      week: await countOrdersSince(db, shop, new Date(now().getTime() - WEEK_MS)),
      threshold: opened.settings.threshold,
      besideProduct: opened.settings.strategies.product,
      exploration: {
        share: opened.settings.explorationShare,
        day: now().toISOString().slice(0, 10),
        trials: await readTrials(db, shop, new Date(Date.now() - TRIED_MS)),
      },
      measured: await measuredOf(shop, opened),
      now: now(),
    });
    opened.surroundings = { seen, at: Date.now(), lookedAt: Date.now() };
    for (const id of [...changed, ...near]) opened.dirty.add(id);
    // What changed while no process was looking is not known: then whatever cannot be sold is looked for.
    const outdated = isFirst
      ? products.filter((one) => !one.published || (rules.onlyInStock && !one.inStock)).map(({ id }) => id)
      : changed;
    for (const id of outdated) opened.outdated.ids.add(id);
    if (outdated.length > 0) opened.outdated.after = "0";
    if (decided !== opened.decided) {
      for (const id of opened.lists.productIds()) opened.dirty.add(id);
      if (opened.decided !== "") await enqueueAllRecommendations(db, shop, new Date());
      opened.decided = decided;
    } else if (isSureOfOthers && ready.get(shop) === opened) {
      // E-mails and destinations hold what was written, and follow what the storefront shows.
      await enqueueAllRecommendations(db, shop, new Date());
    }
    const gone = new Set(changed);
    for (const [id, shown] of opened.written) if (shown.some((one) => gone.has(one))) opened.dirty.add(id);
  };

  /** What came of the lists that were shown; it grows by the day, and is read anew every few minutes. */
  const measuredOf = async (shop: ShopId, opened: Open): Promise<MeasuredKind[]> => {
    const leadEnds = opened.lists.leadEnds();
    if (leadEnds === null || opened.settings.holdoutShare === 0) return [];
    if (Date.now() - opened.measured.at < MEASURED_MS) return opened.measured.kinds;
    const since = new Date(Date.now() - TRIED_MS);
    const { home, collection } = opened.settings.strategies;
    const places = (["home", "collection"] as const).filter((place) => ({ home, collection })[place] === "personal");
    opened.measured = { kinds: await readMeasuredKinds(db, shop, since, leadEnds, places), at: Date.now() };
    return opened.measured.kinds;
  };

  /** Views since the last look; one that was begun earlier and recorded later is told again until it cannot come any more. */
  const takeViews = (shop: ShopId, opened: Open): Promise<void> =>
    inTurn(opened, async () => {
      const end = await readEventsEnd(db);
      const after = opened.views.after();
      const views = await readViews(db, shop, {
        since: new Date(now().getTime() - (opened.hasViews ? LATE_MS : VIEWED_MS)),
        afterId: Math.max(0, after - OVERLAP),
        limit: VIEWS_AT_ONCE,
      });
      for (const id of opened.lists.addViews(views)) opened.touched.add(id);
      opened.views.advance(end);
      opened.hasViews = true;
    });

  /**
   * What everybody bought and does not want who changed since the last look, whichever process makes their lists.
   * @returns false: that is not known any more, and the shop has to be opened anew.
   */
  const takeChanges = (shop: ShopId, opened: Open): Promise<boolean> =>
    inTurn(opened, () =>
      opened.changes.take(async ({ customerIds: changed, orderIds, isErased }) => {
        const { lists } = opened;
        const gone = isErased ? await amongMany(lists.people(), (ids) => withoutProfile(db, shop, ids)) : [];
        const customerIds = [...new Set([...changed, ...gone])];
        for (let at = 0; at < customerIds.length && !closed; at += CHANGED_AT_ONCE) {
          const ids = customerIds.slice(at, at + CHANGED_AT_ONCE);
          lists.setUnwanted(await readUnwantedOf(db, shop, ids));
          const orders = Map.groupBy(await readOrdersOf(db, shop, ids), ({ customerId }) => customerId);
          for (const id of ids) {
            for (const product of lists.setCustomer(id, orders.get(id) ?? [])) opened.touched.add(product);
            await breathe();
          }
        }
        const orders = new Map((await readOrdersOfNobody(db, shop, orderIds)).map((one) => [one.orderId, one]));
        for (const id of orderIds) {
          const order = orders.get(id);
          for (const product of lists.setCustomer(`${ORDER}${id}`, order ? [order] : [])) opened.touched.add(product);
        }
        if (!isErased) return;
        const left = await amongMany(lists.visitors(), (ids) => withoutEvents(db, shop, ids));
        for (const product of lists.forgetVisitors(left)) opened.touched.add(product);
      }),
    );

  const amongMany = async (all: readonly string[], find: (ids: string[]) => Promise<string[]>): Promise<string[]> => {
    const found: string[] = [];
    for (let at = 0; at < all.length && !closed; at += ASKED_AT_ONCE)
      found.push(...(await find(all.slice(at, at + ASKED_AT_ONCE))));
    return found;
  };

  /** Customers' lists that hold what is sold out, gone or different now wait to be made again. @returns whether that is all of them. */
  const lookForOutdated = async (shop: ShopId, { outdated }: Open): Promise<boolean> => {
    if (outdated.ids.size === 0) return true;
    const { after } = outdated;
    const last = await enqueueListing(db, shop, [...outdated.ids], { after, limit: PROFILES_AT_ONCE, now: new Date() });
    outdated.after = last ?? "0";
    if (last === null) outdated.ids.clear();
    return last === null;
  };

  const listsOfCustomers = async (
    shop: ShopId,
    opened: Open,
    waiting: readonly Waiting[],
  ): Promise<(Waiting & { list: CustomerList })[]> => {
    const ids = waiting.map(({ customerId }) => customerId);
    const { holdoutShare: share } = opened.settings;
    const arms = share === 0 ? new Map() : await readCustomerArms(db, shop, ids);
    const isHeldOut = (id: string): boolean =>
      share > 0 && (arms.get(id) ?? drawArm(shop, customerSubject(id), share)) === "held_out";
    const lists: (Waiting & { list: CustomerList })[] = [];
    for (const one of waiting) {
      lists.push({ ...one, list: opened.lists.forCustomer(one.customerId, [], isHeldOut(one.customerId)) });
      await breathe();
    }
    return lists;
  };

  const refreshProducts = async (shop: ShopId, opened: Open, of: ReadonlySet<string>): Promise<void> => {
    const ids = [...of];
    for (let at = 0; at < ids.length && !closed; at += PRODUCTS_AT_ONCE) {
      // In turn, so that nothing touches a product between its list and the end of its being touched.
      await inTurn(opened, () => writeLists(shop, opened, ids.slice(at, at + PRODUCTS_AT_ONCE)));
    }
  };

  const writeLists = async (shop: ShopId, opened: Open, productIds: readonly string[]): Promise<void> => {
    const lists: Parameters<typeof writeProductLists>[2][number][] = [];
    for (const productId of productIds) {
      lists.push({ productId, items: opened.lists.forProduct(productId) });
      await breathe();
    }
    await writeProductLists(db, shop, lists, new Date());
    for (const { productId, items } of lists) {
      opened.touched.delete(productId);
      opened.dirty.delete(productId);
      opened.written.set(
        productId,
        items.map(({ id }) => id),
      );
    }
  };

  const openAt = async (shop: ShopId): Promise<Open> => {
    const opening = open.get(shop) ?? openShop(shop);
    open.set(shop, opening);
    opening.catch(() => open.delete(shop));
    const opened = await opening;
    ready.set(shop, opened);
    return opened;
  };

  const openAnew = async (shop: ShopId, opened: Open): Promise<Open> => {
    const held = open.get(shop);
    if (held && (await held) === opened && open.get(shop) === held) open.delete(shop);
    return openAt(shop);
  };

  const warn = (shop: ShopId) => (error: unknown) => {
    if (!closed) log.warn({ err: error, shopId: shop }, "changes not followed");
  };

  const followShop = async (shop: ShopId, opened: Open, news: { changes: boolean; views: boolean }): Promise<void> => {
    // What takes long is not waited for: there are other shops.
    if (news.changes && !(await takeChanges(shop, opened))) return void openAnew(shop, opened).catch(warn(shop));
    if (news.views) await takeViews(shop, opened);
    if (Date.now() - opened.surroundings.lookedAt > LOOK_AROUND_MS) {
      await surround(shop, opened);
      void adoptTraining(shop, opened).catch(warn(shop));
    }
    // Another process may have written these before it knew what this one knows.
    await refreshProducts(shop, opened, opened.touched);
  };

  const allViews = createReadBehind();

  return {
    listsOf: (shop) => ready.get(shop)?.lists,
    listsToTry,
    async refresh(shop) {
      let opened = await openAt(shop);
      // Before the catalogue: what is popular is counted with it.
      if (!(await takeChanges(shop, opened))) opened = await openAnew(shop, opened);
      await surround(shop, opened);
      await adoptTraining(shop, opened);
      for (let lookedAt = -Infinity; !closed;) {
        // To make everybody's list again takes long; what happens meanwhile is taken in all the same.
        if (performance.now() - lookedAt > VIEWS_EVERY_MS) {
          lookedAt = performance.now();
          await takeViews(shop, opened);
          await refreshProducts(shop, opened, opened.touched);
        }
        const isLookedThrough = await lookForOutdated(shop, opened);
        const waiting = await waitingCustomers(db, shop, CUSTOMERS_AT_ONCE + 1);
        // After the queue: whoever waits in it is among those who changed.
        if (!(await takeChanges(shop, opened))) opened = await openAnew(shop, opened);
        if (waiting.length === 0 && isLookedThrough) break;
        if (waiting.length === 0) continue;
        const fresh = waiting.filter(({ again }) => !again);
        const lists = await listsOfCustomers(
          shop,
          opened,
          (fresh.length > 0 ? fresh : waiting).slice(0, CUSTOMERS_AT_ONCE),
        );
        // The last customers stay in the queue until the products they touched are written: an empty queue means all is done.
        if (fresh.length <= CUSTOMERS_AT_ONCE) await refreshProducts(shop, opened, opened.touched);
        if (waiting.length <= CUSTOMERS_AT_ONCE) await refreshProducts(shop, opened, opened.dirty);
        await db.tx(async (tx) => {
          const changed = await writeCustomerLists(tx, shop, lists);
          if (changed.length > 0) await onListed?.(tx, shop, changed);
        });
      }
      trainWhenDue(shop, opened);
      // Every night everything is read again: no error lives longer than that.
      if (opened.openedAt < nightAt(shop, opened) && !opened.underWay) {
        open.delete(shop);
        // A training makes every list again; where there is none, what was popular last month would be called so in e-mails for ever.
        if (!trainable(opened.lists.history)) await enqueueAllRecommendations(db, shop, new Date());
      }
      await refreshProducts(shop, opened, opened.touched.union(opened.dirty));
      if (closed) return;
      const rules = await readRules(db, shop);
      const popular = opened.lists.under({ ...rules, slots: rules.slots + RESERVE }).forVisitor([]);
      await writePopularList(db, shop, popular, new Date());
      await trimChanges(db, shop, new Date(Date.now() - CHANGES_KEPT_MS));
    },
    async follow(isRipe) {
      const shops = [...ready];
      if (shops.length === 0) return;
      const ids = shops.map(([shop]) => shop);
      const end = await readEventsEnd(db);
      const isFirst = allViews.after() === 0;
      const viewed = new Set(isFirst ? ids : await shopsWithViews(db, ids, Math.max(0, allViews.after() - OVERLAP)));
      const positions = shops.map(([shop, { changes }]) => ({ shop, from: changes.from() }));
      const changed = new Set(await shopsWithChanges(db, positions));
      for (const [shop, opened] of shops) {
        if (closed) return;
        const news = { changes: changed.has(shop) && (await isRipe(shop)), views: viewed.has(shop) };
        await followShop(shop, opened, news).catch(warn(shop));
      }
      allViews.advance(end);
    },
    async letGo() {
      const held = [...open.keys()];
      const there = new Set(held.length === 0 ? [] : await shopsThere(db, held));
      for (const shop of held) if (!there.has(shop)) for (const kept of [open, ready]) kept.delete(shop);
    },
    async idle() {
      await Promise.all([...ready.values()].map(({ underWay }) => underWay));
    },
    close() {
      closed = true;
    },
  };
}

function setTraining({ lists, dirty }: Open, ...training: Parameters<ShopLists["setTraining"]>): void {
  for (const id of lists.setTraining(...training)) dirty.add(id);
}

async function readHistory(db: Db, shop: ShopId): Promise<ShopHistory> {
  const history = emptyHistory();
  const absorbed = await readAbsorbed(db, shop);
  for (let after = "-1"; ;) {
    const page = await readOrdersAfter(db, shop, after, ORDERS_AT_ONCE);
    for (const basket of page) {
      const { customerId, orderId } = basket;
      addBasket(history, customerId === null ? `${ORDER}${orderId}` : (absorbed.get(customerId) ?? customerId), basket);
    }
    const last = page.at(-1);
    if (!last) return history;
    after = last.orderId;
  }
}
