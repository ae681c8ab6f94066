import { expect, it } from "vitest";
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

it("a shop with no past at all gets an empty list and not an error", () => {
  const ask = createRanker(trainRanking(historyLog([], 0), "order", false));
  expect([...ask({ past: pastOf([]), history: -1 }, 5).items]).toEqual([]);
});
