-- The first few whom a version put in or out are shown beside how many they are: in this order they are found without sorting all.
CREATE INDEX membership_changes_by_rule ON membership_changes (shop_id, segment_id, version, change, id) WHERE cause = 'rule';
DROP INDEX membership_changes_rule;
