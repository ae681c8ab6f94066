import { DATE_PROPERTY, type Dictionary, findProperty, type ValueType } from "./dictionary.ts";
import type {
  AggregateTest,
  Condition,
  DateValue,
  Duration,
  EventClause,
  Rule,
  SequenceClause,
  Step,
  Test,
  Value,
} from "./tree.ts";

const UNITS = { min: "minutes", h: "hours", d: "days", w: "weeks", m: "months", y: "years" };

/** Writes a rule as SQL for people to read and change. It is never executed; `readSql` gives back an equal tree. */
export function printSql(rule: Rule, dictionary: Dictionary): string {
  const policies = [
    ...(rule.stayAtLeast ? [`stay_at_least(${interval(rule.stayAtLeast)})`] : []),
    ...(rule.expireAfter ? [`expire_after(${interval(rule.expireAfter)})`] : []),
    ...(rule.noReentryFor ? [`no_reentry_for(${interval(rule.noReentryFor)})`] : []),
  ];
  const writer = createWriter(dictionary);
  const when = rule.when.kind === "any" && policies.length > 0 ? `(${writer(rule.when)})` : writer(rule.when);
  return `SELECT customer_id FROM customer_data WHERE ${[when, ...policies].join(" AND ")};`;
}

/** The table that holds a kind of event, and what the kind is told by there. */
function tableOf(event: string): "orders" | "order_lines" | "events" {
  if (event === "orders_placed") return "orders";
  return event === "products_purchased" ? "order_lines" : "events";
}

function createWriter(dictionary: Dictionary): (condition: Condition) => string {
  const write = (condition: Condition): string => {
    switch (condition.kind) {
      case "all":
        return condition.of.map((part) => (part.kind === "any" ? `(${write(part)})` : write(part))).join(" AND ");
      case "any":
        return condition.of.map(write).join(" OR ");
      case "not":
        return condition.of.kind === "event" && condition.of.having.length === 0
          ? `NOT ${write(condition.of)}`
          : `(${write(condition.of)}) IS NOT TRUE`;
      case "attribute":
        return writeTest(
          identifier(condition.name),
          condition.test,
          dictionary.attribute(condition.name)?.type ?? "any",
        );
      case "event":
        return writeEvent(condition);
      case "sequence":
        return writeSteps(condition);
      case "anniversary":
        return writeTest(`anniversary(${identifier(condition.name)})`, condition.test, "date");
      case "distance":
        return `distance_${condition.unit}(${condition.latitude}, ${condition.longitude}) <= ${condition.distance}`;
      case "sample":
        return `sample_bucket < ${condition.share}`;
    }
  };

  const writeEvent = ({ event, where, having }: EventClause): string => {
    const table = tableOf(event);
    const rows = `FROM ${table} WHERE ${rowsOf({ event, where }, table, table)}`;
    if (having.length === 0) return `EXISTS (SELECT 1 ${rows})`;
    return `(SELECT ${having.map((test) => writeAggregate(event, test)).join(" AND ")} ${rows})`;
  };

  /** Which rows of a table a step is about, under the table's alias there. */
  const rowsOf = ({ event, where }: Pick<Step, "event" | "where">, alias: string, table: string): string => {
    const kind = dictionary.event(event);
    const tests = where.map(({ property, test }) => {
      const type = (kind && findProperty(kind, property)?.type) ?? "any";
      return writeTest(`${alias}.${columnOf(property)}`, test, type, true);
    });
    const named = table === "events" ? [`${alias}.event = ${text(event)}`] : [];
    return [`${alias}.customer_id = customer_data.customer_id`, ...named, ...tests].join(" AND ");
  };

  const writeAggregate = (event: string, { fn, property, test }: AggregateTest): string => {
    const kind = dictionary.event(event);
    const type = (kind && property !== undefined && findProperty(kind, property)?.type) || "any";
    const column = property === undefined ? "*" : columnOf(property);
    switch (fn) {
      case "count":
        return writeTest(kind?.counts ? `count(DISTINCT ${columnOf(kind.counts)})` : "count(*)", test, "integer");
      case "distinct":
        return writeTest(`count(DISTINCT ${column})`, test, "integer");
      case "sum":
        return writeTest(`coalesce(sum(${column}), 0)`, test, "number");
      case "average":
        return writeTest(`avg(${column})`, test, "number");
      case "min":
      case "max":
        return writeTest(`${fn}(${column})`, test, type);
      case "first":
        return writeTest(`(array_agg(${column} ORDER BY occurred_at))[1]`, test, type);
      case "last":
        return writeTest(`(array_agg(${column} ORDER BY occurred_at DESC))[1]`, test, type);
    }
  };

  const writeSteps = ({ steps }: SequenceClause): string => {
    const [first, ...rest] = steps;
    return first ? writeStep(first, 1, "", rest) : "";
  };
  const writeStep = (step: Step, number: number, link: string, rest: readonly Step[]): string => {
    const alias = `step${number}`;
    const table = tableOf(step.event);
    const [next, ...later] = rest;
    return `${step.absent ? "NOT " : ""}EXISTS (SELECT 1 FROM ${table} ${alias} WHERE ${[
      rowsOf(step, alias, table),
      ...(link === "" ? [] : [link]),
      ...(next ? [writeNext(next, alias, number + 1, later)] : []),
    ].join(" AND ")})`;
  };
  const writeNext = (next: Step, before: string, number: number, later: readonly Step[]): string => {
    const after = `step${number}.occurred_at > ${before}.occurred_at`;
    if (!next.within) return writeStep(next, number, after, later);
    const end = `${before}.occurred_at + ${interval(next.within)}`;
    const link = `${after} AND step${number}.occurred_at <= ${end}`;
    return `${next.absent ? `${end} <= now() AND ` : ""}${writeStep(next, number, link, later)}`;
  };
  return write;
}

