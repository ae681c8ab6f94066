import { historyCount, type HistoryLog } from "../history-log.ts";
import { best } from "../scores.ts";
import type { SparseRows } from "../sparse-rows.ts";
import { customerVectors, type CustomerVectors } from "./alike-customers.ts";
import { ease, type EaseWeights } from "./ease.ts";
import { indexHistories, type HistoryIndex } from "./history-neighbours.ts";
import { countInBaskets, countInHistories, followers, shrunkCosine, twoSteps, type CoCounts } from "./item-to-item.ts";
import { nextItemRegression } from "./next-item-regression.ts";
import { popularity } from "./popularity.ts";

/** Every model of one log: typed arrays alone, so that they can be handed from one thread to another. */
export interface Models {
  log: HistoryLog;
  /** By the same people, and how often each pair and each item was. */
  together: SparseRows;
  twoSteps: SparseRows;
  inBasket: SparseRows;
  basketCounts: CoCounts;
  next: SparseRows;
  regression: SparseRows;
  /** Looked at by the same visitors in one session; null where nothing is known of that. */
  viewed: SparseRows | null;
  /** Every item against every other at once, where the catalogue is small and the blend listens to it. */
  ease: EaseWeights | null;
  index: HistoryIndex;
  customers: CustomerVectors;
  popular: Float64Array;
  popularLately: Float64Array;
  /** The most popular ever, then lately. */
  mostPopular: [Int32Array, Int32Array];
}

/** Neighbours kept of each item. */
const KEPT = 200;
const MOST_POPULAR = 60;
/** What counts as lately: the newest twentieth of the histories, and 50 at least. */
const LATELY = 1 / 20;

/** @param views sessions of visitors, over the same items */
export function trainModels(log: HistoryLog, views: HistoryLog | null, withEase: boolean): Models {
  const basketCounts = countInBaskets(log);
  const popular = popularity(log, Infinity);
  const popularLately = popularity(log, Math.max(50, historyCount(log) * LATELY));
  const items = Int32Array.from(popular.keys());
  const counts = countInHistories(log);
  const together = shrunkCosine(counts, KEPT);
  return {
    log,
    together,
    twoSteps: twoSteps(together, log.items, 15, KEPT),
    inBasket: shrunkCosine(basketCounts, KEPT),
    basketCounts,
    next: followers(log, KEPT),
    viewed: views && shrunkCosine(countInHistories(views), KEPT),
    ease: withEase ? ease(counts) : null,
    regression: nextItemRegression(log, 0.8),
    index: indexHistories(log),
    customers: customerVectors(log),
    popular,
    popularLately,
    mostPopular: [best(items, popular, MOST_POPULAR), best(items, popularLately, MOST_POPULAR)],
  };
}
