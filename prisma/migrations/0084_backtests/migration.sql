-- A rule of a segment over the past, or two beside each other, as far as it is worked out: one point for each of the texts and instants.
-- segment_id: null for a segment that is not there yet. ends_at: the last instant, in business time.
CREATE TABLE backtests (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  segment_id  int REFERENCES segments (id) ON DELETE CASCADE,
  texts       text[] NOT NULL,
  days        int NOT NULL,
  ends_at     timestamptz(3) NOT NULL,
  past        jsonb NOT NULL,
  asked_at    timestamptz(3) NOT NULL,
  points      jsonb NOT NULL DEFAULT '[]',
  finished_at timestamptz(3),
  failed_at   timestamptz(3)
);
CREATE INDEX backtests_shop ON backtests (shop_id, segment_id, id);
