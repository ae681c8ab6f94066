-- What each comparison of an audience with its platform found, for three months.
CREATE TABLE comparisons (
  id          bigserial PRIMARY KEY,
  shop_id     int NOT NULL,
  audience_id int NOT NULL REFERENCES audiences (id) ON DELETE CASCADE,
  compared_at timestamptz(3) NOT NULL,
  report      jsonb NOT NULL,
  -- By customer id, without an address: why somebody was not in the audience, or that they were and should not have been.
  members     jsonb NOT NULL,
  -- The platform's own ids of those who were in it and nobody here has anything to do with.
  strangers   text[] NOT NULL
);
CREATE INDEX comparisons_audience ON comparisons (shop_id, audience_id, id);
CREATE INDEX comparisons_age ON comparisons (compared_at);
