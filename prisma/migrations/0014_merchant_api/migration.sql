-- Keys of the merchant's own pipelines: shown once, kept as a hash.
CREATE TABLE api_keys (
  id           serial PRIMARY KEY,
  shop_id      int NOT NULL,
  name         text NOT NULL,
  scopes       text[] NOT NULL,
  hash         bytea NOT NULL UNIQUE,
  hint         text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3)
);
CREATE INDEX api_keys_shop ON api_keys (shop_id);

-- By what those pipelines name people: kind is customer_id, email, phone or external_id. customer_id is whose it is now, as the facts
-- tell; contenders are the customers between whom that is open. pending: it has to be looked up anew.
CREATE TABLE api_identifiers (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  value       text COLLATE "C" NOT NULL,
  customer_id bigint,
  contenders  bigint[] NOT NULL DEFAULT '{}',
  pending     boolean NOT NULL DEFAULT true,
  UNIQUE (shop_id, kind, value)
);
CREATE INDEX api_identifiers_customer ON api_identifiers (shop_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX api_identifiers_contested ON api_identifiers (shop_id) WHERE contenders <> '{}';
CREATE INDEX api_identifiers_pending ON api_identifiers (shop_id) WHERE pending;

-- What one row of a pipeline named together, in both directions.
CREATE TABLE api_identifier_links (
  shop_id       int NOT NULL,
  identifier_id bigint NOT NULL,
  other_id      bigint NOT NULL,
  PRIMARY KEY (shop_id, identifier_id, other_id)
);

-- Of the merchant's events: how the person was named. customer_id follows from it.
ALTER TABLE events ADD COLUMN identifier_id bigint;
CREATE INDEX events_identifier ON events (shop_id, identifier_id) WHERE identifier_id IS NOT NULL;

-- The shop's own traits have one type each: text, number, boolean, date or text_list, that of their first value.
CREATE TABLE trait_types (
  shop_id int NOT NULL,
  name    text COLLATE "C" NOT NULL,
  type    text NOT NULL,
  PRIMARY KEY (shop_id, name)
);

-- What was said of somebody, by the name it was said under. Of several names of one customer the latest word counts. A null was taken
-- away. Dates are days ("1990-05-30") or instants ({"at": milliseconds}).
CREATE TABLE profile_traits (
  shop_id       int NOT NULL,
  identifier_id bigint NOT NULL,
  name          text COLLATE "C" NOT NULL,
  value         jsonb,
  source        text NOT NULL,
  said_at       timestamptz(3) NOT NULL,
  received_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, identifier_id, name)
);

CREATE INDEX customers_address ON customers (shop_id, lower(btrim(email))) WHERE email IS NOT NULL;
