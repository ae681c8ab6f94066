-- What the merchant decides about recommendations apart from the rules of the lists. holdout_since: since when the share of people who
-- are shown the fallback is what it is; results count who came in after.
CREATE TABLE recommendation_settings (
  shop_id       int PRIMARY KEY,
  settings      jsonb NOT NULL,
  holdout_since timestamptz(3) NOT NULL
);

-- In which arm of the comparison somebody is, from the first list they were shown: a browser that allows analytics (client:…), and from
-- signing in on it the customer too. customer:… is somebody whose browser is already another customer's.
CREATE TABLE recommendation_arms (
  shop_id     int NOT NULL,
  subject     text COLLATE "C" NOT NULL,
  customer_id bigint,
  arm         text NOT NULL CHECK (arm IN ('treated', 'held_out')),
  entered_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, subject)
);
CREATE INDEX recommendation_arms_customer ON recommendation_arms (shop_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX recommendation_arms_entered ON recommendation_arms (shop_id, entered_at);
