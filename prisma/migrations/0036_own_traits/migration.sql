-- Rules read the shop's own traits, as they were at any instant: every word is kept, not the latest alone. A row is a word that said
-- something new; said again it moves confirmed_at. folded: the value without regard to case. Days become {"day": "1990-05-30"}, so
-- that a value tells its type. key_id: with which of the merchant's keys it came.
ALTER TABLE profile_traits
  ADD COLUMN folded jsonb,
  ADD COLUMN confirmed_at timestamptz(3),
  ADD COLUMN key_id int;
UPDATE profile_traits t SET value = jsonb_build_object('day', t.value) FROM trait_types n
WHERE n.shop_id = t.shop_id AND n.name = t.name AND n.type = 'date' AND jsonb_typeof(t.value) = 'string';
UPDATE profile_traits SET confirmed_at = said_at, folded = lower(value::text)::jsonb;
ALTER TABLE profile_traits
  ALTER COLUMN confirmed_at SET NOT NULL,
  DROP CONSTRAINT profile_traits_pkey,
  ADD PRIMARY KEY (shop_id, identifier_id, name, said_at);
CREATE INDEX profile_traits_name ON profile_traits (shop_id, name);

-- Which traits of a waiting customer changed, as rules name them, where parts says that named attributes did.
ALTER TABLE profile_queue ADD COLUMN attributes text[] NOT NULL DEFAULT '{}';
