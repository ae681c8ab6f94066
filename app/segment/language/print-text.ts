import { isShopifySum } from "./aggregates.ts";
import type { AggregateTest, Clause, Condition, Duration, PropertyTest, Rule, Test, Value } from "./tree.ts";

/** Writes a rule as text, in Shopify's words wherever Shopify has them. Reading it back gives an equal tree. */
export function printText(rule: Rule): string {
  return [
    printCondition(rule.when),
    ...(rule.stayAtLeast ? [`STAY AT LEAST ${printDuration(rule.stayAtLeast)}`] : []),
    ...(rule.expireAfter ? [`EXPIRE AFTER ${printDuration(rule.expireAfter)} WITHOUT ACTIVITY`] : []),
    ...(rule.noReentryFor ? [`NO REENTRY FOR ${printDuration(rule.noReentryFor)}`] : []),
  ].join(" ");
}

export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "all":
      return condition.of
        .map((part) => (part.kind === "any" ? `(${printCondition(part)})` : printCondition(part)))
        .join(" AND ");
    case "any":
      return condition.of.map(printCondition).join(" OR ");
    case "not":
      return condition.of.kind === "event"
        ? printClause(condition.of, "NOT MATCHES")
        : `NOT (${printCondition(condition.of)})`;
    default:
      return printClause(condition, "MATCHES");
  }
}

function printDuration({ amount, unit }: Duration): string {
  return `${amount}${unit}`;
}

function printClause(clause: Clause, matches: string): string {
  switch (clause.kind) {
    case "attribute":
      return `${clause.name} ${printTest(clause.test)}`;
    case "event":
      return `${clause.event} ${matches} (${[
        ...clause.where.map(printParameter),
        ...clause.having.map((test) => printAggregate(clause.event, test)),
      ].join(", ")})`;
    case "sequence":
      return clause.steps
        .map(({ event, where, within, absent }, index) => {
          const link = index === 0 ? "" : `THEN ${within ? `WITHIN ${printDuration(within)} ` : ""}`;
          return `${link}${event} ${absent ? "NOT MATCHES" : "MATCHES"} (${where.map(printParameter).join(", ")})`;
        })
        .join(" ");
    case "anniversary":
      return `anniversary (${printString(clause.name)}) ${printTest(clause.test)}`;
    case "distance": {
      const coordinates = printString(`${clause.latitude},${clause.longitude}`);
      return `customer_within_distance MATCHES (coordinates = ${coordinates}, distance_${clause.unit} = ${clause.distance})`;
    }
    case "sample":
      return `sample(${clause.share / 100}%)`;
  }
}

function printParameter({ property, test }: PropertyTest): string {
  return `${property} ${printTest(test)}`;
}

function printAggregate(event: string, { fn, property, test }: AggregateTest): string {
  const name =
    property === undefined ? fn : isShopifySum(event, fn, property) ? `sum_${property}` : `${fn}(${property})`;
  return `${name} ${printTest(test)}`;
}

function printTest(test: Test): string {
  switch (test.op) {
    case "between":
      return `BETWEEN ${printValue(test.low)} AND ${printValue(test.high)}`;
    case "in":
    case "not_in":
      return `${test.op === "in" ? "IN" : "NOT IN"} (${test.values.map(printValue).join(", ")})`;
    case "contains":
      return `CONTAINS ${printValue(test.value)}`;
    case "not_contains":
      return `NOT CONTAINS ${printValue(test.value)}`;
    case "is_null":
      return "IS NULL";
    case "is_not_null":
      return "IS NOT NULL";
    default:
      return `${test.op} ${printValue(test.value)}`;
  }
}

function printValue(value: Value): string {
  switch (value.kind) {
    case "text":
      return printString(value.value);
    case "number":
    case "day":
    case "time":
      return value.value;
    case "boolean":
      return String(value.value);
    case "day_offset":
      if (value.unit === "d" && value.amount === 0) return "today";
      if (value.unit === "d" && value.amount === -1) return "yesterday";
      return printOffset(value.amount, value.unit);
    case "rolling":
      return printOffset(value.amount, value.unit);
  }
}

function printOffset(amount: number, unit: string): string {
  return `${amount < 0 ? "-" : "+"}${Math.abs(amount)}${unit}`;
}

function printString(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
