import type { Sql } from "../platform/db.server.ts";
import { loadHistories } from "../profile/history-store.server.ts";
import { readAbsorbed } from "../profile/identity/persons-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type CompiledRule, compileRule } from "./evaluation/compile.ts";
import type { CustomerHistory, Interval } from "./evaluation/customer-history.ts";
import { type Evaluation, evaluate } from "./evaluation/evaluate.ts";
import { hasPolicies, membershipOf } from "./evaluation/policies.ts";
import { loadCustomerHistories } from "./history-store.server.ts";
import { inlineSegments } from "./language/inline-segments.ts";
import type { Condition, Rule } from "./language/tree.ts";
import { readMemberships } from "./membership-store.server.ts";
import { dictionary } from "./segment.ts";
import { listSegments, ruleContext } from "./segment-store.server.ts";
import type { Question } from "./translation/statement.ts";
import { toSql } from "./translation/to-sql.ts";

/** What would happen if a rule were the live one of a segment, its entry and exit policies counted in. */
export interface Preview {
  members: number;
  enters: number;
  leaves: number;
  /** Of those who would enter, those who may be written to. */
  mailable: number;
  /** Of them, those who may be put in a list that asks for no consent, and not written to. */
  unasked: number;
  /** Some of those who would be in. Ids, the smallest first. */
  among: string[];
  entering: string[];
  leaving: string[];
  /** Whether only a stable share of the customers was decided, and the numbers are worked out from it. */
  estimated: boolean;
}

export interface PreviewOptions {
  rule: Rule;
  /** Null: the segment is new and has no members. */
  segmentId: number | null;
  at: Date;
  /** How many of those who would be in, of those who enter and of those who leave are named. */
  sample: number;
  /** Whether a profile `p` may be written to, as SQL: consent is decided by a later stage. */
  mailable: string;
  /** The same for those who neither said yes nor no. */
  unasked: string;
  /** Rules that are supposed to be live too and that the rule asks for, each after those it asks for itself. */
  asked?: readonly SupposedRule[];
}

/** The rule that a segment would have, by the key under which others ask for it. */
export interface SupposedRule {
  key: string;
  rule: Rule;
}

