-- How often a delivery was read without being understood; while replay_at is set it waits to be read again.
ALTER TABLE dead_letters ADD COLUMN attempts int NOT NULL DEFAULT 1, ADD COLUMN replay_at timestamptz(3);
-- The admin turns their pages in the order in which they came.
DROP INDEX dead_letters_shop;
CREATE INDEX dead_letters_shop ON dead_letters (shop, inbox_id);

-- What came of the latest replay of a shop: counts alone.
CREATE TABLE dead_letter_replays (
  shop       text PRIMARY KEY,
  asked_at   timestamptz(3) NOT NULL,
  asked      int NOT NULL,
  understood int NOT NULL DEFAULT 0,
  failed     int NOT NULL DEFAULT 0
);
