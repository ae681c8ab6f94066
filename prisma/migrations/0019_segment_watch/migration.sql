-- What each segment was like on each day of the shop's own calendar, on the facts known when it was written. value_minor is what its
-- members had spent together; null for days before anybody looked.
CREATE TABLE segment_days (
  segment_id  int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  day         date NOT NULL,
  shop_id     int NOT NULL,
  version     int NOT NULL,
  members     int NOT NULL,
  entered     int NOT NULL,
  "left"      int NOT NULL,
  value_minor bigint,
  PRIMARY KEY (segment_id, day)
);
CREATE INDEX segment_days_shop ON segment_days (shop_id);

-- What is worth a second look: a figure outside of its band, a clause that says nothing, a name of something that is gone.
CREATE TABLE segment_findings (
  segment_id  int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  kind        text NOT NULL,
  subject     text NOT NULL,
  shop_id     int NOT NULL,
  detail      jsonb NOT NULL,
  found_at    timestamptz(3) NOT NULL,
  reviewed_at timestamptz(3),
  PRIMARY KEY (segment_id, kind, subject)
);
CREATE INDEX segment_findings_shop ON segment_findings (shop_id);

-- Which version was looked at, and when to look again: the beginning of the shop's next day, in business time.
CREATE TABLE segment_watches (
  segment_id int PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE,
  shop_id    int NOT NULL,
  version    int NOT NULL,
  due_at     timestamptz(3) NOT NULL
);
CREATE INDEX segment_watches_shop ON segment_watches (shop_id);
