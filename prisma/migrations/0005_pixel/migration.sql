-- The shop a web pixel speaks for: a public name that nobody guesses, and Shopify's id of the pixel once it is switched on.
ALTER TABLE shops ADD COLUMN pixel_key text;
UPDATE shops SET pixel_key = replace(gen_random_uuid()::text, '-', '');
ALTER TABLE shops ADD COLUMN web_pixel_id text;
CREATE UNIQUE INDEX shops_pixel_key_key ON shops (pixel_key);

-- A browser says that a cart or a checkout is its own. By itself that means nothing; an order or a checkout that Shopify signed and
-- that bears the token says whose it is.
CREATE TABLE visitor_claims (
  shop_id    int NOT NULL,
  client_id  text COLLATE "C" NOT NULL,
  token      text COLLATE "C" NOT NULL,
  claimed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, token, client_id)
);
CREATE INDEX visitor_claims_client ON visitor_claims (shop_id, client_id);
CREATE INDEX orders_checkout ON orders (shop_id, checkout_token) WHERE checkout_token IS NOT NULL;

-- Browsers of which it has to be looked up anew whose they are.
CREATE TABLE visitor_queue (
  shop_id     int NOT NULL,
  client_id   text COLLATE "C" NOT NULL,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, client_id)
);
