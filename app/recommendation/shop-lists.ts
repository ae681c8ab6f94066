import { type Exploration, explore, isNew } from "./exploration.ts";
import type { CustomerList, Entry } from "./list.ts";
import { toShown } from "./list.ts";
import { type Confidence, confidenceOf, type MeasuredKind, withMeasured } from "./blend/confidence.ts";
import { type CountedPairs, createLiveCounts, type LiveCounts } from "./live-counts.ts";
import { createLiveSessions, type Neighbour, type View } from "./live-sessions.ts";
import { type HistoryLog, pastOf } from "./history-log.ts";
import { fuse } from "./blend/fuse.ts";
import { type Place, type PlaceWeights, USUAL_WEIGHTS } from "./blend/place-weights.ts";
import { createContentLikeness } from "./models/content.ts";
import { createPopularReason } from "./popular-reason.ts";
import type { Product } from "./product.ts";
import { createRanker, type TrainedRanking } from "./ranker.ts";
import type { Reason } from "./reason.ts";
import type { Ranked } from "./blend/rank.ts";
import { applyRules, isAllowed, type Rules } from "./rules.ts";
import {
  itemBaskets,
  orderCount,
  setBaskets,
  toLog,
  toViewLog,
  ORDER,
  type OrderedBasket,
  type ShopHistory,
} from "./shop-history.ts";
import type { ShownProduct } from "./list.ts";

/** Candidates that the rules choose from. */
const CANDIDATES = 60;
/** Of those from people, so many need no likeness of what they are beside them. */
const ENOUGH = 24;
/** Sessions with two products and more from which a training listens to them. */
const ENOUGH_SESSIONS = 50;
/** Popular products that fill a list. */
const POPULAR_ENTRIES = 200;
/** Of those of one type, so many stand beside a product of it before all others. */
const POPULAR_OF_TYPE = 12;
/** With fewer people behind it a number beside a product would tell everybody what one of them bought. */
const FEWEST = 3;
/** Of the sessions with one product so many have the other: less is not often. */
const OFTEN = 0.05;
/** Share of its buyers that bought it again from which a product, or a type, is consumable; and buyers it takes to know. */
const CONSUMABLE = 0.03;
const ENOUGH_BUYERS = 20;

/** The catalogue, the merchant's rules and the week: what changes without any customer doing something. */
export interface Surroundings {
  products: readonly Product[];
  rules: Rules;
  /** Orders of the last seven days by product id. */
  week: ReadonlyMap<string, number>;
  /** Confidence from which the personal list is shown. */
  threshold: number;
  /** What stands beside a product. */
  besideProduct: "goes_with" | "similar" | "popular";
  exploration: Exploration;
  /** What came of showing lists to people of each kind. */
  measured: readonly MeasuredKind[];
  /** Business time. */
  now: Date;
}

/** What is shown, by one set of rules. */
interface Lists {
  /** @param cart product ids @param heldOut shown the fallback, however sure the personal list is */
  forCustomer(customerId: string, cart?: readonly string[], heldOut?: boolean): CustomerList;
  /** Beside a product. @param customerId who sees nothing of what they bought already or do not want; null: anybody */
  forProduct(productId: string, cart?: readonly string[], customerId?: string | null): ShownProduct[];
  /** For what somebody looked at in this session, the newest last. @param customerId as above */
  forVisitor(viewed: readonly string[], cart?: readonly string[], customerId?: string | null): ShownProduct[];
}

/** One shop's lists, in memory: fresh with every call of `setCustomer`, and as good as the last training. */
export interface ShopLists extends Lists {
  readonly history: ShopHistory;
  /**
   * @returns ids of the products that are new, gone or different, and of those that go with them; and whether what was measured brings
   * some kind of customer to the other side of the threshold.
   */
  setSurroundings(surroundings: Surroundings): { changed: string[]; near: string[]; isSureOfOthers: boolean };
  /**
   * From now on personal lists are those of this training; `historyOf` says whose its histories are.
   * @returns product ids whose lists may differ now.
   */
  setTraining(trained: TrainedRanking, historyOf: ReadonlyMap<string, number>): string[];
  /** Takes in what visitors looked at. @returns product ids whose lists may differ now. */
  addViews(views: readonly View[]): string[];
  /** Everybody whose orders, wishes or training history are in memory. */
  people(): string[];
  /** Browsers whose sessions are in memory. */
  visitors(): string[];
  /** Forgets what these browsers looked at. @returns product ids whose lists may differ now. */
  forgetVisitors(clientIds: readonly string[]): string[];
  /** Puts a customer's orders in the place of what was known of them. @returns product ids whose lists may differ now. */
  setCustomer(customerId: string, baskets: readonly OrderedBasket[]): string[];
  /** What customers said is not for them, by customer: it is in none of their lists. Of others nothing changes. */
  setUnwanted(unwanted: ReadonlyMap<string, ReadonlySet<string>>): void;
  /** The lists there would be if the merchant's rules were these. */
  under(rules: Rules): Lists;
  /** The merchant's lists, made longer where they are shorter than this: for a place that has room for more. */
  atLeast(slots: number): Lists;
  productIds(): string[];
  /**
   * What a training learns from: the orders' log, which history of it is whose, and sessions over the same items; null while they are few.
   */
  toLearnFrom(): { log: HistoryLog; historyOf: Map<string, number>; views: HistoryLog | null };
  /** Ends of the classes of lead in which confidence is told; null before a training. */
  leadEnds(): readonly number[] | null;
}

