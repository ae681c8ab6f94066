-- Somebody was erased: a customer -1 without an order sends everybody who keeps people in memory to ask who is still there, so that no
-- row has to say who it was. With an order it says that this one is nobody's now, and counts by itself.
ALTER TABLE recommendation_changes ADD COLUMN order_id bigint NOT NULL DEFAULT 0;
ALTER TABLE recommendation_changes DROP CONSTRAINT recommendation_changes_pkey;
ALTER TABLE recommendation_changes ADD PRIMARY KEY (shop_id, position, customer_id, order_id);
