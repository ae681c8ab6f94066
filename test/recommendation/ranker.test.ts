import { expect, it } from "vitest";
import { FEATURES } from "../../app/recommendation/blend/evidence.ts";
import { seededRandom } from "../../app/recommendation/blend/ranking-net.ts";
import { historyLog, pastOf } from "../../app/recommendation/history-log.ts";
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
  expect(alone.blend.net.mean).toHaveLength(FEATURES);
  expect(alone.blend.shares.map(({ source }) => source)).not.toContain("looked at together");
  const share = (views: ReturnType<typeof looks>) =>
    trainRanking(log, "order", true, { views }).blend.shares.find(({ source }) => source === "looked at together")!
      .share;
  expect(share(looks(() => any(ITEMS)))).toBeLessThan(share(looks((item) => item + 1)) / 2);
});

it("a shop with no past at all gets an empty list and not an error", () => {
  const ask = createRanker(trainRanking(historyLog([], 0), "order", false));
  expect([...ask({ past: pastOf([]), history: -1 }, 5).items]).toEqual([]);
});
