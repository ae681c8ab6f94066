-- Whether the platform hears of each entry and exit as an event.
ALTER TABLE destinations ADD COLUMN segment_events boolean NOT NULL DEFAULT false;

-- Entries and exits a platform is to hear of, each once: written with the decision, sent once the audience holds it.
CREATE TABLE segment_events (
  id bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  audience_id int NOT NULL REFERENCES audiences (id) ON DELETE CASCADE,
  customer_id bigint NOT NULL,
  -- entered or left
  change text NOT NULL,
  at timestamptz(3) NOT NULL,
  -- It was over or not new when it was found: nothing is to start at the platform because of it.
  backfill boolean NOT NULL,
  -- Under which address and id it is sent, from the first try on; null: not tried yet.
  email text,
  remote_id text,
  -- Null: done with, as outcome says.
  due_at timestamptz(3),
  attempts int NOT NULL DEFAULT 0,
  outcome text,
  done_at timestamptz(3)
);
CREATE UNIQUE INDEX segment_events_once ON segment_events (audience_id, customer_id, change, at);
CREATE INDEX segment_events_due ON segment_events (audience_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX segment_events_customer ON segment_events (shop_id, customer_id);
CREATE INDEX segment_events_done ON segment_events (done_at) WHERE done_at IS NOT NULL;
