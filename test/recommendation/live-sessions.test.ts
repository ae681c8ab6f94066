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
  for (const one of views) sessions.add(one);
  return sessions;
};
/** One browser that looks at these products, a minute apart. */
const session = (clientId: string, products: string, from = 0): View[] =>
  [...products].map((productId, step) => view(clientId, productId, from + step));

describe("sessions of views", () => {
  it("name what was looked at together, from the next view on", () => {
    const sessions = taken([...session("1", "ab"), ...session("2", "ab"), ...session("3", "a")]);
    expect(sessions.neighbours(["a"], 10)).toEqual([]);
    expect(sessions.add(view("3", "b", 1))).toEqual(["a", "b"]);
    expect(sessions.neighbours(["a"], 10)).toMatchObject([{ productId: "b", both: 3, of: 3 }]);
    sessions.add(view("4", "a", 0));
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
