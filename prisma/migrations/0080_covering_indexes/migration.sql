-- All that a decision asks of a customer's stays and events is in an index: rows lie wherever they were written, and in a large shop each
-- is a page of its own to fetch.
ALTER TABLE memberships
  DROP CONSTRAINT memberships_pkey,
  ADD CONSTRAINT memberships_pkey PRIMARY KEY (shop_id, customer_id, segment_id, entered_at) INCLUDE (left_at);

CREATE INDEX events_of_customer ON events (shop_id, customer_id, kind, occurred_at) INCLUDE (id, product_id, source)
  WHERE customer_id IS NOT NULL;
DROP INDEX events_customer;
ALTER INDEX events_of_customer RENAME TO events_customer;

-- However many wait, the next ones are found without looking at all of them.
CREATE INDEX profile_queue_order ON profile_queue (shop_id, received_at);

-- An index answers by itself only for pages that were vacuumed since they last changed; by the server's defaults that waits for a fifth
-- of these large tables.
ALTER TABLE memberships SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE events SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
