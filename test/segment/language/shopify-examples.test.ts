import { expect, it } from "vitest";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { missingData } from "../../../app/segment/language/needs.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { printSql } from "../../../app/segment/language/print-sql.ts";
import { readSql } from "../../../app/segment/language/read-sql.ts";

const dictionary = createDictionary();

/** Examples of Shopify's own reference and help pages (2026-10); the second column where Muster writes them differently. */
const EXAMPLES: readonly (readonly [written: string, printed?: string])[] = [
  ["last_order_date = 2020-05-30"],
  ["last_order_date != 2020-05-30"],
  ["last_order_date > 2020-05-30"],
  ["last_order_date >= 2020-05-30"],
  ["last_order_date < 2020-05-30"],
  ["last_order_date <= 2020-05-30"],
  ["last_order_date BETWEEN 2020-02-28 AND 2020-03-30"],
  ["last_order_date > -7d"],
  ["last_order_date >= -2w"],
  ["last_order_date = -1m"],
  ["last_order_date < -1y"],
  ["last_order_date BETWEEN 2021-01-01 AND today"],
  ["last_order_date BETWEEN 2020-01-01 AND -7d"],
  ["last_order_date = today"],
  ["last_order_date = yesterday"],
  ["last_order_date > 2020-05-30T16:00:00"],
  ["abandoned_checkout_date >= 7_days_ago", "abandoned_checkout_date >= -7d"],
  ["abandoned_checkout_date >= 30_days_ago", "abandoned_checkout_date >= -30d"],
  ["abandoned_checkout_date >= 90_days_ago", "abandoned_checkout_date >= -90d"],
  ["abandoned_checkout_date >= 12_months_ago", "abandoned_checkout_date >= -12m"],
  ["abandoned_checkout_date > -8m"],
  ["abandoned_checkout_date IS NULL"],
  ["customer_account_status = 'DISABLED'"],
  ["customer_account_status != 'DISABLED'"],
  ["amount_spent = 10.99"],
  ["amount_spent BETWEEN 100 AND 1000.99"],
  ["amount_spent BETWEEN 1 AND 999.99"],
  ["number_of_orders = 10"],
  ["number_of_orders BETWEEN 100 AND 1000"],
  ["customer_tags CONTAINS 'vip'"],
  ["customer_tags NOT CONTAINS 'vip'"],
  ["customer_tags CONTAINS '\\'VIP\\''"],
  ["customer_cities CONTAINS 'US-CA-LosAngeles'"],
  ["customer_cities NOT CONTAINS 'US-NY-NewYorkCity'"],
  ["customer_regions CONTAINS 'US-NY'"],
  ["customer_countries CONTAINS 'CA'"],
  ["customer_email_domain = 'example.com'"],
  ["customer_email_domain != ''"],
  ["customer_language = 'fr'"],
  ["companies IS NOT NULL"],
  ["companies = 1012132033639"],
  ["created_by_app_id = 987654321"],
  ["customer_added_date >= -90d"],
  ["first_order_date < -12m"],
  ["email_subscription_status = 'SUBSCRIBED'"],
  ["sms_subscription_status != 'SUBSCRIBED'"],
  ["predicted_spend_tier = 'HIGH'"],
  ["product_subscription_status = 'ACTIVE'"],
  ["rfm_group = 'CHAMPIONS'"],
  ["metafields.facts.birth_date BETWEEN 1990-01-01 AND 1999-12-31"],
  ["metafields.custom.loyalty_points > 100"],
  ["metafields.custom.is_member = true"],
  ["customer.metafields.custom.size = 'L'", "metafields.custom.size = 'L'"],
  ["anniversary ('metafields.facts.birth_date') = today"],
  [
    "anniversary('metafields.facts.birth_date') BETWEEN today AND +30d",
    "anniversary ('metafields.facts.birth_date') BETWEEN today AND +30d",
  ],
  [
    "anniversary(date: 'metafields.facts.birth_date') BETWEEN today AND +7d",
    "anniversary ('metafields.facts.birth_date') BETWEEN today AND +7d",
  ],
  ["products_purchased MATCHES ()"],
  ["products_purchased NOT MATCHES ()"],
  ["products_purchased MATCHES (id = 2012162031638)"],
  ["products_purchased MATCHES (id = 1234, count > 1)"],
  ["products_purchased MATCHES (tag = 'Sports wear')"],
  ["products_purchased MATCHES (id IN (2012162031638, 1012132033639))"],
  ["products_purchased MATCHES (id NOT IN (1012132033639, 2))"],
  ["products_purchased MATCHES (id NOT IN (1012132033639))", "products_purchased MATCHES (id != 1012132033639)"],
  ["products_purchased MATCHES (id = 1012132033639, date = 2022-01-01)"],
  ["products_purchased NOT MATCHES (date > -3m)"],
  ["products_purchased MATCHES (tag = 'Sports wear', date >= -12m)"],
  ["products_purchased MATCHES (id = 1012132033639, date BETWEEN -12m AND today)"],
  ["products_purchased MATCHES (quantity != 5)"],
  ["products_purchased MATCHES (quantity > 5)"],
  ["products_purchased MATCHES (sum_quantity >= 4)"],
  ["products_purchased IS NULL", "products_purchased NOT MATCHES ()"],
  ["orders_placed MATCHES (app_id = 129785, sum_amount >= 500)"],
  ["orders_placed MATCHES (date > '2025-01-01', count >= 5)", "orders_placed MATCHES (date > 2025-01-01, count >= 5)"],
  ["orders_placed NOT MATCHES (date > '2025-08-01')", "orders_placed NOT MATCHES (date > 2025-08-01)"],
  ["orders_placed NOT_MATCHES (location_id = 5)", "orders_placed NOT MATCHES (location_id = 5)"],
  ["shopify_email.opened MATCHES ()"],
  ["shopify_email.opened MATCHES (activity_id = 5240029206)"],
  ["shopify_email.opened NOT MATCHES (activity_id = 5240029206)"],
  ["shopify_email.opened MATCHES (activity_id IN (5240029206, 1932881090, 3250045832))"],
  [
    "shopify_email.unsubscribed MATCHES (activity_id IN (5240029206))",
    "shopify_email.unsubscribed MATCHES (activity_id = 5240029206)",
  ],
  ["shopify_email.delivered MATCHES (activity_id = 5240029206, date = 2022-01-01)"],
  ["shopify_email.marked_as_spam MATCHES (activity_id = 5240029206, date > -3m)"],
  ["shopify_email.bounced NOT MATCHES (activity_id = 5240029206, date BETWEEN -12m AND today)"],
  ["shopify_email.clicked MATCHES (count >= 2)"],
  ["storefront.product_viewed MATCHES (id = 1234567890, date > -7d)"],
  ["storefront.collection_viewed MATCHES (id IN (1, 2), count > 3)"],
  ["storefront_event.product_viewed MATCHES (date > -7d)", "storefront.product_viewed MATCHES (date > -7d)"],
  ["store_credit_accounts MATCHES (balance > 0, currency = 'USD', next_expiry_date < +30d)"],
  ["customer_within_distance MATCHES (coordinates = '49.2827,-123.1207', distance_km = 25)"],
  [
    "customer_within_distance NOT MATCHES (coordinates = '49.2827,-123.1207', distance_mi = 25)",
    "NOT (customer_within_distance MATCHES (coordinates = '49.2827,-123.1207', distance_mi = 25))",
  ],
  // The forms before 2026-10.
  ["shopify_email.opened() = true", "shopify_email.opened MATCHES ()"],
  ["products_purchased(quantity: 5) = true", "products_purchased MATCHES (quantity = 5)"],
  ["products_purchased(tag: 'Christmas Pajamas') = true", "products_purchased MATCHES (tag = 'Christmas Pajamas')"],
  [
    "products_purchased(id: (1012132033639, 2012162031638)) = false",
    "products_purchased NOT MATCHES (id IN (1012132033639, 2012162031638))",
  ],
  ["products_purchased(date: > -3m) != true", "products_purchased NOT MATCHES (date > -3m)"],
  [
    "products_purchased(id: 1, date: BETWEEN -12m AND today) != false",
    "products_purchased MATCHES (id = 1, date BETWEEN -12m AND today)",
  ],
  // Precedence.
  ["email_subscription_status = 'SUBSCRIBED' AND customer_countries CONTAINS 'CA' OR amount_spent > 999.99"],
  [
    "(email_subscription_status = 'SUBSCRIBED' AND customer_countries CONTAINS 'CA') OR amount_spent > 999.99",
    "email_subscription_status = 'SUBSCRIBED' AND customer_countries CONTAINS 'CA' OR amount_spent > 999.99",
  ],
  ["email_subscription_status = 'SUBSCRIBED' AND (customer_countries CONTAINS 'CA' OR amount_spent > 999.99)"],
  [
    "email_subscription_status = 'SUBSCRIBED' and number_of_orders >= 1 or amount_spent > 5",
    "email_subscription_status = 'SUBSCRIBED' AND number_of_orders >= 1 OR amount_spent > 5",
  ],
  [
    "FROM customers SHOW customer_name, note, amount_spent WHERE last_order_date >= -30d ORDER BY updated_at DESC",
    "last_order_date >= -30d",
  ],
  // Muster's own.
  [
    "storefront.product_viewed MATCHES (date > -48h, distinct(product_id) >= 3)",
    "storefront.product_viewed MATCHES (date > -48h, distinct(id) >= 3)",
  ],
  [
    "orders_placed MATCHES (date >= -15min, avg(amount) > 20, first(source_name) = 'web')",
    "orders_placed MATCHES (date > -15min, average(amount) > 20, first(source_name) = 'web')",
  ],
  ["storefront.product_viewed MATCHES (date > -7d) THEN WITHIN 2h orders_placed NOT MATCHES ()"],
  [
    "custom.signed_up MATCHES (plan = 'pro', count >= 2) AND NOT (segments CONTAINS 'vip' OR sample(10%))",
    "custom.signed_up MATCHES (plan = 'pro', count >= 2) AND NOT (segments CONTAINS 'vip' OR sample(10%))",
  ],
  ["data_quality_findings CONTAINS 'invalid_email' AND suspected_duplicate = true"],
  ["amount_spent > 5 STAY AT LEAST 7d EXPIRE AFTER 30d WITHOUT ACTIVITY NO REENTRY FOR 4w"],
];

it.each(EXAMPLES.map(([written, printed = written]) => [written, printed] as const))("%s", async (written, printed) => {
  const reading = parseText(written, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  expect(printText(reading.rule)).toBe(printed);
  expect(parseText(printed, dictionary)).toEqual(reading);
  expect(await readSql(printSql(reading.rule, dictionary), dictionary)).toEqual(reading);
});

it("says which data a pasted segment needs that Muster does not have", () => {
  const reading = parseText("shopify_email.opened MATCHES () OR companies = 5 AND amount_spent > 5", dictionary);
  expect(reading.outcome === "read" && missingData(reading.rule, dictionary)).toEqual([
    { name: "shopify_email.opened", needs: "Shopify Email activity" },
    { name: "companies", needs: "companies" },
  ]);
});
