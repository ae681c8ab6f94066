-- When Shopify last said what the shop is called, which clock and which currency it keeps: an older word changes nothing.
ALTER TABLE shops ADD COLUMN told_at timestamptz(3);
