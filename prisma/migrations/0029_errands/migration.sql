-- What another side has to hear: that somebody unsubscribed (or, with the consent sync, subscribed), or that a platform is to forget a
-- person. One row for each side and address; what is decided anew is due anew. destination_id null: the shop itself. An errand of
-- forgetting is gone once it is done, as it names somebody.
CREATE TABLE errands (
  id             bigserial PRIMARY KEY,
  shop_id        int NOT NULL,
  destination_id int,
  kind           text COLLATE "C" NOT NULL,
  channel        text COLLATE "C" NOT NULL,
  address        text COLLATE "C" NOT NULL,
  customer_id    bigint NOT NULL DEFAULT 0,
  request_id     bigint,
  since          timestamptz(3) NOT NULL,
  due_at         timestamptz(3),
  attempts       int NOT NULL DEFAULT 0,
  outcome        text
);
CREATE UNIQUE INDEX errands_side ON errands (shop_id, coalesce(destination_id, 0), channel, address, customer_id, (kind = 'forget'));
CREATE INDEX errands_due ON errands (shop_id, due_at) WHERE due_at IS NOT NULL;
