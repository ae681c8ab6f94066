-- A file of everybody in a segment, built in parts: a build that was cut off goes on after `position`.
CREATE TABLE segment_exports (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  segment_id  int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  name        text NOT NULL,
  asked_at    timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  expires_at  timestamptz(3) NOT NULL,
  position    bigint NOT NULL DEFAULT -1,
  people      int NOT NULL DEFAULT 0,
  bytes       bigint NOT NULL DEFAULT 0
);
CREATE INDEX segment_exports_shop ON segment_exports (shop_id, segment_id, id);

-- The file's bytes in order, sealed.
CREATE TABLE segment_export_parts (
  shop_id   int NOT NULL,
  export_id bigint NOT NULL REFERENCES segment_exports (id) ON DELETE CASCADE,
  number    int NOT NULL,
  starts_at bigint NOT NULL,
  bytes     int NOT NULL,
  sealed    bytea NOT NULL,
  PRIMARY KEY (export_id, number)
);
