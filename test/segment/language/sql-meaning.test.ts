import { expect, it } from "vitest";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { printSql } from "../../../app/segment/language/print-sql.ts";
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

/** The same questions as people ask them in other words. */
const OTHER_WORDS: readonly (readonly [sql: string, text: string])[] = [
  ["last_order_date > TIMESTAMP '2026-01-01 16:00'", "last_order_date > 2026-01-01T16:00:00"],
  ["last_order_date > TIMESTAMPTZ '2026-01-01'", "last_order_date > 2026-01-01T00:00:00"],
  ["last_order_date::date = CURRENT_DATE", "last_order_date = today"],
  ["DATE(last_order_date) BETWEEN '2026-01-01' AND '2026-01-31'", "last_order_date BETWEEN 2026-01-01 AND 2026-01-31"],
  ["date_trunc('day', last_order_date) >= (CURRENT_DATE - INTERVAL '1 month')::date", "last_order_date >= -1m"],
  ["last_order_date >= date_trunc('day', now() - INTERVAL '30 days')", "last_order_date >= -30d"],
  ["last_order_date > now()::date - 7", "last_order_date > -7d"],
  ["now() - last_order_date > INTERVAL '48 hours'", "last_order_date <= -48h"],
  ["INTERVAL '48 hours' > now() - last_order_date", "last_order_date > -48h"],
  ["CURRENT_DATE - last_order_date <= 30", "last_order_date >= -30d"],
  ["last_order_date + INTERVAL '2 hours' >= now()", "last_order_date > -2h"],
  ["now() < last_order_date + INTERVAL '2 hours'", "last_order_date > -2h"],
  ["coalesce(total_spent, 0) < 50", "amount_spent < 50 OR amount_spent IS NULL"],
  ["coalesce(total_spent, 0) >= 50", "amount_spent >= 50 AND amount_spent IS NOT NULL"],
  ["NOT (coalesce(total_spent, 0) < 50)", "amount_spent >= 50 AND amount_spent IS NOT NULL"],
  ["coalesce(email, '') <> ''", "email != '' AND email IS NOT NULL AND email IS NOT NULL"],
  ["orders_count = ANY (ARRAY[1, 2])", "number_of_orders IN (1, 2)"],
  ["first_name <> ALL (ARRAY['a', 'b'])", "first_name NOT IN ('a', 'b') AND first_name IS NOT NULL"],
  ["tags @> ARRAY['a', 'b']", "customer_tags CONTAINS 'a' AND customer_tags CONTAINS 'b'"],
  ["tags && ARRAY['a', 'b']", "customer_tags CONTAINS 'a' OR customer_tags CONTAINS 'b'"],
  ["NOT (tags && ARRAY['a', 'b'])", "customer_tags NOT CONTAINS 'a' AND customer_tags NOT CONTAINS 'b'"],
  ["total_spent > 500::numeric", "amount_spent > 500"],
  ["metafields.custom.size = 'L'", "metafields.custom.size = 'L'"],
  ["total_spent > 5 ORDER BY total_spent DESC", "amount_spent > 5"],
  [
    "total_spent > 5 UNION SELECT customer_id FROM orders WHERE amount > 9",
    "amount_spent > 5 OR orders_placed MATCHES (amount > 9)",
  ],
  [
    "total_spent > 5 INTERSECT SELECT customer_id FROM customer_data WHERE email IS NULL",
    "amount_spent > 5 AND email IS NULL",
  ],
  [
    "total_spent > 5 EXCEPT SELECT customer_id FROM customer_data WHERE orders_count > 2",
    "amount_spent > 5 AND NOT (number_of_orders > 2)",
  ],
  [`EXISTS (SELECT 1 FROM orders WHERE ${MINE} ORDER BY ordered_at LIMIT 1)`, "orders_placed MATCHES ()"],
  [
    `EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND (amount > 5 OR source_name = 'web'))`,
    "orders_placed MATCHES (amount > 5) OR orders_placed MATCHES (source_name = 'web')",
  ],
  [
    `EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND NOT (amount > 5 AND amount BETWEEN 1 AND 9))`,
    "orders_placed MATCHES (amount <= 5) OR orders_placed MATCHES (amount < 1) OR orders_placed MATCHES (amount > 9)",
  ],
  [
    `EXISTS (SELECT 1 FROM events WHERE ${MINE} AND event IN ('email.opened', 'email.clicked') AND occurred_at > CURRENT_DATE - 7)`,
    "email.opened MATCHES (date > -7d) OR email.clicked MATCHES (date > -7d)",
  ],
  [
    `EXISTS (SELECT 1 FROM orders WHERE ${MINE} GROUP BY orders.customer_id HAVING count(1) >= 3)`,
    "orders_placed MATCHES () AND orders_placed MATCHES (count >= 3)",
  ],
  [`EXISTS (SELECT 1 FROM orders WHERE ${MINE} HAVING count(*) < 3)`, "orders_placed MATCHES (count < 3)"],
  [
    "customer_id NOT IN (SELECT DISTINCT customer_id FROM orders WHERE customer_id IS NOT NULL)",
    "orders_placed NOT MATCHES ()",
  ],
  [
    `(SELECT amount FROM orders WHERE ${MINE} ORDER BY ordered_at DESC LIMIT 1) > 100`,
    "orders_placed MATCHES (last(amount) > 100)",
  ],
  [
    `EXISTS (SELECT 1 FROM events v WHERE v.${MINE} AND v.event = 'storefront.product_viewed' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = v.customer_id AND o.ordered_at > v.occurred_at))`,
    "storefront.product_viewed MATCHES () THEN orders_placed NOT MATCHES ()",
  ],
  [
    `EXISTS (SELECT 1 FROM order_lines WHERE ${MINE} AND tag @> ARRAY['a', 'b'])`,
    "products_purchased MATCHES (tag = 'a', tag = 'b')",
  ],
];

