import { describe, expect, it } from "vitest";
import { widthWith } from "../../app/recommendation/blend/evidence.ts";
import { isPlainlyLess } from "../../app/recommendation/blend/is-plainly-less.ts";
import {
  learnPlaceWeights,
  learnWeights,
  type Replayed,
  USUAL_WEIGHTS,
} from "../../app/recommendation/blend/place-weights.ts";
import { questionsOf } from "../../app/recommendation/blend/questions-of.ts";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { historyLog, pastOf } from "../../app/recommendation/history-log.ts";
import { ease } from "../../app/recommendation/models/ease.ts";
import { countInHistories } from "../../app/recommendation/models/item-to-item.ts";
import { trainModels } from "../../app/recommendation/models/train-models.ts";
import { createRanker, trainRanking } from "../../app/recommendation/ranker.ts";

const ITEMS = 60;
const random = seededRandom(3);
const any = (below: number) => Math.floor(random() * below);

/** Whoever sees the even item 2k sees 2k + 1 next, seven times in ten. */
const sessions = Array.from({ length: 500 }, () => {
  const items = Array.from({ length: 2 + any(3) }, () => any(ITEMS));
  return items.flatMap((item) => (item % 2 === 0 && random() < 0.7 ? [[item], [item + 1]] : [[item]]));
});

/** Everybody buys an own staple in every order, and beside it anything. */
const orders = Array.from({ length: 120 }, (_, customer) =>
  Array.from({ length: 3 + any(4) }, () => [customer % 10, 10 + any(ITEMS - 10)]),
);

it("finds what comes next, and says the same twice", () => {
  const log = historyLog(sessions, ITEMS);
  const trained = trainRanking(log, "visit", false);
  const ask = createRanker(trained);
  const asked = [0, 10, 24, 58].map((item) => ({ past: pastOf([[any(ITEMS)], [item]]), history: -1, next: item + 1 }));
  for (const question of asked) expect(ask(question, 3).items[0]).toBe(question.next);
  const again = createRanker(trainRanking(log, "visit", false));
  for (const question of asked) expect(again(question, 10)).toEqual(ask(question, 10));
  expect(trained.blend.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
});

it("knows a habit, and leaves it out where what was had is not wanted again", () => {
  const log = historyLog(orders, ITEMS);
  const past = pastOf(orders[7]!);
  expect(createRanker(trainRanking(log, "order", false))({ past, history: 7 }, 5).items[0]).toBe(7);
  const without = createRanker(trainRanking(log, "order", true))({ past, history: 7 }, 30).items;
  expect([...without].filter((item) => past.items.includes(item))).toEqual([]);
});

it("what visitors look at together says what few orders cannot, and counts as much as the orders show that it helps", () => {
  // Whoever buys 2k buys 2k + 1 next; few did, of each pair at most a handful.
  const few = Array.from({ length: 150 }, (_, k) => [[(2 * k) % ITEMS], [((2 * k) % ITEMS) + 1]]);
  const log = historyLog(
    few.filter((_, k) => k % 5 !== 0 || k % 30 >= 10),
    ITEMS,
  );
  const unbought = [0, 10];
  const looks = (next: (item: number) => number) =>
    historyLog(
      Array.from({ length: 600 }, (_, k) => [[(2 * k) % ITEMS], [next((2 * k) % ITEMS)]]),
      ITEMS,
    );
  const placeOf = (trained: ReturnType<typeof trainRanking>, item: number) =>
    [...createRanker(trained)({ past: pastOf([[item]]), history: -1 }, ITEMS).items].indexOf(item + 1);
  const helped = trainRanking(log, "order", true, { views: looks((item) => item + 1) });
  expect(helped.blend.shares.find(({ source }) => source === "looked at together")?.share).toBeGreaterThan(0.05);
  for (const item of unbought) expect(placeOf(helped, item)).toBe(0);
  const alone = trainRanking(log, "order", true);
  expect(alone.blend.extras).not.toContain("looked at together");
  expect([helped.blend.places?.product.questions, alone.blend.places]).toEqual([140, undefined]);
  expect(alone.blend.shares.map(({ source }) => source)).not.toContain("looked at together");
  const share = (views: ReturnType<typeof looks>) =>
    trainRanking(log, "order", true, { views }).blend.shares.find(({ source }) => source === "looked at together")!
      .share;
  expect(share(looks(() => any(ITEMS)))).toBeLessThan(share(looks((item) => item + 1)) / 2);
});

describe("EASE", () => {
  const all = Array.from({ length: 300 }, (_, k) => Array.from({ length: 5 }, () => [(k % 6) + 6 * any(10)]));
  const log = historyLog(all, ITEMS);

  it("is heard where the blend says so, with all that speaks for an item and against it", () => {
    const width = widthWith(["EASE"]);
    const weights = (length: number) => new Float64Array(length);
    // A net that believes EASE alone: the first of its features, which stand last.
    const linear = weights(width);
    linear[widthWith([])] = 1;
    const net = { linear, mean: weights(width), scale: weights(width).fill(1), bias: weights(16), out: weights(16) };
    const { confidence } = trainRanking(historyLog([], 0), "order", true).blend;
    const known = {
      extras: ["EASE"] as const,
      shares: [],
      learnedFrom: 0,
      confidence,
      net: { ...net, weights: weights(16 * width) },
    };
    const trained = trainRanking(log, "order", true, { known });
    const { items, weights: rows } = ease(countInHistories(log));
    const said = (past: number[], item: number): number =>
      past.reduce(
        (sum, one, age) => sum + 0.6 ** age * rows[items.indexOf(one) * items.length + items.indexOf(item)]!,
        0,
      );
    const ask = createRanker(trained);
    for (const past of [[4], [4, 5], [0, 6, 12], [59, 3]]) {
      const question = { past: pastOf(past.toReversed().map((item) => [item])), history: -1 };
      const scores = [...items]
        .filter((item) => !past.includes(item))
        .map((item) => ({ item, score: said(past, item) }));
      const expected = scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.item - b.item);
      expect(expected.length).toBeGreaterThan(5);
      const top = expected.slice(0, 5);
      expect([...ask(question, 5).items].map((item) => said(past, item))).toEqual(top.map(({ score }) => score));
    }
  });

  it("is kept where it helps at questions that no net has learned from, and not for what chance may do", () => {
    const theirs = Array.from({ length: 100 }, (_, k) => 3 + (k % 7));
    const less = (by: (k: number) => number) =>
      isPlainlyLess(
        theirs.map((loss, k) => loss - by(k)),
        theirs,
      );
    expect(less(() => 0.1)).toBe(true);
    expect(less(() => 0)).toBe(false);
    expect(less(() => -0.1)).toBe(false);
    // A mean of 0.1: with a spread of 0.3 over 100 questions it is more than three standard errors, with one of 0.9 one.
    expect(less((k) => 0.1 + (k % 2 ? 0.3 : -0.3))).toBe(true);
    expect(less((k) => 0.1 + (k % 2 ? 0.9 : -0.9))).toBe(false);
    expect(isPlainlyLess([], [])).toBe(false);
    const trained = trainRanking(log, "order", true);
    expect(trained.models.ease !== null).toBe(trained.blend.extras?.includes("EASE"));
  });

  it("is not built where more items were had than it is cheap for", () => {
    const items = 3_001;
    const all = Array.from({ length: items }, (_, k) => [[k], [(k + 1) % items]]);
    const trained = trainRanking(historyLog(all, items), "order", true);
    expect(trained.blend.extras).toEqual([]);
    expect(trained.models.ease).toBeNull();
  });
});

