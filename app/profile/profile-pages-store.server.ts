import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Profile } from "./compute-profile.ts";
import { readPersons } from "./identity/persons-store.server.ts";
import type { SearchTerms } from "./search-terms.ts";

/** Where a page of profiles begins or ends. */
export interface ProfilePosition {
  lastSeenAt: Date | null;
  customerId: string;
}

export type ProfileWindow = { after: ProfilePosition } | { before: ProfilePosition } | "first";

export interface ProfilePage {
  profiles: Profile[];
  /** Whether there are profiles before the first and after the last of the page. */
  more: { before: boolean; after: boolean };
}

interface ProfileRow {
  customer_id: string;
  email: string | null;
  phone: string | null;
  first_name: string | null;
  last_name: string | null;
  email_consent: string;
  orders_count: number;
  gross_minor: string;
  refunded_minor: string;
  currency: string | null;
  first_order_at: Date | null;
  last_order_at: Date | null;
  last_seen_at: Date | null;
}

const COLUMNS = `customer_id, email, phone, first_name, last_name, email_consent, orders_count, gross_minor, refunded_minor,
  currency, first_order_at, last_order_at, last_seen_at`;

/** When the figures of a profile were worked out; null: there is none. */
export async function profileComputedAt(sql: Sql, shop: ShopId, customerId: string): Promise<Date | null> {
  const { rows } = await sql.query<{ at: Date }>(
    "SELECT computed_at AS at FROM profiles WHERE shop_id = $1 AND customer_id = $2",
    [shop, customerId],
  );
  return rows[0]?.at ?? null;
}

export async function readProfile(sql: Sql, shop: ShopId, customerId: string): Promise<Profile | null> {
  const [profile] = await readProfiles(sql, shop, [customerId]);
  return profile ?? null;
}

