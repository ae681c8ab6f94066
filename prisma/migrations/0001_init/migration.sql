-- Shopify's numeric ids are bigint here and strings in TypeScript. Money is bigint minor units. Instants are
-- timestamptz cut to milliseconds. source_* columns are the merge version of a fact: (updated_at, triggered_at, delivery id).

CREATE TABLE shops (
  id            serial PRIMARY KEY,
  domain        text NOT NULL UNIQUE,
  name          text,
  currency      text,
  time_zone     text NOT NULL DEFAULT 'UTC',
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  installed_at  timestamptz(3),
  uninstalled_at timestamptz(3)
);

CREATE TABLE sessions (
  id         text PRIMARY KEY,
  shop       text NOT NULL,
  sealed     bytea NOT NULL,
  expires_at timestamptz(3),
  updated_at timestamptz(3) NOT NULL
);
CREATE INDEX sessions_shop ON sessions (shop);

-- What Shopify delivered, as bytes, before anything is understood. A row is the receipt: 200 is answered only after commit.
-- digest covers topic, event id and body, so a second delivery of one event under a new delivery id is known too.
CREATE TABLE inbox (
  id           bigserial PRIMARY KEY,
  shop         text NOT NULL,
  topic        text NOT NULL,
  webhook_id   text NOT NULL,
  event_id     text,
  api_version  text,
  triggered_at timestamptz(3) NOT NULL,
  received_at  timestamptz(3) NOT NULL,
  digest       bytea NOT NULL,
  body         bytea NOT NULL,
  done_at      timestamptz(3),
  UNIQUE (shop, webhook_id),
  UNIQUE (shop, digest)
);
CREATE INDEX inbox_waiting ON inbox (shop, id) WHERE done_at IS NULL;
ALTER TABLE inbox ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE dead_letters (
  inbox_id bigint PRIMARY KEY,
  shop     text NOT NULL,
  topic    text NOT NULL,
  reason   text NOT NULL,
  at       timestamptz(3) NOT NULL
);
CREATE INDEX dead_letters_shop ON dead_letters (shop, at);

CREATE TABLE customers (
  shop_id             int NOT NULL,
  id                  bigint NOT NULL,
  email               text,
  phone               text,
  first_name          text,
  last_name           text,
  country             text,
  created_at          timestamptz(3),
  deleted_at          timestamptz(3),
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, id)
);

CREATE TABLE consents (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  channel             text NOT NULL,
  state               text NOT NULL,
  opt_in_level        text,
  consented_at        timestamptz(3),
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id, channel)
);

CREATE TABLE products (
  shop_id             int NOT NULL,
  id                  bigint NOT NULL,
  title               text,
  handle              text,
  vendor              text,
  product_type        text,
  status              text,
  tags                text[] NOT NULL DEFAULT '{}',
  image_url           text,
  price               numeric(20,4),
  created_at          timestamptz(3),
  deleted_at          timestamptz(3),
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, id)
);

