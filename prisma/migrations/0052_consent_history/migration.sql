-- How a subscription was given, in Shopify's word, where it is the shop that says so.
ALTER TABLE consent_evidence ADD COLUMN opt_in_level text;

-- What was sent of one person is looked up on their page.
CREATE INDEX sync_log_members ON sync_log USING gin (members);
