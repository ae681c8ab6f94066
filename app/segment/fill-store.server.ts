import type { Sql } from "../platform/db.server.ts";
import { readAbsorbed } from "../profile/identity/persons-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Turned } from "./decide.server.ts";
import { hasPolicies } from "./evaluation/policies.ts";
import { dictionary, type Segment } from "./segment.ts";
import { ruleContext } from "./segment-store.server.ts";
import { toSql } from "./translation/to-sql.ts";

/**
 * Puts everybody for whom a new rule is true into its segment and the others out of it, in one statement and as of now. A build goes
 * on to work out since when each is in and when that changes; until then the members are right and their times are not.
 * @returns who came in or went out; nobody where the segment has entry and exit policies, which no statement knows.
 */
export async function fillMembers(tx: Sql, shop: ShopId, segment: Segment, now: Date): Promise<Turned[]> {
  const { rule } = segment;
  if (hasPolicies(rule)) return [];
  const [context, absorbed] = [await ruleContext(tx, shop), await readAbsorbed(tx, shop)];
  const { text, values } = toSql(rule, { shop, context, dictionary, at: now, absorbed });
  const [id, version] = [`$${values.length + 1}::int`, `$${values.length + 2}::int`];
  const { rows } = await tx.query<{ customer_id: string; member: boolean }>(
    `WITH wanted AS MATERIALIZED (${text}),
       present AS MATERIALIZED (SELECT customer_id FROM memberships WHERE shop_id = $1 AND segment_id = ${id} AND left_at IS NULL),
       entering AS (
         INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
         SELECT $1, ${id}, customer_id, $2, $2 FROM (SELECT customer_id FROM wanted EXCEPT SELECT customer_id FROM present) AS fresh
         ON CONFLICT (shop_id, customer_id, segment_id, entered_at) DO UPDATE SET left_at = NULL RETURNING customer_id
       ), leaving AS (
         UPDATE memberships m SET left_at = $2, decided_at = $2
         FROM (SELECT customer_id FROM present EXCEPT SELECT customer_id FROM wanted) AS gone
         WHERE m.shop_id = $1 AND m.segment_id = ${id} AND m.customer_id = gone.customer_id AND m.left_at IS NULL RETURNING m.customer_id
       ), moved AS (
         SELECT customer_id, 'entered' AS change FROM entering UNION ALL SELECT customer_id, 'left' FROM leaving
       )
     INSERT INTO membership_changes (shop_id, segment_id, customer_id, change, at, cause, version, decided_at)
     SELECT $1, ${id}, customer_id, change, $2, 'rule', ${version}, $2 FROM moved ORDER BY customer_id
     RETURNING customer_id, change = 'entered' AS member`,
    [...values, segment.id, segment.version],
  );
  return rows.map(({ customer_id, member }) => ({ segmentId: segment.id, customerId: customer_id, member, at: now }));
}
