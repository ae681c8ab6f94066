import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Shop } from "./evaluation/customer-history.ts";
import { parseText } from "./language/parse-text.ts";
import type { Rule } from "./language/tree.ts";
import { dictionary, prepareSegments, type Segment, type SegmentRow } from "./segment.ts";
import { STARTER_MESSAGE, type StarterSegment } from "./starter-segments.ts";

/** Gives the shop the starter segments it does not have yet. @returns how many were added. */
export async function addStarterSegments(
  sql: Sql,
  shop: ShopId,
  segments: readonly StarterSegment[],
  now: Date,
): Promise<number> {
  const { rowCount } = await sql.query(
    `WITH added AS (
       INSERT INTO segments (shop_id, key, name, definition, created_at, published_at)
       SELECT $1, key, name, rule, $3, $3 FROM json_to_recordset($2::json) AS given (place int, key text, name text, rule jsonb)
       WHERE NOT EXISTS (SELECT FROM segments s WHERE s.shop_id = $1 AND s.key = given.key) ORDER BY place
       ON CONFLICT (shop_id, key) DO NOTHING RETURNING id, key, definition
     )
     INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at)
     SELECT added.id, 1, $1, added.definition, given.text, 'Muster', $4, $3
     FROM added JOIN json_to_recordset($2::json) AS given (key text, text text) ON given.key = added.key`,
    [shop, starterRules(segments), now, STARTER_MESSAGE],
  );
  return rowCount ?? 0;
}

let starters: { of: readonly StarterSegment[]; json: string } | null = null;

function starterRules(segments: readonly StarterSegment[]): string {
  if (starters?.of !== segments) {
    const rows = segments.map((segment, place) => ({ ...segment, place, rule: ruleOf(segment.text) }));
    starters = { of: segments, json: JSON.stringify(rows) };
  }
  return starters.json;
}

function ruleOf(text: string): Rule {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(`${text}: ${reading.problems[0].message}`);
  return reading.rule;
}

const CURRENCY = "coalesce(currency, (SELECT currency FROM orders WHERE shop_id = $1 LIMIT 1), 'XXX')";

/** The clocks and the currency that rules are read with; before the shop has told its currency, that of its orders. */
export async function ruleContext(sql: Sql, shop: ShopId): Promise<Shop> {
  const { rows } = await sql.query<Shop>(
    `SELECT time_zone AS "timeZone", ${CURRENCY} AS currency FROM shops WHERE id = $1`,
    [shop],
  );
  const [context] = rows;
  if (!context) throw new Error("A shop that is not known has no rules.");
  return context;
}

/** The shop's segments with their live rules, each after those it asks for; removed ones are left out. */
export async function listSegments(sql: Sql, shop: ShopId): Promise<Segment[]> {
  const { rows } = await sql.query<SegmentRow & Shop & { viewsFrom: Date | null }>(
    `SELECT s.id, s.key, s.name, s.version, s.definition, shop."timeZone", shop.currency, shop."viewsFrom"
     FROM (SELECT time_zone AS "timeZone", ${CURRENCY} AS currency, views_from AS "viewsFrom" FROM shops WHERE id = $1) AS shop, segments s
     WHERE s.shop_id = $1 AND s.removed_at IS NULL ORDER BY s.id`,
    [shop],
  );
  const [first] = rows;
  if (!first) return [];
  const { timeZone, currency, viewsFrom } = first;
  const segments = rows.map(({ id, key, name, version, definition }) => ({ id, key, name, version, definition }));
  return prepareSegments(segments, { timeZone, currency }, viewsFrom);
}
