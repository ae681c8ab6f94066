-- What of the shop's past was read already: one row for each kind of record, so that a kill costs no more than one batch.
-- position is the offset in the operation's file, or the last customer of the closing pass; position_of is where it ends.
CREATE TABLE back_fills (
  shop_id        int NOT NULL,
  kind           text NOT NULL,
  state          text NOT NULL,
  operation_id   text,
  operation_at   timestamptz(3),
  all_orders     boolean,
  partial        boolean NOT NULL DEFAULT false,
  position       bigint NOT NULL DEFAULT 0,
  position_of    bigint,
  objects        int NOT NULL DEFAULT 0,
  objects_of     int,
  skipped        int NOT NULL DEFAULT 0,
  skipped_reason text,
  attempts       int NOT NULL DEFAULT 0,
  error          text,
  started_at     timestamptz(3) NOT NULL,
  finished_at    timestamptz(3),
  PRIMARY KEY (shop_id, kind)
);

-- Refunds that orders name and that have to be asked for one by one: Shopify refuses them in a bulk operation.
CREATE TABLE back_fill_refunds (
  shop_id   int NOT NULL,
  refund_id bigint NOT NULL,
  PRIMARY KEY (shop_id, refund_id)
);

-- Order lines that came before their order did; a file promises no order of its lines.
CREATE TABLE back_fill_lines (
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

-- What Shopify had counted of a customer when it was read (told_*), and what of it lies before the orders held: those are the
-- columns to add to facts. They are null until all orders of the back-fill are in.
CREATE TABLE opening_balances (
  shop_id          int NOT NULL,
  customer_id      bigint NOT NULL,
  told_orders      int NOT NULL,
  told_spent_minor bigint NOT NULL,
  currency         text NOT NULL,
  last_order_id    bigint,
  last_order_at    timestamptz(3),
  read_at          timestamptz(3) NOT NULL,
  orders_count     int,
  spent_minor      bigint,
  PRIMARY KEY (shop_id, customer_id)
);

-- How far the shop was compared with Shopify, and what deliveries had been missing.
CREATE TABLE drift_looks (
  shop_id        int NOT NULL,
  kind           text NOT NULL,
  looked_until   timestamptz(3) NOT NULL,
  looked_at      timestamptz(3) NOT NULL,
  seen           int NOT NULL DEFAULT 0,
  repaired       int NOT NULL DEFAULT 0,
  repaired_total int NOT NULL DEFAULT 0,
  repaired_at    timestamptz(3),
  PRIMARY KEY (shop_id, kind)
);
