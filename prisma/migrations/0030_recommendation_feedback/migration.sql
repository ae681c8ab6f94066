-- What browsers tell of recommended products, through the shop's app proxy: shown, clicked, added, not_for_me. event_id is the
-- browser's own name for it, so that the same word counts once. client_id is there only with the visitor's consent, customer_id is
-- Shopify's word. arm is what part of a comparison the visitor was in.
CREATE TABLE recommendation_feedback (
  shop_id     int NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  at          timestamptz(3) NOT NULL,
  placement   text NOT NULL,
  list_key    text NOT NULL,
  product_id  bigint NOT NULL,
  kind        text NOT NULL,
  customer_id bigint,
  client_id   text COLLATE "C",
  arm         text,
  PRIMARY KEY (shop_id, event_id)
);
CREATE INDEX recommendation_feedback_at ON recommendation_feedback (shop_id, at);
CREATE INDEX recommendation_feedback_customer ON recommendation_feedback (shop_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX recommendation_feedback_client ON recommendation_feedback (shop_id, client_id) WHERE client_id IS NOT NULL;
