import type { Sql } from "../platform/db.server.ts";
import { loadHistories } from "../profile/history-store.server.ts";
import { readAbsorbed } from "../profile/identity/persons-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { compileRule } from "./evaluation/compile.ts";
import { type Evaluation, evaluate } from "./evaluation/evaluate.ts";
import { membershipOf } from "./evaluation/policies.ts";
import { loadCustomerHistories } from "./history-store.server.ts";
import type { Rule } from "./language/tree.ts";
import { readMemberships } from "./membership-store.server.ts";
import { dictionary } from "./segment.ts";
import { listSegments, ruleContext } from "./segment-store.server.ts";
import type { Question } from "./translation/statement.ts";
import { toSql } from "./translation/to-sql.ts";

/** What would happen if a rule were the live one of a segment. Entry and exit policies are not taken into account. */
export interface Preview {
  /** Customers for whom the rule is true. */
  members: number;
  enters: number;
  leaves: number;
  /** Ids, the smallest first. */
  entering: string[];
  leaving: string[];
}

/**
 * Compares those for whom the rule is true at an instant with the members now.
 * @param segmentId null: the segment is new and has no members
 */
export async function previewRule(
  sql: Sql,
  shop: ShopId,
  { rule, segmentId, at, sample }: { rule: Rule; segmentId: number | null; at: Date; sample: number },
): Promise<Preview> {
  const { text, values } = toSql(rule, await questionOf(sql, shop, at));
  const [segment, limit] = [`$${values.length + 1}::int`, `$${values.length + 2}::int`];
  const { rows } = await sql.query<Preview>(
    `WITH wanted AS MATERIALIZED (${text}),
       present AS MATERIALIZED (SELECT customer_id FROM memberships WHERE shop_id = $1 AND segment_id = ${segment} AND left_at IS NULL),
       entering AS MATERIALIZED (SELECT customer_id FROM wanted EXCEPT SELECT customer_id FROM present),
       leaving AS MATERIALIZED (SELECT customer_id FROM present EXCEPT SELECT customer_id FROM wanted)
     SELECT (SELECT count(*)::int FROM wanted) AS members, (SELECT count(*)::int FROM entering) AS enters,
       (SELECT count(*)::int FROM leaving) AS leaves,
       ARRAY(SELECT customer_id FROM entering ORDER BY 1 LIMIT ${limit})::text[] AS entering,
       ARRAY(SELECT customer_id FROM leaving ORDER BY 1 LIMIT ${limit})::text[] AS leaving`,
    [...values, segmentId, sample],
  );
  return rows[0] ?? { members: 0, enters: 0, leaves: 0, entering: [], leaving: [] };
}

/** How many the rule is true for. */
export async function countMembers(sql: Sql, shop: ShopId, rule: Rule, at: Date): Promise<number> {
  const { text, values } = toSql(rule, await questionOf(sql, shop, at));
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (${text}) AS members`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/** Size and movement of a rule at each of the instants, on the facts as they are known today: for a run over the past. */
export async function backtestRule(
  sql: Sql,
  shop: ShopId,
  rule: Rule,
  instants: readonly Date[],
): Promise<{ at: Date; members: number; entered: number; left: number }[]> {
  const question = await questionOf(sql, shop, new Date(0));
  const points: { at: Date; members: number; entered: number; left: number }[] = [];
  let before: Set<string> | null = null;
  for (const at of instants) {
    const { text, values } = toSql(rule, { ...question, at });
    const { rows } = await sql.query<{ customer_id: string }>(text, values);
    const members: Set<string> = new Set(rows.map((row) => row.customer_id));
    const stayed: number = before ? members.intersection(before).size : members.size;
    points.push({ at, members: members.size, entered: members.size - stayed, left: (before?.size ?? stayed) - stayed });
    before = members;
  }
  return points;
}

export interface Explanation extends Evaluation {
  /** Whether the customer is a member under the rule's policies, and when that next changes by itself. */
  member: boolean;
  memberChangesAt: Date | null;
}

/** Clause by clause why a customer is in or out, with the events behind it; null when nothing is known of the customer. */
export async function explainRule(
  sql: Sql,
  shop: ShopId,
  rule: Rule,
  customerId: string,
  now: Date,
): Promise<Explanation | null> {
  const compiled = compileRule(rule, await ruleContext(sql, shop), dictionary);
  const profiles = await loadHistories(sql, shop, [customerId]);
  const loaded = await loadCustomerHistories(sql, shop, [compiled.reads], profiles, dictionary);
  const history = loaded.get(customerId);
  if (!history) return null;
  const asked = (await listSegments(sql, shop)).filter(({ key }) => compiled.reads.segments.has(key));
  const ids = asked.map(({ id }) => id);
  const stays = ids.length === 0 ? [] : await readMemberships(sql, shop, [customerId], ids);
  const memberships = Object.fromEntries(
    asked.map(({ id, key }) => [key, stays.filter(({ segmentId }) => segmentId === id)]),
  );
  const known = { ...history, memberships };
  const { intervals, changesAt } = membershipOf(compiled, known, now);
  return {
    ...evaluate(compiled, known, now),
    member: intervals.some(({ leftAt }) => leftAt === null),
    memberChangesAt: changesAt,
  };
}

async function questionOf(sql: Sql, shop: ShopId, at: Date): Promise<Question> {
  const [context, absorbed] = [await ruleContext(sql, shop), await readAbsorbed(sql, shop)];
  return { shop, context, dictionary, at, absorbed };
}
