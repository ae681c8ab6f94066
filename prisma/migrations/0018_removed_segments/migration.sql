-- A removed segment is decided no more and can be restored. removed_at is business time, at which its members left; closed_at is
-- real time, at which the last of them was written down and projected.
ALTER TABLE segments ADD COLUMN removed_at timestamptz(3);
ALTER TABLE segments ADD COLUMN removed_by text;
ALTER TABLE segments ADD COLUMN closed_at timestamptz(3);
-- What becomes of the list of a removed segment: 'kept' as it is, or 'emptied'. Null: it follows its segment.
ALTER TABLE audiences ADD COLUMN retired text;
