import { historyLog } from "./history-log.ts";
import { countPairsOf, createLiveCounts } from "./live-counts.ts";

/** A product that somebody looked at. */
export interface View {
  /** The browser. */
  clientId: string;
  productId: string;
  at: Date;
}

export interface Neighbour {
  productId: string;
  /** Sessions with this product and the newest one that was asked about; and all with that one. */
  both: number;
  of: number;
}

/** Sessions of visitors, newest first to count, that follow every view at once. */
export interface LiveSessions {
  /** The same view again changes nothing. @returns products whose neighbours are others now. */
  add(views: readonly View[]): string[];
  /** What sessions like this one held besides, the likeliest first. @param viewed product ids of the session, the newest last */
  neighbours(viewed: readonly string[], keep: number): Neighbour[];
  /** What is looked at together with a product, more than chance makes it, the strongest first: item to item by shrunk cosine. */
  related(productId: string, keep: number): Neighbour[];
  /** Browsers whose sessions are known. */
  clients(): string[];
  /** Drops the sessions of these browsers. @returns products whose neighbours are others now. */
  forget(clientIds: ReadonlySet<string>): string[];
  /** The products of each session. */
  sessions(): readonly (readonly string[])[];
}

/** A longer pause begins a new session, as Shopify's own sessions do. */
const PAUSE_MS = 30 * 60_000;
/** Of a product so many of the newest sessions are looked at; of a session so many products are kept; and sessions in all. */
const NEWEST = 500;
const LONGEST = 30;
const MOST = 100_000;
/** Sessions most like this one that speak for products. */
const NEIGHBOURS = 100;
/** Views that count of the session that is going on. */
const LIVE = 10;
/** With fewer sessions behind it a pair may be one person's whim, and would say too much of them. */
const FEWEST = 3;

interface Session {
  clientId: string;
  begunAt: number;
  lastAt: number;
  /** In the order of the first view. */
  products: string[];
}

/**
 * Vector multiplication session-based kNN (Ludewig and Jannach, Evaluation of session-based recommendation algorithms, 2018): sessions
 * that share products with this one, newer products weighing more, name what they held besides, rarer products weighing more.
 * @param most sessions that are kept
 */
export function createLiveSessions(most = MOST): LiveSessions {
  const ofClient = new Map<string, Session>();
  const ofProduct = new Map<string, Session[]>();
  const all: Session[] = [];
  const itemOf = new Map<string, number>();
  const productOf: string[] = [];
  const byProduct = (a: number, b: number): number => (productOf[a]! < productOf[b]! ? -1 : 1);
  const asItems = (products: readonly string[]): number[] =>
    products.map((id) => {
      const item = itemOf.get(id) ?? productOf.push(id) - 1;
      itemOf.set(id, item);
      return item;
    });
  /** What was there before the first look is counted in one go, the rest follows view by view. */
  const countAll = () => {
    const sessions = all.map(({ products }) => asItems(products).map((item) => [item]));
    return createLiveCounts(countPairsOf(historyLog(sessions, productOf.length)), byProduct);
  };
  let counts: ReturnType<typeof countAll> | null = null;

  const drop = (session: Session): void => {
    if (ofClient.get(session.clientId) === session) ofClient.delete(session.clientId);
    counts?.replace(asItems(session.products), []);
    for (const productId of session.products) {
      const kept = (ofProduct.get(productId) ?? []).filter((one) => one !== session);
      if (kept.length > 0) ofProduct.set(productId, kept);
      else ofProduct.delete(productId);
    }
  };

  const take = ({ clientId, productId, at }: View): readonly string[] => {
    const time = at.getTime();
    const open = ofClient.get(clientId);
    const isIn = open !== undefined && time <= open.lastAt + PAUSE_MS && time >= open.begunAt - PAUSE_MS;
    // What is older than the session that is known came too late to be put together.
    if (open && !isIn && time < open.begunAt) return [];
    const session = isIn ? open : { clientId, begunAt: time, lastAt: time, products: [] };
    if (!isIn) {
      ofClient.set(clientId, session);
      all.push(session);
      if (all.length > most) drop(all.shift() ?? session);
    }
    session.begunAt = Math.min(session.begunAt, time);
    session.lastAt = Math.max(session.lastAt, time);
    if (session.products.includes(productId) || session.products.length >= LONGEST) return [];
    counts?.extend(asItems(session.products), asItems([productId])[0]!);
    session.products.push(productId);
    const sessions = ofProduct.get(productId) ?? [];
    sessions.push(session);
    if (sessions.length > 2 * NEWEST) sessions.splice(0, sessions.length - NEWEST);
    ofProduct.set(productId, sessions);
    return session.products.length > 1 ? session.products : [];
  };

  return {
    add(views) {
      const touched = new Set(views.flatMap(take));
      counts ??= countAll();
      return [...touched];
    },
    related(productId, keep) {
      const item = itemOf.get(productId);
      if (item === undefined || !counts) return [];
      return counts
        .related(item, keep)
        .filter(({ both }) => both >= FEWEST)
        .map(({ item: other, both, of }) => ({ productId: productOf[other]!, both, of }));
    },
    clients: () => [...new Set(all.map(({ clientId }) => clientId))],
    forget(clientIds) {
      const gone = all.filter(({ clientId }) => clientIds.has(clientId));
      const kept = all.filter(({ clientId }) => !clientIds.has(clientId));
      for (const session of gone) drop(session);
      all.splice(0, all.length, ...kept);
      return [...new Set(gone.flatMap(({ products }) => products))];
    },
    sessions: () => all.map(({ products }) => products),
    neighbours(viewed, keep) {
      const live = [...new Set(viewed.toReversed())].slice(0, LIVE);
      const newest = live[0];
      if (newest === undefined) return [];
      const likeness = new Map<Session, number>();
      live.forEach((productId, age) => {
        const weight = 1 - age / LIVE;
        for (const session of (ofProduct.get(productId) ?? []).slice(-NEWEST)) {
          likeness.set(session, (likeness.get(session) ?? 0) + weight);
        }
      });
      // Of sessions as like each other the newer ones, in whatever order they were told.
      const alike = [...likeness]
        .sort(([one, a], [other, b]) => b - a || other.lastAt - one.lastAt || (one.clientId < other.clientId ? -1 : 1))
        .slice(0, NEIGHBOURS);
      const scores = new Map<string, { score: number; sessions: number }>();
      for (const [{ products }, weight] of alike) {
        for (const productId of products) {
          if (viewed.includes(productId)) continue;
          const before = scores.get(productId) ?? { score: 0, sessions: 0 };
          scores.set(productId, { score: before.score + weight, sessions: before.sessions + 1 });
        }
      }
      const rarity = (productId: string) => Math.log(1 + all.length / (ofProduct.get(productId)?.length ?? 1));
      // A visitor may say to have looked at what nobody knows.
      const item = itemOf.get(newest);
      return [...scores]
        .filter(([, { sessions }]) => sessions >= FEWEST)
        .map(([productId, { score }]) => ({ productId, score: score * rarity(productId) }))
        .sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1))
        .slice(0, keep)
        .map((found) => ({
          productId: found.productId,
          both: item === undefined ? 0 : (counts?.both(item, itemOf.get(found.productId)!) ?? 0),
          of: item === undefined ? 0 : (counts?.buyers(item) ?? 0),
        }));
    },
  };
}
