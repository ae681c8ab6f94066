import fc from "fast-check";
import { expect, it } from "vitest";
import type { Product } from "../../app/recommendation/product.ts";
import { applyRules, rulesSchema } from "../../app/recommendation/rules.ts";

const few = (names: string[]) => fc.constantFrom(...names, null);
const ids = Array.from({ length: 12 }, (_, k) => String(k));
const product = (id: string): fc.Arbitrary<Product> =>
  fc.record({
    id: fc.constant(id),
    title: fc.constant(`Product ${id}`),
    handle: fc.constant(null),
    vendor: few(["A", "B"]),
    productType: few(["x", "y"]),
    tags: fc.subarray(["new", "sale", "gift"]),
    imageUrl: fc.constant(null),
    price: fc.option(fc.nat(40).map(String)),
    published: fc.boolean(),
    inStock: fc.boolean(),
    createdAt: fc.constant(null),
  });
const rules = fc
  .record({
    slots: fc.integer({ min: 1, max: 8 }),
    perVendor: fc.integer({ min: 1, max: 3 }),
    perType: fc.integer({ min: 1, max: 3 }),
    pinned: fc.subarray(ids, { maxLength: 2 }),
    hidden: fc.subarray(ids, { maxLength: 2 }),
    onlyInStock: fc.boolean(),
    hideBought: fc.boolean(),
    excludedTags: fc.subarray(["sale"]),
    boosts: fc.constantFrom([], [{ tag: "new", factor: 3 }]),
    priceFrom: fc.option(fc.nat(10)),
    priceTo: fc.option(fc.integer({ min: 20, max: 40 })),
  })
  .map((given) => rulesSchema.parse(given));
const set = fc.subarray(ids, { maxLength: 4 }).map((some) => new Set(some));

it("shows nothing that may not be shown, fills every slot that can be, keeps pins first and caps while there is a choice", () => {
  const input = fc.record({
    products: fc.tuple(...ids.map(product)),
    order: fc.array(fc.nat(11), { maxLength: 20 }),
    rules,
    barred: set,
    bought: set,
  });
  fc.assert(
    fc.property(input, ({ products, order, rules: ours, barred, bought }) => {
      const ranked = [...order, ...ids.map(Number)].map((at) => ({ product: products[at]! }));
      const isConsumable = ({ productType }: Product) => productType === "x";
      const list = applyRules({ ranked, rules: ours, barred, bought, isConsumable }).map((entry) => entry.product);
      const may = products.filter(
        (one) =>
          one.published &&
          (one.inStock || !ours.onlyInStock) &&
          !barred.has(one.id) &&
          !ours.hidden.includes(one.id) &&
          !(one.tags.includes("sale") && ours.excludedTags.length > 0) &&
          (ours.priceFrom === null || (one.price !== null && Number(one.price) >= ours.priceFrom)) &&
          (ours.priceTo === null || (one.price !== null && Number(one.price) <= ours.priceTo)) &&
          (one.productType === "x" || !bought.has(one.id) || !ours.hideBought),
      );
      expect(list.every((one) => may.includes(one))).toBe(true);
      expect(new Set(list).size).toBe(Math.min(ours.slots, may.length));
      expect(list.length).toBe(new Set(list).size);
      const pinned = ours.pinned.filter((id) => may.some((one) => one.id === id)).slice(0, ours.slots);
      expect(list.slice(0, pinned.length).map(({ id }) => id)).toEqual(pinned);
      const spare = may.filter((one) => !list.includes(one));
      for (const key of ["vendor", "productType"] as const) {
        const cap = key === "vendor" ? ours.perVendor : ours.perType;
        const over = list.slice(pinned.length).some((one, at) => {
          const before = list.slice(0, pinned.length + at);
          return one[key] !== null && before.filter((other) => other[key] === one[key]).length >= cap;
        });
        // A product that stays outside would have broken a cap itself, or it would have been taken.
        if (over) {
          const broken = (one: Product) =>
            (one.vendor !== null && list.filter((other) => other.vendor === one.vendor).length >= ours.perVendor) ||
            (one.productType !== null &&
              list.filter((other) => other.productType === one.productType).length >= ours.perType);
          expect(spare.every(broken)).toBe(true);
        }
      }
    }),
  );
});

it("a boost moves a tag up, the ranking decides the rest", () => {
  const plain = {
    handle: null,
    vendor: null,
    productType: null,
    imageUrl: null,
    price: "5",
    published: true,
    inStock: true,
  };
  const products = ["a", "b", "c", "d"].map((id) => ({
    ...plain,
    id,
    title: id,
    tags: id === "d" ? ["new"] : [],
    createdAt: null,
  }));
  const ranked = products.map((one) => ({ product: one }));
  const none = { barred: new Set<string>(), bought: new Set<string>(), isConsumable: () => true };
  const order = (given: object) =>
    applyRules({ ranked, rules: rulesSchema.parse(given), ...none }).map((entry) => entry.product.id);
  expect(order({})).toEqual(["a", "b", "c", "d"]);
  expect(order({ boosts: [{ tag: "new", factor: 1.2 }] })).toEqual(["a", "d", "b", "c"]);
  expect(order({ pinned: ["c"], hidden: ["a"], slots: 2 })).toEqual(["c", "b"]);
  // As merchants write tags, by hand.
  expect(order({ boosts: [{ tag: "New", factor: 1.2 }] })).toEqual(["a", "d", "b", "c"]);
  expect(order({ excludedTags: ["NEW"] })).toEqual(["a", "b", "c"]);
});
