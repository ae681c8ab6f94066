import { foldCase } from "../../platform/fold-case.ts";
import { SUSPECTED } from "../../profile/duplicates/suspected.ts";
import { holdsOn } from "../evaluation/anniversary-clause.ts";
import type { Ranges } from "../evaluation/value-test.ts";
import { formatDay, parseDay } from "../language/calendar.ts";
import { metafieldOf, ownTrait } from "../language/dictionary.ts";
import type { AnniversaryClause, AttributeClause } from "../language/tree.ts";
import { ABANDONED_AFTER_MS, CONSENT_CHANNELS, eventSource, RECORD_COLUMNS, TRAIT_WORDS } from "../sources.ts";
import { rowsOf, type Statement } from "./statement.ts";
import { anyOf, holdsMissing, jsonInstant, not, type Tested, testSql } from "./test-sql.ts";

export function attributeSql(statement: Statement, { name, test }: AttributeClause): string {
  const tested = testedAttribute(statement, name);
  if (!tested) return holdsMissing(test) ? "TRUE" : "FALSE";
  return testSql(statement, test, tested);
}

/** The attribute as it was at the instant; null where it is not held. */
function testedAttribute(statement: Statement, name: string): Tested | null {
  const record = Object.hasOwn(RECORD_COLUMNS, name) ? RECORD_COLUMNS[name] : undefined;
  if (record) {
    const alias = statement.join("customers", (own) => `${own}.shop_id = $1 AND ${own}.id = p.customer_id`);
    return { kind: record.kind, sql: record.sql(alias) };
  }
  const channel = Object.hasOwn(CONSENT_CHANNELS, name) ? CONSENT_CHANNELS[name] : undefined;
  if (channel !== undefined) {
    const alias = statement.join(
      "consents",
      (own) =>
        `${own}.shop_id = $1 AND ${own}.customer_id = p.customer_id AND ${own}.channel = ${statement.bind(channel, "text")}
         AND coalesce(${own}.consented_at, ${own}.source_updated_at) <= $2::timestamptz`,
    );
    return { kind: "text", sql: `upper(${alias}.state)` };
  }
  switch (name) {
    case "number_of_orders":
      return {
        kind: "number",
        sql: `(coalesce(${ordersOf(statement)}.orders, 0) + coalesce(${openingOf(statement)}.orders_count, 0))`,
        scale: 0,
      };
    case "amount_spent": {
      const parts = [
        `${ordersOf(statement)}.gross`,
        `- ${refundsOf(statement)}.amount`,
        `${openingOf(statement)}.spent_minor`,
      ];
      const [gross, refunded, opening] = parts.map((sql) => `coalesce(${sql}, 0)`);
      return { kind: "number", sql: `(${gross} + ${refunded} + ${opening})`, scale: statement.context.exponent };
    }
    case "first_order_date":
      return { kind: "instant", sql: `${ordersOf(statement)}.first_at` };
    case "last_order_date":
      return {
        kind: "instant",
        sql: `coalesce(${ordersOf(statement)}.last_at, ${openingOf(statement)}.last_order_at)`,
      };
    case "customer_tags":
      return tags(statement);
    case "data_quality_findings":
      return rows(statement, "quality_findings t", "t.code", "t.found_at <= $2::timestamptz");
    case "suspected_duplicate": {
      const found = statement.joinRows(
        `SELECT id AS customer_id FROM (${SUSPECTED}) AS pairs WHERE found_at <= $2::timestamptz GROUP BY 1`,
      );
      return { kind: "boolean", sql: `(${found}.customer_id IS NOT NULL)` };
    }
    case "segments":
      return memberships(statement);
    case "abandoned_checkout_date":
      return { kind: "instant", sql: `${abandoned(statement)}.started_at` };
    case "traits.last_seen_date":
      return { kind: "instant", sql: "p.last_seen_at" };
    default:
      return traitOf(statement, name) ?? metafieldSql(statement, name);
  }
}

