-- Viewed a product in the last week and did not order within two hours of it.
SELECT p.customer_id FROM profiles p WHERE p.shop_id = $1 AND EXISTS (
  SELECT FROM events v
  WHERE v.shop_id = $1 AND v.customer_id = p.customer_id AND v.kind = 'storefront.product_viewed'
    AND v.occurred_at > $2::timestamptz - interval '168 hours' AND v.occurred_at <= $2::timestamptz - interval '2 hours'
    AND NOT EXISTS (
      SELECT FROM orders o
      WHERE o.shop_id = $1 AND o.customer_id = v.customer_id AND NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
        AND o.ordered_at > v.occurred_at AND o.ordered_at <= v.occurred_at + interval '2 hours' AND o.ordered_at <= $2::timestamptz))
