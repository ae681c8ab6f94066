-- Blocks of Liquid that merchants write. A handle is a block's for good, also while it is deleted, so that a deletion can be undone.
CREATE TABLE content_blocks (
  id              serial PRIMARY KEY,
  shop_id         int NOT NULL,
  handle          text NOT NULL,
  name            text NOT NULL,
  place           text NOT NULL CHECK (place IN ('storefront', 'email')),
  -- The version that is shown; NULL while nothing was published.
  live_version    int,
  draft_source    text,
  draft_fallbacks jsonb,
  draft_author    text,
  draft_at        timestamptz(3),
  created_at      timestamptz(3) NOT NULL,
  deleted_at      timestamptz(3),
  UNIQUE (shop_id, handle)
);

-- Everything that was ever live.
CREATE TABLE content_versions (
  block_id     int NOT NULL REFERENCES content_blocks (id) ON DELETE CASCADE,
  number       int NOT NULL,
  shop_id      int NOT NULL,
  source       text NOT NULL,
  fallbacks    jsonb NOT NULL,
  author       text NOT NULL,
  message      text NOT NULL,
  published_at timestamptz(3) NOT NULL,
  PRIMARY KEY (block_id, number)
);
