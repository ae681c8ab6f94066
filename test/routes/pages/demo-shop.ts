/** Business time in the shop's story: 24 November 2026, 12:00 in London. */
export const NOW = "2026-11-24T12:00:00.000Z";

/**
 * A small shop in London, in SQL. Anna Schmidt (7001) has a story that is written out, Rita Regular (7004) more orders
 * than one page of a timeline holds; 60 others follow a pattern, so that there are three pages of profiles.
 */
export const DEMO_SHOP = `
INSERT INTO shops (id, domain, name, currency, time_zone, installed_at)
VALUES (1, 'demo.myshopify.com', 'Demo store', 'GBP', 'Europe/London', now()),
       (2, 'other.myshopify.com', 'Other store', 'GBP', 'Europe/London', now());

INSERT INTO inbox (shop, topic, webhook_id, triggered_at, received_at, digest, body, done_at)
SELECT 'demo.myshopify.com', 'orders/create', 'w' || n, now(), now() - interval '20 seconds', sha256(n::text::bytea), '{}', now()
FROM generate_series(1, 1204) n;

INSERT INTO profiles VALUES
  (1, 7001, 'anna@example.com', '+447700900123', 'Anna', 'Schmidt', 'subscribed', 3, 24850, 2500, 'GBP',
   '2026-01-10 09:00Z', '2026-11-20 18:30Z', '2026-11-23 08:15Z', now()),
  (1, 7002, 'noor@example.com', NULL, 'Noor', 'Ünal', 'not_subscribed', 1, 1999, 0, 'GBP',
   '2026-11-01 10:00Z', '2026-11-01 10:00Z', '2026-11-01 10:00Z', now()),
  (1, 7003, NULL, '+4915112345678', NULL, NULL, 'unknown', 0, 0, 0, NULL, NULL, NULL, NULL, now()),
  (2, 7777, 'otto@other.example', NULL, 'Otto', 'Elsewhere', 'subscribed', 0, 0, 0, NULL, NULL, NULL, NULL, now()),
  (2, 7001, 'anna@other.example', NULL, 'Anna', 'Elsewhere', 'subscribed', 9, 999900, 0, 'GBP', NULL, NULL, '2026-11-24 11:00Z', now());
INSERT INTO profiles VALUES
  (1, 7004, 'rita@example.com', NULL, 'Rita', 'Regular', 'unsubscribed', 45, 45000, 0, 'GBP',
   '2026-08-01 12:00Z', '2026-09-14 12:00Z', '2026-09-14 12:00Z', now());
INSERT INTO profiles
SELECT 1, 8000 + n, 'customer-' || n || '@example.com', NULL, 'Customer', 'No' || n, 'subscribed', 1, 1000 + n, 0, 'GBP',
  timestamptz '2026-10-01 12:00Z' - n * interval '1 day', timestamptz '2026-10-01 12:00Z' - n * interval '1 day',
  timestamptz '2026-10-01 12:00Z' - n * interval '1 day', now()
FROM generate_series(1, 60) n;

INSERT INTO customers (shop_id, id, email, phone, email_verified, created_at, source_updated_at, source_triggered_at, source_delivery)
VALUES (1, 7001, 'Anna@Example.com', '07700 900123', true, '2026-01-10 09:00Z', now(), now(), 'd');
UPDATE shops SET country = 'GB' WHERE id = 1;
INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, cancelled_at, test, cart_token,
  checkout_token, source_updated_at, source_triggered_at, source_delivery)
VALUES
  (1, 501, 7001, '#1001', 'GBP', 9850, '2026-01-10 09:00Z', NULL, false, NULL, NULL, now(), now(), 'd'),
  (1, 502, 7001, '#1002', 'GBP', 5000, '2026-06-30 23:30Z', NULL, false, NULL, NULL, now(), now(), 'd'),
  (1, 503, 7001, '#1003', 'GBP', 10000, '2026-11-20 18:30Z', NULL, false, 'cart-a', 'checkout-a', now(), now(), 'd'),
  (1, 504, 7001, '#1004', 'GBP', 700, '2026-11-20 19:00Z', '2026-11-20 20:00Z', false, NULL, NULL, now(), now(), 'd'),
  (2, 501, 7001, '#1001', 'GBP', 999900, '2026-11-24 11:00Z', NULL, false, NULL, NULL, now(), now(), 'd');
INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, test, source_updated_at,
  source_triggered_at, source_delivery)
SELECT 1, 9000 + n, 8000 + n, '#' || (2000 + n), 'GBP', 1000 + n, timestamptz '2026-10-01 12:00Z' - n * interval '1 day', false,
  now(), now(), 'd'
FROM generate_series(1, 60) n;
INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, test, source_updated_at,
  source_triggered_at, source_delivery)
SELECT 1, 7100 + n, 7004, '#' || (3000 + n), 'GBP', 1000, timestamptz '2026-08-01 12:00Z' + n * interval '1 day', false,
  now(), now(), 'd'
FROM generate_series(0, 44) n;
INSERT INTO order_lines (shop_id, order_id, id, title, quantity, price_minor)
VALUES (1, 501, 1, 'Mug', 1, 9850), (1, 502, 2, 'Mug', 1, 2500), (1, 502, 3, 'Cup', 1, 2500), (1, 503, 4, 'Pot', 1, 10000);
INSERT INTO refund_transactions VALUES
  (1, 1, 61, 502, 1500, 'GBP', '2026-07-03 10:00Z'), (1, 2, 61, 502, 1000, 'GBP', '2026-07-03 10:00Z');
INSERT INTO checkouts VALUES
  (1, 'checkout-a', 'cart-a', 7001, 'anna@example.com', 'GBP', 10000, 1, '2026-11-20 18:20Z', '2026-11-20 18:30Z', '2026-11-20 18:30Z', now(), 'd'),
  (1, 'checkout-b', NULL, 7001, 'anna@example.com', 'GBP', 4200, 2, '2026-11-23 08:10Z', NULL, '2026-11-23 08:15Z', now(), 'd');
INSERT INTO carts VALUES (1, 'cart-a', 1, '[]', '2026-11-20 18:05Z', '2026-11-20 18:05Z', now(), 'd');

INSERT INTO segments (id, shop_id, key, name, definition, created_at, published_at) VALUES
  (1, 1, 'loyal', 'Loyal', '{}', now(), now()), (2, 1, 'lapsed', 'Lapsed', '{}', now(), now()), (3, 1, 'big_spenders', 'Big spenders', '{}', now(), now()),
  (4, 2, 'loyal', 'Loyal elsewhere', '{}', now(), now());
INSERT INTO memberships VALUES
  (1, 1, 7001, '2026-11-20 18:30Z', NULL, now()),
  (1, 2, 7001, '2026-04-10 09:00Z', '2026-06-30 23:30Z', now()),
  (1, 3, 7001, '2026-11-20 18:30Z', '2026-11-24 09:00Z', now()),
  (1, 3, 7002, '2026-11-24 10:00Z', NULL, now()),
  (2, 4, 7001, '2026-11-24 10:00Z', NULL, now());
INSERT INTO memberships SELECT 1, 2, 8000 + n, timestamptz '2026-11-24 12:00Z' - n * interval '3 hours', NULL, now() FROM generate_series(0, 39) n;

INSERT INTO destinations (id, shop_id, kind, credentials, settings, state, state_reason, created_at) VALUES
  (1, 1, 'klaviyo', '', '{}', 'live', NULL, now()), (2, 1, 'mailchimp', '', '{}', 'live', NULL, now());
INSERT INTO audiences (id, shop_id, destination_id, segment_id, remote_id, state, reconciled_at) VALUES
  (1, 1, 1, 1, 'k1', 'live', now() - interval '4 minutes'), (2, 1, 1, 2, 'k2', 'live', now() - interval '4 minutes'),
  (3, 1, 1, 3, 'k3', 'live', NULL),
  (4, 1, 2, 1, 'm1', 'live', NULL), (5, 1, 2, 2, 'm2', 'building', NULL), (6, 1, 2, 3, 'm3', 'live', NULL);
INSERT INTO audience_members (shop_id, audience_id, customer_id, member, exception, email, acked_email, rejection, due_at) VALUES
  (1, 1, 7001, true, NULL, 'anna@example.com', 'anna@example.com', NULL, NULL),
  (1, 3, 7001, false, NULL, NULL, 'anna@example.com', NULL, now()),
  (1, 4, 7001, true, NULL, 'anna@example.com', NULL, 'compliance: The address is in a compliance state.', NULL),
  (1, 3, 7002, true, 'no_consent', NULL, NULL, NULL, NULL),
  (1, 6, 7002, true, 'no_consent', NULL, NULL, NULL, NULL);
INSERT INTO audience_members (shop_id, audience_id, customer_id, member, email, acked_email)
SELECT 1, 2, 8000 + n, true, 'customer-' || n || '@example.com', 'customer-' || n || '@example.com' FROM generate_series(0, 39) n;
`;