/**
 * Until a training is set every customer's list is the fallback.
 * @param counted the pairs of the history's log
 */
export function createShopLists(history: ShopHistory, counted: CountedPairs): ShopLists {
  // Which product got which number depends on who was told of it first, and equal scores must not.
  const byProduct = (a: number, b: number): number => (history.productOf[a]! < history.productOf[b]! ? -1 : 1);
  const live: LiveCounts = createLiveCounts(counted, byProduct);
  const sessions = createLiveSessions();
  const again = countRepeaters(history);
  let training: {
    ask: ReturnType<typeof createRanker>;
    historyOf: Map<string, number>;
    items: number;
    replayed: Confidence;
    places: PlaceWeights | undefined;
  } | null = null;
  /** Replayed and measured. */
  let sureness: Confidence | null = null;
  let around: Surroundings | null = null;
  let byId = new Map<string, Product>();
  let popular: Entry[] = [];
  let popularOfType = new Map<string, Entry[]>();
  let popularReason: (product: Product) => Reason = () => ({ kind: "in_the_shop" });
  const unwantedBy = new Map<string, ReadonlySet<string>>();
  let alike: ReturnType<typeof createContentLikeness> | null = null;
  let isConsumable: (product: Product) => boolean = () => true;
  /** Products to be tried out. */
  let fresh: Entry[] = [];

  const productOfItem = (item: number): Product | undefined => byId.get(history.productOf[item] ?? "");

  const fused = (place: Place, ...rankings: Entry[][]): Entry[] =>
    fuse(rankings, training?.places?.[place].weights ?? USUAL_WEIGHTS[place], ({ product }) => product.id);

  /** What goes with one product: by what was bought with it and looked at with it, and where that is little, by what is like it. */
  const besideOne = (productId: string): Entry[] => {
    const bought = boughtWith([productId]);
    const known = fused("product", bought, viewedTogether(productId));
    return bought.length >= ENOUGH ? known : [...known, ...similarTo([productId])];
  };

  /** What goes with some products, the strongest first: bought by the same people, or alike by what it is. */
  const beside = (productIds: readonly string[]): Entry[] => {
    const found = boughtWith(productIds);
    if (found.length >= ENOUGH) return found;
    // What people buy together says more than what they look at, and that more than what things are.
    return [...found, ...productIds.slice(0, 3).flatMap(viewedTogether), ...similarTo(productIds)];
  };

  const boughtWith = (productIds: readonly string[]): Entry[] => {
    const found: (Entry & { score: number })[] = [];
    productIds.forEach((productId, age) => {
      const item = history.itemOf.get(productId);
      const own = byId.get(productId);
      if (item === undefined || !own) return;
      for (const { item: other, both, of, score } of live.related(item, CANDIDATES)) {
        const product = productOfItem(other);
        if (!product) continue;
        const reason: Reason =
          both < FEWEST ? popularReason(product) : { kind: "bought_together", productId, title: own.title, both, of };
        found.push({ product, reason, score: score * 0.8 ** age });
      }
    });
    return found.sort((a, b) => b.score - a.score);
  };

  /** What sessions like this one looked at, the newest product last. */
  const viewedWith = (viewed: readonly string[]): Entry[] =>
    asViewed(viewed.at(-1) ?? "", sessions.neighbours(viewed, CANDIDATES));

  const viewedTogether = (productId: string): Entry[] => asViewed(productId, sessions.related(productId, CANDIDATES));

  const asViewed = (productId: string, found: readonly Neighbour[]): Entry[] => {
    const title = byId.get(productId)?.title ?? "";
    return found.flatMap(({ productId: id, both, of }): Entry[] => {
      const product = byId.get(id);
      if (!product) return [];
      // Beside an older product of the session it has no reason that could be counted.
      const isOften = both >= FEWEST && both >= of * OFTEN;
      const reason: Reason = isOften ? { kind: "viewed_together", productId, title, both, of } : popularReason(product);
      return [{ product, reason }];
    });
  };

  const similarTo = (productIds: readonly string[]): Entry[] =>
    productIds.slice(0, 3).flatMap((productId) => {
      const title = byId.get(productId)?.title ?? "";
      alike ??= createContentLikeness([...byId.values()]);
      return alike(productId, 20)
        .filter(({ likeness }) => likeness >= 0.25)
        .map(({ product }): Entry => ({ product, reason: { kind: "similar", productId, title } }));
    });

  /** @param own rules other than the merchant's @param tryIn the list's name where a new product may be tried out in it */
  const cut = (
    own: Rules | null,
    ranked: readonly Entry[],
    {
      barred,
      bought = new Set(),
      tryIn,
    }: { barred: readonly string[]; bought?: ReadonlySet<string>; tryIn: string | null },
  ): ShownProduct[] => {
    if (!around) return [];
    const rules = own ?? around.rules;
    const pins = rules.pinned.flatMap((id): Entry[] => {
      const product = byId.get(id);
      return product ? [{ product, reason: { kind: "pinned" } }] : [];
    });
    const given = { rules, barred: new Set(barred), bought, isConsumable };
    const list = applyRules({ ranked: [...pins, ...ranked, ...popular.slice(0, POPULAR_ENTRIES)], ...given });
    // Seldom, and it costs: the whole catalogue is looked through before a slot stays empty.
    const full = list.length === rules.slots || popular.length <= POPULAR_ENTRIES;
    const whole = full ? list : applyRules({ ranked: [...pins, ...ranked, ...popular], ...given });
    if (tryIn === null || fresh.length === 0) return whole.map(toShown);
    const candidates = fresh.filter(({ product }) => isAllowed(product, given));
    return explore(whole, around.exploration, { candidates, listName: tryIn, rules }).map(toShown);
  };

  const reasonFor = (item: number, product: Product, baskets: readonly number[][]): Reason => {
    const times = baskets.filter((basket) => basket.includes(item)).length;
    if (times > 0) return { kind: "again", times };
    let best: { reason: Reason; score: number } | null = null;
    const recent = [...new Set(baskets.toReversed().flat())].slice(0, 20);
    for (const [age, from] of recent.entries()) {
      const link = relatedOf(from).get(item);
      const own = productOfItem(from);
      if (!link || !own) continue;
      const score = link.score * 0.9 ** age;
      if (best && best.score >= score) continue;
      best = {
        score,
        reason: { kind: "because_bought", productId: own.id, title: own.title, both: link.both, of: link.of },
      };
    }
    return best?.reason ?? popularReason(product);
  };

  // Within one answer the rows of the same few items are asked for again and again.
  let rows = new Map<number, Map<number, { both: number; of: number; score: number }>>();
  const relatedOf = (item: number) => {
    const kept = rows.get(item) ?? new Map(live.related(item, 200).map((one) => [one.item, one]));
    rows.set(item, kept);
    return kept;
  };

  /** Products that somebody bought, and those that are not for them. */
  const hadBy = (customerId: string | null): { bought: Set<string>; unwanted: Iterable<string> } => {
    if (customerId === null) return { bought: new Set(), unwanted: [] };
    const items = itemBaskets(history, customerId).flat();
    return {
      bought: new Set(items.flatMap((item) => history.productOf[item] ?? [])),
      unwanted: unwantedBy.get(customerId) ?? [],
    };
  };

  /** @param rules null: the merchant's */
  const listsUnder = (rules: Rules | null): Lists => ({
    forCustomer(customerId, cart = [], heldOut = false) {
      const baskets = itemBaskets(history, customerId);
      const { bought, unwanted } = hadBy(customerId);
      const barred = [...cart, ...unwanted];
      const ranked = training && rankFor(training, customerId, baskets, CANDIDATES + Math.min(bought.size, 200));
      const kind = ranked?.kind ?? null;
      const confidence = kind && sureness && confidenceOf(sureness, kind);
      const tryIn = `customer ${customerId}`;
      if (heldOut || !ranked || !around || confidence === null || confidence < around.threshold) {
        const items = cut(rules, [], { barred, bought, tryIn: heldOut ? null : tryIn });
        return { personal: false, confidence, kind, items };
      }
      rows = new Map();
      const entries = Array.from(ranked.items).flatMap((item): Entry[] => {
        const product = productOfItem(item);
        return product ? [{ product, reason: reasonFor(item, product, baskets) }] : [];
      });
      return { personal: true, confidence, kind, items: cut(rules, entries, { barred, bought, tryIn }) };
    },
    forProduct(productId, cart = [], customerId = null) {
      const ranked = {
        goes_with: () => besideOne(productId),
        similar: () => similarTo([productId]),
        popular: () => [],
      }[around?.besideProduct ?? "goes_with"]();
      const ofType = popularOfType.get(byId.get(productId)?.productType ?? "") ?? [];
      const own = hadBy(customerId);
      const barred = [productId, ...cart, ...own.unwanted];
      return cut(rules, [...ranked, ...ofType], { barred, bought: own.bought, tryIn: `product ${productId}` });
    },
    forVisitor(viewed, cart = [], customerId = null) {
      const ranked = fused("visit", viewedWith(viewed), beside(viewed.toReversed().slice(0, 5)));
      const own = hadBy(customerId);
      return cut(rules, ranked, {
        barred: [...viewed, ...cart, ...own.unwanted],
        bought: own.bought,
        // The popular list is what those who are held out see: nothing is tried out in it.
        tryIn: viewed.length === 0 ? null : `viewed ${viewed.join()}`,
      });
    },
  });

  const own = listsUnder(null);

  return {
    history,
    productIds: () => [...byId.keys()],
    toLearnFrom() {
      // A browser may name what it likes: only products that are there count.
      const known = sessions.sessions().map((products) => products.filter((id) => byId.has(id)));
      const together = known.filter((products) => products.length > 1);
      // Products that were only looked at are items of both logs.
      const views = together.length < ENOUGH_SESSIONS ? null : toViewLog(history, together);
      return { ...toLog(history), views };
    },
    leadEnds: () => training?.replayed.leadEnds ?? null,
    setSurroundings(next) {
      const before = byId;
      const wereSure = kindsAbove(sureness, next.threshold);
      around = next;
      sureness = training && withMeasured(training.replayed, next.measured);
      byId = new Map(next.products.map((product) => [product.id, product]));
      alike = null;
      isConsumable = createConsumable(next.products, again, history);
      popularReason = createPopularReason(next.products, next.week);
      popular = next.products
        .map((product): Entry => ({ product, reason: popularReason(product) }))
        .sort(
          (a, b) =>
            (next.week.get(b.product.id) ?? 0) - (next.week.get(a.product.id) ?? 0) ||
            buyersOf(b.product.id) - buyersOf(a.product.id) ||
            (a.product.id < b.product.id ? -1 : 1),
        );
      popularOfType = bestOfTypes(popular);
      fresh = next.products
        .filter((product) => isNew(product, buyersOf(product.id), next.exploration.trials, next.now))
        .map((product): Entry => ({ product, reason: { kind: "new" } }));
      const same = (id: string) => JSON.stringify(before.get(id)) === JSON.stringify(byId.get(id));
      const changed = [...new Set([...before.keys(), ...byId.keys()])].filter((id) => !same(id));
      const near = changed.flatMap((id) => {
        const item = history.itemOf.get(id);
        return item === undefined ? [] : live.related(item, CANDIDATES).map((one) => history.productOf[one.item] ?? "");
      });
      return { changed, near, isSureOfOthers: wereSure !== kindsAbove(sureness, next.threshold) };
    },
    setTraining(trained, historyOf) {
      const replayed = trained.blend.confidence;
      // Who was erased meanwhile is not remembered by name.
      const those = new Map([...historyOf].filter(([key]) => history.baskets.has(key)));
      const { places } = trained.blend;
      const isSame = JSON.stringify(places) === JSON.stringify(training?.places);
      training = { ask: createRanker(trained), historyOf: those, items: trained.models.log.items, replayed, places };
      sureness = withMeasured(replayed, around?.measured ?? []);
      return isSame ? [] : [...byId.keys()];
    },
    addViews(views) {
      return sessions.add(views).filter((id) => byId.has(id));
    },
    people() {
      const known = [...history.baskets.keys(), ...unwantedBy.keys(), ...(training?.historyOf.keys() ?? [])];
      return [...new Set(known)].filter((key) => !key.startsWith(ORDER));
    },
    visitors: () => sessions.clients(),
    forgetVisitors: (clientIds) => sessions.forget(new Set(clientIds)).filter((id) => byId.has(id)),
    setCustomer(customerId, baskets) {
      if (baskets.length === 0) training?.historyOf.delete(customerId);
      // An order that had no customer when it was read is theirs now, and counts once.
      for (const { orderId } of baskets) {
        const alone = itemBaskets(history, `${ORDER}${orderId}`).flat();
        if (alone.length === 0 || customerId === `${ORDER}${orderId}`) continue;
        setBaskets(history, `${ORDER}${orderId}`, []);
        countRepeats(again, alone, -1);
        live.replace(alone, []);
      }
      const before = itemBaskets(history, customerId).flat();
      setBaskets(history, customerId, baskets);
      const after = itemBaskets(history, customerId).flat();
      if (before.join() === after.join()) return [];
      countRepeats(again, before, -1);
      countRepeats(again, after, 1);
      live.replace(before, after);
      rows = new Map();
      return [...new Set([...before, ...after])].flatMap((item) => history.productOf[item] ?? []);
    },
    setUnwanted(unwanted) {
      for (const [customerId, productIds] of unwanted) {
        if (productIds.size === 0) unwantedBy.delete(customerId);
        else unwantedBy.set(customerId, productIds);
      }
    },
    under: listsUnder,
    atLeast: (slots) => (around && slots > around.rules.slots ? listsUnder({ ...around.rules, slots }) : own),
    ...own,
  };

  /** A product that is newer than the training is unknown to the models: its baskets count without it. */
  function rankFor(
    { ask, historyOf, items }: NonNullable<typeof training>,
    customerId: string,
    baskets: readonly number[][],
    n: number,
  ): Ranked | null {
    const past = baskets.map((basket) => basket.filter((item) => item < items)).filter((basket) => basket.length > 0);
    return past.length === 0 ? null : ask({ past: pastOf(past), history: historyOf.get(customerId) ?? -1 }, n);
  }

  function buyersOf(productId: string): number {
    const item = history.itemOf.get(productId);
    return item === undefined ? 0 : live.buyers(item);
  }
}

