import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { TimelinePart } from "./timeline-parts.ts";

/** Something that happened to one customer. `key` orders what happened at the same instant, where it is unique. */
export type TimelineEntry = { key: string; at: Date } & (
  | {
      kind: "order";
      name: string | null;
      lines: number;
      grossMinor: bigint;
      currency: string;
      /** Cancelled and test orders are shown but do not count. */
      state: "counts" | "cancelled" | "test";
    }
  | { kind: "refund"; orderName: string | null; amountMinor: bigint; currency: string }
  | {
      kind: "checkout";
      outcome: "completed" | "abandoned" | "open";
      items: number;
      totalMinor: bigint | null;
      currency: string | null;
    }
  | { kind: "cart"; items: number }
  /** A row of `events`: its name in the rule dictionary, and the product, search or page it was about. */
  | { kind: "event"; event: string; about: string | null }
  | { kind: "entered" | "left"; segment: string }
);

export interface TimelinePosition {
  at: Date;
  key: string;
}

interface EntryRow {
  kind: "order" | "refund" | "checkout" | "cart" | "event" | "entered" | "left";
  key: string;
  at: Date;
  name: string | null;
  items: number | null;
  minor: string | null;
  currency: string | null;
  state: string | null;
}

/** A checkout that was left alone this long counts as abandoned; Shopify's own page has no published limit. */
const ABANDONED_AFTER = "1 hour";

// Keys begin with a rank, so that of what happened at one instant the cause is older than what it led to.
// Lines are counted after the cut, so that a customer with thousands of orders costs no more than a page of them.
const TIMELINE = `
SELECT kind, key, at, name, minor, currency, state,
  CASE WHEN kind = 'order' THEN (SELECT count(*)::int FROM order_lines WHERE shop_id = $1 AND order_id = entry.order_id)
       ELSE items END AS items
FROM (
  SELECT * FROM (
    SELECT 'order' AS kind, '3order:' || id AS key, ordered_at AS at, name, NULL::int AS items, gross_minor AS minor, currency,
      CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN test THEN 'test' ELSE 'counts' END AS state, id AS order_id
    FROM orders WHERE shop_id = $1 AND buyer_id = ANY($2::bigint[]) AND coalesce($8, 'orders') = 'orders'
    UNION ALL
    SELECT 'refund', '4refund:' || r.refund_id, min(r.refunded_at), o.name, NULL, sum(r.amount_minor)::bigint, r.currency, NULL, NULL
    FROM orders o JOIN refund_transactions r ON r.shop_id = o.shop_id AND r.order_id = o.id
    WHERE o.shop_id = $1 AND o.buyer_id = ANY($2::bigint[]) AND coalesce($8, 'orders') = 'orders' GROUP BY r.refund_id, o.name, r.currency
    UNION ALL
    SELECT 'checkout', '2checkout:' || c.token, coalesce(c.completed_at, o.ordered_at, c.started_at), NULL, c.items,
      c.total_minor, c.currency,
      CASE WHEN c.completed_at IS NOT NULL OR o.ordered_at IS NOT NULL THEN 'completed'
           WHEN c.source_updated_at < $3::timestamptz - interval '${ABANDONED_AFTER}' THEN 'abandoned' ELSE 'open' END, NULL
    FROM checkouts c LEFT JOIN LATERAL (
      SELECT min(ordered_at) AS ordered_at FROM orders
      WHERE shop_id = $1 AND buyer_id = ANY($2::bigint[]) AND checkout_token = c.token) o ON TRUE
    WHERE c.shop_id = $1 AND c.customer_id = ANY($2::bigint[]) AND coalesce($8, 'carts') = 'carts'
    UNION ALL
    SELECT 'cart', '1cart:' || token, started_at, NULL, items, NULL, NULL, NULL, NULL
    FROM carts WHERE shop_id = $1 AND coalesce($8, 'carts') = 'carts' AND token IN (
      SELECT cart_token FROM orders WHERE shop_id = $1 AND buyer_id = ANY($2::bigint[]) AND cart_token IS NOT NULL
      UNION SELECT cart_token FROM checkouts WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) AND cart_token IS NOT NULL)
    UNION ALL
    SELECT 'event', '0event:' || e.id, e.occurred_at, coalesce(p.title, e.properties->>'query', e.properties->>'path', e.properties->>'url',
        CASE WHEN e.properties->>'machine' = 'yes' THEN 'By a mail program, not in person' END), NULL, NULL,
      NULL, e.kind, NULL
    FROM events e LEFT JOIN products p ON p.shop_id = $1 AND p.id = e.product_id
    WHERE e.shop_id = $1 AND e.customer_id = ANY($2::bigint[])
      AND CASE $8 WHEN 'visits' THEN e.kind LIKE 'storefront.%' WHEN 'emails' THEN e.kind LIKE 'email.%'
        WHEN 'told' THEN e.kind NOT LIKE 'storefront.%' AND e.kind NOT LIKE 'email.%' ELSE $8::text IS NULL END
    UNION ALL
    SELECT 'entered', '6entered:' || m.segment_id, m.entered_at, s.name, NULL, NULL, NULL, NULL, NULL
    FROM memberships m JOIN segments s ON s.id = m.segment_id AND s.shop_id = m.shop_id
    WHERE m.shop_id = $1 AND m.customer_id = $7 AND coalesce($8, 'segments') = 'segments'
    UNION ALL
    SELECT 'left', '5left:' || m.segment_id, m.left_at, s.name, NULL, NULL, NULL, NULL, NULL
    FROM memberships m JOIN segments s ON s.id = m.segment_id AND s.shop_id = m.shop_id
    WHERE m.shop_id = $1 AND m.customer_id = $7 AND m.left_at IS NOT NULL AND coalesce($8, 'segments') = 'segments'
  ) AS happened
  WHERE $4::timestamptz IS NULL OR at < $4 OR (at = $4 AND key COLLATE "C" < $5)
  ORDER BY at DESC, key COLLATE "C" DESC LIMIT $6
) AS entry
ORDER BY at DESC, key COLLATE "C" DESC`;