/** Zoe, who is likely another customer, and perhaps a third. */
export const LIKELY_PAIRS = `
INSERT INTO customers (shop_id, id, first_name, last_name, email, phone, created_at, source_updated_at, source_triggered_at, source_delivery)
VALUES (1, 9901, 'Zoe', 'Miller', 'zoe@example.com', '+447700900321', '2026-01-10 09:00Z', now(), now(), 'd'),
  (1, 9902, 'Zoë', 'Miller', 'zoe@example.org', NULL, '2026-02-10 09:00Z', now(), now(), 'd'),
  (1, 9903, 'Z', 'Müller', NULL, NULL, '2026-03-10 09:00Z', now(), now(), 'd'),
  (2, 9901, 'Otto', 'Elsewhere', NULL, NULL, NULL, now(), now(), 'd'), (2, 9902, 'Ottilie', 'Elsewhere', NULL, NULL, NULL, now(), now(), 'd');
INSERT INTO profiles (shop_id, customer_id, first_name, last_name, email_consent, orders_count, gross_minor, refunded_minor, computed_at)
SELECT shop_id, id, first_name, last_name, 'unknown', 0, 0, 0, now() FROM customers WHERE id BETWEEN 9901 AND 9903;
INSERT INTO duplicate_pairs (shop_id, low_id, high_id, probability, reasons, found_at) VALUES
  (1, 9901, 9902, 0.9745, '{"first_name": "exact", "last_name": "exact", "email": "close"}', now()),
  (1, 9901, 9903, 0.61, '{"first_name": "similar", "last_name": "close"}', now()),
  (2, 9901, 9902, 0.99, '{"last_name": "exact"}', now());
`;

