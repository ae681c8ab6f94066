import type { Sql } from "../platform/db.server.ts";
import {
  cutPage,
  findPage,
  type FoundPage,
  type ProfilePage,
  type ProfilePosition,
  type ProfileQuestion,
  positionsOfProfiles,
  readProfiles,
} from "../profile/profile-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Rule } from "./language/tree.ts";
import { asksForSample } from "./language/needs.ts";
import { questionOf } from "./preview-store.server.ts";
import type { Question } from "./translation/statement.ts";
import { toSql } from "./translation/to-sql.ts";

/** In a common rule the first few stretches fill a page; in a rare one they are no use. */
const WALKED_FOR_MS = 300;
const FIRST_STRETCH = 500;
const LONGEST_STRETCH = 8_000;

export interface Filter {
  rule: Rule;
  at: Date;
}

/**
 * The profiles in a window for whom a rule is true at an instant: the window is gone through stretch by stretch, and only the rows of
 * those customers are looked at.
 * @returns `full`: false when time ran out before the page was full; then it is what was found so far
 */
export async function walkMatching(
  sql: Sql,
  shop: ShopId,
  { rule, at, ...asked }: Filter & ProfileQuestion,
): Promise<ProfilePage & { full: boolean }> {
  const question = await questionOf(sql, shop, at);
  const { limit, window } = asked;
  const backwards = window !== "first" && "before" in window;
  const until = performance.now() + WALKED_FOR_MS;
  const found: ProfilePosition[] = [];
  let from = window;
  let full = false;
  for (let size = FIRST_STRETCH; !full; size = Math.min(2 * size, LONGEST_STRETCH)) {
    const stretch = await positionsOfProfiles(sql, shop, { ...asked, window: from, limit: size });
    const members = await matchingAmong(sql, rule, question, stretch);
    found.push(...stretch.filter(({ customerId }) => members.has(customerId)));
    const last = stretch.at(-1);
    full = found.length > limit || stretch.length < size || last === undefined;
    if (!last || performance.now() > until) break;
    from = backwards ? { before: last } : { after: last };
  }
  const { profiles, more } = cutPage(found, asked);
  const ids = profiles.map(({ customerId }) => customerId);
  return { profiles: await readProfiles(sql, shop, ids), more, full };
}

/** The same, asked of everybody at once: for a rule that is true for few. */
export async function wholeMatching(
  sql: Sql,
  shop: ShopId,
  { rule, at, ...asked }: Filter & ProfileQuestion,
): Promise<FoundPage> {
  return findPage(sql, shop, { ...asked, only: toSql(rule, await questionOf(sql, shop, at)) });
}

/** Whom of these a rule is true for at an instant. */
export async function matching(
  sql: Sql,
  shop: ShopId,
  given: { rule: Rule; at: Date; customerIds: readonly string[] },
): Promise<Set<string>> {
  const positions = given.customerIds.map((customerId) => ({ customerId }));
  return matchingAmong(sql, given.rule, await questionOf(sql, shop, given.at), positions);
}

async function matchingAmong(
  sql: Sql,
  rule: Rule,
  question: Question,
  positions: readonly Pick<ProfilePosition, "customerId">[],
): Promise<Set<string>> {
  if (positions.length === 0) return new Set();
  const { text, values } = toSql(rule, { ...question, among: positions.map(({ customerId }) => customerId) });
  const { rows } = await sql.query<{ customer_id: string }>(text, values);
  return new Set(rows.map((row) => row.customer_id));
}

/** Of a random few of the customers, how many a rule is true for. */
export interface SampledCount {
  sampled: number;
  matching: number;
}

const SAMPLED = 4_000;
/** What the index over them holds; of 10,000. */
const SAMPLE_BUCKETS = 100;

/**
 * Asks a rule of about 4,000 customers who stand for all.
 * @param profiles how many there are
 * @returns null where a sample says nothing: there are few, or the rule draws a sample itself.
 */
export async function sampleMatching(
  sql: Sql,
  shop: ShopId,
  { rule, at, profiles }: { rule: Rule; at: Date; profiles: number },
): Promise<SampledCount | null> {
  if (profiles < 5 * SAMPLED || asksForSample(rule.when)) return null;
  const buckets = Math.max(1, Math.min(SAMPLE_BUCKETS, Math.round((10_000 * SAMPLED) / profiles)));
  const { rows } = await sql.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1 AND sample_bucket < ${SAMPLE_BUCKETS} AND sample_bucket < $2`,
    [shop, buckets],
  );
  if (rows.length === 0) return null;
  const customerIds = rows.map((row) => row.customer_id);
  return { sampled: rows.length, matching: (await matching(sql, shop, { rule, at, customerIds })).size };
}
