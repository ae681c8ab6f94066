import { type HistoryLog, historyCount, pastItems } from "../history-log.ts";
import { createLiveSessions } from "../live-sessions.ts";
import type { SparseRows } from "../sparse-rows.ts";
import { fuse } from "./fuse.ts";
import { isPlainlyLess } from "./is-plainly-less.ts";
import { type AnsweredQuestion, questionsOf } from "./questions-of.ts";

/** Lists that are not one customer's: beside a product, and after several (a visit, a cart, a collection). Of each the sources, in their order. */
export const PLACE_SOURCES = {
  product: ["by the same people", "looked at together"],
  visit: ["visits like this", "by the same people"],
} as const;
export type Place = keyof typeof PLACE_SOURCES;

/** How much each source counts when their rankings are made one, and from how many questions that was learned. */
export type PlaceWeights = Record<Place, { weights: readonly number[]; questions: number }>;

/** Beside a product what is bought comes before all that is looked at; after a visit both count alike. */
export const USUAL_WEIGHTS: Record<Place, readonly number[]> = { product: [1, 1 / 1024], visit: [1, 1] };

/** Of the second source, the first one's being 1: at either end the one comes after the whole of the other. */
const STEPS = [1 / 1024, 1 / 16, 1 / 4, 1, 4, 16, 1024];
/** Questions asked at most, and below which nothing is learned; candidates of a source; places of a list that count. */
const MOST = 2_000;
const FEWEST = 100;
const CANDIDATES = 60;
const PLACES = 20;
/** Of a visit so many of the newest products are looked at for what is bought with them, each older one for less. */
const NEWEST = 5;
const DECAY = 0.8;

/** A question of the slice, and what each source answers, best first. */
export interface Replayed {
  rankings: readonly (readonly number[])[];
  truth: ReadonlySet<number>;
}

/**
 * What the weights of each place are, learned like the personal blend on what the sources of that time had not seen: beside the product
 * somebody bought last, what they bought next; in the newest visits, what was looked at next.
 * @param together by the same people, and @param viewed in one visit: rows best first
 */
export function learnPlaceWeights(
  questions: readonly AnsweredQuestion[],
  views: HistoryLog,
  { together, viewed }: { together: SparseRows; viewed: SparseRows },
): PlaceWeights {
  const beside = thinned(questions).map(({ past, truth }): Replayed => {
    const item = past.items[0]!;
    return {
      rankings: [rowOf(together, item), rowOf(viewed, item)],
      truth: new Set([...truth].filter((one) => one !== item)),
    };
  });
  const visits = replayVisits(views, together);
  return {
    product: { weights: learnWeights(beside, USUAL_WEIGHTS.product), questions: beside.length },
    visit: { weights: learnWeights(visits, USUAL_WEIGHTS.visit), questions: visits.length },
  };
}

/** Other weights than the usual ones only where questions that were not learned from are plainly answered better. */
export function learnWeights(replayed: readonly Replayed[], usual: readonly number[]): readonly number[] {
  if (replayed.length < FEWEST) return usual;
  const learned = replayed.filter((_, turn) => turn % 2 === 0);
  const judged = replayed.filter((_, turn) => turn % 2 === 1);
  const meanLoss = (weights: readonly number[]) => learned.reduce((sum, one) => sum + lossOf(one, weights), 0);
  const [best = usual] = [usual, ...STEPS.map((step) => [1, step])]
    .map((weights) => ({ weights, loss: meanLoss(weights) }))
    .sort((a, b) => a.loss - b.loss)
    .map(({ weights }) => weights);
  const losses = (weights: readonly number[]) => judged.map((one) => lossOf(one, weights));
  return isPlainlyLess(losses(best), losses(usual)) ? best : usual;
}

/** 1 less the reciprocal place of the first that is right. */
function lossOf({ rankings, truth }: Replayed, weights: readonly number[]): number {
  const list = fuse(rankings, weights, (item) => item).slice(0, PLACES);
  const place = list.findIndex((item) => truth.has(item));
  return place < 0 ? 1 : 1 - 1 / (1 + place);
}

function replayVisits(views: HistoryLog, together: SparseRows): Replayed[] {
  const { before, questions } = questionsOf(views, "visit");
  const sessions = createLiveSessions();
  // A visit of the log is one browser's, and they are in the order of time.
  sessions.add(
    Array.from({ length: historyCount(before) }, (_, visit) =>
      Array.from(pastItems(before, visit).items.toReversed(), (item) => ({
        clientId: String(visit),
        productId: String(item),
        at: new Date(visit),
      })),
    ).flat(),
  );
  return thinned(questions).map(({ past, truth }) => {
    const viewed = [...past.items];
    const alike = sessions.neighbours(viewed.toReversed().map(String), CANDIDATES);
    const bought = viewed
      .slice(0, NEWEST)
      .flatMap((item, age) =>
        rowOf(together, item).map((other, k) => ({
          other,
          score: together.values[together.start[item]! + k]! * DECAY ** age,
        })),
      )
      .filter(({ other }) => !viewed.includes(other))
      .sort((a, b) => b.score - a.score);
    return {
      rankings: [alike.map(({ productId }) => Number(productId)), bought.map(({ other }) => other)],
      truth: new Set(truth),
    };
  });
}

function rowOf({ start, columns }: SparseRows, item: number): number[] {
  return [...columns.subarray(start[item]!, Math.min(start[item + 1]!, start[item]! + CANDIDATES))];
}

function thinned(questions: readonly AnsweredQuestion[]): readonly AnsweredQuestion[] {
  const stride = Math.ceil(questions.length / MOST);
  return questions.filter((_, turn) => turn % stride === 0);
}
