-- definition is the live rule: the tree of the rule language as JSON. A draft stands beside it until it is published.
ALTER TABLE segments ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE segments ADD COLUMN published_at timestamptz(3);
ALTER TABLE segments ADD COLUMN draft jsonb;
ALTER TABLE segments ADD COLUMN draft_author text;
ALTER TABLE segments ADD COLUMN draft_at timestamptz(3);
UPDATE segments SET published_at = created_at;
ALTER TABLE segments ALTER COLUMN published_at SET NOT NULL;
UPDATE segments SET definition = '{"when":{"kind":"event","event":"orders_placed","where":[{"property":"date","test":{"op":">","value":{"kind":"rolling","amount":-8760,"unit":"h"}}}],"having":[{"fn":"count","test":{"op":">=","value":{"kind":"number","value":"3"}}}]}}' WHERE key = 'loyal';
UPDATE segments SET definition = '{"when":{"kind":"all","of":[{"kind":"event","event":"orders_placed","where":[],"having":[]},{"kind":"not","of":{"kind":"event","event":"orders_placed","where":[{"property":"date","test":{"op":">","value":{"kind":"rolling","amount":-2160,"unit":"h"}}}],"having":[]}}]}}' WHERE key = 'lapsed';
UPDATE segments SET definition = '{"when":{"kind":"all","of":[{"kind":"event","event":"orders_placed","where":[{"property":"date","test":{"op":">","value":{"kind":"rolling","amount":-720,"unit":"h"}}}],"having":[]},{"kind":"attribute","name":"amount_spent","test":{"op":">","value":{"kind":"number","value":"500"}}}]}}' WHERE key = 'big_spenders';

-- Every rule that was ever live, with the text people read.
CREATE TABLE segment_versions (
  segment_id   int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  number       int NOT NULL,
  shop_id      int NOT NULL,
  rule         jsonb NOT NULL,
  text         text NOT NULL,
  author       text NOT NULL,
  message      text NOT NULL,
  published_at timestamptz(3) NOT NULL,
  PRIMARY KEY (segment_id, number)
);
INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at)
SELECT id, 1, shop_id, definition, CASE key
  WHEN 'loyal' THEN 'orders_placed MATCHES (date > -8760h, count >= 3)'
  WHEN 'lapsed' THEN 'orders_placed MATCHES () AND orders_placed NOT MATCHES (date > -2160h)'
  ELSE 'orders_placed MATCHES (date > -720h) AND amount_spent > 500' END, 'Muster', 'Starter segment', created_at FROM segments;

-- A rule that is new, changed or read on other clocks is decided for the whole shop once. target says for which version, zone and
-- currency; position is the last customer that is done.
CREATE TABLE segment_builds (
  segment_id  int PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE,
  shop_id     int NOT NULL,
  target      text NOT NULL,
  position    bigint NOT NULL DEFAULT -1,
  done        int NOT NULL DEFAULT 0,
  total       int NOT NULL DEFAULT 0,
  started_at  timestamptz(3) NOT NULL,
  finished_at timestamptz(3)
);
CREATE INDEX segment_builds_shop ON segment_builds (shop_id);

-- One row for each change of a membership, as it was decided; memberships say what holds on the facts known now. change: entered,
-- left, or withdrawn (a stay that later facts do not bear out). cause: event (event_kind happened at that instant), time, fact or rule.
CREATE TABLE membership_changes (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  segment_id  int NOT NULL,
  customer_id bigint NOT NULL,
  change      text NOT NULL,
  at          timestamptz(3) NOT NULL,
  cause       text NOT NULL,
  event_kind  text,
  version     int NOT NULL,
  decided_at  timestamptz(3) NOT NULL
);
CREATE INDEX membership_changes_segment ON membership_changes (shop_id, segment_id, id);
CREATE INDEX membership_changes_customer ON membership_changes (shop_id, customer_id);

-- Of each segment that waits for time: when its answer changes. due_at is the first of them, null while it is being decided.
ALTER TABLE timers ALTER COLUMN due_at DROP NOT NULL;
ALTER TABLE timers ADD COLUMN segment_ids int[] NOT NULL DEFAULT '{}';
ALTER TABLE timers ADD COLUMN due_ats timestamptz(3)[] NOT NULL DEFAULT '{}';

-- Which parts of a customer's facts changed, as bits (ingest/parts.ts); all of them unless somebody knows better.
ALTER TABLE profile_queue ADD COLUMN parts int NOT NULL DEFAULT 2147483647;

-- What rules ask of every customer. sample_bucket is a hash made in TypeScript.
ALTER TABLE profiles ADD COLUMN exists_from timestamptz(3);
ALTER TABLE profiles ADD COLUMN sample_bucket int;

-- Tags and codes compare without regard to case, folded in TypeScript when they are written.
ALTER TABLE orders ADD COLUMN tag_keys text[] NOT NULL DEFAULT '{}';
ALTER TABLE orders ADD COLUMN discount_keys text[] NOT NULL DEFAULT '{}';
ALTER TABLE products ADD COLUMN tag_keys text[] NOT NULL DEFAULT '{}';
UPDATE orders SET tag_keys = ARRAY(SELECT lower(tag) FROM unnest(tags) AS tag),
  discount_keys = ARRAY(SELECT lower(code) FROM unnest(discount_codes) AS code);
UPDATE products SET tag_keys = ARRAY(SELECT lower(tag) FROM unnest(tags) AS tag);
-- The same for the texts among the properties of the merchant's own events.
ALTER TABLE events ADD COLUMN folded jsonb;

INSERT INTO profile_queue (shop_id, customer_id, received_at) SELECT shop_id, customer_id, now() FROM profiles ON CONFLICT DO NOTHING;
