-- $4 events of each of $2 customers over the last 90 days: product views, and of every second customer a quarter are e-mails opened.
-- $1 the shop, $3 now. Everything follows from the customer's number, as in seed.sql.
WITH customer AS (
  SELECT n AS id, ('x' || substr(md5(n::text), 1, 7))::bit(28)::int AS hash FROM generate_series(1, $2::int) AS n
)
INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, customer_id, product_id, properties)
SELECT $1, CASE WHEN k % 4 = 0 AND hash % 2 = 0 THEN 'email.opened' ELSE 'storefront.product_viewed' END, 'seed', id || ' ' || k,
  $3::timestamptz - (hash / k) % 90 * interval '1 day' * (CASE WHEN hash % 5 = 0 THEN 0.02 ELSE 1 END) - hash % 3600 * interval '1 second',
  $3, 'v' || id, id, (hash + k * 7) % 100 + 1, CASE WHEN k % 4 = 0 AND hash % 2 = 0 THEN '{"service":"klaviyo"}'::jsonb ELSE '{"price":"1000"}'::jsonb END
FROM customer, generate_series(1, $4::int) AS k
