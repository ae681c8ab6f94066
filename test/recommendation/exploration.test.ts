import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explore, isNew, type Trial } from "../../app/recommendation/exploration.ts";
import type { Product } from "../../app/recommendation/product.ts";
import { rulesSchema } from "../../app/recommendation/rules.ts";

const DAY = 86_400_000;
const NOW = new Date("2026-11-20T12:00:00Z");
const RULES = rulesSchema.parse({});

const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  title: id,
  handle: id,
  vendor: null,
  productType: null,
  tags: [],
  imageUrl: null,
  price: "1",
  published: true,
  inStock: true,
  createdAt: new Date(NOW.getTime() - 5 * DAY),
  ...more,
});
const entries = (ids: readonly string[]) => ids.map((id) => ({ product: product(id) }));
const list = (length: number) => entries(Array.from({ length }, (_, k) => `old-${k}`));
const idsOf = (found: readonly { product: Product }[]) => found.map(({ product: { id } }) => id);
const asked = (candidates: readonly { product: Product }[], listName: string, rules = RULES) => ({
  candidates,
  listName,
  rules,
});
const untried = { share: 0.05, day: "2026-11-20", trials: new Map<string, Trial>() };

/** Vendors and types that many products share. */
const kinds = fc.record({ vendor: fc.constantFrom(null, "a", "b"), productType: fc.constantFrom(null, "x", "y") });

describe("trying out a new product", () => {
  it("takes at most one place, never one of the first three, and leaves the others in their order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 24 }),
        fc.integer({ min: 0, max: 5 }),
        fc.string(),
        fc.integer({ min: 0, max: 9 }),
        (length, many, name, pins) => {
          const before = list(length);
          const rules = { ...RULES, pinned: idsOf(before).slice(0, pins) };
          const fresh = entries(Array.from({ length: many }, (_, k) => `new-${k}`));
          const after = idsOf(explore(before, { ...untried, share: 0.25 }, asked(fresh, name, rules)));
          const places = after.flatMap((id, place) => (id.startsWith("new") ? [place] : []));
          expect(after).toHaveLength(length);
          expect(places.length).toBeLessThanOrEqual(1);
          for (const place of places) {
            expect(place).toBeGreaterThanOrEqual(3);
            expect(after.slice(0, Math.min(pins, length))).toEqual(rules.pinned);
          }
          if (length < 4) expect(places).toEqual([]);
          const stayed = after.filter((id) => id.startsWith("old"));
          expect(stayed).toEqual(idsOf(before).slice(0, length - places.length));
        },
      ),
    );
  });

  it("is at most the share of all places, of four that a block shows, and near it", () => {
    for (const share of [0.02, 0.05, 0.1]) {
      let [places, tried] = [0, 0];
      for (let k = 0; k < 20_000; k++) {
        const shown = idsOf(explore(list(8), { ...untried, share }, asked(entries(["new"]), `product ${k}`))).slice(
          0,
          4,
        );
        places += 4;
        tried += shown.filter((id) => id === "new").length;
      }
      expect(tried / places).toBeLessThan(share * 1.1);
      expect(tried / places).toBeGreaterThan(share * 0.9);
    }
    const none = explore(list(8), { ...untried, share: 0 }, asked(entries(["new"]), "product 1"));
    expect(idsOf(none)).toEqual(idsOf(list(8)));
  });

  it("keeps the caps per vendor and type", () => {
    const rules = { ...RULES, perVendor: 2, perType: 3 };
    fc.assert(
      fc.property(
        fc.array(kinds, { minLength: 4, maxLength: 12 }),
        fc.array(kinds, { maxLength: 6 }),
        fc.string(),
        (olds, news, name) => {
          const before = olds.map((kind, k) => ({ product: product(`old-${k}`, kind) }));
          const fresh = news.map((kind, k) => ({ product: product(`new-${k}`, kind) }));
          const after = explore(before, { ...untried, share: 0.25 }, asked(fresh, name, rules));
          const tried = after.filter(({ product: { id } }) => id.startsWith("new"));
          const alike = (key: "vendor" | "productType"): number[] =>
            tried
              .filter(({ product: own }) => own[key] !== null)
              .map(({ product: own }) => after.filter((one) => one.product[key] === own[key]).length);
          expect(Math.max(0, ...alike("vendor"))).toBeLessThanOrEqual(2);
          expect(Math.max(0, ...alike("productType"))).toBeLessThanOrEqual(3);
        },
      ),
    );
  });

  it("makes the same list twice on one day, and others on other days", () => {
    const fresh = entries(["new-a", "new-b", "new-c"]);
    const on = (day: string) =>
      Array.from({ length: 300 }, (_, k) => idsOf(explore(list(8), { ...untried, day }, asked(fresh, `product ${k}`))));
    expect(on("2026-11-20")).toEqual(on("2026-11-20"));
    expect(on("2026-11-20")).not.toEqual(on("2026-11-21"));
  });

  it("shows more and more of what is clicked, and what is clicked never is tried ever less", () => {
    const clickedOf = new Map([
      ["good", 0.12],
      ["middling", 0.04],
      ["bad", 0.01],
    ]);
    const trials = new Map<string, Trial>();
    const shownLate = { good: 0, middling: 0, bad: 0 };
    for (let turn = 0; turn < 12_000; turn++) {
      const found = explore(
        list(4),
        { share: 0.25, day: "d", trials },
        asked(entries([...clickedOf.keys()]), String(turn)),
      );
      const id = found[3]?.product.id as keyof typeof shownLate;
      const trial = trials.get(id) ?? { shown: 0, clicked: 0 };
      // Clicks at even steps: what is drawn is the choice alone.
      const clicked = Math.floor((trial.shown + 1) * (clickedOf.get(id) ?? 0));
      trials.set(id, { shown: trial.shown + 1, clicked });
      if (turn >= 9_000) shownLate[id]++;
    }
    expect(shownLate.good).toBeGreaterThan(0.9 * 3_000);
    expect(shownLate.bad).toBeLessThan(0.03 * 3_000);
    expect(trials.get("bad")?.shown).toBeGreaterThan(20);
  });
});

it.each([
  ["added this week", {}, 0, undefined, true],
  ["whose day is not known", { createdAt: null }, 0, undefined, false],
  ["added last year", { createdAt: new Date(NOW.getTime() - 300 * DAY) }, 0, undefined, false],
  ["that twenty bought", {}, 20, undefined, false],
  ["that was tried out often", {}, 0, { shown: 500, clicked: 3 }, false],
  ["that was tried out a little", {}, 19, { shown: 499, clicked: 3 }, true],
])("a product %s is new: %j, %d buyers", (_, more, buyers, trial, expected) => {
  const trials = new Map(trial ? [["p", trial]] : []);
  expect(isNew(product("p", more), buyers, trials, NOW)).toBe(expected);
});
