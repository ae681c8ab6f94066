-- How often the service named this person in words that may be trouble of its own. Outages raise attempts alone, so that somebody who
-- waited through one is not taken for refused at the first doubtful answer after it.
ALTER TABLE audience_members ADD COLUMN doubts int NOT NULL DEFAULT 0;
