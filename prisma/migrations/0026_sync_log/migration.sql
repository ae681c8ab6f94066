-- What was sent to a platform in one pass: the calls with the platform's own ids of them, and what became of every member. No address is in it.
CREATE TABLE sync_log (
  id             bigserial PRIMARY KEY,
  shop_id        int NOT NULL,
  destination_id int NOT NULL,
  audience_id    int NOT NULL,
  segment_name   text NOT NULL,
  at             timestamptz(3) NOT NULL,
  added          int NOT NULL,
  removed        int NOT NULL,
  again          int NOT NULL,
  refused        int NOT NULL,
  calls          jsonb NOT NULL,
  members        jsonb NOT NULL
);
CREATE INDEX sync_log_destination ON sync_log (shop_id, destination_id, id);
