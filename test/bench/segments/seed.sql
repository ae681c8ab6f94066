-- A shop of $2 customers with one order each over the last 90 days.
-- $1 the shop, $3 now. Everything follows from the customer's number, so every run has the same shop.
WITH customer AS (
  SELECT n AS id, $3::timestamptz - interval '100 days' AS created_at,
    ('x' || substr(md5(n::text), 1, 7))::bit(28)::int AS hash
  FROM generate_series(1, $2::int) AS n
), made AS (
  INSERT INTO customers (shop_id, id, email, created_at, addresses, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, id, 'c' || id || '@example.com', created_at,
    jsonb_build_array(jsonb_build_object('country', CASE WHEN hash % 3 = 0 THEN 'GB' ELSE 'DE' END)), created_at, created_at, ''
  FROM customer
), profiled AS (
  INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, currency, exists_from, sample_bucket, computed_at)
  SELECT $1, id, 'c' || id || '@example.com', 'unknown', 0, 0, 0, 'EUR', created_at, hash % 10000, $3 FROM customer
), consented AS (
  INSERT INTO consents (shop_id, customer_id, channel, state, consented_at, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, id, 'email', CASE WHEN hash % 2 = 0 THEN 'subscribed' ELSE 'not_subscribed' END, created_at, created_at, created_at, '' FROM customer
), tagged AS (
  INSERT INTO customer_tags (shop_id, customer_id, tag_key, tag, present, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, id, 'tag' || hash % 10, 'tag' || hash % 10, true, created_at, created_at, '' FROM customer
), ordered AS (
  INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
  SELECT $1, id, id, 'EUR', 1000 + hash % 50000, $3::timestamptz - hash % 90 * interval '1 day' - hash % 86400 * interval '1 second',
    false, $3, $3, '' FROM customer
)
INSERT INTO order_lines (shop_id, order_id, id, product_id, quantity, price_minor)
SELECT $1, id, 1, hash % 100 + 1, 1, 1000 + hash % 50000 FROM customer
