-- The products recommended to this customer, with why and how sure: what destinations and templates read.
ALTER TABLE profiles ADD COLUMN recommended jsonb;

-- Customers whose facts changed and whose list does not show it yet. revision tells a change that came while the list was made.
CREATE TABLE recommendation_queue (
  shop_id     int NOT NULL,
  customer_id bigint NOT NULL,
  revision    int NOT NULL DEFAULT 1,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);

-- What the last training learned: how the models are blended and how sure lists are. The models themselves live in memory.
CREATE TABLE recommendation_models (
  shop_id    int PRIMARY KEY,
  trained_at timestamptz(3) NOT NULL,
  orders     int NOT NULL,
  blend      jsonb NOT NULL
);

CREATE TABLE recommendation_rules (
  shop_id int PRIMARY KEY,
  rules   jsonb NOT NULL
);

-- The list beside a product, rules applied, best first.
CREATE TABLE product_recommendations (
  shop_id     int NOT NULL,
  product_id  bigint NOT NULL,
  items       jsonb NOT NULL,
  computed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, product_id)
);
