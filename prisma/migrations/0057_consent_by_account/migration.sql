-- Who says something of consent is one account (and, within it, one place), not a kind of platform: of two accounts of one kind each
-- speaks for itself alone. The same place is known again when it is connected anew.
ALTER TABLE destinations ADD COLUMN consent_source text NOT NULL
  GENERATED ALWAYS AS (kind || ':' || left(md5(coalesce(account_id, '') || settings::text), 12)) STORED;

-- What was heard so far was heard of one of a kind's accounts, and nobody knows of which: it holds of each of them.
INSERT INTO platform_consents (shop_id, channel, address, source, unsubscribed_at, subscribed_at, proven_at, lasting, reason)
SELECT DISTINCT p.shop_id, p.channel, p.address, d.consent_source, p.unsubscribed_at, p.subscribed_at, p.proven_at, p.lasting, p.reason
FROM platform_consents p JOIN destinations d ON d.shop_id = p.shop_id AND d.kind = p.source
ON CONFLICT DO NOTHING;
DELETE FROM platform_consents p USING destinations d WHERE d.shop_id = p.shop_id AND d.kind = p.source;

INSERT INTO consent_evidence (shop_id, channel, address, source, state, reason, opt_in_level, told, at, heard_at)
SELECT DISTINCT e.shop_id, e.channel, e.address, d.consent_source, e.state, e.reason, e.opt_in_level, e.told, e.at, e.heard_at
FROM consent_evidence e JOIN destinations d ON d.shop_id = e.shop_id AND d.kind = e.source
ON CONFLICT DO NOTHING;
DELETE FROM consent_evidence e USING destinations d WHERE d.shop_id = e.shop_id AND d.kind = e.source;

-- Whose phone number it is that a platform speaks of.
CREATE INDEX profiles_phone ON profiles (shop_id, regexp_replace(phone, '\D', '', 'g')) WHERE phone IS NOT NULL;