/** The last word up to the instant, whichever of the customer's names it was said under. */
function traitOf(statement: Statement, attribute: string): Tested | null {
  const trait = ownTrait(attribute);
  if (trait === null) return null;
  const { customer, from, where } = rowsOf(statement, TRAIT_WORDS, new Set());
  const { at, order, value, folded } = TRAIT_WORDS;
  const alias = statement.joinRows(
    `SELECT DISTINCT ON (1) ${customer} AS customer_id, ${value} AS value, ${folded} AS folded FROM ${from}
     WHERE ${where.join(" AND ")} AND t.name = ${statement.bind(trait, "text")} ORDER BY 1, ${at} DESC, ${order} DESC`,
  );
  return { kind: "json", sql: `${alias}.value`, folded: `${alias}.folded` };
}

/** The present value, from when it was given on. */
function metafieldSql(statement: Statement, attribute: string): Tested | null {
  const name = metafieldOf(attribute);
  if (name === null) return null;
  const alias = statement.join(
    "customer_metafields",
    (own) =>
      `${own}.shop_id = $1 AND ${own}.customer_id = p.customer_id AND ${own}.name = ${statement.bind(name, "text")}
         AND ${own}.changed_at <= $2::timestamptz`,
  );
  return { kind: "json", sql: `${alias}.value`, folded: `${alias}.folded` };
}

function ordersOf(statement: Statement): string {
  return totals(
    statement,
    "orders_placed",
    "count(*) AS orders, sum(o.gross_minor) AS gross, min(o.ordered_at) AS first_at, max(o.ordered_at) AS last_at",
  );
}

function refundsOf(statement: Statement): string {
  return totals(statement, "refunds_made", "sum(r.amount_minor) AS amount");
}

function totals(statement: Statement, event: string, columns: string): string {
  const source = eventSource(event, statement.question.dictionary);
  if (!source) throw new Error(`${event} has no table`);
  const { customer, from, where } = rowsOf(statement, source, new Set());
  return statement.joinRows(
    `SELECT ${customer} AS customer_id, ${columns} FROM ${from} WHERE ${where.join(" AND ")} GROUP BY 1`,
  );
}

/** It counts from its last order on. */
function openingOf(statement: Statement): string {
  return statement.join(
    "opening_balances",
    (own) =>
      `${own}.shop_id = $1 AND ${own}.customer_id = p.customer_id AND (${own}.orders_count <> 0 OR ${own}.spent_minor <> 0)
       AND (${own}.last_order_at IS NULL OR ${own}.last_order_at <= $2::timestamptz)`,
  );
}

function tags(statement: Statement): Tested {
  const alive =
    "CASE WHEN t.present THEN t.source_updated_at <= $2::timestamptz ELSE t.source_updated_at > $2::timestamptz END";
  const found = rows(statement, "customer_tags t", "t.tag_key", alive);
  return found.kind === "rows" ? { ...found, has: (text) => found.has(foldCase(text)) } : found;
}

/** One row of a table for each value somebody has. */
function rows(statement: Statement, table: string, column: string, where: string): Tested {
  const among = (condition: string): string => {
    const found = statement.joinRows(
      `SELECT t.customer_id FROM ${table} WHERE t.shop_id = $1 AND ${where}${condition}${statement.ofThese("t.customer_id")} GROUP BY 1`,
    );
    return `${found}.customer_id IS NOT NULL`;
  };
  return {
    kind: "rows",
    has: (text) => among(` AND ${column} = ${statement.bind(text, "text")}`),
    any: () => among(""),
  };
}

/** Only the segments the rule names are looked at; which there are besides is nothing a rule can depend on. */
function memberships(statement: Statement): Tested {
  const has = (key: string): string => {
    const found = statement.joinRows(
      `SELECT m.customer_id FROM segments s JOIN memberships m ON m.shop_id = s.shop_id AND m.segment_id = s.id
       WHERE s.shop_id = $1 AND s.key = ${statement.bind(key, "text")} AND m.entered_at <= $2::timestamptz
         AND (m.left_at IS NULL OR m.left_at > $2::timestamptz)${statement.ofThese("m.customer_id")} GROUP BY 1`,
    );
    return `${found}.customer_id IS NOT NULL`;
  };
  return { kind: "rows", has, any: () => anyOf(statement.segments.map(has)) };
}

