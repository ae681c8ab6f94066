-- Where the shop is: telephone numbers that are written as at home are read with it.
ALTER TABLE shops ADD COLUMN country text;

-- Two customers the merchant (or, where switched on, the threshold) found to be one person. Shopify keeps both: deleting the row is undo.
CREATE TABLE profile_links (
  shop_id   int NOT NULL,
  low_id    bigint NOT NULL,
  high_id   bigint NOT NULL,
  automatic boolean NOT NULL,
  linked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, low_id, high_id)
);
CREATE INDEX profile_links_high ON profile_links (shop_id, high_id);

-- Orders that name no customer are found by the address or number they were placed with, and the customer who proved it theirs.
ALTER TABLE orders ADD COLUMN phone text;
CREATE INDEX orders_guest_email ON orders (shop_id, lower(btrim(email))) WHERE customer_id IS NULL AND email IS NOT NULL;
CREATE INDEX orders_guest_phone ON orders (shop_id, phone) WHERE customer_id IS NULL AND phone IS NOT NULL;
CREATE INDEX customers_email ON customers (shop_id, lower(btrim(email))) WHERE email_verified;
CREATE INDEX customers_phone ON customers (shop_id, phone) WHERE phone IS NOT NULL;
