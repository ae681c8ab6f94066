import { compileTest, dateRanges, valuesOf } from "../evaluation/value-test.ts";
import { DATE_PROPERTY, findProperty } from "../language/dictionary.ts";
import {
  type AggregateTest,
  type EventClause,
  lengthOf,
  type PropertyTest,
  type SequenceClause,
  type Step,
} from "../language/tree.ts";
import { type Column, eventSource, type EventSource } from "../sources.ts";
import { type Rows, rowsOf, type Statement } from "./statement.ts";
import {
  holdsMissing,
  jsonInstant,
  jsonNumber,
  numberSql,
  rangesSql,
  type Tested,
  testedColumn,
  testSql,
} from "./test-sql.ts";

/** Who has such events is one grouped pass over them, joined to the profiles. Whom the pass does not find has none of them. */
export function eventSql(statement: Statement, { event, where, having }: EventClause, isRequired: boolean): string {
  const source = eventSource(event, statement.question.dictionary);
  const holdsForNone = having.length > 0 && having.every((test) => emptyHolds(statement, test));
  if (!source) return holdsForNone ? "TRUE" : "FALSE";
  const properties = new Set([...where, ...having].flatMap(({ property }) => property ?? []));
  const rows = rowsOf(statement, source, properties);
  rows.where.push(...where.map((test) => propertySql(statement, event, source, test)));
  if (having.length === 0) {
    return isRequired ? `EXISTS (${ofCustomer(rows)})` : `${statement.group(rows).alias}.customer_id IS NOT NULL`;
  }
  const judged = having.map((test) => `(${aggregateSql(statement, event, source, test)})`).join(" AND ");
  const column = statement.group(rows).column(`(${judged}) IS TRUE`);
  return holdsForNone ? `${column} IS NOT FALSE` : column;
}

function ofCustomer({ customer, from, where }: Rows): string {
  return `SELECT FROM ${from} WHERE ${where.join(" AND ")} AND ${customer} = p.customer_id`;
}

export function sequenceSql(statement: Statement, { steps }: SequenceClause, isRequired: boolean): string {
  const [first, ...others] = steps;
  const begin = first && stepRows(statement, first);
  if (!begin) return "FALSE";
  const [second] = others;
  if (second?.absent && !second.within && isRequired) {
    // Nothing came after one of them if nothing came after the last.
    const group = statement.group(begin.rows);
    const last = group.column(`max(${begin.at})`);
    const step = stepRows(statement, second);
    return `${last} IS NOT NULL${step ? ` AND NOT EXISTS (${ofCustomer(step.rows)} AND ${step.at} > ${last})` : ""}`;
  }
  let reached = selectStep(begin);
  for (const each of others) {
    const length = each.within ? `(${statement.bind(`${lengthOf(each.within)} milliseconds`, "interval")})` : null;
    const step = stepRows(statement, each);
    if (each.absent) {
      // Where no such events are held, nothing ever comes.
      const within = length === null ? "" : ` AND b.at <= a.at + ${length}`;
      const none = step
        ? ` AND NOT EXISTS (SELECT FROM (${selectStep(step)}) b WHERE b.customer_id = a.customer_id AND b.at > a.at${within})`
        : "";
      const over = length === null ? "TRUE" : `a.at <= $2::timestamptz - ${length}`;
      reached = `SELECT a.customer_id, a.at FROM (${reached}) a WHERE ${over}${none}`;
      break;
    }
    if (!step) return "FALSE";
    reached = `SELECT b.customer_id, b.at FROM (${selectStep(step)}) b WHERE EXISTS (SELECT FROM (${reached}) a
      WHERE a.customer_id = b.customer_id AND a.at < b.at${length === null ? "" : ` AND a.at >= b.at - ${length}`})`;
  }
  if (isRequired) return `EXISTS (SELECT FROM (${reached}) reached WHERE reached.customer_id = p.customer_id)`;
  const found = statement.joinRows(`SELECT customer_id FROM (${reached}) reached GROUP BY 1`);
  return `${found}.customer_id IS NOT NULL`;
}

interface StepRows {
  rows: Rows;
  at: string;
}

function stepRows(statement: Statement, { event, where }: Step): StepRows | null {
  const source = eventSource(event, statement.question.dictionary);
  if (!source) return null;
  const rows = rowsOf(statement, source, new Set(where.map(({ property }) => property)));
  rows.where.push(...where.map((test) => propertySql(statement, event, source, test)));
  return { rows, at: source.at };
}

function selectStep({ rows, at }: StepRows): string {
  return `SELECT ${rows.customer} AS customer_id, ${at} AS at FROM ${rows.from} WHERE ${rows.where.join(" AND ")}`;
}

