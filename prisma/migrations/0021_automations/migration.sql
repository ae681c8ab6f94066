-- What follows when somebody enters or leaves a segment. kind: webhook, customer_tag or flow_trigger. Nothing fires for what happened
-- before since (business time). old_secret signs beside secret until it ends (real time).
CREATE TABLE automations (
  id               serial PRIMARY KEY,
  shop_id          int NOT NULL,
  segment_id       int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  kind             text NOT NULL,
  name             text NOT NULL,
  on_entry         boolean NOT NULL,
  on_exit          boolean NOT NULL,
  settings         jsonb NOT NULL,
  secret           bytea,
  old_secret       bytea,
  old_secret_until timestamptz(3),
  state            text NOT NULL,
  state_reason     text,
  since            timestamptz(3) NOT NULL,
  created_at       timestamptz(3) NOT NULL
);
CREATE INDEX automations_segment ON automations (shop_id, segment_id);

-- Of segments with automations: what was last said of a customer, under which version, and up to which instant of business time
-- everything is accounted for. It keeps a correction from firing anything again.
CREATE TABLE automation_standings (
  shop_id     int NOT NULL,
  segment_id  int NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  customer_id bigint NOT NULL,
  version     int NOT NULL,
  inside      boolean NOT NULL,
  at          timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, segment_id, customer_id)
);

-- The outbox: a row is written with the change that makes it due, and ends done, failed or skipped. customer_id is null for a sample
-- about nobody. due_at is set while there is something to send, and is a lease while somebody sends it.
CREATE TABLE automation_runs (
  id            bigserial PRIMARY KEY,
  shop_id       int NOT NULL,
  automation_id int NOT NULL REFERENCES automations (id) ON DELETE CASCADE,
  customer_id   bigint,
  change        text NOT NULL,
  at            timestamptz(3) NOT NULL,
  reason        text NOT NULL,
  state         text NOT NULL,
  message_id    text NOT NULL,
  attempts      int NOT NULL DEFAULT 0,
  due_at        timestamptz(3),
  created_at    timestamptz(3) NOT NULL
);
CREATE INDEX automation_runs_due ON automation_runs (automation_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX automation_runs_log ON automation_runs (automation_id, id);
CREATE INDEX automation_runs_customer ON automation_runs (shop_id, customer_id);

CREATE TABLE automation_attempts (
  id      bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  run_id  bigint NOT NULL REFERENCES automation_runs (id) ON DELETE CASCADE,
  at      timestamptz(3) NOT NULL,
  status  int,
  words   text NOT NULL,
  ms      int NOT NULL
);
CREATE INDEX automation_attempts_run ON automation_attempts (run_id);

-- Tags that Muster put on a customer, by the automation that wants them there. What is not here was there before and stays.
CREATE TABLE automation_tags (
  shop_id       int NOT NULL,
  customer_id   bigint NOT NULL,
  tag           text COLLATE "C" NOT NULL,
  automation_id int NOT NULL REFERENCES automations (id) ON DELETE CASCADE,
  added_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id, tag, automation_id)
);
