-- Until when one process renews a connection's access; others wait for what it stores.
ALTER TABLE destinations ADD COLUMN renewing_until timestamptz(3);

-- A merchant who is sent to a platform to permit the connection, and comes back. Minutes old at most.
CREATE TABLE oauth_attempts (
  id bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  kind text NOT NULL,
  -- Who of the shop's staff began it, and alone may end it.
  user_id text NOT NULL,
  -- Keyed hashes of what goes through the browser: to the platform and back, and from there into the admin.
  state_mark bytea NOT NULL,
  ticket_mark bytea,
  -- asked, answered, exchanging, exchanged
  stage text NOT NULL,
  -- The verifier, then the code, then the tokens; sealed.
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX oauth_attempts_state ON oauth_attempts (state_mark);
CREATE UNIQUE INDEX oauth_attempts_ticket ON oauth_attempts (ticket_mark);
