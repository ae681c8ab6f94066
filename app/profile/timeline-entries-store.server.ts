import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** What a rule counted: an event of the dictionary's kind, at an instant. */
export interface CountedEvent {
  kind: string;
  at: Date;
}

/** Where it stands on the customer's timeline: the entry's key ("3order:501") and the instant at which it is shown. */
export interface TimelinePlace {
  key: string;
  at: Date;
  /** The order's number as the shop knows it ("#1001"), where it is one. */
  name: string | null;
}

const ENTRIES = `
SELECT given.place, found.key, found.at, found.name
FROM unnest($3::int[], $4::text[], $5::timestamptz[]) AS given (place, kind, at), LATERAL (
  SELECT '3order:' || o.id AS key, o.ordered_at AS at, o.name FROM orders o
  WHERE given.kind IN ('orders_placed', 'products_purchased') AND o.shop_id = $1 AND o.buyer_id = ANY($2::bigint[])
    AND o.ordered_at = given.at AND NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL
  UNION ALL
  SELECT '4refund:' || r.refund_id, (SELECT min(refunded_at) FROM refund_transactions WHERE shop_id = $1 AND refund_id = r.refund_id), NULL
  FROM orders o JOIN refund_transactions r ON r.shop_id = o.shop_id AND r.order_id = o.id
  WHERE given.kind = 'refunds_made' AND o.shop_id = $1 AND o.buyer_id = ANY($2::bigint[]) AND r.refunded_at = given.at
  UNION ALL
  SELECT '2checkout:' || c.token, coalesce(c.completed_at, (
    SELECT min(ordered_at) FROM orders WHERE shop_id = $1 AND buyer_id = ANY($2::bigint[]) AND checkout_token = c.token), c.started_at), NULL
  FROM checkouts c WHERE given.kind = 'checkouts_started' AND c.shop_id = $1 AND c.customer_id = ANY($2::bigint[])
    AND c.started_at = given.at AND c.deleted_at IS NULL
  UNION ALL
  SELECT '0event:' || e.id, e.occurred_at, NULL FROM events e
  WHERE e.shop_id = $1 AND e.customer_id = ANY($2::bigint[]) AND e.kind = given.kind AND e.occurred_at = given.at
) AS found ORDER BY given.place, found.key`;

/**
 * The entries of a timeline behind what a rule counted, in the same order. Of several at one instant each is named once; null where
 * the timeline shows none, or it is not there any more.
 * @param members all customers who are that person
 */
export async function findTimelineEntries(
  sql: Sql,
  shop: ShopId,
  members: readonly string[],
  events: readonly CountedEvent[],
): Promise<(TimelinePlace | null)[]> {
  if (events.length === 0) return [];
  const { rows } = await sql.query<TimelinePlace & { place: number }>(ENTRIES, [
    shop,
    members,
    events.map((_event, place) => place),
    events.map(({ kind }) => kind),
    events.map(({ at }) => at),
  ]);
  const found = Map.groupBy(rows, ({ place }) => place);
  return events.map(({ kind, at }, place) => {
    const before = events.slice(0, place).filter((other) => other.kind === kind && other.at.getTime() === at.getTime());
    const entry = found.get(place)?.[before.length];
    return entry ? { key: entry.key, at: entry.at, name: entry.name } : null;
  });
}
