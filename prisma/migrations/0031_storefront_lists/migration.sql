-- What is shown to somebody nothing is known of, rules applied, best first.
CREATE TABLE popular_recommendations (
  shop_id     int PRIMARY KEY,
  items       jsonb NOT NULL,
  computed_at timestamptz(3) NOT NULL
);

-- What Shopify was told of the lists beside products, for theme blocks to render; product_id 0 is the popular list. seen_at is the
-- computed_at of the list that was looked at last, null where there is none any more; mark is which products and kinds of reason were
-- written, null where Shopify has nothing; due_at is when numbers within the reasons, which alone are no hurry, are written.
CREATE TABLE storefront_lists (
  shop_id    int NOT NULL,
  product_id bigint NOT NULL,
  seen_at    timestamptz(3),
  mark       text,
  due_at     timestamptz(3),
  PRIMARY KEY (shop_id, product_id)
);
