-- Most customers of a shop that was read whole were never seen: without the id they had to be sorted for each page of the list.
DROP INDEX profiles_last_seen;
CREATE INDEX profiles_last_seen ON profiles (shop_id, last_seen_at DESC NULLS LAST, customer_id DESC);
