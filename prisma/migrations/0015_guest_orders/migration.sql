-- Whose an order is that names no customer. guest_of: the customer whom its address, its number or its checkout tell, if all of them tell
-- one person; guest_clues: what the look went by ("email a@b.example", "phone +44…", "customer 7"), so that whatever changes about one of
-- them has the order looked at anew; guest_pending: it has to be. buyer_id is what everything reads that asks whose an order is.
ALTER TABLE orders
  ADD COLUMN guest_of      bigint,
  ADD COLUMN guest_clues   text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN guest_pending boolean NOT NULL DEFAULT false,
  ADD COLUMN buyer_id      bigint GENERATED ALWAYS AS (coalesce(customer_id, guest_of)) STORED;
UPDATE orders SET guest_pending = true WHERE customer_id IS NULL AND num_nonnulls(email, phone, cart_token, checkout_token) > 0;
DROP INDEX orders_customer;
CREATE INDEX orders_buyer ON orders (shop_id, buyer_id, ordered_at);
CREATE INDEX orders_guest_pending ON orders (shop_id, id) WHERE guest_pending;
CREATE INDEX orders_guest_known ON orders (shop_id) WHERE guest_clues <> '{}';
CREATE INDEX orders_guest_clues ON orders USING gin (guest_clues) WHERE guest_clues <> '{}';
DROP INDEX orders_guest_phone;
