-- Each list of pairs is read a page at a time in its own order, from wherever a page ended.
DROP INDEX duplicate_pairs_likely;
CREATE INDEX duplicate_pairs_likely ON duplicate_pairs (shop_id, probability, low_id, high_id) WHERE state = 'open';
CREATE INDEX duplicate_pairs_apart ON duplicate_pairs (shop_id, decided_at, low_id, high_id) WHERE state = 'not_same';
CREATE INDEX profile_links_latest ON profile_links (shop_id, linked_at, low_id, high_id);
