-- What happened that no order, checkout or cart row tells: page and product views, searches, the merchant's own events, opens and
-- clicks. `kind` is the event's name in the rule dictionary. (source, source_id) is the sender's own id, so a repetition is known.
-- customer_id is whose event it is now: told by the source, or through client_id once that visitor is known. Properties
-- are the dictionary's: ids and money (minor units) as strings, counts as numbers; product_id is lifted out for joins.
CREATE TABLE events (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  source_id   text COLLATE "C" NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL,
  client_id   text COLLATE "C",
  customer_id bigint,
  product_id  bigint,
  properties  jsonb NOT NULL,
  UNIQUE (shop_id, source, source_id)
);
CREATE INDEX events_customer ON events (shop_id, customer_id, kind, occurred_at) WHERE customer_id IS NOT NULL;
CREATE INDEX events_client ON events (shop_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX events_kind ON events (shop_id, kind, occurred_at);
