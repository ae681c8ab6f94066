-- The language the shop's pages are in where a visitor chose none ("en", "pt-BR"); null where Shopify told none.
ALTER TABLE shops ADD COLUMN locale TEXT;
