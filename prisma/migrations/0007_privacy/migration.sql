-- A request keeps what it needs to find the person until it is done; then nothing of it names anybody.
-- state: waiting → leaving (gone here, not yet from every audience) → done, or kept (a shop that was installed again). subject: everybody
-- and everything that was found to be the person's, so that a run that was cut off goes on with the same.
ALTER TABLE privacy_requests ALTER COLUMN inbox_id DROP NOT NULL;
ALTER TABLE privacy_requests ADD COLUMN source text NOT NULL DEFAULT 'shopify';
ALTER TABLE privacy_requests ADD COLUMN state text NOT NULL DEFAULT 'waiting';
ALTER TABLE privacy_requests ADD COLUMN email text;
ALTER TABLE privacy_requests ADD COLUMN phone text;
ALTER TABLE privacy_requests ADD COLUMN order_ids bigint[] NOT NULL DEFAULT '{}';
ALTER TABLE privacy_requests ADD COLUMN subject jsonb;
ALTER TABLE privacy_requests ADD COLUMN subject_mark bytea;
ALTER TABLE privacy_requests ADD COLUMN counts jsonb;
CREATE INDEX privacy_requests_open ON privacy_requests (shop_id) WHERE done_at IS NULL;

-- What was exported for the merchant, sealed, until it expires.
CREATE TABLE privacy_exports (
  request_id    bigint PRIMARY KEY,
  shop_id       int NOT NULL,
  sealed        bytea NOT NULL,
  built_at      timestamptz(3) NOT NULL,
  expires_at    timestamptz(3) NOT NULL,
  downloaded_at timestamptz(3)
);
CREATE INDEX privacy_exports_shop ON privacy_exports (shop_id);

-- Proof of erasures. Marks are keyed hashes, of the shop and of the person or shop that was erased; nothing here names either, so
-- the rows outlive the shop.
CREATE TABLE erasures (
  id           bigserial PRIMARY KEY,
  request_id   bigint NOT NULL,
  kind         text NOT NULL,
  source       text NOT NULL,
  shop_mark    bytea NOT NULL,
  subject_mark bytea NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  due_at       timestamptz(3) NOT NULL,
  done_at      timestamptz(3) NOT NULL,
  counts       jsonb NOT NULL
);
CREATE INDEX erasures_shop ON erasures (shop_mark, done_at);

-- Who was erased, as keyed hashes, so that nothing that comes late brings them back. A customer or an order is erased for good; of an
-- address or a token only what is older than erased_at. alone: the request named no customer, so the address stands for the person.
CREATE TABLE erased (
  shop_id   int NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  mark      bytea NOT NULL,
  alone     boolean NOT NULL DEFAULT false,
  erased_at timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, kind, mark)
);

CREATE TABLE erased_shops (
  mark      bytea PRIMARY KEY,
  erased_at timestamptz(3) NOT NULL
);

-- What is doubtful about a profile's data, as of the last time it was looked at. detail: a suggestion or the value's kind, for people.
CREATE TABLE quality_findings (
  shop_id     int NOT NULL,
  customer_id bigint NOT NULL,
  code        text COLLATE "C" NOT NULL,
  detail      text,
  found_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (shop_id, customer_id, code)
);
CREATE INDEX quality_findings_code ON quality_findings (shop_id, code, customer_id);

-- How far the sweep over a shop's profiles has come, and when it last came to the end.
CREATE TABLE quality_sweeps (
  shop_id     int PRIMARY KEY,
  position    bigint NOT NULL DEFAULT -1,
  finished_at timestamptz(3)
);
