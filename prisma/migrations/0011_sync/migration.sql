-- How often the service named this person in words that may be trouble of its own. Outages raise attempts alone, so that somebody who
-- waited through one is not taken for refused at the first doubtful answer after it.
ALTER TABLE audience_members ADD COLUMN doubts int NOT NULL DEFAULT 0;

-- What connected platforms say about addresses that were unsubscribed there at least once: the newest of either kind. It stands against
-- the shop's consent in every audience, unless the person subscribed at that platform again. `lasting`: it bounced or complained.
CREATE TABLE platform_consents (
  shop_id         int NOT NULL,
  email           text COLLATE "C" NOT NULL,
  source          text COLLATE "C" NOT NULL,
  unsubscribed_at timestamptz(3) NOT NULL,
  subscribed_at   timestamptz(3),
  lasting         boolean NOT NULL,
  PRIMARY KEY (shop_id, email, source)
);
ALTER TABLE destinations ADD COLUMN consent_read_at timestamptz(3);
CREATE INDEX profiles_address ON profiles (shop_id, lower(btrim(email)));
