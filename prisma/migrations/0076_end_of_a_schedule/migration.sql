-- until_at: when the rule that was live before is live again, in business time; null: never by itself. returns: whether this is such a return.
ALTER TABLE segment_schedules ADD COLUMN until_at timestamptz(3);
ALTER TABLE segment_schedules ADD COLUMN returns boolean NOT NULL DEFAULT false;
