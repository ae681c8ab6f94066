import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { ComparedCustomer, Reasons } from "./customer-rows.ts";
import { RECORD } from "./pairs-store.server.ts";
import { WAITING } from "./suspected.ts";

/** `open`: pairs that wait for a decision; `merged`: links there are; `not_same`: what the merchant said is two persons. */
export type ReviewView = "open" | "merged" | "not_same";

/** One of the two customers, as the shop has them, whatever profile they are part of. */
export interface ReviewedCustomer extends ComparedCustomer {
  createdAt: Date | null;
  emailConsent: string;
  /** Orders of this customer alone that count. */
  ordersCount: number;
  grossMinor: bigint;
  currency: string | null;
  lastOrderAt: Date | null;
}

export interface ReviewedPair {
  low: ReviewedCustomer;
  high: ReviewedCustomer;
  /** Null of a link nobody suspected beforehand, or whose suspicion has passed. */
  probability: number | null;
  reasons: Reasons;
  /** When it was merged, or said not to be the same, in real time. */
  decidedAt: Date | null;
  /** Merged by the threshold. */
  automatic: boolean;
}

interface PairRow {
  low: string;
  high: string;
  probability: number | null;
  reasons: Reasons | null;
  decidedAt: Date | null;
  automatic: boolean;
}

/** Where a page of pairs begins or ends. */
export interface PairPosition {
  /** What the view is ordered by: how likely ("0.97"), or when it was decided (ISO). */
  by: string;
  low: string;
  high: string;
}

export type PairWindow = { after: PairPosition } | { before: PairPosition } | "first";

export interface PairPage {
  pairs: ReviewedPair[];
  /** Of the first and the last pair of the page; null: there are no pairs before or after it. */
  before: PairPosition | null;
  after: PairPosition | null;
}

const OF_CUSTOMER = "($2::bigint IS NULL OR p.low_id = $2 OR p.high_id = $2)";

const PAIRS: Record<ReviewView, { by: string; type: string; select: string }> = {
  open: {
    by: "p.probability",
    type: "real",
    select: `p.probability, p.reasons, NULL::timestamptz AS "decidedAt", false AS automatic
      FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND ${WAITING}`,
  },
  merged: {
    by: "p.linked_at",
    type: "timestamptz",
    select: `d.probability, d.reasons, p.linked_at AS "decidedAt", p.automatic
      FROM profile_links p LEFT JOIN duplicate_pairs d ON d.shop_id = p.shop_id AND d.low_id = p.low_id AND d.high_id = p.high_id
      WHERE p.shop_id = $1 AND ${OF_CUSTOMER}`,
  },
  not_same: {
    by: "p.decided_at",
    type: "timestamptz",
    select: `p.probability, p.reasons, p.decided_at AS "decidedAt", false AS automatic
      FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND p.state = 'not_same'`,
  },
};

const CUSTOMERS = `
SELECT ${RECORD}, c.created_at AS "createdAt", coalesce(n.state, 'unknown') AS "emailConsent",
  coalesce(o.count, 0) AS "ordersCount", coalesce(o.gross, 0)::text AS gross, o.currency, o.last_at AS "lastOrderAt"
FROM customers c
LEFT JOIN consents n ON n.shop_id = c.shop_id AND n.customer_id = c.id AND n.channel = 'email'
LEFT JOIN LATERAL (
  SELECT count(*)::int AS count, sum(gross_minor) AS gross, max(currency) AS currency, max(ordered_at) AS last_at FROM orders
  WHERE shop_id = c.shop_id AND buyer_id = c.id AND NOT test AND cancelled_at IS NULL AND deleted_at IS NULL) o ON true
WHERE c.shop_id = $1 AND c.id = ANY($2::bigint[])`;

/**
 * A page of pairs: the likeliest first, those that were decided the latest first. Going back never ends before the beginning with less
 * than a page: then it is the first page.
 * @param options.customerId null: everybody's.
 */
export async function listReviewed(sql: Sql, shop: ShopId, options: ReviewQuestion): Promise<PairPage> {
  const { window, limit } = options;
  const rows = await readPairs(sql, shop, options);
  const backwards = window !== "first" && "before" in window;
  const surplus = rows.length > limit;
  if (backwards && !surplus) return listReviewed(sql, shop, { ...options, window: "first" });
  const page = rows.slice(0, limit);
  if (backwards) page.reverse();
  const [first, last] = [page[0], page.at(-1)];
  // Of a page whose pairs were all decided meanwhile, those before it are before where it began.
  const from = window !== "first" && "after" in window ? window.after : null;
  return {
    pairs: await withCustomers(sql, shop, page),
    before: backwards || from ? (first?.position ?? from) : null,
    after: (backwards || surplus) && last ? last.position : null,
  };
}

interface ReviewQuestion {
  view: ReviewView;
  customerId: string | null;
  window: PairWindow;
  limit: number;
}

/** In the order of the window, with one more than a page where there are more. */
async function readPairs(
  sql: Sql,
  shop: ShopId,
  { view, customerId, window, limit }: ReviewQuestion,
): Promise<(PairRow & { position: PairPosition })[]> {
  const { by, type, select } = PAIRS[view];
  const position = window === "first" ? null : "after" in window ? window.after : window.before;
  const [sign, order] = window !== "first" && "before" in window ? [">", "ASC"] : ["<", "DESC"];
  const beyond = position && `AND (${by}, p.low_id, p.high_id) ${sign} ($4::${type}, $5::bigint, $6::bigint)`;
  const { rows } = await sql.query<PairRow>(
    `SELECT p.low_id AS low, p.high_id AS high, ${select} ${beyond ?? ""}
     ORDER BY ${by} ${order}, p.low_id ${order}, p.high_id ${order} LIMIT $3`,
    [shop, customerId, limit + 1, ...(position ? [position.by, position.low, position.high] : [])],
  );
  return rows.map((row) => {
    const at = view === "open" ? String(row.probability) : (row.decidedAt?.toISOString() ?? "");
    return { ...row, position: { by: at, low: row.low, high: row.high } };
  });
}

async function withCustomers(sql: Sql, shop: ShopId, page: readonly PairRow[]): Promise<ReviewedPair[]> {
  const ids = [...new Set(page.flatMap(({ low, high }) => [low, high]))];
  const customers = await sql.query<ReviewedCustomer & { gross: string }>(CUSTOMERS, [shop, ids]);
  const byId = new Map(
    customers.rows.map(({ gross, ...customer }) => [customer.customerId, { ...customer, grossMinor: BigInt(gross) }]),
  );
  return page.flatMap(({ low, high, probability, reasons, decidedAt, automatic }) => {
    const [one, other] = [byId.get(low), byId.get(high)];
    if (!one || !other) return [];
    return [{ probability, decidedAt, automatic, low: one, high: other, reasons: reasons ?? {} }];
  });
}

/** How many pairs wait for a decision. @param customerId null: everybody's. */
export async function countWaiting(sql: Sql, shop: ShopId, customerId: string | null = null): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM duplicate_pairs p WHERE p.shop_id = $1 AND ${OF_CUSTOMER} AND ${WAITING}`,
    [shop, customerId],
  );
  return rows[0]?.count ?? 0;
}
