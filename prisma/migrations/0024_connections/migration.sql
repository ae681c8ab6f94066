-- A shop may connect several accounts of one kind: what names one is the account and the place in it.
ALTER TABLE destinations DROP CONSTRAINT destinations_shop_id_kind_key;
ALTER TABLE destinations ADD COLUMN account_id text;
ALTER TABLE destinations ADD COLUMN account_name text;
-- Whether every segment has an audience here, later ones too, and whether a new audience waits until somebody has looked at its figures.
ALTER TABLE destinations ADD COLUMN every_segment boolean NOT NULL DEFAULT true;
ALTER TABLE destinations ADD COLUMN review boolean NOT NULL DEFAULT false;
ALTER TABLE destinations ADD COLUMN leaving boolean NOT NULL DEFAULT false;
-- When a paused one was last tried again, and how often in vain.
ALTER TABLE destinations ADD COLUMN tried_at timestamptz(3);
ALTER TABLE destinations ADD COLUMN tries int NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX destinations_account ON destinations (shop_id, kind, account_id, settings) NULLS NOT DISTINCT;

-- The list was there before us: what is in it was not put in by us.
ALTER TABLE audiences ADD COLUMN adopted boolean NOT NULL DEFAULT false;
ALTER TABLE audiences ADD COLUMN review boolean NOT NULL DEFAULT false;
-- Also people who never said yes or no: they come in without being subscribed.
ALTER TABLE audiences ADD COLUMN non_subscribed boolean NOT NULL DEFAULT false;
-- Which traits go along, as [{trait, field}].
ALTER TABLE audiences ADD COLUMN traits jsonb;
-- The first load goes out in growing portions from here on.
ALTER TABLE audiences ADD COLUMN warm_from timestamptz(3);
-- A share of the audience that may leave within a day before somebody is asked; null: all of it. And how much has left.
ALTER TABLE audiences ADD COLUMN guard_share real;
ALTER TABLE audiences ADD COLUMN guard jsonb;
-- Set while the audience is being given up: what becomes of it there (empty, delete).
ALTER TABLE audiences ADD COLUMN leaving text;
ALTER TABLE audience_members ADD COLUMN traits jsonb;
