-- Whom each version put in and out, which the page of a segment counts every few seconds: few of a segment's many changes.
CREATE INDEX membership_changes_rule ON membership_changes (shop_id, segment_id, version, change) WHERE cause = 'rule';
