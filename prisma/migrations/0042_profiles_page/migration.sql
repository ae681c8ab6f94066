-- The columns of the list of profiles as the shop chose them; null: the usual ones.
ALTER TABLE shops ADD COLUMN profile_columns jsonb;

-- A hundredth of the customers, by which the size of a rule is judged before everybody is looked at.
CREATE INDEX profiles_sample ON profiles (shop_id, sample_bucket) WHERE sample_bucket < 100;

-- Orders are looked for by the name they have in the admin.
CREATE INDEX orders_name ON orders (shop_id, name);
