import { expect, it } from "vitest";
import { missingData } from "../../../app/segment/language/needs.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { dictionary } from "../../../app/segment/segment.ts";
import { clausesToCount, findingsOf } from "../../../app/segment/watch/finding.ts";
import { namesInRule } from "../../../app/segment/watch/names-in-rule.ts";

function ruleOf(text: string) {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}

const NAMES: [rule: string, names: string[]][] = [
  ["products_purchased MATCHES (id = 123)", ["product 123"]],
  ["products_purchased NOT MATCHES (product_id IN (1, 2), date > -30d)", ["product 1", "product 2"]],
  ["storefront.product_viewed MATCHES (tag = 'sale', category = 'Shoes')", ["product_tag sale", "category Shoes"]],
  ["storefront.collection_viewed MATCHES (id = 77)", ["collection 77"]],
  [
    "storefront.product_viewed MATCHES (id = 5) THEN products_purchased NOT MATCHES (id = 6)",
    ["product 5", "product 6"],
  ],
  ["customer_tags CONTAINS 'vip' OR customer_tags NOT CONTAINS 'b2b'", ["customer_tag vip", "customer_tag b2b"]],
  ["segments CONTAINS 'loyal'", ["segment loyal"]],
  // Tags of orders, ids of orders, and what the merchant's own events call an id, are nothing of the catalogue.
  ["orders_placed MATCHES (tag = 'gift', order_id = 9) AND custom.signed_up MATCHES (id = 'x')", []],
  ["number_of_orders > 3 AND customer_tags IS NOT NULL", []],
];

it.each(NAMES)("%s names %j", (rule, names) => {
  expect(namesInRule(ruleOf(rule), dictionary).map(({ kind, name }) => `${kind} ${name}`)).toEqual(names);
});

const clausesOf = (text: string) =>
  clausesToCount(ruleOf(text), (part) => missingData(part, dictionary)).map((clause) => clause.text);

it("every different clause is counted once, but no random share and none that asks for data that is not held", () => {
  expect(clausesOf("number_of_orders > 3 AND (NOT amount_spent > 5 OR number_of_orders > 3)")).toHaveLength(2);
  expect(clausesOf("sample(10%) AND rfm_group = 'LOYAL' AND amount_spent > 5")).toEqual(["amount_spent > 5"]);
});

it("a clause is worth a look when it is true for nobody, or for everybody where these are more than a handful", () => {
  const found = (count: number, customers: number) =>
    findingsOf({ drift: [], gone: [], customers, clauses: [{ text: "amount_spent > 5", count }] }).map(
      ({ kind }) => kind,
    );
  expect(found(0, 5)).toEqual(["nobody"]);
  expect(found(0, 0)).toEqual([]);
  expect(found(3, 50)).toEqual([]);
  expect(found(50, 50)).toEqual(["everybody"]);
  expect(found(5, 5)).toEqual([]);
});
