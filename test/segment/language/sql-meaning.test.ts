import { expect, it } from "vitest";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { readSql } from "../../../app/segment/language/read-sql.ts";

const dictionary = createDictionary();
const MINE = "customer_id = customer_data.customer_id";

/** What each condition means, NULL included: SQL selects nobody for whom a comparison is unknown. */
const MEANINGS: readonly (readonly [sql: string, text: string])[] = [
  [
    "last_purchase_date > CURRENT_DATE - INTERVAL '30 days' AND total_spent > 500",
    "last_order_date > -30d AND amount_spent > 500",
  ],
  ["500 < total_spent", "amount_spent > 500"],
  ["email = 'a@b.c'", "email = 'a@b.c'"],
  ["email <> 'a@b.c'", "email != 'a@b.c' AND email IS NOT NULL"],
  ["email IS DISTINCT FROM 'a@b.c'", "email != 'a@b.c'"],
  ["NOT (email = 'a@b.c')", "email != 'a@b.c' AND email IS NOT NULL"],
  ["(email = 'a@b.c') IS NOT TRUE", "email != 'a@b.c'"],
  ["(email = 'a@b.c') IS FALSE", "email != 'a@b.c' AND email IS NOT NULL"],
  ["email NOT IN ('a', 'b')", "email NOT IN ('a', 'b') AND email IS NOT NULL"],
  ["NOT (total_spent > 5)", "amount_spent <= 5"],
  ["(total_spent > 5) IS NOT TRUE", "NOT (amount_spent > 5)"],
  ["total_spent NOT BETWEEN 5 AND 10", "amount_spent < 5 OR amount_spent > 10"],
  ["NOT (total_spent > 5 AND email IS NULL)", "amount_spent <= 5 OR email IS NOT NULL"],
  ["'vip' = ANY (customer_tags)", "customer_tags CONTAINS 'vip'"],
  ["'vip' <> ALL (tags)", "customer_tags NOT CONTAINS 'vip'"],
  ["customer_tags @> ARRAY['vip']", "customer_tags CONTAINS 'vip'"],
  ["suspected_duplicate", "suspected_duplicate = true"],
  ["NOT suspected_duplicate", "suspected_duplicate = false"],
  ["last_order_date >= now() - INTERVAL '48 hours'", "last_order_date > -48h"],
  ["last_order_date < CURRENT_TIMESTAMP - INTERVAL '15' MINUTE", "last_order_date <= -15min"],
  ["last_order_date > now() - INTERVAL '2 days'", "last_order_date > -48h"],
  ["last_order_date >= CURRENT_DATE - 7", "last_order_date >= -7d"],
  ["last_order_date BETWEEN '2026-01-01' AND CURRENT_DATE", "last_order_date BETWEEN 2026-01-01 AND today"],
  ["last_order_date < TIMESTAMP '2026-01-01 16:00:00'", "last_order_date < 2026-01-01T16:00:00"],
  [`EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND amount > 20)`, "orders_placed MATCHES (amount > 20)"],
  [
    `NOT EXISTS (SELECT * FROM orders o WHERE o.${MINE} AND o.ordered_at > CURRENT_DATE - 30)`,
    "orders_placed NOT MATCHES (date > -30d)",
  ],
  [`(SELECT count(*) FROM orders WHERE ${MINE}) >= 3`, "orders_placed MATCHES (count >= 3)"],
  [`NOT ((SELECT count(*) FROM orders WHERE ${MINE}) >= 3)`, "orders_placed MATCHES (count < 3)"],
  [`(SELECT count(*) FROM order_lines WHERE ${MINE}) >= 3`, "products_purchased MATCHES (distinct(line_id) >= 3)"],
  [
    `(SELECT count(DISTINCT order_id) FROM order_lines WHERE ${MINE} AND product_id = 7) >= 3`,
    "products_purchased MATCHES (id = 7, count >= 3)",
  ],
  [`(SELECT sum(amount) FROM orders WHERE ${MINE}) > 100`, "orders_placed MATCHES (sum_amount > 100)"],
  [
    `(SELECT sum(amount) FROM orders WHERE ${MINE}) < 100`,
    "orders_placed MATCHES (sum_amount < 100, distinct(amount) >= 1)",
  ],
  [`(SELECT coalesce(sum(amount), 0) FROM orders WHERE ${MINE}) < 100`, "orders_placed MATCHES (sum_amount < 100)"],
  [
    `(SELECT avg(amount) FROM orders WHERE ${MINE}) <> 10`,
    "orders_placed MATCHES (average(amount) < 10) OR orders_placed MATCHES (average(amount) > 10)",
  ],
  [
    `(SELECT count(DISTINCT product_id) FROM events WHERE ${MINE} AND event = 'storefront.product_viewed' AND occurred_at > now() - INTERVAL '48 hours') >= 3`,
    "storefront.product_viewed MATCHES (date > -48h, distinct(id) >= 3)",
  ],
  [
    `EXISTS (SELECT 1 FROM events WHERE ${MINE} AND event = 'custom.signed_up' AND properties->>'plan' = 'pro' AND (properties->>'seats')::int > 5)`,
    "custom.signed_up MATCHES (plan = 'pro', seats > 5)",
  ],
  ["customer_id IN (SELECT customer_id FROM orders WHERE amount > 5)", "orders_placed MATCHES (amount > 5)"],
  ["customer_id NOT IN (SELECT customer_id FROM orders)", "orders_placed NOT MATCHES ()"],
  [
    "customer_id IN (SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) < 3)",
    "orders_placed MATCHES () AND orders_placed MATCHES (count < 3)",
  ],
  [
    `EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND source_name <> 'web')`,
    "orders_placed MATCHES (source_name != 'web', source_name IS NOT NULL)",
  ],
  ["total_spent > 5 AND stay_at_least(INTERVAL '7 days')", "amount_spent > 5 STAY AT LEAST 7d"],
  ["sample_bucket < 1000", "sample(10%)"],
  ["\"metafields.custom.size\" = 'L'", "metafields.custom.size = 'L'"],
];

it.each(MEANINGS)("%s", async (sql, text) => {
  const reading = await readSql(`SELECT customer_id FROM customer_data WHERE ${sql};`, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  expect(printText(reading.rule)).toBe(text);
});

it("reads the query of the requirement as it stands, with an alias too", async () => {
  const written =
    "SELECT customer_id FROM customer_data WHERE last_purchase_date > CURRENT_DATE - INTERVAL '30 days' AND total_spent > 500;";
  const aliased =
    "select c.customer_id from customer_data as c where c.last_purchase_date > current_date - interval '30 days' and c.total_spent > 500";
  expect(await readSql(written, dictionary)).toEqual(await readSql(aliased, dictionary));
  expect(await readSql(written, dictionary)).toMatchObject({ outcome: "read" });
});
