-- Who changed, for every process that keeps a shop's lists in memory: the queue tells only the one that takes a customer off it.
-- position is the transaction that wrote the row: a reader goes on at the oldest one that was running when it looked, so none is
-- missed whatever the order they commit in. A customer 0 stands for everybody: what was up to there is not kept any more.
CREATE TABLE recommendation_changes (
  shop_id     int NOT NULL,
  position    bigint NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
  customer_id bigint NOT NULL,
  at          timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, position, customer_id)
);
