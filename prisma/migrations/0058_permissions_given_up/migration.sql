-- Connections that were forgotten, with what the platform had permitted, until it has been given back there.
CREATE TABLE permissions_given_up (
  id bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  kind text NOT NULL,
  account_id text,
  credentials bytea NOT NULL,
  settings jsonb NOT NULL,
  given_up_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  attempts int NOT NULL DEFAULT 0
);
CREATE INDEX permissions_given_up_due ON permissions_given_up (shop_id, due_at);

-- When somebody last asked that an audience be compared with its platform, beside the schedule.
ALTER TABLE audiences ADD COLUMN compare_asked_at timestamptz(3);
