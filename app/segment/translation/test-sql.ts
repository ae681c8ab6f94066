import { foldCase } from "../../platform/fold-case.ts";
import { dateRanges, type Ranges, valuesOf } from "../evaluation/value-test.ts";
import { type Calendar, formatDay, parseDay } from "../language/calendar.ts";
import { type Decimal, parseDecimal } from "../language/decimal.ts";
import type { Test, Value } from "../language/tree.ts";
import type { Column } from "../sources.ts";
import type { Statement } from "./statement.ts";

/**
 * Tests as SQL. A text may be NULL where the evaluation says false, never where it says true: AND, OR and WHERE treat both alike,
 * and every NOT is written IS NOT TRUE.
 */
export type Tested =
  /** A number in units of 10^-scale. */
  | { kind: "number"; sql: string; scale: number }
  | { kind: "instant" | "id" | "text" | "codes" | "boolean"; sql: string }
  | { kind: "texts" | "json"; sql: string; folded: string }
  /** Rows of a table: who has the value, and who has any. */
  | { kind: "rows"; has(text: string): string; any(): string };

const BIGINT_MAX = 2n ** 63n - 1n;

export function not(sql: string): string {
  return `(${sql}) IS NOT TRUE`;
}

export function anyOf(parts: readonly string[]): string {
  return parts.length === 0 ? "FALSE" : parts.length === 1 ? (parts[0] ?? "FALSE") : `(${parts.join(" OR ")})`;
}

/** What a test says of a value that is missing. */
export function holdsMissing({ op }: Test): boolean {
  return op === "!=" || op === "not_in" || op === "not_contains" || op === "is_null";
}

/** A column of a row, as what a test compares. @param scale of the shop's currency where the column is money */
export function testedColumn(column: Column, scale: number): Tested {
  switch (column.kind) {
    case "whole":
      return { kind: "number", sql: column.sql, scale };
    case "decimal":
      return { kind: "number", sql: column.sql, scale: 0 };
    case "id":
    case "text":
      return { kind: column.kind, sql: column.sql };
    case "texts":
    case "json":
      return column;
  }
}

export function testSql(statement: Statement, test: Test, tested: Tested): string {
  switch (test.op) {
    case "is_null":
      return not(isThere(tested));
    case "is_not_null":
      return isThere(tested);
    case "=":
    case "contains":
      return equal(statement, test.value, tested, test.op === "contains");
    case "!=":
    case "not_contains":
      return not(equal(statement, test.value, tested, test.op === "not_contains"));
    case "in":
      return anyOf(test.values.map((value) => equal(statement, value, tested, false)));
    case "not_in":
      return not(anyOf(test.values.map((value) => equal(statement, value, tested, false))));
    default: {
      const [first] = valuesOf(test);
      if (first?.kind === "number") return numberSql(statement, test, numberOf(tested), scaleOf(tested));
      const ranges = dateRanges(test, statement.at, statement.context.calendar);
      return datesSql(statement, ranges, tested);
    }
  }
}

function isThere(tested: Tested): string {
  switch (tested.kind) {
    case "rows":
      return tested.any();
    case "codes":
    case "texts":
      return `cardinality(${tested.sql}) > 0`;
    case "json":
      return `jsonb_typeof(${tested.sql}) <> 'null' AND ${tested.sql} <> '[]'::jsonb`;
    default:
      return `${tested.sql} IS NOT NULL`;
  }
}

function equal(statement: Statement, value: Value, tested: Tested, contains: boolean): string {
  switch (value.kind) {
    case "text":
      return equalText(statement, value.value, tested, contains);
    case "number":
      if (tested.kind === "id") {
        return BigInt(value.value) > BIGINT_MAX ? "FALSE" : `${tested.sql} = ${statement.bind(value.value, "bigint")}`;
      }
      // Ids among the properties of recorded events are texts.
      if (tested.kind === "text") return `${tested.sql} = ${statement.bind(value.value, "text")}`;
      return numberSql(statement, { op: "=", value }, numberOf(tested), scaleOf(tested));
    case "boolean":
      if (tested.kind === "boolean") return `${tested.sql} = ${value.value}`;
      return tested.kind === "json" ? `${tested.sql} = '${value.value}'::jsonb` : "FALSE";
    default:
      return datesSql(statement, dateRanges({ op: "=", value }, statement.at, statement.context.calendar), tested);
  }
}

function equalText({ bind }: Statement, text: string, tested: Tested, contains: boolean): string {
  switch (tested.kind) {
    case "text":
      return `${tested.sql} COLLATE "C" = ${bind(text, "text")}`;
    case "codes":
      return `${bind(text, "text")} = ANY(${tested.sql})`;
    case "texts":
      return `${bind(foldCase(text), "text")} = ANY(${tested.folded})`;
    case "rows":
      return tested.has(text);
    case "json":
      return contains
        ? `${tested.folded} ? ${bind(foldCase(text), "text")}`
        : `(jsonb_typeof(${tested.sql}) <> 'object' AND ${tested.sql} ? ${bind(text, "text")})`;
    default:
      return "FALSE";
  }
}

