import type { Sql } from "../../platform/db.server.ts";
import { toMinor } from "../../platform/money.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { PixelEvent } from "./pixel-event.ts";

export interface PixelShop {
  id: ShopId;
  /** Minor units of its currency in one. */
  minorUnits: number;
}

export interface PixelArrival {
  shop: PixelShop;
  event: PixelEvent;
  /** Real time. */
  receivedAt: Date;
}

/** The shop a pixel speaks for; null when no shop that has the app has this key. */
export async function shopOfPixel(sql: Sql, key: string): Promise<PixelShop | null> {
  const { rows } = await sql.query<{ id: ShopId; currency: string | null }>(
    "SELECT id, currency FROM shops WHERE pixel_key = $1 AND (uninstalled_at IS NULL OR uninstalled_at < installed_at)",
    [key],
  );
  const [row] = rows;
  return row ? { id: row.id, minorUnits: Number(toMinor("1", row.currency ?? "XXX")) } : null;
}

/** When a page of the shop was last opened, by the browser's clock. The two kinds that every visit has; each is one look into an index. */
export async function lastVisitAt(sql: Sql, shop: ShopId): Promise<Date | null> {
  const { rows } = await sql.query<{ at: Date | null }>(
    `SELECT max(latest.at) AS at FROM unnest(ARRAY['storefront.page_viewed', 'storefront.product_viewed']) AS kind,
       LATERAL (SELECT max(occurred_at) AS at FROM events WHERE shop_id = $1 AND events.kind = kind.kind) AS latest`,
    [shop],
  );
  return rows[0]?.at ?? null;
}

/** Price and vendor of a product are the shop's word and not the browser's; the price is in the shop's currency. */
const INSERT = `
WITH given AS (
  SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::jsonb[], $14::int[])
    AS given (shop_id, source_id, client_id, kind, occurred_at, received_at, product_id, properties, minor_units)
),
fresh AS (
  INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, product_id, properties)
  SELECT g.shop_id, g.kind, 'pixel', g.source_id, g.occurred_at, g.received_at, g.client_id, g.product_id,
    g.properties || jsonb_strip_nulls(jsonb_build_object('vendor', p.vendor, 'price', round(p.price * g.minor_units)::bigint::text))
  FROM given g LEFT JOIN products p ON p.shop_id = g.shop_id AND p.id = g.product_id
  ON CONFLICT DO NOTHING
  RETURNING shop_id, client_id, source_id
),
claimed AS (
  INSERT INTO visitor_claims (shop_id, client_id, token, claimed_at)
  SELECT DISTINCT ON (shop_id, token, client_id) * FROM unnest($9::int[], $10::text[], $11::text[], $12::timestamptz[])
    AS given (shop_id, client_id, token, claimed_at)
  ORDER BY shop_id, token, client_id, claimed_at
  ON CONFLICT DO NOTHING
  RETURNING shop_id, client_id
),
known AS (
  SELECT shop_id, client_id FROM claimed
  UNION
  SELECT f.shop_id, f.client_id FROM fresh f
  WHERE EXISTS (SELECT FROM visitor_claims c WHERE c.shop_id = f.shop_id AND c.client_id = f.client_id)
),
queued AS (
  INSERT INTO visitor_queue (shop_id, client_id, received_at)
  SELECT shop_id, client_id, $13 FROM known ORDER BY shop_id, client_id
  ON CONFLICT (shop_id, client_id) DO UPDATE SET received_at = least(visitor_queue.received_at, excluded.received_at)
)
SELECT shop_id, source_id FROM fresh`;

/**
 * Records what pixels of any number of shops sent, in one statement, and queues the browsers that may be somebody's.
 * @returns for each arrival, in order, whether it is new.
 */
export async function insertPixelEvents(
  sql: Sql,
  arrivals: readonly PixelArrival[],
): Promise<("recorded" | "duplicate")[]> {
  const claims = arrivals.flatMap(({ shop, event, receivedAt }) =>
    event.tokens.map((token) => ({ shopId: shop.id, clientId: event.clientId, token, receivedAt })),
  );
  const { rows } = await sql.query<{ shop_id: number; source_id: string }>(INSERT, [
    arrivals.map(({ shop }) => shop.id),
    arrivals.map(({ event }) => event.id),
    arrivals.map(({ event }) => event.clientId),
    arrivals.map(({ event }) => event.kind),
    arrivals.map(({ event }) => event.occurredAt),
    arrivals.map(({ receivedAt }) => receivedAt),
    arrivals.map(({ event }) => event.productId),
    arrivals.map(({ event }) => JSON.stringify(event.properties)),
    claims.map(({ shopId }) => shopId),
    claims.map(({ clientId }) => clientId),
    claims.map(({ token }) => token),
    claims.map(({ receivedAt }) => receivedAt),
    arrivals[0]?.receivedAt ?? new Date(),
    arrivals.map(({ shop }) => shop.minorUnits),
  ]);
  const fresh = new Set(rows.map((row) => `${row.shop_id}|${row.source_id}`));
  // Of two copies in one batch only the first was written.
  return arrivals.map(({ shop, event }) => (fresh.delete(`${shop.id}|${event.id}`) ? "recorded" : "duplicate"));
}
