-- So many days is kept what the shop chose another time for than is usual (app/privacy/retention.ts).
CREATE TABLE retention (
  shop_id int  NOT NULL,
  kind    text NOT NULL,
  days    int  NOT NULL,
  PRIMARY KEY (shop_id, kind)
);

-- What visitors looked at before is not kept any more, but for each customer's last visit; null: all of it is.
ALTER TABLE shops ADD COLUMN views_from timestamptz(3);

-- What is old is found by its age: bodies of deliveries that were read, and passes of every connection.
CREATE INDEX inbox_bodies ON inbox (shop, received_at) WHERE done_at IS NOT NULL AND octet_length(body) > 0;
CREATE INDEX sync_log_age ON sync_log (shop_id, at);
