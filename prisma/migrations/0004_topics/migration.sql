-- What deliveries say beyond totals: where a customer lives, what an order was bought with, tags, the other channels' consent,
-- stock, collections, merges and what Shopify itself counts.

-- Addresses as Shopify lists them, the default one first: [{line1, line2, city, zip, region ("US-CA"), country ("US")}].
ALTER TABLE customers ADD COLUMN addresses jsonb NOT NULL DEFAULT '[]';
ALTER TABLE customers ADD COLUMN email_verified boolean;

ALTER TABLE consents ADD COLUMN collected_from text;

ALTER TABLE products ADD COLUMN category text;
ALTER TABLE products ADD COLUMN published_at timestamptz(3);

-- [{id, price, sku, inventoryItemId, inventoryQuantity, inventoryPolicy}], of at most the 100 a delivery carries. Apart from
-- products, because what a back-fill reads of a product says nothing of them.
CREATE TABLE product_variants (
  shop_id             int NOT NULL,
  product_id          bigint NOT NULL,
  variants            jsonb NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, product_id)
);

-- deleted_at is copied from deletions, so that an order which comes after its deletion is known for deleted.
ALTER TABLE orders ADD COLUMN app_id bigint;
ALTER TABLE orders ADD COLUMN location_id bigint;
ALTER TABLE orders ADD COLUMN discount_codes text[] NOT NULL DEFAULT '{}';
ALTER TABLE orders ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE orders ADD COLUMN deleted_at timestamptz(3);
ALTER TABLE order_lines ADD COLUMN vendor text;
ALTER TABLE back_fill_lines ADD COLUMN vendor text;
ALTER TABLE checkouts ADD COLUMN deleted_at timestamptz(3);

CREATE TABLE deletions (
  shop_id    int NOT NULL,
  kind       text NOT NULL,
  id         text COLLATE "C" NOT NULL,
  deleted_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, kind, id)
);

-- Of each tag the latest word: added or removed. tag_key is the tag without regard to case, as Shopify compares tags.
CREATE TABLE customer_tags (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  tag_key             text COLLATE "C" NOT NULL,
  tag                 text NOT NULL,
  present             boolean NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id, tag_key)
);

-- Shopify made one customer of two: the deleted one's orders are the kept one's.
CREATE TABLE customer_merges (
  shop_id             int NOT NULL,
  deleted_id          bigint NOT NULL,
  kept_id             bigint NOT NULL,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, deleted_id)
);
CREATE INDEX customer_merges_kept ON customer_merges (shop_id, kept_id);

-- What Shopify counts of a customer. It checks the totals that follow from orders and never adds to them.
CREATE TABLE purchasing_summaries (
  shop_id             int NOT NULL,
  customer_id         bigint NOT NULL,
  orders_count        int NOT NULL,
  spent_minor         bigint NOT NULL,
  currency            text NOT NULL,
  last_order_id       bigint,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, customer_id)
);

CREATE TABLE collections (
  shop_id             int NOT NULL,
  id                  bigint NOT NULL,
  title               text,
  handle              text,
  published_at        timestamptz(3),
  deleted_at          timestamptz(3),
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, id)
);

-- available is null where the item is not stocked.
CREATE TABLE inventory_levels (
  shop_id             int NOT NULL,
  item_id             bigint NOT NULL,
  location_id         bigint NOT NULL,
  available           int,
  source_updated_at   timestamptz(3) NOT NULL,
  source_triggered_at timestamptz(3) NOT NULL,
  source_delivery     text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, item_id, location_id)
);

-- What the merchant granted, as last told; granted_at is null while nothing was.
ALTER TABLE shops ADD COLUMN granted_scopes text[] NOT NULL DEFAULT '{}';
ALTER TABLE shops ADD COLUMN granted_at timestamptz(3);