describe("the weights of lists beside products", () => {
  const wrong = Array.from({ length: 30 }, (_, k) => 100 + k);
  const right = (first: boolean, k: number): Replayed => ({
    rankings: first ? [[1], wrong] : [wrong, [1]],
    truth: new Set([1, 2 + k]),
  });

  it("follow what answers questions better, and stay the usual ones where few were asked or it is chance", () => {
    const usual = USUAL_WEIGHTS.product;
    const questions = (count: number, first: (k: number) => boolean) =>
      Array.from({ length: count }, (_, k) => right(first(k), k));
    expect(
      learnWeights(
        questions(400, () => false),
        usual,
      ),
    ).toEqual([1, 4]);
    expect(
      learnWeights(
        questions(400, () => true),
        usual,
      ),
    ).toBe(usual);
    expect(
      learnWeights(
        questions(99, () => false),
        usual,
      ),
    ).toBe(usual);
    // Better by little in the half that is learned from, and no better in the other.
    expect(
      learnWeights(
        questions(400, (k) => k % 2 === 1),
        usual,
      ),
    ).toBe(usual);
    expect(learnWeights([], usual)).toBe(usual);
  });

  it("are learned with a training, where visits say what is bought next and orders say something else", () => {
    const log = historyLog(
      Array.from({ length: 300 }, (_, k) => {
        const item = k % ITEMS;
        return [[(item + 20) % ITEMS, item], [item ^ 1]];
      }),
      ITEMS,
    );
    const looks = (next: (item: number) => number) =>
      historyLog(
        Array.from({ length: 800 }, (_, k) => [[k % ITEMS], [next(k % ITEMS)]]),
        ITEMS,
      );
    const { before, questions } = questionsOf(log, "order");
    const placesOf = (views: ReturnType<typeof looks>) => {
      const models = trainModels(before, views, false);
      return learnPlaceWeights(questions, views, { ...models, viewed: models.viewed! });
    };
    const helped = placesOf(looks((item) => item ^ 1));
    expect(helped.product.questions).toBe(300);
    expect(helped.product.weights[1]).toBeGreaterThan(1);
    // The newest 120 visits were answered by those before: what orders say of the next product is wrong.
    expect(helped.visit).toEqual({ questions: 120, weights: expect.anything() as number[] });
    expect(helped.visit.weights[1]).toBeLessThanOrEqual(1);
    expect(placesOf(looks(() => any(ITEMS))).product.weights).toEqual(USUAL_WEIGHTS.product);
  });
});

it("a shop with no past at all gets an empty list and not an error", () => {
  const ask = createRanker(trainRanking(historyLog([], 0), "order", false));
  expect([...ask({ past: pastOf([]), history: -1 }, 5).items]).toEqual([]);
});