function abandoned(statement: Statement): string {
  return statement.joinRows(
    `SELECT k.customer_id, max(k.started_at) AS started_at FROM checkouts k
     WHERE k.shop_id = $1 AND k.deleted_at IS NULL AND k.started_at <= ${statement.instant(statement.at - ABANDONED_AFTER_MS)}
       AND (k.completed_at IS NULL OR k.completed_at > $2::timestamptz)
       AND NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = $1 AND o.buyer_id = k.customer_id
         AND o.checkout_token = k.token AND o.ordered_at <= $2::timestamptz)${statement.ofThese("k.customer_id")}
     GROUP BY 1`,
  );
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2150;
const LEAP_YEAR = 2024;

/** The days of every year whose return the test asks for today, as stretches of time. */
export function anniversarySql(statement: Statement, { name, test }: AnniversaryClause): string {
  const tested = testedAttribute(statement, name);
  if (tested?.kind !== "instant" && tested?.kind !== "json") return holdsMissing(test) ? "TRUE" : "FALSE";
  const date =
    tested.kind === "json" ? `coalesce(${tested.sql}->>'day', (${jsonInstant(tested.sql)})::text)` : tested.sql;
  if (test.op === "is_null") return `${date} IS NULL`;
  if (test.op === "is_not_null") return `${date} IS NOT NULL`;
  if (test.op !== "=" && test.op !== "!=" && test.op !== "between") return "FALSE";
  const asked = test.op === "!=" ? { op: "=" as const, value: test.value } : test;
  const returning = returningDays(statement, asked);
  const found =
    tested.kind === "json"
      ? returnsJson(statement, returning, tested.sql)
      : returnsAt(statement, returning, tested.sql);
  return test.op === "!=" ? not(found) : found;
}

/** A day is told by month and day, an instant by the stretches of all those days. */
function returnsJson(statement: Statement, returning: readonly boolean[], sql: string): string {
  const first = parseDay(`${LEAP_YEAR}-01-01`);
  const days = returning.flatMap((back, place) => (back ? [formatDay(first + place).slice(5)] : []));
  const instant = `to_timestamp(${jsonInstant(sql)} / 1000)`;
  return `(substr(${sql}->>'day', 6) = ANY(${statement.bind(days, "text[]")}) OR ${returnsAt(statement, returning, instant)})`;
}

function returnsAt(statement: Statement, returning: readonly boolean[], sql: string): string {
  const ranges = rangesOfDays(statement, returning);
  const from = statement.bind(
    ranges.map((range) => new Date(range.from)),
    "timestamptz[]",
  );
  const to = statement.bind(
    ranges.map((range) => new Date(range.to)),
    "timestamptz[]",
  );
  return `EXISTS (SELECT FROM unnest(${from}, ${to}) AS days (first, until)
    WHERE ${sql} >= days.first AND ${sql} < days.until)`;
}

/** Of each day of a leap year whether its return is asked for. */
function returningDays({ at, context }: Statement, test: AnniversaryClause["test"]): boolean[] {
  const today = context.calendar.dayOf(at);
  const first = parseDay(`${LEAP_YEAR}-01-01`);
  const returning: boolean[] = [];
  for (let day = first; day < parseDay(`${LEAP_YEAR + 1}-01-01`); day += 1) returning.push(holdsOn(test, day, today));
  return returning;
}

function rangesOfDays({ context: { calendar } }: Statement, returning: readonly boolean[]): Ranges {
  // A stretch of days is two questions to the calendar however long it is: to ask of each of 250 years' days takes a second.
  const stretches: { first: number; until: number }[] = [];
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    const begin = parseDay(`${year}-01-01`);
    const end = parseDay(`${year + 1}-01-01`);
    const leapDay = parseDay(`${year}-03-01`) - begin;
    for (let day = begin; day < end; day += 1) {
      // Common years have no 29 February, so from March on they are one day behind.
      const place = end - begin === 366 || day - begin < leapDay ? day - begin : day - begin + 1;
      if (!returning[place]) continue;
      const last = stretches.at(-1);
      if (last?.until === day) last.until = day + 1;
      else stretches.push({ first: day, until: day + 1 });
    }
  }
  return stretches.map(({ first, until }) => ({ from: calendar.startOf(first), to: calendar.startOf(until) }));
}
