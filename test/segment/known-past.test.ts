import { expect, it } from "vitest";
import { knownPast } from "../../app/segment/known-past.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";

it("names what a run over the past holds at its present value, and what it knows from its last change on alone", () => {
  const texts = [
    "first_name = 'Ada' AND number_of_orders >= 2 AND customer_tags CONTAINS 'vip' OR customer_added_date > -30d",
    "email_subscription_status = 'SUBSCRIBED' AND metafields.app.level = 3 AND first_name IS NOT NULL AND amount_spent > 5",
    "customer_within_distance(coordinates: '52.5, 13.4', distance_km: 10) = true AND segments CONTAINS 'loyal'",
  ];
  const rules = texts.map((text) => {
    const reading = parseText(text, dictionary);
    if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
    return reading.rule;
  });
  expect(knownPast(rules, dictionary)).toEqual({
    held: ["first_name", "customer_cities"],
    sinceChange: ["customer_tags", "email_subscription_status", "metafields.app.level"],
  });
});