/** Three deliveries that were not understood, and one of another shop. */
export const DEAD_LETTERS = `
INSERT INTO inbox (id, shop, topic, webhook_id, api_version, triggered_at, received_at, digest, body, done_at)
SELECT id, shop, topic, 'dead-' || id, '2026-10', at, at, sha256(id::text::bytea), convert_to(body, 'UTF8'), now() FROM (VALUES
  (900001, 'other.myshopify.com', 'elsewhere/create', timestamptz '2026-11-24 11:00Z', '{"email": "otto@other.example"}'),
  (900002, 'demo.myshopify.com', 'orders/create', timestamptz '2026-11-24 10:30Z', 'café, no JSON'),
  (900003, 'demo.myshopify.com', 'orders/begun', timestamptz '2026-11-24 11:00Z',
   '{"id":577,"name":"#1077","cart":{"id":12345678901234567890},"total":10.50,"created_at":"2026-11-24T11:00:00Z","updated_at":"2026-11-24T11:00:00Z","customer":{"id":7001},"total_price_set":{"shop_money":{"amount":"10.50","currency_code":"GBP"}}}'),
  (900004, 'demo.myshopify.com', 'orders/paid', timestamptz '2026-11-24 11:30Z', '{"note":"' || repeat('n', 1000) || '"}')
) AS given (id, shop, topic, at, body);
INSERT INTO dead_letters (inbox_id, shop, topic, reason, at, attempts)
SELECT id, shop, topic, CASE topic WHEN 'orders/create' THEN 'The body is not JSON.'
    WHEN 'orders/paid' THEN 'line_items.0.id: expected a numeric id' ELSE 'The topic ' || topic || ' is not one Muster reads.' END,
  now(), CASE topic WHEN 'orders/paid' THEN 2 ELSE 1 END FROM inbox WHERE id > 900000;
`;
