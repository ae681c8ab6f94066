-- What staff changed: who, when, what, and how it was before and after. Written with the change; holds no secrets and no customers.
CREATE TABLE audit_log (
  id      bigserial PRIMARY KEY,
  shop_id int NOT NULL,
  at      timestamptz(3) NOT NULL,
  author  text NOT NULL,
  subject text NOT NULL,
  action  text NOT NULL,
  name    text,
  before  jsonb,
  after   jsonb
);
CREATE INDEX audit_log_shop ON audit_log (shop_id, id);
CREATE INDEX audit_log_subject ON audit_log (shop_id, subject, id);
CREATE INDEX audit_log_author ON audit_log (shop_id, author, id);

-- Runs of automations are forgotten after a while, the oldest first.
CREATE INDEX automation_runs_created ON automation_runs (shop_id, created_at);
