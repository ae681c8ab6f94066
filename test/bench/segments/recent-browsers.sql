-- Three different products viewed in 48 hours and no order since the last view.
SELECT p.customer_id FROM profiles p JOIN (
  SELECT customer_id, max(occurred_at) AS last_view FROM events
  WHERE shop_id = $1 AND kind = 'storefront.product_viewed' AND customer_id IS NOT NULL
    AND occurred_at > $2::timestamptz - interval '48 hours' AND occurred_at <= $2::timestamptz
  GROUP BY customer_id HAVING count(DISTINCT product_id) >= 3) v ON v.customer_id = p.customer_id
WHERE p.shop_id = $1 AND NOT EXISTS (
  SELECT FROM orders o WHERE o.shop_id = $1 AND o.customer_id = p.customer_id AND NOT o.test AND o.cancelled_at IS NULL
    AND o.deleted_at IS NULL AND o.ordered_at > v.last_view AND o.ordered_at <= $2::timestamptz)
