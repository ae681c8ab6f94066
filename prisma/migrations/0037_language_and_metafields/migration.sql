-- The language Shopify has of a customer, as the Admin API tells it or the order or checkout that said it last.
CREATE TABLE customer_locales (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  locale              text NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);

-- Which metafields the customers of a shop can have, as the merchant defined them; type in Shopify's word.
CREATE TABLE metafield_definitions (
  shop_id   int NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  key       text COLLATE "C" NOT NULL,
  name      text NOT NULL,
  type      text NOT NULL,
  PRIMARY KEY (shop_id, namespace, key)
);

-- Metafields that are defined and that rules can compare. value as rules read it, null: taken away. folded: without regard to case.
CREATE TABLE customer_metafields (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  name                text COLLATE "C" NOT NULL,
  value               jsonb,
  folded              jsonb,
  changed_at          timestamptz(3) NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id, name)
);
CREATE INDEX customer_metafields_name ON customer_metafields (shop_id, name);
