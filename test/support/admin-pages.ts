import type { Sql } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";

/** A page of the admin as somebody meets it who works in this shop. */
export interface AdminPage {
  name: string;
  path: string;
  /** Whether it is one of those that the app is looked at by. */
  main: boolean;
}

interface Shown {
  segment: number | null;
  customer: string | null;
  automation: number | null;
  destination: number | null;
  audience: number | null;
  block: number | null;
  letter: string | null;
}

/**
 * Every page of the admin, with something of the shop on it: its largest segment, and of the members the one who ordered most often.
 * Pages of what the shop has none of are left out.
 */
export async function adminPages(sql: Sql, shop: ShopId): Promise<AdminPage[]> {
  const { rows } = await sql.query<Shown>(SHOWN, [shop]);
  const [shown = NOTHING] = rows;
  const { segment, customer, automation, destination, audience, block, letter } = shown;
  return [
    main("overview", "/app"),
    main("profiles", "/app/profiles"),
    ...of(customer, (id) => [main("profile", `/app/profiles/${id}`)]),
    main("segments", "/app/segments"),
    main("library", "/app/segments/library"),
    other("overlap", "/app/segments/overlap"),
    other("rule language", "/app/segments/language"),
    other("new segment", "/app/segments/new"),
    ...of(segment, (id) => [
      main("segment", `/app/segments/${id}`),
      other("automations", `/app/segments/${id}/automations`),
      other("new automation", `/app/segments/${id}/automations/new`),
      ...of(automation, (one) => [other("automation", `/app/segments/${id}/automations/${one}`)]),
      other("exports", `/app/segments/${id}/exports`),
      ...of(customer, (member) => [main("explanation", `/app/segments/${id}/explain/${member}`)]),
    ]),
    main("recommendations", "/app/recommendations"),
    other("blocks", "/app/content"),
    main("content", "/app/content/new"),
    ...of(block, (id) => [other("block", `/app/content/${id}`)]),
    other("feeds", "/app/content/feeds"),
    main("destinations", "/app/destinations"),
    ...of(destination, (id) => [
      main("destination", `/app/destinations/${id}`),
      other("log", `/app/destinations/${id}/log`),
      ...of(audience, (one) => [other("comparisons", `/app/destinations/${id}/comparisons/${one}`)]),
    ]),
    main("data", "/app/data"),
    other("dead letters", "/app/data/dead-letters"),
    ...of(letter, (id) => [other("dead letter", `/app/data/dead-letters/${id}`)]),
    other("duplicates", "/app/data/duplicates"),
    other("API keys", "/app/data/api-keys"),
    main("privacy", "/app/privacy"),
    main("settings", "/app/settings"),
    other("changes", "/app/settings/changes"),
    other("retention", "/app/settings/retention"),
  ];
}

const SHOWN = `
  WITH largest AS (
    SELECT segment_id FROM memberships WHERE shop_id = $1 AND left_at IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
  ), member AS (
    SELECT m.customer_id FROM memberships m JOIN profiles p USING (shop_id, customer_id)
    WHERE m.shop_id = $1 AND m.left_at IS NULL AND m.segment_id = (SELECT segment_id FROM largest)
    ORDER BY p.orders_count DESC, 1 LIMIT 1
  )
  SELECT (SELECT segment_id FROM largest) AS segment, (SELECT customer_id FROM member) AS customer,
    (SELECT min(id) FROM automations WHERE shop_id = $1 AND segment_id = (SELECT segment_id FROM largest)) AS automation,
    (SELECT min(id) FROM destinations WHERE shop_id = $1) AS destination,
    (SELECT min(id) FROM audiences WHERE destination_id = (SELECT min(id) FROM destinations WHERE shop_id = $1)) AS audience,
    (SELECT min(id) FROM content_blocks WHERE shop_id = $1 AND deleted_at IS NULL) AS block,
    (SELECT min(inbox_id) FROM dead_letters WHERE shop = (SELECT domain FROM shops WHERE id = $1)) AS letter`;

const NOTHING: Shown = {
  segment: null,
  customer: null,
  automation: null,
  destination: null,
  audience: null,
  block: null,
  letter: null,
};

const main = (name: string, path: string): AdminPage => ({ name, path, main: true });
const other = (name: string, path: string): AdminPage => ({ name, path, main: false });

function of<Id>(id: Id | null, pages: (id: Id) => AdminPage[]): AdminPage[] {
  return id === null ? [] : pages(id);
}
