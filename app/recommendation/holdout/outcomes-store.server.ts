import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { LENGTH_ENDS, type MeasuredKind } from "../blend/confidence.ts";
import type { Placement } from "../proxy-request.ts";
import type { Arm } from "./arm.ts";
import type { ArmSums } from "./lift.ts";

/** What the people of an arm did, amounts in minor units of the shop's currency. */
export interface ArmOutcomes {
  people: number;
  /** Of each person, what they paid in the days after they came in, less what they got back. */
  revenue: ArmSums;
  /** Of that, lines of products they had clicked or added in a list shortly before. */
  attributed: ArmSums;
  /** 1 for each person who bought. */
  conversion: ArmSums;
  ordersWithAttributed: number;
  shown: number;
  clicked: number;
}

/** A person's orders count for so long after they came in. */
const FOLLOWED_DAYS = 30;
/** A purchase counts as a list's when it follows a click in it within this time. */
const ATTRIBUTED_DAYS = 7;

/**
 * Each person once, in the first arm that was recorded. An order is a person's by its customer or by a cart that the browser said is its
 * own; where it could be two persons' it is the one's who came in first. Test orders and cancelled ones are out, and what was given back.
 */
const BOUGHT = `
WITH persons AS MATERIALIZED (
  SELECT DISTINCT ON (person) coalesce('customer:' || customer_id, subject) AS person, arm, entered_at, lead, entries
  FROM recommendation_arms WHERE shop_id = $1 ORDER BY person, entered_at, subject
), counted AS MATERIALIZED (
  SELECT * FROM persons WHERE entered_at >= $2
), names AS MATERIALIZED (
  SELECT c.person, a.customer_id, substr(a.subject, 8) AS client_id, c.entered_at
  FROM recommendation_arms a JOIN counted c ON c.person = coalesce('customer:' || a.customer_id, a.subject) WHERE a.shop_id = $1
), claimed AS (
  SELECT person, entered_at, o.id FROM names JOIN orders o ON o.shop_id = $1 AND o.buyer_id = names.customer_id
  UNION SELECT person, entered_at, o.id FROM names JOIN visitor_claims v ON v.shop_id = $1 AND v.client_id = names.client_id
    JOIN orders o ON o.shop_id = $1 AND o.cart_token = v.token
  UNION SELECT person, entered_at, o.id FROM names JOIN visitor_claims v ON v.shop_id = $1 AND v.client_id = names.client_id
    JOIN orders o ON o.shop_id = $1 AND o.checkout_token = v.token
), bought AS MATERIALIZED (
  SELECT DISTINCT ON (o.id) o.id, person, o.ordered_at, o.gross_minor - coalesce((SELECT sum(amount_minor) FROM refund_transactions r
      WHERE r.shop_id = $1 AND r.order_id = o.id), 0) AS net
  FROM claimed JOIN orders o ON o.shop_id = $1 AND o.id = claimed.id
  WHERE NOT o.test AND o.cancelled_at IS NULL AND o.deleted_at IS NULL AND o.ordered_at > claimed.entered_at
    AND o.ordered_at <= claimed.entered_at + make_interval(days => $3)
    AND o.currency = coalesce((SELECT currency FROM shops WHERE id = $1), o.currency)
  ORDER BY o.id, claimed.entered_at, person
), answers AS MATERIALIZED (
  SELECT person, product_id, kind, at, explored, placement, list_key FROM names JOIN recommendation_feedback f ON f.shop_id = $1 AND f.client_id = names.client_id
  UNION ALL SELECT person, product_id, kind, at, explored, placement, list_key FROM (SELECT DISTINCT person, customer_id FROM names) who
    JOIN recommendation_feedback f ON f.shop_id = $1 AND f.customer_id = who.customer_id AND f.client_id IS NULL
)`;

/** With what people did in lists and bought of it. */
const OUTCOMES = `${BOUGHT}, attributed AS MATERIALIZED (
  SELECT b.person, b.id, sum(l.price_minor * greatest(0, l.quantity - coalesce((SELECT sum(r.quantity) FROM refund_lines r
      WHERE r.shop_id = $1 AND r.order_id = b.id AND r.line_id = l.id), 0))) AS amount
  FROM bought b JOIN order_lines l ON l.shop_id = $1 AND l.order_id = b.id
  WHERE EXISTS (SELECT FROM answers a WHERE a.person = b.person AND a.product_id = l.product_id AND a.kind IN ('clicked', 'added')
    AND a.at <= b.ordered_at AND a.at > b.ordered_at - make_interval(days => $4))
  GROUP BY b.person, b.id
), each AS (
  SELECT c.arm, greatest(coalesce(r.net, 0), 0)::float8 AS net, coalesce(t.amount, 0)::float8 AS amount, coalesce(t.orders, 0) AS orders,
    coalesce(s.shown, 0) AS shown, coalesce(s.clicked, 0) AS clicked
  FROM counted c
  LEFT JOIN (SELECT person, sum(net) AS net FROM bought GROUP BY person) r USING (person)
  LEFT JOIN (SELECT person, sum(amount) AS amount, count(*) FILTER (WHERE amount > 0) AS orders FROM attributed GROUP BY person) t USING (person)
  LEFT JOIN (SELECT person, count(*) FILTER (WHERE kind = 'shown') AS shown, count(*) FILTER (WHERE kind = 'clicked') AS clicked
    FROM answers GROUP BY person) s USING (person)
)
SELECT arm, count(*)::int AS people,
  count(*) FILTER (WHERE net > 0)::int AS buyers, sum(net) AS net, sum(net * net) AS net_squares,
  count(*) FILTER (WHERE amount > 0)::int AS attributed_buyers, sum(amount) AS amount, sum(amount * amount) AS amount_squares,
  sum(orders)::int AS orders, sum(shown)::int AS shown, sum(clicked)::int AS clicked
FROM each GROUP BY arm`;

