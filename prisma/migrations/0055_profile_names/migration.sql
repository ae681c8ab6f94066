-- What the list of profiles is searched by, apart from what changes with every event: the search index is written anew only when
-- somebody is called otherwise.
CREATE TABLE profile_names (
  shop_id int NOT NULL,
  customer_id bigint NOT NULL,
  -- E-mail address, first name, last name and telephone number, one a line.
  names text NOT NULL,
  PRIMARY KEY (shop_id, customer_id),
  FOREIGN KEY (shop_id, customer_id) REFERENCES profiles (shop_id, customer_id) ON DELETE CASCADE
);

CREATE FUNCTION keep_profile_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO profile_names (shop_id, customer_id, names)
  VALUES (NEW.shop_id, NEW.customer_id, concat_ws(E'\n', NEW.email, NEW.first_name, NEW.last_name, NEW.phone))
  ON CONFLICT (shop_id, customer_id) DO UPDATE SET names = excluded.names;
  RETURN NULL;
END $$;

CREATE TRIGGER profiles_named AFTER INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION keep_profile_names();
CREATE TRIGGER profiles_renamed AFTER UPDATE ON profiles FOR EACH ROW
  WHEN ((OLD.email, OLD.first_name, OLD.last_name, OLD.phone) IS DISTINCT FROM (NEW.email, NEW.first_name, NEW.last_name, NEW.phone))
  EXECUTE FUNCTION keep_profile_names();

INSERT INTO profile_names (shop_id, customer_id, names)
SELECT shop_id, customer_id, concat_ws(E'\n', email, first_name, last_name, phone) FROM profiles;

-- Where the database does not let its owner have the extension, parts of names are searched for without an index.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX profile_names_parts ON profile_names USING gin (names gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'profiles are searched without pg_trgm: %', SQLERRM;
END $$;