/** Which kinds of customers are shown the personal list. */
function kindsAbove(confidence: Confidence | null, threshold: number): string {
  return confidence?.rates.map((rate) => Number(rate >= threshold)).join("") ?? "";
}

/** Whether a shop's orders are worth a training, and how many there are. */
export function trainable(history: ShopHistory): boolean {
  return orderCount(history) >= 50 && history.productOf.length >= 10;
}

/** By type what may be called popular in it, the best first. */
function bestOfTypes(popular: readonly Entry[]): Map<string, Entry[]> {
  const best = new Map<string, Entry[]>();
  for (const entry of popular) {
    if (entry.reason.kind !== "popular_in_type") continue;
    const ofType = best.get(entry.reason.productType) ?? [];
    if (ofType.length < POPULAR_OF_TYPE) ofType.push(entry);
    best.set(entry.reason.productType, ofType);
  }
  return best;
}

/** By item: customers who bought it, and who bought it in two orders or more. */
type Repeaters = { buyers: number; repeaters: number }[];

function countRepeaters(history: ShopHistory): Repeaters {
  const counts: Repeaters = [];
  for (const key of history.baskets.keys()) countRepeats(counts, itemBaskets(history, key).flat(), 1);
  return counts;
}

/** @param bought one customer's, an item once for each order */
function countRepeats(counts: Repeaters, bought: readonly number[], by: 1 | -1): void {
  const times = new Map<number, number>();
  for (const item of bought) times.set(item, (times.get(item) ?? 0) + 1);
  for (const [item, often] of times) {
    const count = (counts[item] ??= { buyers: 0, repeaters: 0 });
    count.buyers += by;
    if (often > 1) count.repeaters += by;
  }
}

/** By its type; a product without one by itself, and with few buyers by the whole shop. */
function createConsumable(
  products: readonly Product[],
  counts: Repeaters,
  history: ShopHistory,
): (product: Product) => boolean {
  const sum = new Map<string, { buyers: number; repeaters: number }>();
  const add = (key: string, count: { buyers: number; repeaters: number }): void => {
    const kept = sum.get(key) ?? { buyers: 0, repeaters: 0 };
    sum.set(key, { buyers: kept.buyers + count.buyers, repeaters: kept.repeaters + count.repeaters });
  };
  for (const product of products) {
    const count = counts[history.itemOf.get(product.id) ?? -1];
    if (!count) continue;
    add("shop", count);
    add(keyOf(product), count);
  }
  const rate = (key: string): number | null => {
    const count = sum.get(key);
    return count && count.buyers >= ENOUGH_BUYERS ? count.repeaters / count.buyers : null;
  };
  const ofShop = rate("shop") ?? 0;
  return (product) => (rate(keyOf(product)) ?? ofShop) >= CONSUMABLE;
}

function keyOf({ id, productType }: Product): string {
  return productType ? `type ${productType}` : `product ${id}`;
}