/** The profiles among `customerIds` that exist, those seen last first. */
export async function readProfiles(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Profile[]> {
  if (customerIds.length === 0) return [];
  const { rows } = await sql.query<ProfileRow>(
    `SELECT ${COLUMNS} FROM profiles WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
     ORDER BY last_seen_at DESC NULLS LAST, customer_id DESC`,
    [shop, customerIds],
  );
  return rows.map(toProfile);
}

/**
 * Customers who are meant by a word that is theirs alone, whose profile theirs is part of where it is: their own id, the id or name of an
 * order of theirs, or their whole e-mail address. At most `limit`.
 */
export async function findByName(sql: Sql, shop: ShopId, terms: SearchTerms, limit: number): Promise<string[]> {
  const [word = "", ...others] = terms.words;
  const address = others.length === 0 && word.includes("@") ? word : null;
  if (terms.id === null && terms.orderNames.length === 0 && address === null) return [];
  const { rows } = await sql.query<{ customer_id: string }>(
    `SELECT customer_id FROM profiles WHERE shop_id = $1 AND customer_id = $2
     UNION SELECT buyer_id FROM orders WHERE shop_id = $1 AND id = $2 AND buyer_id IS NOT NULL
     UNION SELECT buyer_id FROM orders WHERE shop_id = $1 AND name = ANY($3::text[]) AND buyer_id IS NOT NULL
     UNION SELECT customer_id FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = $5
     LIMIT $4`,
    [shop, terms.id, terms.orderNames, limit, address],
  );
  const found = rows.map((row) => row.customer_id);
  const persons = await readPersons(sql, shop, found);
  return [...new Set(found.map((id) => persons.get(id)?.head ?? id))];
}

/**
 * One page of the profiles, those seen last first and those never seen at the end, without `except`. With `terms` only those
 * whose name and e-mail address hold every word, or whose telephone number holds the digits.
 */
export async function pageOfProfiles(sql: Sql, shop: ShopId, options: ProfileQuestion): Promise<ProfilePage> {
  const found = await readStretches<ProfileRow>(sql, shop, COLUMNS, { ...options, limit: options.limit + 1 });
  return cutPage(found.map(toProfile), options);
}

/** What a page is to show. */
export interface ProfileQuestion {
  terms: SearchTerms | null;
  except: readonly string[];
  /** Only whom this statement finds: its column is `customer_id`, and its `$1` the shop. */
  only?: { text: string; values: readonly unknown[] };
  window: ProfileWindow;
  limit: number;
}

/** Where the next profiles stand, in the order in which the window is gone through, at most `limit`. */
export async function positionsOfProfiles(
  sql: Sql,
  shop: ShopId,
  options: ProfileQuestion,
): Promise<ProfilePosition[]> {
  const rows = await readStretches<Pick<ProfileRow, "customer_id" | "last_seen_at">>(
    sql,
    shop,
    "customer_id, last_seen_at",
    options,
  );
  return rows.map((row) => ({ customerId: row.customer_id, lastSeenAt: row.last_seen_at }));
}

/** A page as it was found: whose profiles stand on it, to be read whenever it is shown. */
export interface FoundPage {
  customerIds: string[];
  more: ProfilePage["more"];
}

/** The same page as `pageOfProfiles`, by its customers' ids alone. */
export async function findPage(sql: Sql, shop: ShopId, options: ProfileQuestion): Promise<FoundPage> {
  const found = await positionsOfProfiles(sql, shop, { ...options, limit: options.limit + 1 });
  const { profiles, more } = cutPage(found, options);
  return { customerIds: profiles.map(({ customerId }) => customerId), more };
}

/** A page of what was found in the order of the window, with one more than a page where there are more. */
export function cutPage<T>(
  found: readonly T[],
  { window, limit }: Pick<ProfileQuestion, "window" | "limit">,
): { profiles: T[]; more: ProfilePage["more"] } {
  const backwards = window !== "first" && "before" in window;
  const surplus = found.length > limit;
  const profiles = found.slice(0, limit);
  if (backwards) profiles.reverse();
  return {
    profiles,
    more: backwards ? { before: surplus, after: true } : { before: window !== "first", after: surplus },
  };
}

interface Stretch {
  where: (parameter: (value: unknown) => string) => string;
  order: string;
}

const FORWARDS = "last_seen_at DESC NULLS LAST, customer_id DESC";
const BACKWARDS = "last_seen_at ASC NULLS FIRST, customer_id ASC";

/** Each stretch is one range of the index; a null has no place in a comparison of rows, so it takes two where both sorts follow. */
function stretchesOf(window: ProfileWindow): Stretch[] {
  if (window === "first") return [{ where: () => "TRUE", order: FORWARDS }];
  const forwards = "after" in window;
  const { lastSeenAt, customerId } = forwards ? window.after : window.before;
  const order = forwards ? FORWARDS : BACKWARDS;
  const sign = forwards ? "<" : ">";
  const amongSeen: Stretch = {
    where: (parameter) =>
      `(last_seen_at, customer_id) ${sign} (${parameter(lastSeenAt)}::timestamptz, ${parameter(customerId)}::bigint)`,
    order,
  };
  const amongUnseen: Stretch = {
    where: (parameter) => `last_seen_at IS NULL AND customer_id ${sign} ${parameter(customerId)}::bigint`,
    order,
  };
  if (forwards) return lastSeenAt ? [amongSeen, { where: () => "last_seen_at IS NULL", order }] : [amongUnseen];
  return lastSeenAt ? [amongSeen] : [amongUnseen, { where: () => "last_seen_at IS NOT NULL", order }];
}

async function readStretches<Row extends object>(
  sql: Sql,
  shop: ShopId,
  columns: string,
  { terms, except, only, window, limit }: ProfileQuestion,
): Promise<Row[]> {
  const found: Row[] = [];
  const candidates = terms && (await fewCandidates(sql, shop, terms));
  for (const stretch of stretchesOf(window)) {
    if (found.length >= limit) break;
    const values: unknown[] = only ? [...only.values] : [shop];
    const parameter = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ["shop_id = $1", stretch.where(parameter)];
    if (except.length > 0) conditions.push(`customer_id <> ALL(${parameter(except)}::bigint[])`);
    if (only) conditions.push("customer_id IN (SELECT customer_id FROM only_these)");
    if (candidates) conditions.push(`customer_id = ANY(${parameter(candidates)}::bigint[])`);
    if (terms) conditions.push(matches(terms, parameter));
    // Worked out once and as a whole: walking through the profiles with it would ask it of each.
    const before = only ? `WITH only_these AS MATERIALIZED (${only.text}) ` : "";
    const { rows } = await sql.query<Row>(
      `${before}SELECT ${columns} FROM profiles WHERE ${conditions.join(" AND ")} ORDER BY ${stretch.order} LIMIT ${parameter(limit - found.length)}`,
      values,
    );
    found.push(...rows);
  }
  return found;
}

/** In the order of the list a page of those whom more are meant by is found sooner than all of them. */
const FEW = 2_000;
/** Shorter words are looked for where a word begins: the index knows beginnings of any length, and of other parts three letters and more. */
const LEAST_INDEXED = 3;
/** What stands between two words of a name or an address. */
const BETWEEN_WORDS = ["\n", " ", ".", "-", "_", "@", "'"];

/** Who may be meant by the terms, and nobody besides can be; null where these are many, or no index knows. */
async function fewCandidates(sql: Sql, shop: ShopId, terms: SearchTerms): Promise<string[] | null> {
  if (!terms.words.some((word) => word.length >= LEAST_INDEXED || isLookedForAtBeginnings(word))) return null;
  const values: unknown[] = [shop, FEW + 1];
  const condition = matches(terms, (value) => `$${values.push(value)}`, ["names"], "names");
  const { rows } = await sql.query<{ customer_id: string }>(
    `SELECT customer_id FROM profile_names WHERE shop_id = $1 AND ${condition} LIMIT $2`,
    values,
  );
  return rows.length > FEW ? null : rows.map((row) => row.customer_id);
}

function matches(
  terms: SearchTerms,
  parameter: (value: unknown) => string,
  columns: readonly string[] = ["email", "first_name", "last_name"],
  phone = "phone",
): string {
  const words = terms.words.map((word) => {
    const patternsOf = isLookedForAtBeginnings(word) ? begins : (spelling: string) => [contains(spelling)];
    const patterns = spellings(word).flatMap(patternsOf).map(parameter);
    const parts = columns.flatMap((column) => patterns.map((pattern) => `${column} ILIKE ${pattern}`));
    return `(${parts.join(" OR ")})`;
  });
  const byText = words.join(" AND ");
  return terms.phoneDigits === null
    ? `(${byText})`
    : `(${byText} OR ${phone} LIKE ${parameter(contains(terms.phoneDigits))})`;
}

/** ILIKE folds ASCII letters everywhere and others only where the database's locale knows them, so those are folded here. */
function spellings(word: string): string[] {
  if (/^[\u0000-\u007f]*$/.test(word)) return [word];
  return [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];
}

/** Where words are written with letters; a name of two characters in other writing systems is often the end of a longer one. */
function isLookedForAtBeginnings(word: string): boolean {
  return word.length < LEAST_INDEXED && /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d]+$/u.test(word);
}

