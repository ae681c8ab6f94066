-- Feeds for other tools. A feed's tokens are signed and not kept: they hold the feed's number, and end when the feed is revoked.
CREATE TABLE content_feeds (
  id           serial PRIMARY KEY,
  shop_id      int NOT NULL,
  name         text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3)
);
CREATE INDEX content_feeds_shop ON content_feeds (shop_id);
