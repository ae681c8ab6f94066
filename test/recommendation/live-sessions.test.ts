import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLiveSessions, type View } from "../../app/recommendation/live-sessions.ts";

const T0 = Date.UTC(2026, 10, 20, 12);
const view = (clientId: string, productId: string, minute: number): View => ({
  clientId,
  productId,
  at: new Date(T0 + minute * 60_000),
});
const taken = (views: readonly View[]) => {
  const sessions = createLiveSessions();
  for (const one of views) sessions.add([one]);
  return sessions;
};
/** One browser that looks at these products, a minute apart. */
const session = (clientId: string, products: string, from = 0): View[] =>
  [...products].map((productId, step) => view(clientId, productId, from + step));

describe("sessions of views", () => {
  it("name what was looked at together, from the next view on", () => {
    const sessions = taken([...session("1", "ab"), ...session("2", "ab"), ...session("3", "a")]);
    expect(sessions.neighbours(["a"], 10)).toEqual([]);
    expect(sessions.add([view("3", "b", 1)])).toEqual(["a", "b"]);
    expect(sessions.neighbours(["a"], 10)).toMatchObject([{ productId: "b", both: 3, of: 3 }]);
    sessions.add([view("4", "a", 0)]);
    expect(sessions.neighbours(["a"], 10)).toMatchObject([{ productId: "b", both: 3, of: 4 }]);
  });

  it("end with half an hour's pause, and not before", () => {
    const pair = (pause: number) => ["1", "2", "3"].flatMap((one) => [view(one, "a", 0), view(one, "b", pause)]);
    expect(taken(pair(29)).neighbours(["a"], 10)).toHaveLength(1);
    expect(taken(pair(31)).neighbours(["a"], 10)).toEqual([]);
  });

  it("follow what a visitor looks at now: newer products say more, and what was seen is not named", () => {
    const some = (products: string, from: number) =>
      [0, 1, 2, 3].flatMap((k) => session(`${products}${from + k}`, products));
    const sessions = taken([...some("ax", 0), ...some("by", 10), ...some("zz", 20)]);
    const found = (viewed: string) => sessions.neighbours([...viewed], 10).map(({ productId }) => productId);
    expect(found("ab")).toEqual(["y", "x"]);
    expect(found("ba")).toEqual(["x", "y"]);
    expect(found("abx")).toEqual(["y"]);
    expect(found("")).toEqual([]);
  });

  const views = fc
    .array(
      fc.record({
        client: fc.constantFrom("1", "2", "3", "4", "5", "6"),
        product: fc.constantFrom(..."abcdef"),
        gap: fc.nat(50),
      }),
      {
        maxLength: 60,
      },
    )
    .map((steps) => {
      let minute = 0;
      return steps.map(({ client, product, gap }) => view(client, product, (minute += gap)));
    });

  it("name beside a product what is looked at together more often than chance makes it, by shrunk cosine", () => {
    const many = (count: number, products: string) =>
      Array.from({ length: count }, (_, k) => session(`${products}-${k}`, products)).flat();
    // Everybody looks at z, whatever else they look at.
    const sessions = taken([
      ...many(8, "abz"),
      ...many(4, "acz"),
      ...many(30, "dz"),
      ...many(30, "ez"),
      ...many(2, "fg"),
    ]);
    const beside = (productId: string) => sessions.related(productId, 10);
    // Of 74 sessions a is in 12, b in 8, c in 4: 8 / √(22 · 18) and 4 / √(22 · 14).
    expect(beside("a")).toEqual([
      { productId: "b", both: 8, of: 12 },
      { productId: "c", both: 4, of: 12 },
    ]);
    expect(beside("z")).toEqual([]);
    expect(beside("d").map(({ productId }) => productId)).toEqual([]);
    // Two sessions are two people at most.
    expect(beside("f")).toEqual([]);
    expect(beside("nothing")).toEqual([]);
  });

  it("say the same when they follow view by view as when all are counted again, also of sessions that were dropped", () => {
    const busy = fc.array(fc.record({ client: fc.nat(15), product: fc.nat(11), gap: fc.nat(3) }), {
      minLength: 200,
      maxLength: 500,
    });
    let named = 0;
    fc.assert(
      fc.property(busy, fc.nat(300), fc.integer({ min: 20, max: 60 }), (steps, first, most) => {
        let minute = 0;
        // Products of one half go together.
        const all = steps.map(({ client, product, gap }) =>
          view(`${client}`, `${client % 2}${product % (product > 8 ? 12 : 4)}`, (minute += gap)),
        );
        const followed = createLiveSessions(most);
        followed.add(all.slice(0, first));
        for (const one of all.slice(first)) followed.add([one]);
        const rebuilt = createLiveSessions(most);
        rebuilt.add(all);
        const products = [...new Set(all.map(({ productId }) => productId))];
        for (const id of products) {
          expect(followed.related(id, 20)).toEqual(rebuilt.related(id, 20));
          expect(followed.neighbours([id], 20)).toEqual(rebuilt.neighbours([id], 20));
          named += rebuilt.related(id, 20).length;
        }
        // And as the sessions that are kept say, counted one by one.
        const sets = rebuilt.sessions().map((one) => new Set(one));
        const having = (...ids: string[]) => sets.filter((set) => ids.every((id) => set.has(id))).length;
        const related = (id: string) =>
          products.flatMap((other) => {
            const [both, own, its] = [having(id, other), having(id), having(other)];
            const chance = (own * its) / sets.length;
            if (other === id || both < 3 || both <= chance || gSquare(both, own, its, sets.length) < 10) return [];
            return [{ productId: other, both, of: own, score: both / Math.sqrt((own + 10) * (its + 10)) }];
          });
        for (const id of products) {
          const expected = related(id).sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1));
          expect(rebuilt.related(id, 20)).toEqual(expected.map(({ productId, both, of }) => ({ productId, both, of })));
        }
      }),
      { numRuns: 60 },
    );
    expect(named).toBeGreaterThan(20);
  });

  it("count as counting sessions one by one does, and a view told twice is one", () => {
    fc.assert(
      fc.property(views, fc.constantFrom(..."abcdef"), (all, asked) => {
        // The oracle: split each browser's views at pauses, then count sets.
        const sets: Set<string>[] = [];
        for (const own of Map.groupBy(all, ({ clientId }) => clientId).values()) {
          let last = -Infinity;
          for (const { productId, at } of own) {
            if (at.getTime() - last > 30 * 60_000) sets.push(new Set());
            sets.at(-1)?.add(productId);
            last = at.getTime();
          }
        }
        const having = sets.filter((set) => set.has(asked));
        const expected = [..."abcdef"]
          .filter((other) => other !== asked)
          .flatMap((other) => {
            const both = having.filter((set) => set.has(other)).length;
            return both >= 3 ? [[other, both, having.length]] : [];
          });
        const found = taken(all.flatMap((one) => [one, one])).neighbours([asked], 10);
        expect(found.map(({ productId, both, of }) => [productId, both, of]).toSorted()).toEqual(expected);
      }),
    );
  });
});

/** 2 Σ O ln(O / E) over the four cells. */
function gSquare(both: number, first: number, second: number, all: number): number {
  const cells = [
    [both, (first * second) / all],
    [first - both, (first * (all - second)) / all],
    [second - both, ((all - first) * second) / all],
    [all - first - second + both, ((all - first) * (all - second)) / all],
  ];
  return cells.reduce((sum, [seen, expected]) => sum + (seen! > 0 ? 2 * seen! * Math.log(seen! / expected!) : 0), 0);
}