function begins(word: string): string[] {
  return [`${literal(word)}%`, ...BETWEEN_WORDS.map((between) => `%${literal(between + word)}%`)];
}

function contains(text: string): string {
  return `%${literal(text)}%`;
}

function literal(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

export async function countProfiles(sql: Sql, shop: ShopId): Promise<number> {
  return count(sql, "SELECT count(*)::int AS count FROM profiles WHERE shop_id = $1", shop);
}

/** All orders that are known, also those that do not count (test, cancelled) and those without a customer. */
export async function countOrders(sql: Sql, shop: ShopId): Promise<number> {
  return count(sql, "SELECT count(*)::int AS count FROM orders WHERE shop_id = $1", shop);
}

/** Profiles that are to be recomputed, and when the oldest cause for it arrived, in real time. */
export async function waitingProfiles(sql: Sql, shop: ShopId): Promise<{ waiting: number; oldestAt: Date | null }> {
  const { rows } = await sql.query<{ waiting: number; oldest_at: Date | null }>(
    "SELECT count(*)::int AS waiting, min(received_at) AS oldest_at FROM profile_queue WHERE shop_id = $1",
    [shop],
  );
  return { waiting: rows[0]?.waiting ?? 0, oldestAt: rows[0]?.oldest_at ?? null };
}

async function count(sql: Sql, text: string, shop: ShopId): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(text, [shop]);
  return rows[0]?.count ?? 0;
}

function toProfile(row: ProfileRow): Profile {
  return {
    customerId: row.customer_id,
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    emailConsent: row.email_consent,
    ordersCount: row.orders_count,
    grossMinor: BigInt(row.gross_minor),
    refundedMinor: BigInt(row.refunded_minor),
    currency: row.currency,
    firstOrderAt: row.first_order_at,
    lastOrderAt: row.last_order_at,
    lastSeenAt: row.last_seen_at,
  };
}