it.each([...MEANINGS, ...OTHER_WORDS])("%s", async (sql, text) => {
  const reading = await readSql(`SELECT customer_id FROM customer_data WHERE ${sql};`, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  expect(printText(reading.rule)).toBe(text);
  expect(parseText(text, dictionary)).toEqual(reading);
  expect(await readSql(printSql(reading.rule, dictionary), dictionary)).toEqual(reading);
});

it.each([
  // PostgreSQL means something else by these than a rule could say.
  ["last_order_date > TIMESTAMPTZ '2026-01-01 16:00:00+02'", 63, "is no date as it is written here"],
  ["last_order_date > DATE '2026-1-5'", 63, "is no date as it is written here"],
  ["last_order_date > DATE 'today'", 63, "is no date as it is written here"],
  ["last_order_date > TIMESTAMP '2026-01-01 16:00:00.5'", 63, "is no date as it is written here"],
  ["total_spent > 5 AND stay_at_least(INTERVAL '999999999 weeks')", 79, "at most 73,000 days"],
  ["last_order_date + INTERVAL '1 month' < now()", 45, "cannot be translated"],
  ["last_order_date::date > now() - INTERVAL '2 hours'", 45, "cannot be translated"],
  [`EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND amount::int > 5)`, 124, "cannot be translated"],
  [`EXISTS (SELECT 1 FROM orders WHERE ${MINE} AND amount > 5 AND amount > 6)`, 139, "compared twice"],
  [
    `EXISTS (SELECT 1 FROM events WHERE ${MINE} AND event = 'custom.x' AND properties->'plan' = '"pro"')`,
    147,
    "cannot be translated",
  ],
  [`EXISTS (SELECT 1 FROM events WHERE ${MINE} AND event = 'product_viewed')`, 67, "storefront.product_viewed"],
  ["customer_id IN (SELECT customer_id FROM orders LIMIT 5)", 98, "nothing else can be translated"],
  ["total_spent > 5 UNION SELECT c.customer_id FROM customer_data c WHERE c.orders_count > 2", 8, "cannot be combined"],
])("%s is refused", async (sql, column, message) => {
  const reading = await readSql(`SELECT customer_id FROM customer_data WHERE ${sql}`, dictionary);
  expect(reading).toMatchObject({
    outcome: "refused",
    problems: [{ column, message: expect.stringContaining(message) }],
  });
});

it("reads the query of the requirement as it stands, with an alias too", async () => {
  const written =
    "SELECT customer_id FROM customer_data WHERE last_purchase_date > CURRENT_DATE - INTERVAL '30 days' AND total_spent > 500;";
  const aliased =
    "select c.customer_id from customer_data as c where c.last_purchase_date > current_date - interval '30 days' and c.total_spent > 500";
  expect(await readSql(written, dictionary)).toEqual(await readSql(aliased, dictionary));
  expect(await readSql(written, dictionary)).toMatchObject({ outcome: "read" });
});
