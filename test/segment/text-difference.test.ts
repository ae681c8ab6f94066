import fc from "fast-check";
import { expect, it } from "vitest";
import { textDifference } from "../../app/components/segments/text-difference.ts";

const shown = (before: string, after: string): string =>
  textDifference(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : `${kind === "added" ? "+" : "-"}[${text}]`))
    .join("");

it.each([
  ["amount_spent > 500", "amount_spent > 500", "amount_spent > 500"],
  ["amount_spent > 500", "amount_spent > 750", "amount_spent > -[500]+[750]"],
  ["number_of_orders > 1", "number_of_orders > 1 AND amount_spent > 5", "number_of_orders > 1+[ AND amount_spent > 5]"],
  [
    "a = 1 AND customer_tags CONTAINS 'very old'",
    "a = 1 AND customer_tags CONTAINS 'new'",
    "a = 1 AND customer_tags CONTAINS -['very old']+['new']",
  ],
  ["", "a = 1", "+[a = 1]"],
])("%s becomes %s", (before, after, expected) => {
  expect(shown(before, after)).toBe(expected);
});

it("gives both texts back whole, whatever they are", () => {
  const word = fc.constantFrom("a", "b", "AND", "(", ")", ",", "'x y'", "'", " ", "  ", "\n");
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = textDifference(before, after);
      const without = (kind: string): string =>
        pieces.flatMap((piece) => (piece.kind === kind ? [] : [piece.text])).join("");
      // A space between two changes may stand in both of them.
      expect(without("removed").replaceAll(/\s+/g, "")).toBe(after.replaceAll(/\s+/g, ""));
      expect(without("added").replaceAll(/\s+/g, "")).toBe(before.replaceAll(/\s+/g, ""));
    }),
  );
});
