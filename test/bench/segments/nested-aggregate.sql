-- More than 200 spent in orders of more than 50 on average, and two different products viewed in 30 days.
SELECT p.customer_id FROM profiles p JOIN (
  SELECT customer_id FROM orders
  WHERE shop_id = $1 AND NOT test AND cancelled_at IS NULL AND deleted_at IS NULL AND customer_id IS NOT NULL AND ordered_at <= $2::timestamptz
  GROUP BY customer_id HAVING sum(gross_minor) > 20000 AND avg(gross_minor) > 5000) o ON o.customer_id = p.customer_id
JOIN (
  SELECT customer_id FROM events
  WHERE shop_id = $1 AND kind = 'storefront.product_viewed' AND customer_id IS NOT NULL
    AND occurred_at > $2::timestamptz - interval '720 hours' AND occurred_at <= $2::timestamptz
  GROUP BY customer_id HAVING count(DISTINCT product_id) >= 2) v ON v.customer_id = p.customer_id
WHERE p.shop_id = $1
