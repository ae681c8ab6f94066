-- When somebody in the shop put the set-up guide away; null: it is shown.
ALTER TABLE shops ADD COLUMN guide_dismissed_at timestamptz(3);

-- What the first page of the admin asks every few seconds: who came and went lately, and what was bought lately.
CREATE INDEX memberships_entered ON memberships (shop_id, entered_at);
CREATE INDEX memberships_left ON memberships (shop_id, left_at) WHERE left_at IS NOT NULL;
CREATE INDEX orders_ordered ON orders (shop_id, ordered_at);
