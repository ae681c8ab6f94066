import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyLog, pastOf } from "../../app/recommendation/history-log.ts";
import { createAlikeCustomers, customerVectors } from "../../app/recommendation/models/alike-customers.ts";
import { createContentLikeness } from "../../app/recommendation/models/content.ts";
import { createHistoryNeighbours, indexHistories } from "../../app/recommendation/models/history-neighbours.ts";
import { followers } from "../../app/recommendation/models/item-to-item.ts";
import { popularity } from "../../app/recommendation/models/popularity.ts";
import type { Product } from "../../app/recommendation/product.ts";
import { Scores } from "../../app/recommendation/scores.ts";

const ITEMS = 8;
const basket = fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 3 });
const history = fc.array(basket, { minLength: 1, maxLength: 5 });
const histories = fc.array(history, { minLength: 1, maxLength: 15 });
const everyItem = [...Array(ITEMS).keys()];
const asNumbers = (scores: Scores): number[] => everyItem.map((item) => scores.values[item]!);
/** The greatest difference. */
const apart = (found: readonly number[], right: readonly number[]): number =>
  Math.max(...found.map((value, item) => Math.abs(value - right[item]!)));
/** Baskets back at which an item was last in a past; undefined where it never was. */
const ageOf = (past: readonly number[][], item: number): number | undefined => {
  const last = past.findLastIndex((one) => one.includes(item));
  return last < 0 ? undefined : past.length - 1 - last;
};

describe("models of what people did", () => {
  it("what comes next counts one over the baskets between, as a share of all that came after an item and one more", () => {
    fc.assert(
      fc.property(histories, (all) => {
        const sums = everyItem.map(() => everyItem.map(() => 0));
        for (const baskets of all) {
          for (let b = 1; b < baskets.length; b++) {
            for (const before of everyItem) {
              const age = ageOf(baskets.slice(0, b), before);
              if (age === undefined) continue;
              for (const next of baskets[b]!) if (next !== before) sums[before]![next]! += 1 / (age + 1);
            }
          }
        }
        const { start, columns, values } = followers(historyLog(all, ITEMS), ITEMS);
        for (const before of everyItem) {
          const whole = sums[before]!.reduce((sum, value) => sum + value, 1);
          const found = everyItem.map(() => 0);
          for (let k = start[before]!; k < start[before + 1]!; k++) found[columns[k]!] = values[k]!;
          const right = sums[before]!.map((value) => value / whole);
          expect(apart(found, right)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  it("customers alike speak for what they bought, as much as they are alike and bought it lately", () => {
    fc.assert(
      fc.property(histories, history, (all, own) => {
        const vectorOf = (baskets: readonly number[][]) =>
          everyItem.map((item) =>
            baskets.reduce((sum, one, at) => sum + (one.includes(item) ? 0.85 ** (baskets.length - 1 - at) : 0), 0),
          );
        const mine = vectorOf(own);
        const right = everyItem.map(() => 0);
        all.forEach((baskets, who) => {
          if (who === 0) return;
          const theirs = vectorOf(baskets).map((value) => value / baskets.length);
          const length = Math.hypot(...theirs);
          const likeness = theirs.reduce((sum, value, item) => sum + (value * mine[item]!) / length, 0);
          theirs.forEach((value, item) => (right[item]! += likeness * value));
        });
        const into = new Scores(ITEMS);
        // The first is the person's own history.
        createAlikeCustomers(customerVectors(historyLog(all, ITEMS)))(pastOf(own), into, 0);
        expect(apart(asNumbers(into), right)).toBeLessThan(1e-5);
      }),
    );
  });

  it("histories like a past name what stands near what they have in common with it", () => {
    const kind = { neighbours: 3, decay: 0.5, spread: 0.6 };
    fc.assert(
      fc.property(histories, history, (all, own) => {
        const flat = all.map((baskets) => baskets.flat());
        const held = everyItem.map((item) => flat.flat().filter((one) => one === item).length);
        // The newest first, and within a basket the last.
        const past = [...new Set(own.flat().toReversed())];
        const alike = flat.flatMap((entries, who) => {
          const common = past.filter((item) => entries.includes(item));
          if (who === 0 || common.length === 0) return [];
          const weights = common.map((item) => 0.5 ** ageOf(own, item)! * Math.log(1 + all.length / held[item]!));
          const likeness = weights.reduce((sum, weight) => sum + weight, 0) / Math.sqrt(entries.length);
          return [{ entries, likeness, centre: entries.lastIndexOf(common[0]!) }];
        });
        const ranked = alike.toSorted((a, b) => b.likeness - a.likeness);
        // Which of equals are the third is not said.
        fc.pre(ranked.length < 4 || ranked[2]!.likeness - ranked[3]!.likeness > 1e-9);
        const right = everyItem.map(() => 0);
        for (const { entries, likeness, centre } of ranked.slice(0, 3)) {
          entries.forEach((item, at) => {
            right[item]! += likeness * 0.6 ** Math.abs(at - centre) * (at < centre ? 0.5 : 1);
          });
        }
        const log = historyLog(all, ITEMS);
        const into = new Scores(ITEMS);
        createHistoryNeighbours(log, indexHistories(log), [kind])(pastOf(own), [into], 0);
        expect(apart(asNumbers(into), right)).toBeLessThan(1e-5);
      }),
    );
  });

  it("of popularity each half-life of newer histories leaves half", () => {
    const log = historyLog([[[0], [1]], [[0]], [[2]]], 3);
    expect([...popularity(log, Infinity)]).toEqual([0.5, 0.25, 0.25]);
    // The weights are 1/4, 1/2 and 1: of 2 in all 0.25 + 0.5, 0.25 and 1.
    expect([...popularity(log, 1)]).toEqual([0.375, 0.125, 0.5]);
  });
});

it("what is alike by what it is shares what few have: type, vendor, tags, price band and words, by cosine", () => {
  const told = { title: "", handle: null, vendor: null, productType: null, tags: [], imageUrl: null, price: null };
  const sold = { published: true, inStock: true, createdAt: null };
  const product = (id: string, more: Partial<Product>): Product => ({ id, ...told, ...sold, ...more });
  const alike = createContentLikeness([
    product("1", { productType: "Jackets", vendor: "North", tags: ["warm"] }),
    product("2", { productType: "Jackets", vendor: "South" }),
    product("3", { productType: "Hats", vendor: "North", tags: ["warm"] }),
    product("4", { productType: "Rugs", price: "90.00", title: "Woven rug" }),
    product("5", { productType: "Lamps", price: "95.00", title: "Lamp of woven wool" }),
    product("6", { productType: "Mugs", price: "9.00" }),
  ]);
  // Jackets, North and warm are each held by two of six, South by one: ln 4 and ln 7 times 3, 1.5 and 1.
  const [two, one] = [Math.log(4), Math.log(7)];
  const first = Math.hypot(3 * two, 1.5 * two, two);
  const found = alike("1", 5);
  expect(found.map(({ product: { id } }) => id)).toEqual(["2", "3"]);
  expect(found[0]?.likeness).toBeCloseTo((3 * two) ** 2 / (first * Math.hypot(3 * two, 1.5 * one)), 6);
  // A price of the same band and a word, though nothing else.
  expect(alike("4", 5).map(({ product: { id } }) => id)).toEqual(["5"]);
  expect(alike("6", 5)).toEqual([]);
  expect(alike("7", 5)).toEqual([]);
});
