-- Pairs of customers who are likely one person's. reasons: column → how far the two agree there, without what stands in it.
-- state: open, or not_same once the merchant said so; a merged pair is an open one with a row in profile_links. decided_at: a person
-- has decided about it, so the automatic threshold keeps its hands off.
CREATE TABLE duplicate_pairs (
  shop_id     int NOT NULL,
  low_id      bigint NOT NULL,
  high_id     bigint NOT NULL,
  probability real NOT NULL,
  reasons     jsonb NOT NULL,
  state       text NOT NULL DEFAULT 'open',
  found_at    timestamptz(3) NOT NULL,
  decided_at  timestamptz(3),
  PRIMARY KEY (shop_id, low_id, high_id)
);
CREATE INDEX duplicate_pairs_high ON duplicate_pairs (shop_id, high_id);
CREATE INDEX duplicate_pairs_likely ON duplicate_pairs (shop_id, probability);

-- What was learned from a shop's customers, so that one who changes is compared at once; null while nothing was. automatic_from: from
-- this probability on pairs are merged without being asked about; null: none are.
CREATE TABLE duplicate_models (
  shop_id        int PRIMARY KEY,
  automatic_from real,
  learned        jsonb,
  customers      int NOT NULL DEFAULT 0,
  learned_at     timestamptz(3)
);

-- A profile whose name or address changed and that has not been compared with the others since.
ALTER TABLE profiles ADD COLUMN to_compare boolean NOT NULL DEFAULT true;
CREATE INDEX profiles_to_compare ON profiles (shop_id, customer_id) WHERE to_compare;
CREATE INDEX customers_name ON customers (shop_id, lower(last_name), lower(first_name)) WHERE last_name IS NOT NULL;
