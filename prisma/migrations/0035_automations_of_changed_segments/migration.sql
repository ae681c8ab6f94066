-- exits_announced, of a removed segment: its exit automations run for those who leave with it. moves_announced: its automations run for
-- those whom the publication of the live rule puts in and out; until everybody is decided under that rule.
ALTER TABLE segments ADD COLUMN exits_announced boolean NOT NULL DEFAULT false;
ALTER TABLE segments ADD COLUMN moves_announced boolean NOT NULL DEFAULT false;
