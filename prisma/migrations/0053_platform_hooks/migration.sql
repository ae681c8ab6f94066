-- The address of ours that a platform calls when somebody decides something there: one for each destination.
CREATE TABLE destination_hooks (
  destination_id int PRIMARY KEY REFERENCES destinations (id) ON DELETE CASCADE,
  shop_id int NOT NULL,
  -- A keyed hash of the unguessable part of the address, by which a call is known.
  mark bytea NOT NULL,
  -- That part, and the secret calls are signed with where the platform signs; sealed.
  secrets bytea NOT NULL,
  -- The platform's own id of it; null: not registered there.
  remote_id text,
  -- Why the platform has none; it is polled alone then.
  refusal text,
  -- When it is looked after next.
  due_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX destination_hooks_mark ON destination_hooks (mark);

-- What was called, each call once. What it said goes once it is taken in; the digest stays a few days, so that a repetition is known.
CREATE TABLE hook_calls (
  id bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  destination_id int NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
  digest bytea NOT NULL,
  received_at timestamptz(3) NOT NULL,
  said jsonb,
  addresses text[] NOT NULL DEFAULT '{}',
  -- Null: taken in.
  due_at timestamptz(3),
  attempts int NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX hook_calls_once ON hook_calls (destination_id, digest);
CREATE INDEX hook_calls_due ON hook_calls (shop_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX hook_calls_received ON hook_calls (received_at);