/**
 * What happened to a customer, newest first, from before `before` on.
 * @param options.members all customers who are that person, the customer included
 * @param options.part that alone; null: everything
 * @param options.now business time: from it follows whether an open checkout counts as abandoned.
 */
export async function readTimeline(
  sql: Sql,
  shop: ShopId,
  customerId: string,
  options: {
    members: readonly string[];
    before: TimelinePosition | null;
    now: Date;
    limit: number;
    part?: TimelinePart | null;
  },
): Promise<{ entries: TimelineEntry[]; more: boolean }> {
  const { members, before, now, limit, part = null } = options;
  const { rows } = await sql.query<EntryRow>(TIMELINE, [
    shop,
    members,
    now,
    before?.at ?? null,
    before?.key ?? null,
    limit + 1,
    customerId,
    part,
  ]);
  return { entries: rows.slice(0, limit).map(toEntry), more: rows.length > limit };
}

function toEntry({ kind, key, at, name, items, minor, currency, state }: EntryRow): TimelineEntry {
  const amount = minor === null ? null : BigInt(minor);
  switch (kind) {
    case "order":
      return {
        kind,
        key,
        at,
        name,
        lines: items ?? 0,
        grossMinor: amount ?? 0n,
        currency: currency ?? "",
        state: state as "counts" | "cancelled" | "test",
      };
    case "refund":
      return { kind, key, at, orderName: name, amountMinor: amount ?? 0n, currency: currency ?? "" };
    case "checkout":
      return {
        kind,
        key,
        at,
        items: items ?? 0,
        totalMinor: amount,
        currency,
        outcome: state as "completed" | "abandoned" | "open",
      };
    case "cart":
      return { kind, key, at, items: items ?? 0 };
    case "event":
      return { kind, key, at, event: state ?? "", about: name };
    case "entered":
    case "left":
      return { kind, key, at, segment: name ?? "" };
  }
}