function writeTest(subject: string, test: Test, type: ValueType, parameter = false): string {
  const isList = type === "text_list" || type === "code_list";
  switch (test.op) {
    case "between":
      return `${subject} BETWEEN ${writeValue(test.low)} AND ${writeValue(test.high)}`;
    case "in":
    case "not_in": {
      const values = test.values.map(writeValue).join(", ");
      const inside = isList && parameter ? `${subject} && ARRAY[${values}]` : `${subject} IN (${values})`;
      return test.op === "in" ? inside : `(${inside}) IS NOT TRUE`;
    }
    case "contains":
      return `${writeValue(test.value)} = ANY (${subject})`;
    case "not_contains":
      return `(${writeValue(test.value)} = ANY (${subject})) IS NOT TRUE`;
    case "is_null":
      return `${subject} IS NULL`;
    case "is_not_null":
      return `${subject} IS NOT NULL`;
    case "=":
      return isList && parameter
        ? `${writeValue(test.value)} = ANY (${subject})`
        : `${subject} = ${writeValue(test.value)}`;
    case "!=":
      return isList && parameter
        ? `(${writeValue(test.value)} = ANY (${subject})) IS NOT TRUE`
        : `${subject} IS DISTINCT FROM ${writeValue(test.value)}`;
    default:
      return `${subject} ${test.op} ${writeValue(test.value)}`;
  }
}

function writeValue(value: Value): string {
  switch (value.kind) {
    case "text":
      return text(value.value);
    case "number":
      return value.value;
    case "boolean":
      return String(value.value);
    default:
      return writeDate(value);
  }
}

function writeDate(value: DateValue): string {
  switch (value.kind) {
    case "day":
      return `DATE '${value.value}'`;
    case "time":
      return `TIMESTAMP '${value.value.replace("T", " ")}'`;
    case "day_offset":
      return moved("CURRENT_DATE", value);
    case "rolling":
      return value.amount === 0 ? `now() - INTERVAL '0 ${UNITS[value.unit]}'` : moved("now()", value);
  }
}

function moved(from: string, { amount, unit }: { amount: number; unit: keyof typeof UNITS }): string {
  if (amount === 0 && unit === "d") return from;
  return `${from} ${amount <= 0 ? "-" : "+"} INTERVAL '${Math.abs(amount)} ${UNITS[unit]}'`;
}

function interval({ amount, unit }: Duration): string {
  return `INTERVAL '${amount} ${UNITS[unit]}'`;
}

function columnOf(property: string): string {
  return property === DATE_PROPERTY ? "occurred_at" : identifier(property);
}

/** Words of the dictionary that are plain and mean nothing to SQL stand bare; all others are quoted. */
function identifier(name: string): string {
  return /^[a-z]+(_[a-z]+)+$/.test(name) && !/^(current|session|system|json|merge)_/.test(name)
    ? name
    : BARE.has(name)
      ? name
      : `"${name.replaceAll('"', '""')}"`;
}

const BARE: ReadonlySet<string> = new Set([
  "id",
  "amount",
  "price",
  "quantity",
  "category",
  "email",
  "phone",
  "balance",
]);

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