function propertySql(
  statement: Statement,
  event: string,
  source: EventSource,
  { property, test }: PropertyTest,
): string {
  if (property === DATE_PROPERTY) {
    return rangesSql(statement, dateRanges(test, statement.at, statement.context.calendar), source.at);
  }
  const column = source.column(property);
  if (!column) return holdsMissing(test) ? "TRUE" : "FALSE";
  return testSql(statement, test, testedColumn(column, scaleOf(statement, event, property)));
}

/** Money is in minor units of the shop's currency. */
function scaleOf({ question, context }: Statement, event: string, property: string): number {
  const kind = question.dictionary.event(event);
  return kind && findProperty(kind, property)?.type === "money" ? context.exponent : 0;
}

/** What an aggregate over no events says. */
function emptyHolds({ context, at }: Statement, { fn, test }: AggregateTest): boolean {
  const zero = fn === "count" || fn === "distinct" || fn === "sum";
  return compileTest(test, "integer", context).holds(zero ? 0n : null, at);
}

function aggregateSql(
  statement: Statement,
  event: string,
  source: EventSource,
  { fn, property, test }: AggregateTest,
): string {
  const kind = statement.question.dictionary.event(event);
  const dated = valuesOf(test).some((value) => !["text", "number", "boolean"].includes(value.kind));
  const missing = holdsMissing(test) ? "TRUE" : "FALSE";
  const counted = fn === "distinct" ? property : fn === "count" ? kind?.counts : undefined;
  const column = property === undefined || property === DATE_PROPERTY ? null : source.column(property);
  const scale = property === undefined ? 0 : scaleOf(statement, event, property);
  switch (fn) {
    case "count":
    case "distinct": {
      if (dated) return missing;
      const different = counted === undefined ? null : distinctOf(source, counted);
      const count = counted === undefined ? "count(*)" : different === null ? "0" : `count(DISTINCT ${different})`;
      return numberSql(statement, test, count, 0);
    }
    case "sum":
      return dated ? missing : numberSql(statement, test, `coalesce(sum(${numeric(column)}), 0)`, scale);
    case "average":
      return dated
        ? missing
        : numberSql(statement, test, `sum(${numeric(column)})`, scale, `count(${numeric(column)})`);
    case "min":
    case "max":
      if (dated || property === DATE_PROPERTY) return extremeDate(statement, fn, source, property, column, test);
      return numberSql(statement, test, `${fn}(${numeric(column)})`, scale);
    case "first":
    case "last": {
      const tested = endmost(fn, source, property, column, scale);
      return tested ? testSql(statement, test, tested) : missing;
    }
  }
}

function distinctOf(source: EventSource, property: string): string | null {
  if (property === DATE_PROPERTY) return source.at;
  const column = source.column(property);
  if (!column) return null;
  return column.kind === "json" ? `nullif(${column.sql}, 'null'::jsonb)` : column.sql;
}

function numeric(column: Column | null): string {
  if (column?.kind === "whole" || column?.kind === "decimal") return column.sql;
  return column?.kind === "json" ? jsonNumber(column.sql) : "NULL::numeric";
}

function extremeDate(
  statement: Statement,
  fn: "min" | "max",
  source: EventSource,
  property: string | undefined,
  column: Column | null,
  test: AggregateTest["test"],
): string {
  if (property === DATE_PROPERTY) return testSql(statement, test, { kind: "instant", sql: `${fn}(${source.at})` });
  if (column?.kind !== "json") return holdsMissing(test) ? "TRUE" : "FALSE";
  const sql = `jsonb_build_object('at', ${fn}(${jsonInstant(column.sql)}))`;
  return testSql(statement, test, { kind: "json", sql, folded: "NULL::jsonb" });
}

/** The value of the first or last event; of several at one instant the first or last that is given. */
function endmost(
  fn: "first" | "last",
  source: EventSource,
  property: string | undefined,
  column: Column | null,
  scale: number,
): Tested | null {
  const order = [source.at, ...source.order.split(", ")]
    .map((part) => (fn === "last" ? `${part} DESC` : part))
    .join(", ");
  const pick = (sql: string): string => `(array_agg(${sql} ORDER BY ${order}))[1]`;
  if (property === DATE_PROPERTY) return { kind: "instant", sql: pick(source.at) };
  if (!column) return null;
  const tested = testedColumn(column, scale);
  if (tested.kind === "rows" || tested.kind === "texts") return null;
  if (tested.kind === "json") return { ...tested, sql: pick(tested.sql), folded: pick(tested.folded) };
  return { ...tested, sql: pick(tested.sql) };
}