interface OutcomeRow {
  arm: Arm;
  people: number;
  buyers: number;
  net: number;
  net_squares: number;
  attributed_buyers: number;
  amount: number;
  amount_squares: number;
  orders: number;
  shown: number;
  clicked: number;
}

const NOTHING: ArmOutcomes = outcomesOf(undefined);

/** What both arms did, of people who came in since then. */
export async function readOutcomes(sql: Sql, shop: ShopId, since: Date): Promise<Record<Arm, ArmOutcomes>> {
  const { rows } = await sql.query<OutcomeRow>(OUTCOMES, [shop, since, FOLLOWED_DAYS, ATTRIBUTED_DAYS]);
  const found = new Map(rows.map((row) => [row.arm, outcomesOf(row)]));
  return { treated: found.get("treated") ?? NOTHING, held_out: found.get("held_out") ?? NOTHING };
}

function outcomesOf(row: OutcomeRow | undefined): ArmOutcomes {
  const people = row?.people ?? 0;
  const sums = (buyers = 0, sum = 0, squares = 0): ArmSums => ({ people, buyers, sum, squares });
  return {
    people,
    revenue: sums(row?.buyers, row?.net, row?.net_squares),
    attributed: sums(row?.attributed_buyers, row?.amount, row?.amount_squares),
    conversion: sums(row?.buyers, row?.buyers, row?.buyers),
    ordersWithAttributed: row?.orders ?? 0,
    shown: row?.shown ?? 0,
    clicked: row?.clicked ?? 0,
  };
}

/**
 * Of people who had bought before and saw the personal list, or what stands in its places for those held out: by what kind of customer
 * they were when they came in, whether they bought within days what it had shown them. Whoever was not sure enough for a personal list
 * saw the fallback in both arms, and what stands beside a product is another list: neither says which of the two wins. What was tried out
 * is no list's merit.
 */
const KINDS = `${BOUGHT}, compared AS MATERIALIZED (
  SELECT a.person, a.product_id, a.at, a.explored FROM answers a JOIN counted c USING (person)
  WHERE a.kind = 'shown' AND a.placement = ANY($7) AND a.list_key = CASE c.arm WHEN 'treated' THEN 'personal' ELSE 'fallback' END
), hits AS (
  SELECT DISTINCT b.person FROM bought b JOIN order_lines l ON l.shop_id = $1 AND l.order_id = b.id
  JOIN compared a ON a.person = b.person AND a.product_id = l.product_id
  WHERE NOT a.explored AND a.at <= b.ordered_at AND a.at > b.ordered_at - make_interval(days => $4)
    AND l.quantity > coalesce((SELECT sum(r.quantity) FROM refund_lines r WHERE r.shop_id = $1 AND r.order_id = b.id AND r.line_id = l.id), 0)
)
SELECT (SELECT count(*)::int FROM unnest($5::float8[]) AS ends (edge) WHERE edge < lead) AS lead,
  (SELECT count(*)::int FROM unnest($6::int[]) AS ends (edge) WHERE edge < entries) AS length,
  count(*) FILTER (WHERE arm = 'treated')::int AS treated, count(*) FILTER (WHERE arm = 'held_out')::int AS held_out,
  count(h.person) FILTER (WHERE arm = 'treated')::int AS treated_hits, count(h.person) FILTER (WHERE arm = 'held_out')::int AS held_out_hits
FROM counted c LEFT JOIN hits h USING (person)
WHERE c.lead IS NOT NULL AND c.person IN (SELECT person FROM compared) GROUP BY 1, 2 ORDER BY 1, 2`;

/**
 * @param leadEnds of the classes of lead in which confidence is told
 * @param places where the personal list stands
 */
export async function readMeasuredKinds(
  sql: Sql,
  shop: ShopId,
  since: Date,
  leadEnds: readonly number[],
  places: readonly Placement[],
): Promise<MeasuredKind[]> {
  const { rows } = await sql.query<{
    lead: number;
    length: number;
    treated: number;
    held_out: number;
    treated_hits: number;
    held_out_hits: number;
  }>(KINDS, [shop, since, FOLLOWED_DAYS, ATTRIBUTED_DAYS, leadEnds, LENGTH_ENDS, places]);
  return rows.map((row) => ({
    lead: row.lead,
    length: row.length,
    personal: { people: row.treated, hits: row.treated_hits },
    fallback: { people: row.held_out, hits: row.held_out_hits },
  }));
}