/** Compares those who would be in at an instant with the members now. */
export async function previewRule(sql: Sql, shop: ShopId, options: PreviewOptions): Promise<Preview> {
  const { rule, at, asked = [] } = options;
  const question = await questionOf(sql, shop, at);
  const holding = toSql({ ...rule, when: inlined(rule, asked) }, question);
  const askedHavePolicies = asked.some((one) => hasPolicies(one.rule));
  if (!hasPolicies(rule) && !askedHavePolicies) return compare(sql, holding, ALL_BUCKETS, options);
  // Without a least stay only those are in for whom the rule is true now; policies say which of them.
  const mayBeIn =
    rule.stayAtLeast || askedHavePolicies
      ? { text: "SELECT customer_id FROM profiles WHERE shop_id = $1", values: [shop] }
      : holding;
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (${mayBeIn.text}) AS c`,
    mayBeIn.values,
  );
  const many = rows[0]?.count ?? 0;
  const buckets = many <= MOST_DECIDED ? ALL_BUCKETS : Math.max(1, Math.floor((ALL_BUCKETS * MOST_DECIDED) / many));
  const { rows: chosen } = await sql.query<{ customer_id: string }>(
    `SELECT c.customer_id FROM (${mayBeIn.text}) AS c JOIN profiles p ON p.shop_id = $1 AND p.customer_id = c.customer_id
     WHERE coalesce(p.sample_bucket, 0) < $${mayBeIn.values.length + 1}::int ORDER BY c.customer_id`,
    [...mayBeIn.values, buckets],
  );
  const members = await membersAmong(
    sql,
    shop,
    [...asked, { key: null, rule }],
    chosen.map((row) => row.customer_id),
    at,
  );
  const wanted = {
    text: "SELECT customer_id FROM unnest($2::bigint[]) AS given (customer_id)",
    values: [shop, members],
  };
  return compare(sql, wanted, buckets, options);
}

function inlined(rule: Rule, asked: readonly SupposedRule[]): Condition {
  const conditions = new Map<string, Condition>();
  for (const one of asked) conditions.set(one.key, inlineSegments(one.rule.when, conditions));
  return asked.length === 0 ? rule.when : inlineSegments(rule.when, conditions);
}

/** Every customer is in one of as many buckets, see `sampleBucket`. */
const ALL_BUCKETS = 10_000;
/** Customers decided one by one for a preview: more take longer than somebody who is writing a rule waits. */
const MOST_DECIDED = 2_000;
const DECIDED_AT_ONCE = 200;

async function compare(
  sql: Sql,
  { text, values }: { text: string; values: unknown[] },
  buckets: number,
  { segmentId, sample, mailable, unasked }: PreviewOptions,
): Promise<Preview> {
  const [segment, limit, bucket] = [1, 2, 3].map((place) => `$${values.length + place}::int`);
  const { rows } = await sql.query<Omit<Preview, "estimated">>(
    `WITH wanted AS MATERIALIZED (${text}),
       present AS MATERIALIZED (
         SELECT customer_id FROM memberships m WHERE shop_id = $1 AND segment_id = ${segment} AND left_at IS NULL
           AND (${bucket} = ${ALL_BUCKETS} OR EXISTS (SELECT FROM profiles p WHERE p.shop_id = $1
             AND p.customer_id = m.customer_id AND coalesce(p.sample_bucket, 0) < ${bucket}))
       ),
       entering AS MATERIALIZED (SELECT customer_id FROM wanted EXCEPT SELECT customer_id FROM present),
       leaving AS MATERIALIZED (SELECT customer_id FROM present EXCEPT SELECT customer_id FROM wanted)
     SELECT (SELECT count(*)::int FROM wanted) AS members, (SELECT count(*)::int FROM entering) AS enters,
       (SELECT count(*)::int FROM leaving) AS leaves,
       (SELECT count(*)::int FROM entering e JOIN profiles p ON p.shop_id = $1 AND p.customer_id = e.customer_id WHERE ${mailable})
         AS mailable,
       (SELECT count(*)::int FROM entering e JOIN profiles p ON p.shop_id = $1 AND p.customer_id = e.customer_id WHERE ${unasked})
         AS unasked,
       ARRAY(SELECT customer_id FROM wanted ORDER BY 1 LIMIT ${limit})::text[] AS among,
       ARRAY(SELECT customer_id FROM entering ORDER BY 1 LIMIT ${limit})::text[] AS entering,
       ARRAY(SELECT customer_id FROM leaving ORDER BY 1 LIMIT ${limit})::text[] AS leaving`,
    [...values, segmentId, sample, buckets],
  );
  const [row] = rows;
  if (!row) throw new Error("A row without a table is always there.");
  const all = (count: number): number => Math.round((count * ALL_BUCKETS) / buckets);
  return {
    ...row,
    members: all(row.members),
    enters: all(row.enters),
    leaves: all(row.leaves),
    mailable: all(row.mailable),
    unasked: all(row.unasked),
    estimated: buckets < ALL_BUCKETS,
  };
}

/** Who of these is a member at an instant under the last of the rules with its policies, the ones before it being live as well. */
async function membersAmong(
  sql: Sql,
  shop: ShopId,
  rules: readonly { key: string | null; rule: Rule }[],
  customerIds: readonly string[],
  at: Date,
): Promise<string[]> {
  const context = await ruleContext(sql, shop);
  const supposed = rules.map(({ key, rule }) => ({ key, compiled: compileRule(rule, context, dictionary) }));
  const compiled = supposed.map((one) => one.compiled);
  const members: string[] = [];
  for (let done = 0; done < customerIds.length; done += DECIDED_AT_ONCE) {
    const histories = await historiesFor(sql, shop, compiled, customerIds.slice(done, done + DECIDED_AT_ONCE));
    for (const [id, history] of histories) {
      const memberships: Record<string, readonly Interval[]> = { ...history.memberships };
      let isIn = false;
      for (const one of supposed) {
        const membership = membershipOf(one.compiled, { ...history, memberships }, at);
        if (one.key !== null) memberships[one.key] = membership.intervals;
        isIn = isMember(membership);
      }
      if (isIn) members.push(id);
    }
  }
  return members;
}

function isMember({ intervals }: ReturnType<typeof membershipOf>): boolean {
  return intervals.some(({ leftAt }) => leftAt === null);
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

export interface BacktestPoint {
  at: Date;
  members: number;
  entered: number;
  left: number;
}

/** Size and movement of a rule at one instant after the other, on the facts as they are known today: for a run over the past. */
export async function* backtestRule(
  sql: Sql,
  shop: ShopId,
  rule: Rule,
  instants: readonly Date[],
): AsyncGenerator<BacktestPoint, void, void> {
  const question = await questionOf(sql, shop, new Date(0));
  let before: Set<string> | null = null;
  for (const at of instants) {
    const { text, values } = toSql(rule, { ...question, at });
    const { rows } = await sql.query<{ customer_id: string }>(text, values);
    const members: Set<string> = new Set(rows.map((row) => row.customer_id));
    const stayed: number = before ? members.intersection(before).size : members.size;
    yield { at, members: members.size, entered: members.size - stayed, left: (before?.size ?? stayed) - stayed };
    before = members;
  }
}

/**
 * Who would have entered between two instants, on the facts known today: the rule is true for them at the second and was not at the
 * first. Policies are not counted in.
 * @returns ids after `after`, ascending, at most `limit`
 */
export async function enteredBetween(
  sql: Sql,
  shop: ShopId,
  rule: Rule,
  { from, to, after, limit }: { from: Date; to: Date; after: string; limit: number },
): Promise<string[]> {
  const question = await questionOf(sql, shop, from);
  const holdingAt = async (at: Date): Promise<string[]> => {
    const { text, values } = toSql(rule, { ...question, at });
    const { rows } = await sql.query<{ customer_id: string }>(
      `SELECT customer_id FROM (${text}) AS holding WHERE customer_id > $${values.length + 1}::bigint ORDER BY customer_id`,
      [...values, after],
    );
    return rows.map((row) => row.customer_id);
  };
  const before = new Set(await holdingAt(from));
  return (await holdingAt(to)).filter((id) => !before.has(id)).slice(0, limit);
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
  const history = (await historiesFor(sql, shop, [compiled], [customerId])).get(customerId);
  if (!history) return null;
  const membership = membershipOf(compiled, history, now);
  return {
    ...evaluate(compiled, history, now),
    member: isMember(membership),
    memberChangesAt: membership.changesAt,
  };
}

/** What rules read of these customers, their stays in the segments they ask for included. */
async function historiesFor(
  sql: Sql,
  shop: ShopId,
  rules: readonly CompiledRule[],
  customerIds: readonly string[],
): Promise<Map<string, CustomerHistory>> {
  const profiles = await loadHistories(sql, shop, customerIds);
  const histories = await loadCustomerHistories(
    sql,
    shop,
    rules.map(({ reads }) => reads),
    profiles,
    dictionary,
  );
  const keys = new Set(rules.flatMap(({ reads }) => [...reads.segments]));
  if (keys.size === 0) return histories;
  const asked = (await listSegments(sql, shop)).filter(({ key }) => keys.has(key));
  const ids = asked.map(({ id }) => id);
  const stays = Map.groupBy(
    await readMemberships(sql, shop, customerIds, ids),
    ({ customerId, segmentId }) => `${customerId} ${segmentId}`,
  );
  return new Map(
    [...histories].map(([customerId, history]) => {
      const memberships = asked.map(({ id, key }) => [key, stays.get(`${customerId} ${id}`) ?? []]);
      return [customerId, { ...history, memberships: Object.fromEntries(memberships) }];
    }),
  );
}

/** What a rule is asked with, for whoever puts it into SQL. */
export async function questionOf(sql: Sql, shop: ShopId, at: Date): Promise<Question> {
  const [context, absorbed] = [await ruleContext(sql, shop), await readAbsorbed(sql, shop)];
  return { shop, context, dictionary, at, absorbed };
}
