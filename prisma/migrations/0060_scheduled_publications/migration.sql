-- A rule that is to be published when its moment comes, at most one of each segment. publish_at and scheduled_at are business time.
-- name: as the segment is to be called from then on; null: as it is called then. version: the live one it was looked at beside.
-- confirmed: how many moves were agreed to. stopped: why it was not published when its moment had come, for somebody to look at.
CREATE TABLE segment_schedules (
  segment_id   int PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE,
  shop_id      int NOT NULL,
  rule         jsonb NOT NULL,
  name         text,
  author       text NOT NULL,
  message      text NOT NULL,
  announced    boolean NOT NULL,
  confirmed    int NOT NULL,
  version      int NOT NULL,
  publish_at   timestamptz(3) NOT NULL,
  scheduled_at timestamptz(3) NOT NULL,
  stopped      jsonb
);
CREATE INDEX segment_schedules_shop ON segment_schedules (shop_id);
CREATE INDEX segment_schedules_due ON segment_schedules (publish_at) WHERE stopped IS NULL;

-- Whether a version went live by itself at a moment that was set for it.
ALTER TABLE segment_versions ADD COLUMN scheduled boolean NOT NULL DEFAULT false;
