-- Consent at platforms is kept per channel; the address of SMS and WhatsApp is a phone number's digits. A row may hold a subscription
-- alone, so that the order in which news come does not matter. proven_at: the newest subscription of which it is known how the person
-- gave it. reason: of the newest unsubscribe, as the profile's page names it.
ALTER TABLE platform_consents RENAME COLUMN email TO address;
ALTER TABLE platform_consents ADD COLUMN channel text COLLATE "C" NOT NULL DEFAULT 'email';
ALTER TABLE platform_consents ALTER COLUMN channel DROP DEFAULT;
ALTER TABLE platform_consents ALTER COLUMN unsubscribed_at DROP NOT NULL;
ALTER TABLE platform_consents ADD COLUMN proven_at timestamptz(3);
ALTER TABLE platform_consents ADD COLUMN reason text;
ALTER TABLE platform_consents DROP CONSTRAINT platform_consents_pkey;
ALTER TABLE platform_consents ADD PRIMARY KEY (shop_id, channel, address, source);

-- What was said about consent, as it was heard or told: the history on a profile's page. source: who said it; told: by us, to it.
CREATE TABLE consent_evidence (
  id       bigserial PRIMARY KEY,
  shop_id  int NOT NULL,
  channel  text COLLATE "C" NOT NULL,
  address  text COLLATE "C" NOT NULL,
  source   text COLLATE "C" NOT NULL,
  state    text COLLATE "C" NOT NULL,
  reason   text,
  told     boolean NOT NULL,
  at       timestamptz(3) NOT NULL,
  heard_at timestamptz(3) NOT NULL,
  UNIQUE (shop_id, channel, address, source, state, told, at)
);

-- The consent sync: whether newer evidence may subscribe somebody at another side. Nothing else ever does.
ALTER TABLE shops ADD COLUMN consent_sync boolean NOT NULL DEFAULT false;