function numberOf(tested: Tested): string | null {
  if (tested.kind === "number") return tested.sql;
  return tested.kind === "json" ? jsonNumber(tested.sql) : null;
}

export function jsonNumber(sql: string): string {
  return `CASE WHEN jsonb_typeof(${sql}) = 'number' THEN (${sql})::numeric END`;
}

/** Milliseconds of {"at": …}. */
export function jsonInstant(sql: string): string {
  return `CASE WHEN jsonb_typeof(${sql}->'at') = 'number' THEN (${sql}->>'at')::numeric END`;
}

function scaleOf(tested: Tested): number {
  return tested.kind === "number" ? tested.scale : 0;
}

/**
 * Compares a number, or a sum with a value times a count. What is no number is equal to none.
 * @param sql null where there is no number at all
 */
export function numberSql(
  { bind }: Statement,
  test: Test,
  sql: string | null,
  scale: number,
  count: string | null = null,
): string {
  if (sql === null) return holdsMissing(test) ? "TRUE" : "FALSE";
  const wanted = valuesOf(test).map((value) => {
    const decimal = value.kind === "number" ? parseDecimal(value.value) : null;
    if (!decimal) return null;
    const bound = scaled(decimal, scale, bind, count !== null);
    return count === null ? bound : `${bound} * ${count}`;
  });
  const [first = null, second = null] = wanted;
  const same = (value: string | null): string => (value === null ? "FALSE" : `${sql} = ${value}`);
  switch (test.op) {
    case "=":
      return same(first);
    case "!=":
      return not(same(first));
    case "in":
      return anyOf(wanted.map(same));
    case "not_in":
      return not(anyOf(wanted.map(same)));
    case "between":
      return first === null || second === null ? "FALSE" : `${sql} BETWEEN ${first} AND ${second}`;
    case ">":
    case ">=":
    case "<":
    case "<=":
      return first === null ? "FALSE" : `${sql} ${test.op} ${first}`;
    default:
      return holdsMissing(test) ? "TRUE" : "FALSE";
  }
}

/** A decimal in units of 10^-scale: a bigint wherever it is one, so that money compares as bigint. */
function scaled({ units, scale: own }: Decimal, scale: number, bind: Statement["bind"], fraction: boolean): string {
  const shift = own - scale;
  const divisor = shift > 0 ? 10n ** BigInt(shift) : 1n;
  const whole = shift > 0 ? units : units * 10n ** BigInt(-shift);
  if (whole % divisor === 0n) {
    const value = whole / divisor;
    const isBigint = !fraction && value <= BIGINT_MAX && value >= -BIGINT_MAX;
    return bind(value.toString(), isBigint ? "bigint" : "numeric");
  }
  const digits = (whole < 0n ? -whole : whole).toString().padStart(shift + 1, "0");
  return bind(`${whole < 0n ? "-" : ""}${digits.slice(0, -shift)}.${digits.slice(-shift)}`, "numeric");
}

/** Whether an instant lies in one of the stretches. */
export function rangesSql({ instant }: Pick<Statement, "instant">, ranges: Ranges, sql: string): string {
  return anyOf(
    ranges.map(({ from, to }) => {
      const edges = [
        ...(from === -Infinity ? [] : [`${sql} >= ${instant(from)}`]),
        ...(to === Infinity ? [] : [`${sql} < ${instant(to)}`]),
      ];
      return edges.length === 0 ? `${sql} IS NOT NULL` : `(${edges.join(" AND ")})`;
    }),
  );
}

function datesSql(statement: Statement, ranges: Ranges, tested: Tested): string {
  if (tested.kind === "instant") return rangesSql(statement, ranges, tested.sql);
  if (tested.kind !== "json") return "FALSE";
  const instant = (at: number): string => statement.bind(String(at), "numeric");
  const day = (number: number): string => statement.bind(formatDay(number), "text");
  const instants = rangesSql({ instant }, ranges, `(${jsonInstant(tested.sql)})`);
  const days = writtenDays(ranges, statement.context.calendar);
  return `(${instants} OR ${rangesSql({ instant: day }, days, `(${tested.sql}->>'day') COLLATE "C"`)})`;
}

/** Days with four digits of a year compare as texts; no value has more. */
const FIRST_DAY = parseDay("0001-01-01");
const LAST_DAY = parseDay("9999-12-31");

/** Stretches of instants as stretches of days, as far as days are written. */
function writtenDays(ranges: Ranges, calendar: Calendar): Ranges {
  return ranges.flatMap((range) => {
    const [from, to] = [firstDayFrom(range.from, calendar), firstDayFrom(range.to, calendar)];
    if (from > LAST_DAY || to <= FIRST_DAY) return [];
    return [{ from: from <= FIRST_DAY ? -Infinity : from, to: to > LAST_DAY ? Infinity : to }];
  });
}

/** The first day that does not begin before the instant; one that clocks skip begins with the next. */
function firstDayFrom(at: number, calendar: Calendar): number {
  if (!Number.isFinite(at)) return at;
  let day = calendar.dayOf(at);
  while (calendar.startOf(day) < at) day += 1;
  while (calendar.startOf(day - 1) >= at) day -= 1;
  return day;
}
