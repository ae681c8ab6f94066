-- What failed, which the admin counts and sends again: few of many rows.
CREATE INDEX automation_runs_failed ON automation_runs (automation_id, id) WHERE state = 'failed';
