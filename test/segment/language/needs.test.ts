import { expect, it } from "vitest";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { missingData, segmentOrder } from "../../../app/segment/language/needs.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import type { Rule } from "../../../app/segment/language/tree.ts";

function rules(texts: Record<string, string>): Map<string, Rule> {
  const dictionary = createDictionary();
  return new Map(
    Object.entries(texts).map(([key, text]) => {
      const reading = parseText(text, dictionary);
      if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
      return [key, reading.rule];
    }),
  );
}

it("decides a segment after those it asks for", () => {
  const given = rules({
    a: "segments CONTAINS 'b' AND NOT (segments CONTAINS 'c' AND amount_spent > 5)",
    b: "segments NOT CONTAINS 'c'",
    c: "amount_spent > 5 OR segments CONTAINS 'nobody has this key'",
  });
  expect(segmentOrder(given)).toEqual({ outcome: "ordered", keys: ["c", "b", "a"] });
});

it.each([
  [{ a: "segments CONTAINS 'a'" }, ["a", "a"]],
  [
    {
      x: "amount_spent > 5",
      a: "segments CONTAINS 'b'",
      b: "NOT (segments CONTAINS 'c' OR amount_spent > 1)",
      c: "segments NOT CONTAINS 'a'",
    },
    ["a", "b", "c", "a"],
  ],
])("names the cycle in %j", (texts, keys) => {
  expect(segmentOrder(rules(texts as Record<string, string>))).toEqual({ outcome: "cycle", keys });
});

it("says what is missing of metafields: a definition, or a type that rules compare", () => {
  const dictionary = createDictionary({ metafields: { "custom.size": "text", "custom.budget": null } });
  const missing = (text: string): unknown => {
    const reading = parseText(text, dictionary);
    return reading.outcome === "read" ? missingData(reading.rule, dictionary) : reading.problems[0].message;
  };
  expect(missing("metafields.custom.size = 'L' AND customer_language = 'en'")).toEqual([]);
  expect(missing("customer.metafields.custom.size = 'L'")).toEqual([]);
  expect(missing("metafields.custom.budget > 5 AND metafields.custom.shoe > 5")).toEqual([
    { name: "metafields.custom.budget", needs: "metafields of that type" },
    { name: "metafields.custom.shoe", needs: "a definition of it in the shop's settings" },
  ]);
  expect(missing("metafields.custom.size > 5")).toBe(
    "metafields.custom.size cannot be compared with >; expected =, !=, IN, NOT IN, IS NULL or IS NOT NULL.",
  );
});
