import { expect, it } from "vitest";
import { knownPast } from "../../app/segment/known-past.ts";
import { findProperty, isHeld } from "../../app/segment/language/dictionary.ts";
import { withAskedRules } from "../../app/segment/language/needs.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import type { Rule } from "../../app/segment/language/tree.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { CONSENT_CHANNELS, eventSource, RECORD_COLUMNS } from "../../app/segment/sources.ts";

function read(text: string): Rule {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}

it("names what a run over the past does not know as it was, also of the segments that a rule asks for", () => {
  const rules = [
    "first_name = 'Ada' AND number_of_orders >= 2 AND customer_tags CONTAINS 'vip' OR customer_added_date > -30d",
    "email_subscription_status = 'SUBSCRIBED' AND metafields.app.level = 3 AND first_name IS NOT NULL AND segments CONTAINS 'loyal'",
  ].map(read);
  const live = new Map([
    [
      "loyal",
      read("NOT (products_purchased MATCHES (tag CONTAINS 'gift', sum(amount) > 9)) AND segments CONTAINS 'lapsed'"),
    ],
    [
      "lapsed",
      read("storefront.product_viewed MATCHES (category = 'tea') AND consent_changed MATCHES (channel = 'sms')"),
    ],
    ["other", read("phone IS NULL AND segments CONTAINS 'loyal'")],
  ]);
  expect(knownPast(withAskedRules(rules, live), dictionary)).toEqual({
    held: [
      { name: "first_name" },
      { event: "products_purchased", name: "tag" },
      { event: "storefront.product_viewed", name: "category" },
    ],
    sinceChange: [{ name: "email_subscription_status" }, { name: "metafields.app.level" }],
    sinceChangeOfEach: [{ name: "customer_tags" }],
    latest: [{ name: "consent_changed" }],
    amended: true,
  });
  expect(knownPast([read("storefront.page_viewed MATCHES (path = '/')")], dictionary)).toEqual({
    held: [],
    sinceChange: [],
    sinceChangeOfEach: [],
    latest: [],
    amended: false,
  });
});

it("declares of every word what is known of its past, as the tables hold it", () => {
  for (const name of dictionary.attributeNames()) {
    const { needs, past, ...attribute } = dictionary.attribute(name) ?? fail(name);
    expect.soft(past === "none", name).toBe(!isHeld(needs));
    if (Object.hasOwn(CONSENT_CHANNELS, attribute.name)) expect.soft(past, name).toBe("last_change");
    if (Object.hasOwn(RECORD_COLUMNS, attribute.name) && attribute.name !== "customer_added_date") {
      expect.soft(past, name).toBe("present");
    }
  }
  for (const name of dictionary.eventNames()) {
    const kind = dictionary.event(name) ?? fail(name);
    expect.soft(kind.past === "none", name).toBe(!isHeld(kind.needs));
    for (const property of Object.keys(kind.properties)) {
      const column = eventSource(name, dictionary)?.column(property);
      // Products, tags of an order and the sums of a checkout are overwritten; the rest stands in the event.
      if (column && /\bitem\.|\bo\.tags\b|\bk\./.test(column.sql)) {
        expect.soft(findProperty(kind, property)?.past, `${name} ${property}`).toBe("present");
      }
    }
  }
});

function fail(name: string): never {
  throw new Error(`${name} is not in the dictionary`);
}
