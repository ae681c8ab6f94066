-- Batches that a platform works on by itself, until their end was seen: a process that goes on after another died follows them
-- instead of sending the same again.
CREATE TABLE vendor_batches (
  destination_id int NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
  batch_id text NOT NULL,
  shop_id int NOT NULL,
  -- The platform's id of the audience.
  audience text NOT NULL,
  -- Digests of what it writes, one for each person; no address can be read from them.
  marks text[] NOT NULL,
  begun_at timestamptz(3) NOT NULL,
  -- Until then somebody is following it.
  followed_until timestamptz(3) NOT NULL,
  PRIMARY KEY (destination_id, batch_id)
);