CREATE TABLE orders (
  shop_id             int NOT NULL,
  id                  bigint NOT NULL,
  customer_id         bigint,
  name                text,
  email               text,
  currency            text NOT NULL,
  gross_minor         bigint NOT NULL,
  ordered_at          timestamptz(3) NOT NULL,
  cancelled_at        timestamptz(3),
  test                boolean NOT NULL,
  source_name         text,
  cart_token          text,
  checkout_token      text,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX orders_customer ON orders (shop_id, customer_id, ordered_at);
CREATE INDEX orders_cart ON orders (shop_id, cart_token) WHERE cart_token IS NOT NULL;

CREATE TABLE order_lines (
  shop_id     int NOT NULL,
  order_id    bigint NOT NULL,
  id          bigint NOT NULL,
  product_id  bigint,
  variant_id  bigint,
  title       text,
  quantity    int NOT NULL,
  price_minor bigint NOT NULL,
  PRIMARY KEY (shop_id, order_id, id)
);

CREATE TABLE refund_transactions (
  shop_id      int NOT NULL,
  id           bigint NOT NULL,
  refund_id    bigint NOT NULL,
  order_id     bigint NOT NULL,
  amount_minor bigint NOT NULL,
  currency     text NOT NULL,
  refunded_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX refund_transactions_order ON refund_transactions (shop_id, order_id);

CREATE TABLE refund_lines (
  shop_id      int NOT NULL,
  id           bigint NOT NULL,
  refund_id    bigint NOT NULL,
  order_id     bigint NOT NULL,
  line_id      bigint,
  quantity     int NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX refund_lines_order ON refund_lines (shop_id, order_id);

CREATE TABLE checkouts (
  shop_id             int NOT NULL,
  token               text NOT NULL,
  cart_token          text,
  customer_id         bigint,
  email               text,
  currency            text,
  total_minor         bigint,
  items               int NOT NULL,
  started_at          timestamptz(3) NOT NULL,
  completed_at        timestamptz(3),
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, token)
);
CREATE INDEX checkouts_customer ON checkouts (shop_id, customer_id);
CREATE INDEX checkouts_cart ON checkouts (shop_id, cart_token);

CREATE TABLE carts (
  shop_id             int NOT NULL,
  token               text NOT NULL,
  items               int NOT NULL,
  lines               jsonb NOT NULL,
  started_at          timestamptz(3) NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, token)
);

-- Customers whose facts changed and whose profile has not been recomputed yet. received_at is the real time of the oldest
-- delivery that waits, for the latency figures.
CREATE TABLE profile_queue (
  shop_id     int NOT NULL,
  customer_id bigint NOT NULL,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);

CREATE TABLE profiles (
  shop_id        int NOT NULL,
  customer_id    bigint NOT NULL,
  email          text,
  phone          text,
  first_name     text,
  last_name      text,
  email_consent  text NOT NULL,
  orders_count   int NOT NULL,
  gross_minor    bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency       text,
  first_order_at timestamptz(3),
  last_order_at  timestamptz(3),
  last_seen_at   timestamptz(3),
  computed_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);
CREATE INDEX profiles_last_seen ON profiles (shop_id, last_seen_at DESC NULLS LAST);

CREATE TABLE segments (
  id         serial PRIMARY KEY,
  shop_id    int NOT NULL,
  key        text NOT NULL,
  name       text NOT NULL,
  definition jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  UNIQUE (shop_id, key)
);

-- Valid-time intervals [entered_at, left_at): the stretches of business time in which the rule is true on the facts known at decided_at.
CREATE TABLE memberships (
  shop_id     int NOT NULL,
  segment_id  int NOT NULL,
  customer_id bigint NOT NULL,
  entered_at  timestamptz(3) NOT NULL,
  left_at     timestamptz(3),
  decided_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id, segment_id, entered_at)
);
CREATE INDEX memberships_current ON memberships (shop_id, segment_id, customer_id) WHERE left_at IS NULL;

-- The first instant at which an answer changes by itself.
CREATE TABLE timers (
  shop_id     int NOT NULL,
  customer_id bigint NOT NULL,
  due_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);
CREATE INDEX timers_due ON timers (due_at);

CREATE TABLE destinations (
  id           serial PRIMARY KEY,
  shop_id      int NOT NULL,
  kind         text NOT NULL,
  credentials  bytea NOT NULL,
  settings     jsonb NOT NULL,
  state        text NOT NULL,
  state_reason text,
  created_at   timestamptz(3) NOT NULL,
  UNIQUE (shop_id, kind)
);

CREATE TABLE audiences (
  id             serial PRIMARY KEY,
  shop_id        int NOT NULL,
  destination_id int NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
  segment_id     int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  remote_id      text,
  state          text NOT NULL,
  state_reason   text,
  reconciled_at  timestamptz(3),
  report         jsonb,
  UNIQUE (destination_id, segment_id)
);

-- Desired and last acknowledged state of one person in one audience. due_at is set while there is something to send.
CREATE TABLE audience_members (
  shop_id      int NOT NULL,
  audience_id  int NOT NULL,
  customer_id  bigint NOT NULL,
  member       boolean NOT NULL,
  exception    text,
  email        text,
  first_name   text,
  last_name    text,
  acked_email  text,
  remote_id    text,
  rejection    text,
  revision     int NOT NULL DEFAULT 1,
  attempts     int NOT NULL DEFAULT 0,
  due_at       timestamptz(3),
  received_at  timestamptz(3),
  PRIMARY KEY (audience_id, customer_id)
);
CREATE INDEX audience_members_due ON audience_members (audience_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX audience_members_customer ON audience_members (shop_id, customer_id);

CREATE TABLE privacy_requests (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  kind        text NOT NULL,
  customer_id bigint,
  inbox_id    bigint NOT NULL UNIQUE,
  received_at timestamptz(3) NOT NULL,
  due_at      timestamptz(3) NOT NULL,
  done_at     timestamptz(3)
);
CREATE INDEX privacy_requests_shop ON privacy_requests (shop_id, due_at);
