import { expect, it } from "vitest";
import { ALL_PARTS, PARTS } from "../../../app/ingest/parts.ts";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { missingData } from "../../../app/segment/language/needs.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { printSql } from "../../../app/segment/language/print-sql.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { readSql } from "../../../app/segment/language/read-sql.ts";
import { affectedSegments, prepareSegments } from "../../../app/segment/segment.ts";
import { namesInRule } from "../../../app/segment/watch/names-in-rule.ts";

const dictionary = createDictionary({
  traits: { tier: "text", points: "number", member: "boolean", renews_on: "date", interests: "text_list" },
});

function ruleOf(text: string) {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}

it.each([
  ["traits.tier = 'gold'", `"traits.tier" = 'gold'`],
  ["traits.tier NOT IN ('gold', 'silver')", `("traits.tier" IN ('gold', 'silver')) IS NOT TRUE`],
  ["traits.points BETWEEN 10 AND 99.5", `"traits.points" BETWEEN 10 AND 99.5`],
  ["traits.member = true", `"traits.member" = true`],
  ["traits.renews_on > -30d", `"traits.renews_on" > CURRENT_DATE - INTERVAL '30 days'`],
  ["traits.interests CONTAINS 'tea'", `'tea' = ANY ("traits.interests")`],
  ["traits.points IS NULL", `"traits.points" IS NULL`],
  ["anniversary ('traits.renews_on') = today", `anniversary("traits.renews_on") = CURRENT_DATE`],
])("%s is the same rule in its three faces", async (text, sql) => {
  const rule = ruleOf(text);
  expect(printText(rule)).toBe(text);
  expect(printSql(rule, dictionary)).toBe(`SELECT customer_id FROM customer_data WHERE ${sql};`);
  expect(await readSql(printSql(rule, dictionary), dictionary)).toEqual({ outcome: "read", rule });
  expect(missingData(rule, dictionary)).toEqual([]);
});

it.each([
  ["traits.points = 'many'", "1:17", "traits.points takes a number such as 10.5, not the text 'many'."],
  ["traits.points CONTAINS 5", "1:15", "traits.points is a single value; write = instead of CONTAINS."],
  ["traits.interests = 'tea'", "1:18", "traits.interests is a list; write CONTAINS instead of =."],
  ["traits.member = 1", "1:17", "traits.member takes true or false, not the number 1."],
  [
    "traits.tier > 'gold'",
    "1:13",
    "traits.tier cannot be compared with >; expected =, !=, IN, NOT IN, IS NULL or IS NOT NULL.",
  ],
  [
    "traits.renews_on = 7",
    "1:20",
    "traits.renews_on takes a date such as 2026-01-31, -30d, -48h or today, not the number 7.",
  ],
  ["traits.point >= 5", "1:1", "There is no attribute 'traits.point'; did you mean traits.points?"],
  ["anniversary('traits.tier') = today", "1:13", "traits.tier is no date, so it has no anniversary."],
])("%s is refused at %s", (text, at, message) => {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "read") throw new Error("was read");
  const [problem] = reading.problems;
  expect([`${problem.line}:${problem.column}`, problem.message]).toEqual([at, message]);
});

/** Tells which of the rules a change concerns: of these parts, and of what is told by name. */
function affectedAmong(texts: Readonly<Record<string, string>>): (parts: number, ...names: string[]) => string[] {
  const rows = Object.entries(texts).map(([key, text], id) => ({
    id,
    key,
    name: key,
    version: 1,
    definition: ruleOf(text),
  }));
  const segments = prepareSegments(rows, { timeZone: "UTC", currency: "EUR" });
  return (parts, ...names) =>
    affectedSegments(segments, { parts, names: new Set(names), due: new Set() })
      .map(({ key }) => key)
      .toSorted();
}

it("a trait that changes concerns the rules that read it, those that ask for them, and no others", () => {
  const texts = {
    points: "traits.points > 5",
    tier: "traits.tier = 'gold' AND number_of_orders > 1",
    orders: "number_of_orders > 1",
    asking: "segments CONTAINS 'points'",
  };
  const affected = affectedAmong(texts);
  expect(affected(PARTS.named, "traits.points")).toEqual(["asking", "points"]);
  expect(affected(PARTS.named, "traits.tier")).toEqual(["tier"]);
  expect(affected(PARTS.named, "traits.shoe_size")).toEqual([]);
  expect(affected(PARTS.named | PARTS.orders, "traits.shoe_size")).toEqual(["orders", "tier"]);
  expect(affected(PARTS.record)).toEqual([]);
  expect(affected(ALL_PARTS)).toEqual(["asking", "orders", "points", "tier"]);
});

it("an event of a kind concerns the rules that read that kind, those that read any activity, and no others", () => {
  const texts = {
    viewed: "storefront.product_viewed MATCHES (date > -7d)",
    opened: "email.opened MATCHES (date > -7d) AND number_of_orders > 1",
    active: "number_of_orders > 1 EXPIRE AFTER 30d",
    seen: "traits.last_seen_date > -30d",
    asking: "segments CONTAINS 'opened'",
    points: "traits.points > 5",
  };
  const affected = affectedAmong(texts);
  expect(affected(PARTS.named, "storefront.product_viewed")).toEqual(["active", "seen", "viewed"]);
  expect(affected(PARTS.named, "email.opened", "traits.points")).toEqual([
    "active",
    "asking",
    "opened",
    "points",
    "seen",
  ]);
  expect(affected(PARTS.named, "traits.points")).toEqual(["points"]);
  expect(affected(PARTS.events)).toEqual(["active", "asking", "opened", "seen", "viewed"]);
});

it("what a rule names of the shop includes its traits", () => {
  const rule = ruleOf(
    "traits.points > 5 OR NOT (anniversary('traits.renews_on') = today) OR traits.last_seen_date > -30d",
  );
  expect(namesInRule(rule, dictionary)).toEqual([
    { kind: "trait", name: "points" },
    { kind: "trait", name: "renews_on" },
  ]);
});
