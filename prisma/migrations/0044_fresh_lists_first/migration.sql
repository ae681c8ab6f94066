-- Whose facts changed comes before those whose list a training, a rule or a setting changed: these are everybody, for minutes or hours.
ALTER TABLE recommendation_queue ADD COLUMN again boolean NOT NULL DEFAULT false;
CREATE INDEX recommendation_queue_order ON recommendation_queue (shop_id, again, received_at, customer_id);
