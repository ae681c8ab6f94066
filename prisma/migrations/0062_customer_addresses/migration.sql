-- All addresses of a customer, as the last delivery about the customer alone told them. Orders and checkouts carry the default one only,
-- and what they say of a customer is often the latest.
CREATE TABLE customer_addresses (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  addresses           jsonb NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);
INSERT INTO customer_addresses SELECT shop_id, id, addresses, source_updated_at, source_triggered_at, source_delivery
FROM customers WHERE jsonb_array_length(addresses) > 1;
